"""Opening, closing, signing off, by the trainer and by the clock."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classroom.attendance import queries, services
from classroom.attendance.models import Event, Mark, Register
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import Phase, Status, typed_prefix
from classroom.attendance.services import Choice, Decision
from classroom.attendance.services import register as register_module
from classroom.attendance.services.locking import LockedRegister
from classroom.audit.models import AuditEntry
from classroom.core import signals
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.inbox.models import InboxItem
from tests.factories import FIRST_DAY, EnrolmentFactory, at, make_actor, make_class, vietnam
from tests.support.rooms import Room


@pytest.fixture
def room(any_app: Flask) -> Room:
    return Room()


def count_absences() -> int:
    return db.session.scalar(select(func.count(Event.id)).where(Event.kind == "absence")) or 0


def test_a_tap_opens_check_in_before_the_clock_does(room: Room) -> None:
    with at(vietnam(6, 30)):
        assert queries.get_board(room.actor, room.session, vietnam(6, 30)).phase is Phase.NOT_YET
        services.open_register(room.session, actor=room.actor)
        services.open_register(room.session, actor=room.actor)
        assert queries.get_board(room.actor, room.session, vietnam(6, 30)).phase is Phase.OPEN
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "register.opened")) == 1


def test_check_in_cannot_be_opened_on_another_day(room: Room) -> None:
    with at(vietnam(8, day=FIRST_DAY - timedelta(days=1))), pytest.raises(Refusal, match=r"register\.not_today"):
        services.open_register(room.session, actor=room.actor)


def test_closing_makes_the_unmarked_absent_and_keeps_the_head_count(room: Room) -> None:
    with at(vietnam(8)):
        room.mark(0, 1)
        room.mark(2, status=Status.EXCUSED)
        closed = services.close_register(room.session, head_count=3, notes=" two came late ", actor=room.actor)
    assert (closed.absent, closed.heads, closed.head_count) == (2, 2, 3)
    assert room.statuses() == [Status.PRESENT, Status.PRESENT, Status.EXCUSED, Status.ABSENT, Status.ABSENT]
    assert (room.register().head_count, room.register().closed_how) == (3, "trainer")
    assert room.register().notes == "two came late"


def test_closing_twice_changes_nothing(room: Room) -> None:
    with at(vietnam(8)):
        services.close_register(room.session, head_count=0, actor=room.actor)
    with at(vietnam(9)):
        again = services.close_register(room.session, head_count=0, actor=room.actor)
        with pytest.raises(Refusal, match=r"register\.counted_otherwise"):
            services.close_register(room.session, head_count=4, actor=room.actor)
    assert (again.absent, again.head_count) == (0, 0)
    assert room.register().closed_at == vietnam(8)
    assert count_absences() == 5


def test_who_joins_the_class_after_the_session_is_not_made_absent(room: Room) -> None:
    late = EnrolmentFactory(training_class=room.made, effective_from=vietnam(13), enrolled_at=vietnam(13))
    late_id = late.public_id
    with at(vietnam(13, 30)):
        services.close_register(room.session, head_count=0, actor=room.actor)
    line = next(line for line in room.lines() if line.enrolment == late_id)
    assert line.status is Status.NOT_APPLICABLE
    assert count_absences() == 5


def test_the_statuses_add_up_to_the_roster(room: Room) -> None:
    EnrolmentFactory(training_class=room.made, effective_from=vietnam(13), enrolled_at=vietnam(13))
    EnrolmentFactory(training_class=room.made, ended_at=vietnam(7))
    guest = EnrolmentFactory(training_class=make_class(course=room.made.course)).public_id
    with at(vietnam(8)):
        room.mark(0)
        room.mark(1, status=Status.LATE)
        room.mark(2, status=Status.EXCUSED)
        room.mark(3, status=Status.LEFT_EARLY)
        services.mark_by_hand(room.session, [Choice(guest)], Decision(Status.PRESENT, "guest"), actor=room.actor)
    counts = queries.tally_of(room.lines())
    assert (counts.roster, counts.guests, counts.unmarked, counts.not_applicable) == (6, 1, 1, 1)
    each = (counts.present, counts.late, counts.left_early, counts.excused, counts.absent)
    assert sum(each) + counts.not_applicable + counts.unmarked == counts.roster


def test_reopening_undoes_the_absences_and_lets_check_in_go_on(room: Room) -> None:
    with at(vietnam(8)):
        room.mark(0)
        services.close_register(room.session, head_count=1, actor=room.actor)
        services.reopen_register(room.session, reason="closed by mistake", actor=room.actor)
        assert room.phase() is Phase.OPEN
        assert room.statuses() == [Status.PRESENT, None, None, None, None]
        services.close_register(room.session, head_count=1, actor=room.actor)
    assert room.statuses() == [Status.PRESENT] + [Status.ABSENT] * 4


def test_reopening_asks_for_a_reason_and_ends_with_the_day(room: Room) -> None:
    with at(vietnam(8)):
        services.close_register(room.session, head_count=0, actor=room.actor)
        with pytest.raises(Invalid, match=r"register\.reason_missing"):
            services.reopen_register(room.session, reason=" ", actor=room.actor)
    with at(vietnam(8, day=FIRST_DAY + timedelta(days=1))), pytest.raises(Refusal, match=r"register\.day_over"):
        services.reopen_register(room.session, reason="too late", actor=room.actor)


def test_signing_off_needs_a_closed_register_with_a_mark_for_everybody(room: Room) -> None:
    with at(vietnam(8)):
        with pytest.raises(Refusal, match=r"register\.not_closed"):
            services.sign_off(room.session, actor=room.actor)
        services.close_register(room.session, head_count=0, actor=room.actor)
        event = room.lines()[0].event
        services.undo_mark(room.session, Choice(room.lines()[0].enrolment, event), reason="?", actor=room.actor)
        with pytest.raises(Refusal, match=r"register\.unmarked"):
            services.sign_off(room.session, actor=room.actor)


def test_after_sign_off_only_a_coordinator_corrects_and_the_sheet_shows_it(room: Room) -> None:
    coordinator = room.somebody("coordinator")
    with at(vietnam(8)):
        services.close_register(room.session, head_count=0, actor=room.actor)
        services.sign_off(room.session, actor=room.actor)
        with pytest.raises(Refusal, match=r"register\.signed_off"):
            room.mark(0)
        seen = {line.enrolment: line.event for line in room.lines()}
        choice = Choice(room.places[0], seen[room.places[0]])
        with pytest.raises(Refusal, match=r"mark\.reason_missing"):
            services.mark_by_hand(room.session, [choice], Decision(Status.PRESENT, " "), actor=coordinator)
        services.mark_by_hand(room.session, [choice], Decision(Status.PRESENT, "signed sheet"), actor=coordinator)
    line = next(line for line in room.lines() if line.enrolment == room.places[0])
    assert (line.status, line.after_sign_off, line.reason) == (Status.PRESENT, True, "signed sheet")
    kinds = db.session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(1)).one()
    assert kinds == "correction"


def test_a_register_nobody_closed_closes_itself_at_the_end_of_the_day(room: Room) -> None:
    with at(vietnam(8)):
        room.mark(0)
    midnight = vietnam(0, day=FIRST_DAY + timedelta(days=1))
    with at(midnight - timedelta(seconds=1)):
        assert services.close_due() == 0
    with at(midnight + timedelta(minutes=3)):
        assert services.close_due() == 2  # morning and afternoon
        assert services.close_due() == 0
    assert (room.register().closed_how, room.register().closed_at) == ("auto", midnight)
    assert room.statuses() == [Status.PRESENT] + [Status.ABSENT] * 4
    asked = db.session.scalars(select(InboxItem).where(InboxItem.key == room.session)).one()
    assert (asked.kind, asked.facts["came"], asked.facts["absent"]) == (services.AUTO_CLOSED, 1, 4)


def test_a_head_count_comes_after_a_closing_that_lacked_one(room: Room) -> None:
    with at(vietnam(8)):
        room.mark(0)
    with at(vietnam(0, 3, day=FIRST_DAY + timedelta(days=1))):
        services.close_due()
        assert services.close_register(room.session, head_count=2, actor=room.actor).head_count == 2
        assert services.close_register(room.session, head_count=2, actor=room.actor).head_count == 2
        with pytest.raises(Refusal, match=r"register\.counted_otherwise"):
            services.close_register(room.session, head_count=3, actor=room.actor)
        assert (room.register().head_count, room.register().closed_how) == (2, "auto")
        services.sign_off(room.session, actor=room.actor)


def test_no_head_count_comes_after_sign_off(room: Room) -> None:
    with at(vietnam(11)):
        services.close_register(room.session, head_count=None, actor=room.actor)
        services.sign_off(room.session, actor=room.actor)
        with pytest.raises(Refusal, match=r"register\.signed_off"):
            services.close_register(room.session, head_count=4, actor=room.actor)
    assert room.register().head_count is None


def test_a_session_moved_while_its_closing_waits_stays_open(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = FIRST_DAY + timedelta(days=1)
    really = register_module.lock_register

    def moved_first(session: Session, facts: SessionFacts) -> LockedRegister:
        locked = really(session, facts)
        later = replace(locked.facts.schedule, ends_at=vietnam(11, day=FIRST_DAY + timedelta(days=9)))
        return LockedRegister(replace(locked.facts, schedule=later))

    monkeypatch.setattr(register_module, "lock_register", moved_first)
    with at(vietnam(0, 3, day=midnight)):
        assert services.close_due() == 0
    assert room.statuses() == [None] * 5


def test_a_register_that_cannot_be_closed_does_not_keep_the_others_open(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = room.made.sessions[0].id, room.made.sessions[1].id

    def refuse_first(class_session_id: int, **_: object) -> None:
        if class_session_id == first:
            raise RuntimeError("cannot be closed")

    monkeypatch.setattr(signals.mark_changed, "_receivers", [refuse_first])
    with at(vietnam(0, 3, day=FIRST_DAY + timedelta(days=1))), pytest.raises(RuntimeError, match="cannot be closed"):
        services.close_due()
    closed = db.session.scalars(select(Register.class_session_id).where(Register.closed_at.is_not(None))).all()
    assert closed == [second]


def test_a_cancelled_session_does_not_close_itself(room: Room) -> None:
    for each in room.made.sessions:
        each.cancelled_at = vietnam(6)
    db.session.commit()
    with at(vietnam(8, day=FIRST_DAY + timedelta(days=10))):
        assert services.close_due() == 0


def test_a_new_secret_begins_typed_codes_anew(room: Room) -> None:
    register = room.register()
    register.typed_failures, register.typed_off_at = 60, vietnam(8)
    before = register.secret
    db.session.commit()
    services.renew_secret(room.session, actor=room.actor)
    assert room.register().secret != before
    assert (room.register().typed_failures, room.register().typed_off_at) == (0, None)
    assert typed_prefix(room.register().secret)


def test_nobody_touches_a_register_of_another_organisation_or_class(room: Room) -> None:
    stranger = make_actor("coordinator")
    colleague, viewer = room.somebody("trainer"), room.somebody("viewer")
    for actor, refusal in ((stranger, NotFound), (colleague, NotFound), (viewer, Forbidden)):
        for act in (services.open_register, services.sign_off, services.renew_secret):
            with pytest.raises(refusal):
                act(room.session, actor=actor)
        with pytest.raises(refusal):
            services.close_register(room.session, head_count=1, actor=actor)
        with pytest.raises(refusal):
            services.mark_by_hand(room.session, [Choice(room.places[0])], Decision(Status.PRESENT, "x"), actor=actor)
    assert db.session.scalar(select(func.count(Mark.id))) == 0
