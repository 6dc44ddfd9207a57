"""Marking by hand: reasons, times, guests, stale pages, undo; deciding requests and flags."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.attendance import queries, services
from classroom.attendance.models import Binding, CheckinRequest, Event, Flag, Register, Scan
from classroom.attendance.rules import EventKind, Source, Status
from classroom.attendance.services import Choice, Decision
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.sessions.models import Enrolment
from tests.factories import EnrolmentFactory, LearnerFactory, TrainingClassFactory, at, make_class, vietnam
from tests.support.rooms import Room


@pytest.fixture
def room(any_app: Flask) -> Room:
    return Room()


def enrolment(public_id: str) -> Enrolment:
    return db.session.scalars(select(Enrolment).where(Enrolment.public_id == public_id)).one()


def scan(room: Room, place: int, browser: bytes = b"one") -> int:
    """An accepted scan of a phone at 07:40, with its binding and event; the scan's key."""
    with at(vietnam(7, 40)), transaction() as session:
        held = enrolment(room.places[place])
        binding = Binding(
            organisation_id=held.organisation_id,
            learner_id=held.learner_id,
            browser_hash=browser,
            created_at=vietnam(7, 40),
            last_used_at=vietnam(7, 40),
        )
        session.add(binding)
        session.flush()
        made = Scan(
            organisation_id=held.organisation_id,
            class_session_id=room.session_id,
            source="room_code",
            uuid=f"scan-{place}",
            content_hash="",
            scanned_at=vietnam(7, 40),
            received_at=vietnam(7, 40),
            learner_id=held.learner_id,
            enrolment_id=held.id,
            binding_id=binding.id,
            outcome="accepted",
        )
        session.add(made)
        session.flush()
        locked = lock_register(session, queries.get_session_facts(room.actor, room.session))
        event = EventFacts(EventKind.SCAN, vietnam(7, 40), Source.ROOM_CODE, scan_id=made.id)
        append_event(session, locked, held.id, event)
        return made.id


def test_nobody_is_marked_as_having_come_before_check_in_opens(room: Room) -> None:
    with at(vietnam(6, 30)), pytest.raises(Refusal, match=r"register\.not_yet"):
        services.mark_by_hand(
            room.session, [Choice(room.places[0])], Decision(Status.PRESENT, "no phone"), actor=room.actor
        )
    with at(vietnam(6, 30)):
        excused = Decision(Status.EXCUSED, "has written")
        assert services.mark_by_hand(room.session, [Choice(room.places[0])], excused, actor=room.actor).count == 1


def ask(room: Room, name: str = "Lan Hoang", browser: bytes = b"two") -> str:
    asked = CheckinRequest(
        organisation_id=room.made.organisation_id,
        class_session_id=room.session_id,
        number=381,
        name=name,
        grant_nonce="nonce",
        browser_hash=browser,
        source="room_code",
        scanned_at=vietnam(7, 41),
        created_at=vietnam(7, 43),
    )
    db.session.add(asked)
    db.session.commit()
    return asked.public_id


def line(room: Room, place: int) -> queries.RegisterLine:
    return next(each for each in room.lines() if each.enrolment == room.places[place])


def choose(room: Room, *places: int) -> list[Choice]:
    return [Choice(room.places[place], line(room, place).event) for place in places]


def test_several_are_marked_at_once_with_reason_and_time_of_arrival(room: Room) -> None:
    decision = Decision(Status.LATE, "bus broke down", vietnam(7, 55))
    with at(vietnam(8)):
        marked = services.mark_by_hand(room.session, choose(room, 0, 1, 2), decision, actor=room.actor)
    assert (marked.count, marked.conflicts) == (3, ())
    assert room.statuses()[:4] == [Status.LATE] * 3 + [None]
    assert (line(room, 0).arrived_at, line(room, 0).reason) == (vietnam(7, 55), "bus broke down")


def test_a_mark_by_hand_needs_a_reason(room: Room) -> None:
    with pytest.raises(Refusal, match=r"mark\.reason_missing"):
        services.mark_by_hand(room.session, choose(room, 0), Decision(Status.EXCUSED, "  "), actor=room.actor)


@pytest.mark.parametrize("arrived_at", [vietnam(6, 59), vietnam(8, 1), vietnam(8) + timedelta(days=1)])
def test_nobody_arrives_before_the_opening_or_in_the_future(room: Room, arrived_at: object) -> None:
    decision = Decision(Status.PRESENT, "seen", arrived_at)  # type: ignore[arg-type]
    with at(vietnam(8)), pytest.raises(Invalid, match=r"mark\.arrival_impossible"):
        services.mark_by_hand(room.session, choose(room, 0), decision, actor=room.actor)


