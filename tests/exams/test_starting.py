"""Beginning an attempt: the gate, the drawing, the deadline; and the same attempt however often one taps."""

from datetime import timedelta

import pytest
from flask import Flask

from classroom.attendance import services as attendance
from classroom.attendance.rules import Status
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.exams.queries.attempts import find_attempt, items_of, responses_of
from classroom.exams.queries.gates import explain
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.services.answering import annul_attempt, submit
from classroom.exams.services.opening import annul_sitting, end, let_in, pause
from classroom.exams.services.starting import Barred, start_attempt
from classroom.sessions.models import Enrolment
from tests.exams.hall import DEADLINE, LIMIT, MINUTE, OPENED, Hall, device
from tests.exams.making import BODIES, make_paper, version_of
from tests.factories import LearnerFactory, at, make_class, vietnam


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


def bars(hall: Hall, place: int = 0, when: object = OPENED) -> list[str]:
    with at(when), pytest.raises(Barred) as no:  # type: ignore[arg-type]
        start_attempt(hall.sitting, hall.learners[place], device(place), actor=hall.phone)
    assert no.value.code == no.value.bars[0].code
    return [bar.code for bar in no.value.bars]


def refused(hall: Hall, place: int = 0, when: object = OPENED) -> str:
    with at(when), pytest.raises(Refusal) as no:  # type: ignore[arg-type]
        start_attempt(hall.sitting, hall.learners[place], device(place), actor=hall.phone)
    return no.value.code


def absent(hall: Hall, place: int = 0) -> None:
    with at(vietnam(8)):
        hall.mark(place, status=Status.ABSENT)
    db.session.rollback()


def test_an_attempt_has_its_questions_its_deadline_and_its_device(hall: Hall) -> None:
    attempt = hall.row(hall.start(when=OPENED + MINUTE))
    assert attempt.deadline_at == OPENED + MINUTE + LIMIT
    assert (attempt.state, attempt.number, attempt.source, attempt.device_hash) == ("running", 1, "phone", device())
    assert len(attempt.items) == 7
    assert len(attempt.seed) == 16


def test_beginning_twice_begins_one_attempt(hall: Hall) -> None:
    with at(OPENED):
        first = start_attempt(hall.sitting, hall.learners[0], device(), actor=hall.phone)
    with at(OPENED + MINUTE):
        second = start_attempt(hall.sitting, hall.learners[0], device(), actor=hall.phone)
    assert (first.fresh, second.fresh) == (True, False)
    assert first.attempt_public_id == second.attempt_public_id
    assert hall.row(first.attempt_public_id).deadline_at == DEADLINE


def test_a_reload_shows_the_same_questions_in_the_same_order_with_the_same_answers(app: Flask) -> None:
    hall = Hall(shuffle_questions=True)
    attempt = hall.start()
    before = find_attempt(attempt, device())
    assert before is not None
    shown = items_of(before)
    place = next(item.position for item in shown if item.kind is Kind.SHORT_ANSWER)
    hall.answer(attempt, (place + 1) % len(shown), None)
    hall.answer(attempt, place, {"text": "Hà Nội"})
    assert hall.start(when=OPENED + 2 * MINUTE) == attempt
    again = find_attempt(attempt, device())
    assert again is not None
    assert items_of(again) == shown
    assert responses_of(again)[place].answer == {"text": "Hà Nội"}
    assert again.deadline(OPENED + 2 * MINUTE) == DEADLINE


def test_questions_and_options_are_drawn_for_each_learner(app: Flask) -> None:
    hall = Hall(12, shuffle_questions=True)
    drawn = [[Item.from_json(item) for item in hall.row(hall.start(place)).items] for place in range(12)]
    assert len({tuple(item.question_id for item in items) for items in drawn}) > 6
    assert {len({item.question_id for item in items}) for items in drawn} == {7}


