"""Two entries of one class that turn out to be one person: every register counts that person once from then on."""

from datetime import timedelta

import pytest
from flask import Flask

from classroom.attendance import queries as attendance
from classroom.attendance import services
from classroom.core.clock import now
from classroom.core.db import db
from classroom.desk import queries
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.learners import services as learners
from classroom.sessions import queries as sessions
from classroom.sessions.models import Enrolment
from tests.attendance.tablets import Device, make_taught, make_trainer, mark_of, places, scan
from tests.factories import FIRST_DAY, actor_for, at, vietnam

TOMORROW = FIRST_DAY + timedelta(days=1)


class Pair:
    """A class of three, of whom the first two are one person; the second one scans."""

    def __init__(self, app: Flask) -> None:
        self.trainer = make_trainer()
        self.made = make_taught(self.trainer)
        self.device = Device(app, self.trainer, self.made)
        self.actor, self.session = actor_for(self.trainer), self.made.sessions[0].public_id
        self.kept, self.gone, self.other = places(self.made)

    def merge(self) -> None:
        kept, gone = (one.learner.public_id for one in (self.kept, self.gone))
        learners.merge_learners(kept, gone, "một người", actor=self.device.office)
        self.kept, self.gone, self.other = places(self.made)

    def bring(self, place: Enrolment, **facts: object) -> str:
        item = scan(self.made, vietnam(7, 20), enrolment=place.public_id) | facts
        self.device.send([item])
        return str(item["uuid"])


@pytest.fixture
def pair(any_app: Flask) -> Pair:
    with at(vietnam(6)):
        return Pair(any_app)


def test_a_register_lists_and_counts_the_person_once(pair: Pair) -> None:
    with at(vietnam(7, 20)):
        pair.bring(pair.gone)
    with at(vietnam(9)):
        pair.merge()
        facts = attendance.get_session_facts(pair.actor, pair.session)
        lines = attendance.register_lines(facts)
        assert sorted(line.enrolment for line in lines) == sorted([pair.kept.public_id, pair.other.public_id])
        closed = services.close_register(pair.session, head_count=1, actor=pair.actor)
        assert (closed.absent, closed.heads) == (1, 1)
        record = queries.class_record(sessions.get_class_by_id(pair.actor, pair.made.id), "Asia/Ho_Chi_Minh", now())
        assert [place.enrolment.id for place in record.recorded] == [place.enrolment.id for place in record.roster]
        first = record.sessions[0]
        assert (first.tally.came, first.tally.absent, first.tally.roster, first.guests) == (1, 1, 2, ())
        line = next(
            one
            for one in queries.counted(queries.sessions_on(pair.actor, FIRST_DAY, now()))
            if one.class_session.public_id == pair.session
        )
        assert line.tally is not None
        assert (line.tally.came, line.tally.roster, line.tally.guests) == (1, 2, 0)


def test_a_tablet_takes_back_what_a_merge_has_carried_over(pair: Pair) -> None:
    with at(vietnam(7, 20)):
        uuid = pair.bring(pair.gone)
    with at(vietnam(9)):
        pair.merge()
        assert mark_of(pair.kept) == ("present", vietnam(7, 20))
        pair.device.send([scan(pair.made, vietnam(9), "undo", target=uuid)])
    assert mark_of(pair.kept) == ("unmarked", None)


def test_a_scan_that_waited_counts_for_the_kept_one(pair: Pair) -> None:
    with at(vietnam(7, 20)):
        pair.bring(pair.gone, at=round(vietnam(7, 20, day=TOMORROW).timestamp() * 1000))
        (asked,) = db.session.query(InboxItem).filter_by(kind="attendance.quarantined").all()
        facts = dict(asked.facts)
        pair.merge()
        done = desk.release_quarantined(facts, pair.device.office)
    assert (mark_of(pair.kept) or ("",))[0] in {"present", "late"}
    with at(vietnam(10)):
        desk.unrelease_late_scan(facts, done, pair.device.office)
    assert mark_of(pair.kept) == ("unmarked", None)
