"""Attempts of two learners who turn out to be one person, and what tests say to changes of plans and lists."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt, GatePass, Kiosk, PaperEntry, PrintedForm
from classroom.exams.queries.attempts import find_attempt
from classroom.exams.services.answering import submit
from classroom.exams.services.kiosks import ask_pairing, pair_kiosk
from classroom.exams.services.opening import end, let_in
from classroom.exams.services.receiving import check_import
from classroom.exams.services.starting import start_attempt
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.services import foresee_merge, merge_learners, split_learners
from classroom.sessions.models import Enrolment
from classroom.sessions.services import cancel_session, move_session
from tests.exams.hall import MINUTE, OPENED, Hall, device
from tests.factories import FIRST_DAY, at


@pytest.fixture
def hall(any_app: Flask) -> Hall:
    return Hall(attempts_allowed=2)


def merge(hall: Hall, kept: int = 0, gone: int = 1) -> str:
    with at(OPENED + 20 * MINUTE):
        made: LearnerMerge = merge_learners(
            hall.learners[kept], hall.learners[gone], "one person", actor=hall.somebody("coordinator")
        )
        return made.public_id


def part(hall: Hall, key: str) -> None:
    with at(OPENED + 30 * MINUTE):
        assert split_learners(key, "two people after all", actor=hall.somebody("coordinator")) == []


def whose(hall: Hall) -> dict[str, tuple[str, int]]:
    """By attempt: the learner and the number."""
    db.session.rollback()
    query = select(Attempt.public_id, Learner.public_id, Attempt.number).join(Learner, Learner.id == Attempt.learner_id)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def hand_in(attempt: str, by: bytes, minute: int) -> None:
    with at(OPENED + minute * MINUTE):
        submit(attempt, by)


def key_of(hall: Hall, place: int) -> int:
    return db.session.scalars(select(Learner.id).where(Learner.public_id == hall.learners[place])).one()


def test_attempts_in_one_sitting_are_numbered_after_the_kept_ones_and_go_back(hall: Hall) -> None:
    mine, first = hall.start(0), hall.start(1)
    hand_in(mine, device(0), 1)
    hand_in(first, device(1), 1)
    second = hall.start(1, when=OPENED + 2 * MINUTE)
    hand_in(second, device(1), 3)
    before = whose(hall)
    key = merge(hall)
    kept = hall.learners[0]
    assert whose(hall) == {mine: (kept, 1), first: (kept, 2), second: (kept, 3)}
    part(hall, key)
    assert whose(hall) == before


def test_an_attempt_that_runs_goes_on_on_its_device_through_a_merge_and_back(hall: Hall) -> None:
    attempt = hall.start(1)
    key = merge(hall)
    assert hall.answer(attempt, 0, {"choice": "a"}, by=device(1), when=OPENED + 21 * MINUTE).saved == [(0, 1)]
    found = find_attempt(attempt, device(1))
    assert found is not None
    assert found.learner == hall.learners[0]
    part(hall, key)
    assert hall.answer(attempt, 0, {"choice": "b"}, 2, by=device(1), when=OPENED + 31 * MINUTE).saved == [(0, 2)]
    assert whose(hall) == {attempt: (hall.learners[1], 1)}


def test_the_old_code_of_a_merged_learner_begins_as_the_kept_one(hall: Hall) -> None:
    attempt = hall.start(0)
    merge(hall)
    with at(OPENED + 21 * MINUTE):
        found = start_attempt(hall.sitting, hall.learners[1], device(0), actor=hall.phone)
    assert (found.attempt_public_id, found.fresh) == (attempt, False)


def test_two_who_write_in_one_sitting_are_not_made_one(hall: Hall) -> None:
    hall.start(0)
    second = hall.start(1)
    with pytest.raises(Refusal) as no:
        merge(hall)
    assert no.value.code == "merge.both_write"
    hand_in(second, device(1), 2)
    merge(hall)


def test_whoever_merges_is_told_of_tests_that_both_wrote(hall: Hall) -> None:
    for place in (0, 1):
        hand_in(hall.start(place), device(place), 1)
    kept, gone = (db.session.get_one(Learner, key_of(hall, place)) for place in (0, 1))
    (told,) = [one for one in foresee_merge(kept, gone) if one.code == "both_tested"]
    assert told.details["title"] == "Kiểm tra cuối khoá"
    assert told.details["code"] == hall.made.code


def test_passes_letters_and_devices_go_over_where_the_kept_one_has_none(hall: Hall) -> None:
    with at(OPENED):
        let_in(hall.sitting, hall.learners[1], "late", 5, actor=hall.actor)
        _, kiosk = ask_pairing()
        pair_kiosk(hall.sitting, kiosk.pairing_code, hall.learners[1], actor=hall.actor)
    kept, gone = key_of(hall, 0), key_of(hall, 1)
    _enter(hall, gone, 1)
    key = merge(hall)
    db.session.rollback()
    for table in (GatePass, Kiosk, PaperEntry):
        assert db.session.scalars(select(table.learner_id)).all() == [kept]
    part(hall, key)
    for table in (GatePass, Kiosk, PaperEntry):
        assert db.session.scalars(select(table.learner_id)).all() == [gone]


def test_the_kept_ones_own_pass_and_letters_stand(hall: Hall) -> None:
    kept, gone = key_of(hall, 0), key_of(hall, 1)
    with at(OPENED):
        for place, minutes in ((0, 5), (1, 10)):
            let_in(hall.sitting, hall.learners[place], "late", minutes, actor=hall.actor)
    _enter(hall, kept, 1)
    _enter(hall, gone, 1)
    _enter(hall, gone, 2)
    key = merge(hall)
    passes = db.session.execute(select(GatePass.learner_id, GatePass.extra_minutes).order_by(GatePass.id)).all()
    assert [tuple(row) for row in passes] == [(kept, 5), (gone, 10)]
    entries = db.session.execute(select(PaperEntry.learner_id, PaperEntry.round).order_by(PaperEntry.id)).all()
    assert [tuple(row) for row in entries] == [(kept, 1), (gone, 1), (kept, 2)]
    part(hall, key)


def _enter(hall: Hall, learner_id: int, round_: int) -> None:
    form = db.session.scalar(select(PrintedForm)) or PrintedForm(
        organisation_id=hall.made.organisation_id, paper_id=hall.paper.id, code="101", items=[], created_at=OPENED
    )
    db.session.add(form)
    db.session.flush()
    entry = PaperEntry(
        organisation_id=hall.made.organisation_id,
        sitting_id=hall.facts().id,
        learner_id=learner_id,
        form_id=form.id,
        round=round_,
        answers=[],
        entered_at=OPENED,
    )
    db.session.add(entry)
    db.session.commit()


# --- plans and lists ---


def refused(step: Callable[[], object]) -> Refusal:
    with at(OPENED + 2 * MINUTE), pytest.raises(Refusal) as no:
        step()
    return no.value


def test_a_session_with_a_test_that_goes_on_is_neither_moved_nor_cancelled(hall: Hall) -> None:
    coordinator = hall.somebody("coordinator")
    times = [(one.starts_at.time(), one.ends_at.time()) for one in hall.made.sessions[0].ranges]
    assert refused(lambda: cancel_session(hall.session, "storm", actor=coordinator)).code == "session.test_running"
    empty = Hall(present=False)
    other = empty.somebody("coordinator")
    move = lambda: move_session(empty.session, FIRST_DAY, times, "late bus", actor=other)  # noqa: E731
    assert refused(move).code == "session.test_running"
    with at(OPENED + MINUTE):
        end(hall.sitting, actor=hall.actor)
        end(empty.sitting, actor=empty.actor)
        cancel_session(hall.session, "storm", actor=coordinator)


def test_a_session_in_which_somebody_sat_is_not_moved(app: Flask) -> None:
    hall = Hall(1, present=False, require_present=False)
    attempt = hall.start()
    hand_in(attempt, device(), 1)
    with at(OPENED + MINUTE):
        end(hall.sitting, actor=hall.actor)
    times = [(one.starts_at.time(), one.ends_at.time()) for one in hall.made.sessions[0].ranges]
    coordinator = hall.somebody("coordinator")
    no = refused(lambda: move_session(hall.session, FIRST_DAY, times, "late bus", actor=coordinator))
    assert (no.code, no.details) == ("session.has_attempts", {"count": 1})


def test_an_import_stays_once_somebody_of_it_wrote_a_test(hall: Hall) -> None:
    place = db.session.scalars(select(Enrolment).where(Enrolment.public_id == hall.places[0])).one()
    check_import([place.learner_id], [place.id])
    hall.start(0)
    with pytest.raises(Refusal) as no:
        check_import([], [place.id])
    assert (no.value.code, no.value.details) == ("import.undo_attempts", {"count": 1})
    other = db.session.scalars(select(Enrolment).where(Enrolment.public_id == hall.places[1])).one()
    check_import([other.learner_id], [other.id])
