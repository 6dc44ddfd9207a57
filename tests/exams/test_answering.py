"""Answers: kept at once, each once, in whatever order they arrive."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound
from classroom.exams.models import Response
from classroom.exams.queries.attempts import find_attempt, responses_of
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.answering import Sent, heartbeat, save, submit
from classroom.exams.services.opening import pause
from tests.attendance.counting import counted
from tests.exams.hall import DEADLINE, MINUTE, OPENED, SECOND, Hall, device
from tests.exams.making import RIGHT, make_paper, make_question
from tests.factories import at

#: The order in which the paper asks.
KINDS = list(Kind)


@pytest.fixture
def hall(any_app: Flask) -> Hall:
    return Hall()


def test_an_answer_of_every_kind_is_kept(hall: Hall) -> None:
    attempt = hall.start()
    for place, kind in enumerate(KINDS):
        told = hall.answer(attempt, place, RIGHT[kind])
        assert told.saved == [(place, 1)]
    assert (told.answered, told.of) == (7, 7)
    assert hall.answers(attempt) == {place: RIGHT[kind] for place, kind in enumerate(KINDS)}


def test_the_reply_says_when_it_was_saved_and_until_when_there_is_time(hall: Hall) -> None:
    attempt = hall.start()
    told = hall.answer(attempt, 0, {"choice": "a"})
    assert (told.now, told.deadline, told.state, told.paused) == (OPENED + MINUTE, DEADLINE, "running", False)
    row = hall.row(attempt)
    assert (row.last_saved_at, row.last_seen_at, row.answered) == (OPENED + MINUTE, OPENED + MINUTE, 1)


def test_the_highest_number_stands_in_whatever_order_answers_arrive(hall: Hall) -> None:
    attempt = hall.start()
    assert hall.answer(attempt, 0, {"choice": "b"}, 5).saved == [(0, 5)]
    assert hall.answer(attempt, 0, {"choice": "a"}, 4).saved == [(0, 5)]
    assert hall.answer(attempt, 0, {"choice": "b"}, 5).saved == [(0, 5)]
    assert hall.answers(attempt) == {0: {"choice": "b"}}
    assert hall.answer(attempt, 0, {"choice": "c"}, 6).saved == [(0, 6)]
    assert hall.answers(attempt) == {0: {"choice": "c"}}


def test_of_two_answers_under_one_number_the_first_stays(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"}, 3)
    told = hall.answer(attempt, 0, {"choice": "b"}, 3)
    assert (told.saved, told.refused) == ([(0, 3)], [(0, "answer.number_taken")])
    assert hall.answers(attempt) == {0: {"choice": "a"}}
    assert hall.answer(attempt, 0, {"choice": "a"}, 3).refused == []
    assert hall.answer(attempt, 0, {"choice": "b"}, 2).refused == []


def test_an_answer_that_is_taken_back_counts_as_none(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"}, 1)
    told = hall.answer(attempt, 0, None, 2)
    assert (told.saved, told.answered) == ([(0, 2)], 0)
    assert hall.answers(attempt) == {0: None}


def test_one_answer_of_no_shape_keeps_the_others_from_nothing(hall: Hall) -> None:
    attempt = hall.start()
    sent = [
        Sent(0, 1, {"choice": "zz"}),
        Sent(1, 1, {"choices": ["a"]}),
        Sent(7, 1, None),
        Sent(-1, 1, None),
        Sent(2, 0, {"value": True}),
        Sent(3, 2**53 + 1, {"text": "3"}),
        Sent(4, True, {"text": "Huế"}),
        Sent(5, 2**53, {"pairs": {"a": "a"}}),
    ]
    with at(OPENED + MINUTE):
        told = save(attempt, device(), sent)
    assert sorted(told.saved) == [(1, 1), (5, 2**53)]
    assert dict(told.refused) == {
        0: "answer.shape",
        7: "answer.position",
        -1: "answer.position",
        2: "answer.sequence",
        3: "answer.sequence",
        4: "answer.sequence",
    }
    assert hall.answers(attempt) == {1: {"choices": ["a"]}, 5: {"pairs": {"a": "a"}}}


def test_more_answers_than_a_page_can_hold_are_refused(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + MINUTE), pytest.raises(Invalid) as no:
        save(attempt, device(), [Sent(0, n, {"choice": "a"}) for n in range(1, 1002)])
    assert no.value.code == "answer.too_many"


def test_a_page_without_scripts_is_numbered_by_the_server(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"}, 4)
    with at(OPENED + MINUTE):
        told = save(attempt, device(), [Sent(0, 0, {"choice": "b"}), Sent(2, 0, {"value": False})], form_post=True)
    assert told.saved == [(0, 5), (2, 1)]
    assert hall.answers(attempt) == {0: {"choice": "b"}, 2: {"value": False}}


def test_a_late_form_is_told_late_only_for_what_it_would_have_changed(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"}, 4)
    sent = [Sent(0, 0, {"choice": "a"}), Sent(1, 0, None), Sent(2, 0, {"value": False})]
    with at(DEADLINE + MINUTE):
        told = save(attempt, device(), sent, form_post=True)
    assert (told.saved, told.refused) == ([(0, 4)], [(2, "answer.too_late")])
    assert hall.strays(attempt) == [("late", 2, {"value": False})]


@pytest.mark.sqlite
def test_an_autosave_costs_five_statements_and_a_beginning_ten(app: Flask) -> None:
    hall = Hall()
    attempt = hall.start(0)
    with counted() as seen:
        hall.start(1)
    assert len(seen) <= 10
    hall.answer(attempt, 0, {"choice": "a"}, 1)
    with counted() as seen:
        hall.answer(attempt, 0, {"choice": "b"}, 2)
    assert len(seen) <= 5


def test_what_is_answered_in_a_pause_is_kept(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + MINUTE):
        pause(hall.sitting, actor=hall.actor)
    told = hall.answer(attempt, 0, {"choice": "a"}, when=OPENED + 2 * MINUTE)
    assert (told.saved, told.paused, told.deadline) == ([(0, 1)], True, DEADLINE + MINUTE)


def test_hearing_from_a_device_is_written_down_every_ten_seconds_at_most(hall: Hall) -> None:
    attempt = hall.start()
    for seconds, seen in ((9, 0), (10, 10), (19, 10), (20, 20)):
        with at(OPENED + seconds * SECOND):
            told = heartbeat(attempt, device())
        assert (told.state, told.saved, told.deadline) == ("running", [], DEADLINE)
        assert hall.row(attempt).last_seen_at == OPENED + seen * SECOND
    with pytest.raises(NotFound):
        heartbeat(attempt, device("a stranger's"))


def test_handing_in_keeps_what_comes_along_and_ends(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"})
    with at(OPENED + 2 * MINUTE):
        told = submit(attempt, device(), final=[Sent(2, 1, {"value": True})])
    assert (told.state, told.finished_how, told.answered) == ("finished", "submitted", 2)
    row = hall.row(attempt)
    assert (row.state, row.finished_at, row.finished_how) == ("finished", OPENED + 2 * MINUTE, "submitted")
    assert row.marked_at == OPENED + 2 * MINUTE


def test_handing_in_never_empties_an_answer(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"}, 7)
    with at(OPENED + 2 * MINUTE):
        submit(attempt, device(), final=[Sent(0, 6, None)])
        submit(attempt, device())
    assert hall.answers(attempt) == {0: {"choice": "a"}}


def test_handing_in_again_changes_nothing_at_any_time(hall: Hall) -> None:
    attempt = hall.start()
    for when in (OPENED + 2 * MINUTE, OPENED + 3 * MINUTE, DEADLINE, DEADLINE + MINUTE):
        with at(when):
            assert submit(attempt, device()).finished_how == "submitted"
        row = hall.row(attempt)
        assert (row.finished_at, row.finished_how) == (OPENED + 2 * MINUTE, "submitted")
        assert row.marked_at == OPENED + 2 * MINUTE


def test_after_handing_in_a_replay_is_confirmed_and_news_is_late(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"}, 7)
    with at(OPENED + 2 * MINUTE):
        submit(attempt, device())
    assert hall.answer(attempt, 0, {"choice": "a"}, 7).saved == [(0, 7)]
    told = hall.answer(attempt, 0, {"choice": "b"}, 8)
    assert (told.state, told.saved, told.refused) == ("finished", [], [(0, "answer.too_late")])
    assert hall.answers(attempt) == {0: {"choice": "a"}}
    assert hall.strays(attempt) == [("late", 0, {"choice": "b"})]


def test_evidence_is_kept_once_and_no_more_than_two_hundred(hall: Hall) -> None:
    attempt = hall.start()
    with at(OPENED + 2 * MINUTE):
        submit(attempt, device())
        for _ in range(2):
            save(attempt, device(), [Sent(0, n, {"choice": "a"}) for n in range(1, 151)])
        assert len(hall.strays(attempt)) == 150
        save(attempt, device(), [Sent(0, n, {"choice": "a"}) for n in range(151, 301)])
    assert len(hall.strays(attempt)) == 200


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=1)])
def test_the_clock_of_a_device_is_never_asked(hall: Hall, ahead: timedelta) -> None:
    """Numbers that a device takes from its own clock order its answers, and mean nothing else."""
    attempt = hall.start()
    for minute, choice in ((1, "a"), (2, "b")):
        when = OPENED + minute * MINUTE
        stamp = int((when + ahead).timestamp() * 1000)
        told = hall.answer(attempt, 0, {"choice": choice}, stamp, when=when)
        assert (told.now, told.deadline, told.saved) == (when, DEADLINE, [(0, stamp)])
    assert hall.answers(attempt) == {0: {"choice": "b"}}
    assert hall.row(attempt).last_saved_at == OPENED + 2 * MINUTE


def test_answers_queued_off_line_are_kept_when_the_network_is_back_in_time(hall: Hall) -> None:
    attempt = hall.start()
    queue = [Sent(0, 1, {"choice": "b"}), Sent(1, 1, {"choices": ["a"]}), Sent(0, 2, {"choice": "a"})]
    with at(DEADLINE - SECOND):
        told = save(attempt, device(), queue)
    assert sorted(told.saved) == [(0, 2), (1, 1)]
    assert hall.answers(attempt) == {0: {"choice": "a"}, 1: {"choices": ["a"]}}


CHANGES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc")), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, data=st.data())
def test_replayed_and_reordered_autosaves_end_where_the_learner_ended(app: Flask, changes: Any, data: Any) -> None:
    """A device counts its changes up; the network loses, repeats and reorders them; what was sent last arrives once."""
    hall = _remembered(app)
    db.session.query(Response).delete()
    db.session.commit()
    numbered = [Sent(place, n, {"choice": choice}) for n, (place, choice) in enumerate(changes, 1)]
    last = {sent.position: sent for sent in numbered}
    delivered = data.draw(st.lists(st.sampled_from(numbered), max_size=20)) + list(last.values())
    delivered = data.draw(st.permutations(delivered))
    with time_machine.travel(OPENED + MINUTE, tick=False):
        for sent in delivered:
            save(hall.attempt, device(), [sent])
    facts = find_attempt(hall.attempt, device())
    assert facts is not None
    assert {place: given.answer for place, given in responses_of(facts).items()} == {
        place: sent.answer for place, sent in last.items()
    }
    assert hall.row(hall.attempt).answered == len(last)


class _Quiz(Hall):
    """Three questions of one kind, and an attempt at them."""

    attempt = ""


_known: dict[int, _Quiz] = {}


def _remembered(app: Flask) -> _Quiz:
    if id(app) not in _known:
        hall = _Quiz(1, opened=False)
        paper = make_paper(hall.paper.course, [make_question(hall.paper.course, Kind.SINGLE) for _ in range(3)])
        hall.paper_id = paper.public_id
        with at(OPENED):
            hall.sitting = hall.open()
        hall.attempt = hall.start()
        _known.clear()
        _known[id(app)] = hall
    return _known[id(app)]