def test_what_a_learner_is_shown_holds_no_key(hall: Hall) -> None:
    facts = find_attempt(hall.start(), device())
    assert facts is not None
    shown = {item.kind: item for item in items_of(facts)}
    assert {text for _, text in shown[Kind.SINGLE].options} == {"Hà Nội", "Huế", "Vinh"}
    assert shown[Kind.ORDERING].options != tuple((one["id"], one["text"]) for one in BODIES[Kind.ORDERING]["items"])
    assert shown[Kind.SHORT_ANSWER].options == shown[Kind.NUMERICAL].options == shown[Kind.TRUE_FALSE].options == ()
    assert "right" not in repr(shown).lower()
    assert "3.14" not in repr(shown)


def test_a_question_edited_during_a_sitting_stays_as_it_was_pinned(hall: Hall) -> None:
    question = hall.paper.parts[0].question
    assert question is not None
    question.versions.append(version_of(Content(Kind.SINGLE, "Câu hỏi mới?", BODIES[Kind.SINGLE]), 2))
    question.number = 2
    db.session.commit()
    facts = find_attempt(hall.start(), device())
    assert facts is not None
    assert items_of(facts)[0].text == "Thủ đô của Việt Nam là thành phố nào?"


def test_who_is_not_marked_present_is_told_so(hall: Hall) -> None:
    absent(hall)
    assert bars(hall) == ["gate.not_present"]
    assert [bar.code for bar in explain(hall.facts(), hall.row(hall.start(1)).learner_id)] == []


def test_who_came_late_may_begin(hall: Hall) -> None:
    with at(vietnam(8)):
        hall.mark(0, status=Status.LATE)
    assert hall.start()


def test_half_days_attended_are_counted_over_the_course(app: Flask) -> None:
    hall = Hall(require_sessions=2)
    assert bars(hall) == ["gate.too_few_sessions"]
    other = make_class(course=hall.paper.course, trainer=hall.trainer)
    with at(vietnam(14)):
        attendance.mark_by_hand(
            other.sessions[1].public_id,
            [attendance.Choice(hall.places[0])],
            attendance.Decision(Status.PRESENT, "made up as a guest"),
            actor=hall.actor,
        )
    assert hall.start()


def test_a_cancelled_half_day_is_not_asked_for(app: Flask) -> None:
    hall = Hall(require_sessions=6)
    assert bars(hall) == ["gate.too_few_sessions"]
    for one in hall.made.sessions[1:]:
        one.cancelled_at = OPENED
    db.session.commit()
    assert hall.start()


def test_nobody_begins_after_the_entry_window_or_the_end_or_in_a_pause(hall: Hall) -> None:
    assert refused(hall, 0, OPENED + 15 * MINUTE) == "sitting.entry_over"
    with at(OPENED + MINUTE):
        pause(hall.sitting, actor=hall.actor)
    assert refused(hall, 0, OPENED + 2 * MINUTE) == "sitting.paused"
    with at(OPENED + 3 * MINUTE):
        end(hall.sitting, actor=hall.actor)
    assert refused(hall, 0, OPENED + 4 * MINUTE) == "sitting.ended"


def test_an_annulled_sitting_lets_nobody_in_and_stops_who_writes(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + MINUTE):
        annul_sitting(hall.sitting, "wrong paper", actor=hall.somebody("coordinator"))
    assert refused(hall, 1, OPENED + 2 * MINUTE) == "sitting.annulled"
    assert hall.row(attempt).state == "annulled"
    assert hall.answer(attempt, 0, {"choice": "a"}, when=OPENED + 2 * MINUTE).refused == [(0, "answer.too_late")]


def test_one_attempt_unless_the_paper_allows_more(hall: Hall) -> None:
    with at(OPENED + MINUTE):
        submit(hall.start(), device())
    assert bars(hall, when=OPENED + 2 * MINUTE) == ["gate.no_attempt_left"]


def test_a_second_attempt_where_the_paper_allows_it(app: Flask) -> None:
    hall = Hall(attempts_allowed=2)
    with at(OPENED + MINUTE):
        submit(hall.start(), device())
    assert hall.row(hall.start(when=OPENED + 2 * MINUTE)).number == 2