def test_a_stale_page_overwrites_nothing_and_names_the_conflict(room: Room) -> None:
    stale = choose(room, 0, 1)
    with at(vietnam(8)):
        scan(room, 0)
        decision = Decision(Status.ABSENT, "not seen")
        marked = services.mark_by_hand(room.session, stale, decision, actor=room.actor)
    assert (marked.count, marked.conflicts) == (1, (line(room, 0).name,))
    assert room.statuses()[:2] == [Status.PRESENT, Status.ABSENT]


def test_a_paper_sheet_entered_twice_changes_nothing_the_second_time(room: Room) -> None:
    page = choose(room, 0, 1)
    decision = Decision(Status.PRESENT, "sheet", source=Source.PAPER)
    with at(vietnam(12)):
        services.mark_by_hand(room.session, page, decision, actor=room.actor)
        again = services.mark_by_hand(room.session, page, decision, actor=room.actor)
    assert (again.count, again.conflicts) == (0, ())
    assert len(db.session.scalars(select(Event)).all()) == 2


def test_undo_takes_the_decision_back_and_the_scan_counts_again(room: Room) -> None:
    scan(room, 0)
    with at(vietnam(8)):
        services.mark_by_hand(room.session, choose(room, 0), Decision(Status.ABSENT, "went home"), actor=room.actor)
        assert room.statuses()[0] is Status.ABSENT
        services.undo_mark(room.session, choose(room, 0)[0], reason="mistake", actor=room.actor)
        assert room.statuses()[0] is Status.PRESENT
        services.undo_mark(room.session, choose(room, 0)[0], reason="mistake", actor=room.actor)
    assert room.statuses()[0] is None
    with pytest.raises(Refusal, match=r"mark\.nothing_to_undo"):
        services.undo_mark(room.session, Choice(room.places[0]), reason="mistake", actor=room.actor)


def test_undo_from_a_stale_page_is_refused(room: Room) -> None:
    with at(vietnam(8)):
        room.mark(0)
    stale = choose(room, 0)[0]
    with at(vietnam(8, 5)):
        room.mark(0, status=Status.LATE)
    with pytest.raises(Refusal, match=r"mark\.changed"):
        services.undo_mark(room.session, stale, reason="?", actor=room.actor)
    assert room.statuses()[0] is Status.LATE


def test_a_learner_of_another_class_of_the_course_is_a_guest(room: Room) -> None:
    guest = EnrolmentFactory(training_class=make_class(course=room.made.course)).public_id
    with at(vietnam(8)):
        services.mark_by_hand(room.session, [Choice(guest)], Decision(Status.PRESENT, "make-up"), actor=room.actor)
        seen = next(each for each in room.lines() if each.enrolment == guest).event
        with pytest.raises(Invalid, match=r"mark\.guest_came"):
            services.mark_by_hand(room.session, [Choice(guest, seen)], Decision(Status.ABSENT, "x"), actor=room.actor)
    counts = queries.tally_of(room.lines())
    assert (counts.roster, counts.guests, counts.heads) == (5, 1, 1)


def test_a_stranger_to_the_course_cannot_be_marked(room: Room) -> None:
    stranger = EnrolmentFactory(training_class=TrainingClassFactory()).public_id
    with pytest.raises(NotFound):
        services.mark_by_hand(room.session, [Choice(stranger)], Decision(Status.PRESENT, "x"), actor=room.actor)


def test_guests_are_found_without_diacritics(room: Room) -> None:
    other = make_class(course=room.made.course)
    duc = LearnerFactory(name="Nguyễn Văn Đức", unit="Trạm Y tế", organisation_id=room.made.organisation_id)
    EnrolmentFactory(training_class=other, learner=duc)
    facts = queries.get_session_facts(room.actor, room.session)
    found = queries.guests_to_find(facts, ["van", "duc"])
    assert [row.name for row in found] == ["Nguyễn Văn Đức"]
    assert queries.guests_to_find(facts, ["100%"]) == []


def test_a_request_matched_by_the_trainer_keeps_the_time_of_the_scan(room: Room) -> None:
    asked = ask(room)
    with at(vietnam(8, 30)):
        services.match_request(room.session, asked, room.places[2], actor=room.actor)
        services.match_request(room.session, asked, room.places[2], actor=room.actor)
    assert (line(room, 2).status, line(room, 2).arrived_at) == (Status.PRESENT, vietnam(7, 41))
    assert line(room, 2).source == "request"
    assert len(db.session.scalars(select(Scan)).all()) == 1
    bound = db.session.scalars(select(Binding)).one()
    assert (bound.learner_id, bound.browser_hash) == (enrolment(room.places[2]).learner_id, b"two")


