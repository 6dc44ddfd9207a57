"""Papers answered by pen: keyed in twice, compared, corrected, marked at once; nothing twice, also in a race."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import PaperEntry, PrintedForm
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.by_pen import FIRST, SECOND, Entered, Sheet, correct, drop, enter
from classroom.exams.services.opening import end
from classroom.exams.services.starting import start_attempt
from tests.exams.front import SOON
from tests.exams.hall import device
from tests.exams.making import RIGHT
from tests.exams.pen_hall import GOOD, LATER, PenHall, instead
from tests.factories import at
from tests.support.racing import together


@pytest.fixture
def hall(any_app: Flask) -> PenHall:
    return PenHall()


# --- two entries ---


def test_two_entries_that_agree_are_an_attempt_and_marked_at_once(hall: PenHall) -> None:
    assert hall.key_in(FIRST).state == "first"
    assert hall.attempts() == []
    made = hall.key_in(SECOND, "a", "BA", "đ", "3.14", " Hà  Nội", "abc", "1 2 3")
    (attempt,) = hall.attempts()
    assert made == Entered("done", attempt.public_id)
    assert (attempt.source, attempt.state, attempt.finished_how) == ("paper", "finished", "paper")
    assert (attempt.mark, attempt.out_of, attempt.outcome) == (Decimal(7), Decimal(7), "pass")
    assert attempt.answered == 7
    assert attempt.form is not None
    assert attempt.form.code == "101"
    kept = hall.answers(attempt.public_id)
    assert [kept[place] for place in range(7)] == [{**RIGHT[kind], **_as_typed(kind)} for kind in Kind]


def _as_typed(kind: Kind) -> dict[str, str]:
    return {"text": "Hà Nội"} if kind is Kind.SHORT_ANSWER else {}


def test_letters_mean_what_stands_on_that_form(hall: PenHall) -> None:
    hall.key_in(FIRST, *instead(p0="C"), code="102")
    hall.key_in(SECOND, *instead(p0="C"), code="102")
    assert hall.attempts()[0].mark == Decimal(7)


def test_what_is_left_empty_is_no_answer(hall: PenHall) -> None:
    hall.key_in(FIRST, *[""] * 7)
    hall.key_in(SECOND, *[" "] * 7)
    (attempt,) = hall.attempts()
    assert (attempt.answered, attempt.mark, attempt.outcome) == (0, Decimal(0), "fail")
    assert hall.answers(attempt.public_id) == {}


def test_the_same_entry_twice_changes_nothing(hall: PenHall) -> None:
    assert hall.key_in(FIRST) == Entered("first")
    assert hall.key_in(FIRST) == Entered("first", fresh=False)
    made = hall.key_in(SECOND)
    assert hall.key_in(SECOND) == Entered("done", made.attempt, fresh=False)
    assert hall.key_in(FIRST) == Entered("done", made.attempt, fresh=False)
    assert db.session.scalar(select(func.count(PaperEntry.id))) == 2
    assert len(hall.attempts()) == 1


def test_another_entry_in_the_same_place_is_refused(hall: PenHall) -> None:
    hall.key_in(FIRST)
    with pytest.raises(Refusal, match=r"pen_entry\.entered"):
        hall.key_in(FIRST, *instead(p0="B"))
    hall.key_in(SECOND)
    with pytest.raises(Refusal, match=r"pen_entry\.done"):
        hall.key_in(FIRST, *instead(p0="B"))
    assert len(hall.attempts()) == 1


def test_no_second_entry_without_a_first(hall: PenHall) -> None:
    with pytest.raises(Invalid, match=r"pen_entry\.too_early"):
        hall.key_in(SECOND)
    with pytest.raises(Invalid, match=r"pen_entry\.too_early"):
        hall.key_in(3)


def test_two_entries_of_different_forms_are_refused_with_both_codes(hall: PenHall) -> None:
    hall.key_in(FIRST)
    with pytest.raises(Invalid) as no:
        hall.key_in(SECOND, code="102")
    assert (no.value.code, no.value.details) == ("pen_entry.other_form", {"first": "101", "second": "102"})
    with at(LATER):
        drop(hall.sitting, hall.learners[0], "mã đề sai", actor=hall.actor)
    assert hall.state() == "none"
    assert hall.key_in(FIRST, code="102").state == "first"


@pytest.mark.parametrize("answers", [instead(p0="D"), instead(p1="AA"), instead(p3="ba"), GOOD[:6], (*GOOD, "A")])
def test_what_cannot_be_read_is_not_kept(hall: PenHall, answers: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match=r"pen_entry\."):
        hall.key_in(FIRST, *answers)
    assert hall.state() == "none"


@pytest.mark.parametrize(("code", "said"), [("", "form_missing"), ("103", "form_unknown")])
def test_a_form_that_is_none_is_refused(hall: PenHall, code: str, said: str) -> None:
    with pytest.raises(Invalid, match=f"pen_entry.{said}"):
        hall.key_in(FIRST, code=code)


def test_nothing_is_keyed_in_from_an_annulled_form(hall: PenHall) -> None:
    db.session.scalars(select(PrintedForm).where(PrintedForm.code == "101")).one().annulled_at = SOON
    db.session.commit()
    with pytest.raises(Invalid, match=r"pen_entry\.form_unknown"):
        hall.key_in(FIRST)


def test_papers_are_keyed_in_after_the_end_too(hall: PenHall) -> None:
    with at(SOON):
        end(hall.sitting, actor=hall.actor)
    hall.key_in(FIRST)
    assert hall.key_in(SECOND).state == "done"


# --- differences ---


def test_entries_that_differ_wait_until_the_paper_has_been_looked_at(hall: PenHall) -> None:
    hall.key_in(FIRST, *instead(p0="B", p2=""))
    assert hall.key_in(SECOND) == Entered("differs")
    assert hall.state() == "differs"
    assert hall.attempts() == []
    with at(LATER):
        with pytest.raises(Refusal, match=r"pen_entry\.differs"):
            correct(hall.sitting, hall.learners[0], {0: "A"}, actor=hall.actor)
        made = correct(hall.sitting, hall.learners[0], {0: "C", 2: "Đ"}, actor=hall.actor)
        again = correct(hall.sitting, hall.learners[0], {0: "C", 2: "Đ"}, actor=hall.actor)
    (attempt,) = hall.attempts()
    assert made == Entered("done", attempt.public_id)
    assert again == Entered("done", attempt.public_id, fresh=False)
    assert hall.answers(attempt.public_id)[0] == {"choice": "c"}
    assert attempt.mark == Decimal(6)


def test_a_correction_that_cannot_be_read_changes_nothing(hall: PenHall) -> None:
    hall.key_in(FIRST, *instead(p0="B"))
    hall.key_in(SECOND)
    with at(LATER), pytest.raises(Invalid, match=r"pen_entry\.unclear"):
        correct(hall.sitting, hall.learners[0], {0: "Z"}, actor=hall.actor)
    assert hall.state() == "differs"
    assert hall.key_in(SECOND) == Entered("differs", fresh=False)


def test_nothing_is_corrected_where_nothing_waits(hall: PenHall) -> None:
    hall.key_in(FIRST)
    with at(LATER), pytest.raises(NotFound):
        correct(hall.sitting, hall.learners[0], {}, actor=hall.actor)


def test_what_became_an_attempt_is_not_thrown_away(hall: PenHall) -> None:
    hall.key_in(FIRST)
    hall.key_in(SECOND)
    with at(LATER):
        drop(hall.sitting, hall.learners[0], "x", actor=hall.actor)
    assert hall.state() == "done"


# --- races ---


def test_two_people_who_key_in_the_same_round_leave_one_entry(any_app: Flask) -> None:
    hall = PenHall()

    def key_in(answer: str) -> str:
        try:
            sheet = Sheet("101", instead(p0=answer))
            return enter(hall.sitting, hall.learners[0], sheet, FIRST, actor=hall.actor).state
        except Refusal as refusal:
            return refusal.code

    with at(LATER):
        found = together(any_app, [lambda: key_in("A"), lambda: key_in("B")])
    assert sorted(found) == ["first", "pen_entry.entered"]
    assert db.session.scalar(select(func.count(PaperEntry.id))) == 1


def test_a_second_entry_that_is_sent_twice_at_once_makes_one_attempt(any_app: Flask) -> None:
    hall = PenHall()
    hall.key_in(FIRST)

    def key_in() -> str:
        return enter(hall.sitting, hall.learners[0], Sheet("101", GOOD), SECOND, actor=hall.actor).attempt

    with at(LATER):
        found = together(any_app, [key_in, key_in, key_in])
    assert len(set(found)) == 1
    assert [one.public_id for one in hall.attempts()] == [found[0]]


def test_a_phone_that_starts_meanwhile_gets_a_number_of_its_own(any_app: Flask) -> None:
    hall = PenHall()
    hall.key_in(FIRST)
    sheet = Sheet("101", GOOD)

    def by_pen() -> str:
        return enter(hall.sitting, hall.learners[0], sheet, SECOND, actor=hall.actor).attempt

    def by_phone() -> str:
        try:
            return start_attempt(hall.sitting, hall.learners[0], device(0), actor=hall.phone).attempt_public_id
        except Refusal as refusal:
            return refusal.code

    with at(SOON):
        _made, began = together(any_app, [by_pen, by_phone])
    numbers = [one.number for one in hall.attempts()]
    assert numbers == ([1] if began == "gate.no_attempt_left" else [1, 2])