def test_attempts_at_the_paper_in_another_session_count(hall: Hall) -> None:
    with at(OPENED + MINUTE):
        submit(hall.start(), device())
        end(hall.sitting, actor=hall.actor)
        hall.sitting = hall.open()
    assert bars(hall, when=OPENED + 2 * MINUTE) == ["gate.no_attempt_left"]


def test_a_retake_is_for_those_who_have_not_passed(hall: Hall) -> None:
    passed, failed = hall.start(0), hall.start(1)
    with at(OPENED + MINUTE):
        submit(passed, device(0))
        submit(failed, device(1))
        end(hall.sitting, actor=hall.actor)
        for attempt, outcome in ((passed, "pass"), (failed, "fail")):
            hall.row(attempt).outcome = outcome
            db.session.commit()
        again = make_paper(hall.paper.course, title="Thi lại", retake_of_id=hall.paper.id)
        hall.paper_id = again.public_id
        hall.sitting = hall.open(retake=True)
    assert bars(hall, 0, OPENED + 2 * MINUTE) == ["gate.passed_already"]
    assert hall.start(1, when=OPENED + 2 * MINUTE)
    assert hall.start(2, when=OPENED + 2 * MINUTE)


def test_an_annulled_attempt_is_as_if_it_had_not_been(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + MINUTE), pytest.raises(Forbidden):
        annul_attempt(attempt, "wrong learner", actor=hall.actor)
    with at(OPENED + MINUTE):
        annul_attempt(attempt, "wrong learner", actor=hall.somebody("coordinator"))
    assert hall.start(when=OPENED + 2 * MINUTE) != attempt


def test_the_trainer_lets_somebody_in_with_a_reason_and_more_minutes(hall: Hall) -> None:
    absent(hall)
    with at(OPENED), pytest.raises(Invalid):
        let_in(hall.sitting, hall.learners[0], " ", actor=hall.actor)
    with at(OPENED):
        let_in(hall.sitting, hall.learners[0], "came by the back door", 15, actor=hall.actor)
    assert hall.on_board().state == "ready"
    assert hall.row(hall.start(when=OPENED + MINUTE)).deadline_at == DEADLINE + 16 * MINUTE


def test_each_yes_is_good_for_one_attempt_more(hall: Hall) -> None:
    for minute in (0, 2):
        when = OPENED + minute * MINUTE
        with at(when + timedelta(seconds=1)):
            let_in(hall.sitting, hall.learners[0], "the phone showed nothing", actor=hall.actor)
        attempt = hall.start(when=when + timedelta(seconds=2))
        with at(when + MINUTE):
            submit(attempt, device())
        assert bars(hall, when=when + MINUTE) == ["gate.no_attempt_left"]
    assert hall.row(attempt).number == 2


def test_a_stranger_to_the_course_or_to_the_organisation_finds_nothing(hall: Hall) -> None:
    stranger = LearnerFactory(organisation_id=hall.made.organisation_id)
    for learner, actor in ((stranger.public_id, hall.phone), (hall.learners[0], Hall().phone), ("nobody", hall.phone)):
        with at(OPENED), pytest.raises(NotFound):
            start_attempt(hall.sitting, learner, device(), actor=actor)
    with at(OPENED), pytest.raises(NotFound):
        let_in(hall.sitting, stranger.public_id, "why not", actor=hall.actor)


def test_who_left_the_class_does_not_begin(hall: Hall) -> None:
    absent(hall)
    db.session.query(Enrolment).filter_by(public_id=hall.places[0]).one().ended_at = vietnam(8)
    db.session.commit()
    assert bars(hall) == ["gate.not_enrolled"]


def test_another_learners_attempt_is_not_there_for_this_device(hall: Hall) -> None:
    attempt = hall.start(0)
    hall.start(1)
    assert find_attempt(attempt, device(1)) is None
    with at(OPENED), pytest.raises(NotFound):
        submit(attempt, device(1))
    with pytest.raises(NotFound):
        hall.answer(attempt, 0, {"choice": "a"}, by=device(1))
    assert hall.strays(attempt) == []
    assert find_attempt("not an id", device()) is None