def test_a_request_is_decided_once(room: Room) -> None:
    asked = ask(room)
    with at(vietnam(8)):
        services.match_request(room.session, asked, room.places[0], actor=room.actor)
        with pytest.raises(Refusal, match=r"request\.decided"):
            services.match_request(room.session, asked, room.places[1], actor=room.actor)
        with pytest.raises(Refusal, match=r"request\.decided"):
            services.dismiss_request(room.session, asked, actor=room.actor)
    assert room.statuses()[:2] == [Status.PRESENT, None]


def test_a_dismissed_request_leaves_the_board(room: Room) -> None:
    asked = ask(room)
    assert len(queries.get_board(room.actor, room.session, vietnam(8)).requests) == 1
    services.dismiss_request(room.session, asked, actor=room.actor)
    assert queries.get_board(room.actor, room.session, vietnam(8)).requests == []


def test_a_request_waiting_keeps_the_register_from_being_signed_off(room: Room) -> None:
    ask(room)
    with at(vietnam(9)):
        services.close_register(room.session, head_count=0, actor=room.actor)
        with pytest.raises(Refusal, match=r"register\.requests_waiting"):
            services.sign_off(room.session, actor=room.actor)


def test_matching_after_closing_lifts_the_absence(room: Room) -> None:
    asked = ask(room)
    with at(vietnam(9)):
        services.close_register(room.session, head_count=1, actor=room.actor)
        services.match_request(room.session, asked, room.places[0], actor=room.actor)
    assert room.statuses()[0] is Status.PRESENT


def test_a_request_from_a_phone_that_checked_somebody_else_in_is_flagged(room: Room) -> None:
    scan(room, 0, browser=b"shared")
    asked = ask(room, browser=b"shared")
    with at(vietnam(8)):
        services.match_request(room.session, asked, room.places[1], actor=room.actor)
    flag = queries.get_board(room.actor, room.session, vietnam(8)).flags[0]
    assert (flag.kind, flag.name, flag.other) == ("second_learner", line(room, 1).name, line(room, 0).name)


def raise_second_learner(room: Room, scan_id: int) -> str:
    held = enrolment(room.places[0])
    flag = Flag(
        organisation_id=held.organisation_id,
        class_session_id=room.session_id,
        kind="second_learner",
        scan_id=scan_id,
        enrolment_id=held.id,
        created_at=vietnam(7, 40),
    )
    db.session.add(flag)
    db.session.commit()
    return flag.public_id


def test_a_rejected_flag_takes_that_mark_back_and_forgets_the_phone(room: Room) -> None:
    flag = raise_second_learner(room, scan(room, 0))
    services.decide_flag(room.session, flag, fine=False, reason="not here", actor=room.actor)
    services.decide_flag(room.session, flag, fine=False, reason="not here", actor=room.actor)
    assert room.statuses()[0] is None
    assert db.session.scalars(select(Binding.annulled_at)).one() is not None
    with pytest.raises(Refusal, match=r"flag\.decided"):
        services.decide_flag(room.session, flag, fine=True, reason="", actor=room.actor)


def test_a_flag_that_is_fine_changes_no_mark(room: Room) -> None:
    flag = raise_second_learner(room, scan(room, 0))
    services.decide_flag(room.session, flag, fine=True, reason="", actor=room.actor)
    assert room.statuses()[0] is Status.PRESENT
    assert queries.get_board(room.actor, room.session, vietnam(8)).flags == []


def test_absent_by_hand_over_a_scan_is_flagged_and_can_be_turned_round(room: Room) -> None:
    scan(room, 0)
    with at(vietnam(8)):
        services.mark_by_hand(room.session, choose(room, 0), Decision(Status.ABSENT, "empty chair"), actor=room.actor)
    flag = queries.get_board(room.actor, room.session, vietnam(8)).flags[0]
    assert flag.kind == "contradicted"
    services.decide_flag(room.session, flag.flag, fine=False, reason="was there", actor=room.actor)
    assert room.statuses()[0] is Status.PRESENT


def test_every_change_raises_the_version(room: Room) -> None:
    def version() -> int:
        return db.session.scalars(select(Register.version).where(Register.class_session_id == room.session_id)).one()

    seen = [version()]
    with at(vietnam(8)):
        room.mark(0)
        seen.append(version())
        services.dismiss_request(room.session, ask(room), actor=room.actor)
        seen.append(version())
        services.close_register(room.session, head_count=1, actor=room.actor)
        seen.append(version())
        services.sign_off(room.session, actor=room.actor)
        seen.append(version())
    assert seen == sorted(set(seen))
