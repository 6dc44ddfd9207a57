"""The server's deadlines: grace, extensions, pauses, the end, and the job that keeps them when no browser is open."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.periodic import tasks
from classroom.exams.models import StrayAnswer
from classroom.exams.queries.attempts import find_attempt
from classroom.exams.services import closing
from classroom.exams.services.answering import Sent, close_due, heartbeat, read_attempt, save, submit, take_late
from classroom.exams.services.opening import end, extend, pause, reopen, resume
from tests.exams.hall import DEADLINE, GRACE, MINUTE, OPENED, SECOND, Hall, device
from tests.factories import at, vietnam

RIGHT = {"choice": "a"}
WRONG = {"choice": "b"}


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


@pytest.fixture
def both(any_app: Flask) -> Hall:
    """The same, once on each database."""
    return Hall()


def state(hall: Hall, attempt: str) -> tuple[str, object, str]:
    row = hall.row(attempt)
    return row.state, row.finished_at, row.finished_how


def audited(action: str) -> list[dict[str, object]]:
    return list(db.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == action)))


# --- the grace ---


def test_an_answer_counts_until_the_end_of_the_grace_and_not_a_second_longer(both: Hall) -> None:
    attempt = both.start()
    told = both.answer(attempt, 0, RIGHT, 1, when=DEADLINE + GRACE)
    assert (told.saved, told.state) == ([(0, 1)], "running")
    told = both.answer(attempt, 0, WRONG, 2, when=DEADLINE + GRACE + SECOND)
    assert (told.saved, told.refused, told.state) == ([], [(0, "answer.too_late")], "finished")
    assert both.answers(attempt) == {0: RIGHT}
    assert both.strays(attempt) == [("late", 0, WRONG)]


def test_what_is_handed_in_within_the_grace_counts_and_is_finished_at_the_deadline(hall: Hall) -> None:
    attempt = hall.start()
    with at(DEADLINE + GRACE):
        told = submit(attempt, device(), final=[Sent(0, 1, RIGHT)])
    assert told.saved == [(0, 1)]
    assert state(hall, attempt) == ("finished", DEADLINE, "time")
    assert hall.answers(attempt) == {0: RIGHT}


def test_what_is_handed_in_a_second_after_the_grace_is_evidence_only(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, WRONG, 1)
    with at(DEADLINE + GRACE + SECOND):
        told = submit(attempt, device(), final=[Sent(0, 2, RIGHT)])
    assert (told.state, told.refused) == ("finished", [(0, "answer.too_late")])
    assert state(hall, attempt) == ("finished", DEADLINE, "time")
    assert hall.answers(attempt) == {0: WRONG}


def test_answers_queued_off_line_that_arrive_late_are_kept_and_count_once_a_coordinator_says_so(both: Hall) -> None:
    attempt = both.start()
    both.answer(attempt, 0, WRONG, 1)
    queue = [Sent(0, 1, WRONG), Sent(0, 2, RIGHT), Sent(2, 1, {"value": True})]
    with at(DEADLINE + 5 * MINUTE):
        told = save(attempt, device(), queue)
    assert (told.saved, sorted(told.refused)) == ([(0, 1)], [(0, "answer.too_late"), (2, "answer.too_late")])
    keys = db.session.scalars(select(StrayAnswer.id).order_by(StrayAnswer.id)).all()
    with at(DEADLINE + MINUTE), pytest.raises(Forbidden):
        take_late(attempt, keys, "the network was down", actor=both.actor)
    coordinator = both.somebody("coordinator")
    with at(DEADLINE + 10 * MINUTE):
        take_late(attempt, keys, "the network was down", actor=coordinator)
        take_late(attempt, keys, "the network was down", actor=coordinator)
    assert both.answers(attempt) == {0: RIGHT, 2: {"value": True}}
    row = both.row(attempt)
    assert (row.answered, row.marked_at, row.finished_at) == (2, DEADLINE + 10 * MINUTE, DEADLINE)
    assert audited("attempt.late_taken") == [{"answers": 2, "positions": [0, 2]}]


def test_late_answers_of_another_attempt_or_one_that_runs_are_not_taken(hall: Hall) -> None:
    attempt, other = hall.start(0), hall.start(1)
    coordinator = hall.somebody("coordinator")
    with at(OPENED + MINUTE):
        submit(other, device(1))
        save(other, device(1), [Sent(0, 1, RIGHT)])
        key = db.session.scalars(select(StrayAnswer.id)).one()
        with pytest.raises(Refusal) as no:
            take_late(attempt, [key], "why", actor=coordinator)
        assert no.value.code == "attempt.running"
        submit(attempt, device())
        with pytest.raises(NotFound):
            take_late(attempt, [key], "why", actor=coordinator)
        with pytest.raises(Invalid):
            take_late(other, [key], "  ", actor=coordinator)


# --- the job ---


def test_deadlines_are_kept_when_no_browser_and_no_tablet_is_open(both: Hall) -> None:
    first, second = both.start(0), both.start(1, when=OPENED + 5 * MINUTE)
    both.answer(first, 0, RIGHT)
    assert close_due(DEADLINE + GRACE) == 0
    assert close_due(DEADLINE + GRACE + SECOND) == 1
    assert state(both, first) == ("finished", DEADLINE, "time")
    assert state(both, second) == ("running", None, "")
    assert both.row(first).marked_at is not None
    assert close_due(DEADLINE + GRACE + SECOND) == 0
    assert close_due(DEADLINE + 5 * MINUTE + GRACE + SECOND) == 1


def test_an_automatic_closing_keeps_every_saved_answer(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, RIGHT, 1)
    hall.answer(attempt, 2, {"value": True}, 1)
    hall.answer(attempt, 0, WRONG, 2, when=DEADLINE)
    close_due(DEADLINE + MINUTE)
    assert hall.answers(attempt) == {0: WRONG, 2: {"value": True}}
    assert hall.row(attempt).answered == 2


def test_the_job_is_run_every_fifteen_seconds() -> None:
    (task,) = (task for task in tasks() if task.name == "exams.close_due")
    assert task.every == timedelta(seconds=15)


def test_reading_an_attempt_whose_time_is_up_closes_it(hall: Hall) -> None:
    attempt, other = hall.start(0), hall.start(1)
    with at(DEADLINE + GRACE):
        found = read_attempt(attempt, device())
        assert found is not None
        assert found.state == "running"
    with at(DEADLINE + MINUTE):
        found = read_attempt(attempt, device())
        assert found is not None
        assert (found.state, found.finished_at, found.finished_how) == ("finished", DEADLINE, "time")
        assert heartbeat(other, device(1)).state == "finished"


def test_one_attempt_that_cannot_be_closed_keeps_no_other_open(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "BATCH", 1)
    attempts = [hall.start(place) for place in range(3)]
    bad = hall.row(attempts[0]).id
    marked = closing.mark_attempts

    def mark(session: object, found: list[object]) -> int:
        if any(one.id == bad for one in found):  # type: ignore[attr-defined]
            raise RuntimeError("a version is missing")
        return marked(session, found)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "mark_attempts", mark)
    with pytest.raises(RuntimeError):
        close_due(DEADLINE + MINUTE)
    assert [hall.row(attempt).state for attempt in attempts] == ["running", "finished", "finished"]


# --- more time ---


def test_more_time_while_it_runs_reaches_the_next_autosave(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + 5 * MINUTE):
        assert extend(hall.sitting, 10, learner=None, reason="noise outside", actor=hall.actor) == 1
    told = hall.answer(attempt, 0, RIGHT, when=OPENED + 6 * MINUTE)
    assert told.deadline == DEADLINE + 10 * MINUTE
    with at(OPENED + 6 * MINUTE):
        assert heartbeat(attempt, device()).deadline == DEADLINE + 10 * MINUTE
    assert hall.answer(attempt, 0, WRONG, 2, when=DEADLINE + 9 * MINUTE).saved == [(0, 2)]


def test_more_time_for_one_learner_moves_no_other_deadline(hall: Hall) -> None:
    first, second = hall.start(0), hall.start(1)
    with at(OPENED + 5 * MINUTE):
        extend(hall.sitting, 10, learner=hall.learners[0], reason="", actor=hall.actor)
    assert hall.row(first).deadline_at == DEADLINE + 10 * MINUTE
    assert hall.row(second).deadline_at == DEADLINE


def test_more_time_after_the_deadline_counts_from_now(hall: Hall) -> None:
    attempt = hall.start()
    with at(DEADLINE + 5 * SECOND):
        extend(hall.sitting, 10, learner=hall.learners[0], reason="", actor=hall.actor)
    assert hall.row(attempt).deadline_at == DEADLINE + 5 * SECOND + 10 * MINUTE
    assert audited("attempt.reopened") == []


def test_more_time_after_the_automatic_closing_opens_the_attempt_again_and_is_audited(both: Hall) -> None:
    attempt = both.start()
    both.answer(attempt, 0, WRONG, 1)
    close_due(DEADLINE + MINUTE)
    when = DEADLINE + 5 * MINUTE
    with at(when):
        extend(both.sitting, 10, learner=both.learners[0], reason="", actor=both.actor)
    row = both.row(attempt)
    assert (row.state, row.finished_at, row.finished_how, row.marked_at) == ("running", None, "", None)
    assert row.deadline_at == when + 10 * MINUTE
    (facts,) = audited("attempt.reopened")
    assert (facts["how"], facts["finished_at"]) == ("time", DEADLINE.isoformat())
    assert both.answer(attempt, 0, RIGHT, 2, when=when + MINUTE).saved == [(0, 2)]
    assert close_due(when + 11 * MINUTE) == 1
    assert state(both, attempt) == ("finished", when + 10 * MINUTE, "time")


def test_what_was_handed_in_is_opened_again_with_a_reason_only(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + MINUTE):
        submit(attempt, device())
        with pytest.raises(Invalid):
            extend(hall.sitting, 10, learner=hall.learners[0], reason=" ", actor=hall.actor)
        extend(hall.sitting, 10, learner=hall.learners[0], reason="tapped by mistake", actor=hall.actor)
    assert state(hall, attempt)[0] == "running"


def test_more_time_for_everybody_opens_nothing_that_was_over(hall: Hall) -> None:
    handed_in, expired, running = hall.start(0), hall.start(1), hall.start(2, when=OPENED + 5 * MINUTE)
    with at(OPENED + MINUTE):
        submit(handed_in, device(0))
    close_due(DEADLINE + MINUTE)
    with at(DEADLINE + MINUTE):
        assert extend(hall.sitting, 5, learner=None, reason="", actor=hall.actor) == 1
    assert [state(hall, one)[0] for one in (handed_in, expired, running)] == ["finished", "finished", "running"]


@pytest.mark.parametrize("minutes", [0, -5, 121])
def test_more_time_is_from_one_to_a_hundred_and_twenty_minutes(hall: Hall, minutes: int) -> None:
    hall.start()
    with at(OPENED), pytest.raises(Invalid):
        extend(hall.sitting, minutes, learner=None, reason="", actor=hall.actor)


def test_nobody_without_an_attempt_is_given_more_time(hall: Hall) -> None:
    with at(OPENED), pytest.raises(NotFound):
        extend(hall.sitting, 5, learner=hall.learners[0], reason="", actor=hall.actor)


# --- pauses ---


def test_a_pause_moves_every_running_deadline_by_its_length(both: Hall) -> None:
    first, second = both.start(0), both.start(1)
    with at(OPENED + MINUTE):
        submit(second, device(1))
    for minute, step in ((40, pause), (50, pause), (60, resume), (61, resume)):
        with at(OPENED + minute * MINUTE):
            step(both.sitting, actor=both.actor)
            if step is pause:
                assert heartbeat(first, device()).paused
        if minute == 50:
            assert close_due(OPENED + 59 * MINUTE) == 0
    assert both.row(first).deadline_at == DEADLINE + 20 * MINUTE
    assert both.row(second).deadline_at == DEADLINE
    assert audited("sitting.resumed") == [{"seconds": 20 * 60}]
    assert len(audited("sitting.paused")) == 1
    assert both.answer(first, 0, RIGHT, when=DEADLINE + 20 * MINUTE + GRACE).saved == [(0, 1)]


def test_a_pause_after_the_time_was_up_gives_nothing_back(hall: Hall) -> None:
    attempt = hall.start()
    with at(DEADLINE + MINUTE):
        pause(hall.sitting, actor=hall.actor)
    assert close_due(DEADLINE + 20 * MINUTE) == 1
    assert state(hall, attempt) == ("finished", DEADLINE, "time")


def test_the_end_in_a_pause_ends_the_pause(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + MINUTE):
        pause(hall.sitting, actor=hall.actor)
    with at(OPENED + 5 * MINUTE):
        end(hall.sitting, actor=hall.actor)
    assert hall.sitting_row().paused_at is None
    assert close_due(OPENED + 6 * MINUTE) == 1
    assert state(hall, attempt) == ("finished", OPENED + 5 * MINUTE, "ended")


# --- the end ---


def test_the_end_leaves_the_grace_for_what_is_on_its_way(both: Hall) -> None:
    attempt = both.start()
    ended = OPENED + 10 * MINUTE
    with at(ended):
        end(both.sitting, actor=both.actor)
        end(both.sitting, actor=both.actor)
    assert len(audited("sitting.ended")) == 1
    assert both.answer(attempt, 0, RIGHT, 1, when=ended + GRACE).saved == [(0, 1)]
    assert both.answer(attempt, 0, WRONG, 2, when=ended + GRACE + SECOND).refused == [(0, "answer.too_late")]
    assert state(both, attempt) == ("finished", ended, "ended")


def test_who_was_out_of_time_before_the_end_ran_out_of_time(hall: Hall) -> None:
    attempt = hall.start()
    with at(DEADLINE + 5 * SECOND):
        end(hall.sitting, actor=hall.actor)
    close_due(DEADLINE + MINUTE)
    assert state(hall, attempt) == ("finished", DEADLINE, "time")


def test_an_end_by_mistake_is_taken_back_and_those_it_stopped_go_on_with_more_time(hall: Hall) -> None:
    stopped, handed_in = hall.start(0), hall.start(1)
    with at(OPENED + MINUTE):
        submit(handed_in, device(1))
    with at(OPENED + 10 * MINUTE):
        end(hall.sitting, actor=hall.actor)
    close_due(OPENED + 11 * MINUTE)
    with at(OPENED + 12 * MINUTE):
        with pytest.raises(Refusal) as no:
            extend(hall.sitting, 35, learner=None, reason="", actor=hall.actor)
        assert no.value.code == "sitting.ended"
        with pytest.raises(Invalid):
            reopen(hall.sitting, "", actor=hall.actor)
        reopen(hall.sitting, "a wrong tap", actor=hall.actor)
        reopen(hall.sitting, "a wrong tap", actor=hall.actor)
        assert extend(hall.sitting, 35, learner=None, reason="a wrong tap", actor=hall.actor) == 1
    assert hall.row(stopped).deadline_at == OPENED + 47 * MINUTE
    assert state(hall, handed_in)[2] == "submitted"
    assert len(audited("sitting.reopened")) == 1


def test_an_ended_test_is_neither_paused_nor_let_go_on(hall: Hall) -> None:
    with at(OPENED + MINUTE):
        end(hall.sitting, actor=hall.actor)
        for step in (pause, resume):
            with pytest.raises(Refusal) as no:
                step(hall.sitting, actor=hall.actor)
            assert no.value.code == "sitting.ended"


def test_an_entry_window_that_closes_shortens_no_attempt(hall: Hall) -> None:
    attempt = hall.start(when=OPENED + 14 * MINUTE)
    with at(OPENED + 16 * MINUTE):
        assert heartbeat(attempt, device()).deadline == DEADLINE + 14 * MINUTE
    assert hall.answer(attempt, 0, RIGHT, when=DEADLINE + 14 * MINUTE).saved == [(0, 1)]
    assert hall.start(when=OPENED + 20 * MINUTE) == attempt


def test_a_test_that_nobody_ended_ends_with_its_day(hall: Hall) -> None:
    midnight = vietnam(0) + timedelta(days=1)
    attempt = hall.start()
    with at(vietnam(22)):
        extend(hall.sitting, 120, learner=hall.learners[0], reason="", actor=hall.actor)
    with at(vietnam(23)):
        extend(hall.sitting, 120, learner=hall.learners[0], reason="", actor=hall.actor)
        assert hall.row(attempt).deadline_at > midnight
    close_due(midnight - SECOND)
    assert hall.sitting_row().ended_at is None
    assert close_due(midnight + MINUTE) == 1
    assert hall.sitting_row().ended_at == midnight
    assert state(hall, attempt) == ("finished", midnight, "ended")
    assert len(audited("sitting.ended_by_itself")) == 1
    with at(midnight + MINUTE), pytest.raises(Refusal) as no:
        reopen(hall.sitting, "too late", actor=hall.actor)
    assert no.value.code == "sitting.day_over"


def test_only_who_runs_tests_in_the_class_may_steer_one(hall: Hall) -> None:
    steps = (
        lambda actor: pause(hall.sitting, actor=actor),
        lambda actor: resume(hall.sitting, actor=actor),
        lambda actor: end(hall.sitting, actor=actor),
        lambda actor: reopen(hall.sitting, "why", actor=actor),
        lambda actor: extend(hall.sitting, 5, learner=None, reason="", actor=actor),
    )
    stranger, viewer = hall.somebody("trainer"), hall.somebody("viewer")
    for step in steps:
        with at(OPENED), pytest.raises(NotFound):
            step(stranger)
        with at(OPENED), pytest.raises(Forbidden):
            step(viewer)
    assert find_attempt(hall.start(), device()) is not None
