"""Papers answered by pen: keyed in twice, compared, corrected, marked; and a learner with two attempts."""

import re
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import Attempt, Paper, PaperEntry, PrintedForm
from classroom.exams.queries.by_pen import pen_rows
from classroom.exams.queries.contents import described
from classroom.exams.rules.drawing import PoolPart, draw
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.answering import submit
from classroom.exams.services.by_pen import FIRST, SECOND, Entered, Sheet, correct, drop, enter
from classroom.exams.services.deciding import annul_attempt
from classroom.exams.services.opening import end
from classroom.exams.services.starting import start_attempt
from classroom.inbox.models import InboxItem
from tests.exams.front import SOON, colleague, read, send, signed_in, status
from tests.exams.hall import MINUTE, OPENED, Hall, device
from tests.exams.hall import SECOND as A_SECOND
from tests.exams.making import RIGHT
from tests.factories import at, make_class
from tests.support.racing import together

#: What stands on a paper where everything is right.
GOOD = ("A", "AB", "Đ", "3,14", "Hà Nội", "1A 2B 3C", "123")
LATER = SOON + MINUTE


class PenHall(Hall):
    """A hall with printed forms 101 and 102; on 102 the options of the first question stand the other way round."""

    def __init__(self, learners: int = 3) -> None:
        super().__init__(learners)
        paper = db.session.get_one(Paper, self.paper.id)
        pool = [
            PoolPart(1, part.points, ((part.question_id, part.question.versions[-1].id),))
            for part in paper.parts
            if part.question_id and part.question
        ]
        _, shown = described(version for part in pool for _, version in part.versions)
        items = [
            item.to_json() for item in draw(pool, b"0" * 16, shown, shuffle_questions=False, shuffle_options=False)
        ]
        items[6]["o"] = ["a", "b", "c"]
        turned = [{**items[0], "o": items[0]["o"][::-1]}, *items[1:]]
        for code, asked in (("101", items), ("102", turned)):
            form = PrintedForm(organisation_id=paper.organisation_id, paper_id=paper.id, code=code, items=asked)
            form.created_at = OPENED
            db.session.add(form)
        db.session.commit()

    def key_in(self, which: int, *answers: str, code: str = "101", place: int = 0) -> Entered:
        with at(LATER):
            return enter(self.sitting, self.learners[place], Sheet(code, answers or GOOD), which, actor=self.actor)

    def attempts(self) -> list[Attempt]:
        db.session.rollback()
        return list(db.session.scalars(select(Attempt).order_by(Attempt.id)))

    def state(self, place: int = 0) -> str:
        db.session.rollback()
        return next(row.state for row in pen_rows(self.facts()) if row.learner == self.learners[place])


@pytest.fixture
def hall(any_app: Flask) -> PenHall:
    return PenHall()


def instead(**places: str) -> tuple[str, ...]:
    """A good paper with other answers at some places: p0="B"."""
    return tuple(places.get(f"p{place}", text) for place, text in enumerate(GOOD))


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


# --- two attempts ---


def both(hall: PenHall, *, running: bool = False) -> tuple[str, str]:
    """An attempt on a phone and one by pen."""
    phone = hall.start(0)
    hall.answer(phone, 0, RIGHT[Kind.SINGLE])
    if not running:
        with at(SOON):
            submit(phone, device(0))
    hall.key_in(FIRST)
    return phone, hall.key_in(SECOND).attempt


def question() -> InboxItem:
    db.session.rollback()
    return db.session.scalars(select(InboxItem).where(InboxItem.kind == "exams.two_attempts")).one()


def decide(client: FlaskClient, decision: str, step: str = "decide") -> None:
    with at(LATER + A_SECOND):
        answer = client.post(f"/inbox/{question().public_id}/{step}", data={"decision": decision})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("counts", ["device", "paper"])
@pytest.mark.parametrize("running", [False, True])
def test_a_coordinator_decides_which_of_two_attempts_counts(app: Flask, counts: str, running: bool) -> None:
    hall = PenHall()
    phone, paper = both(hall, running=running)
    client = colleague(app, hall, "coordinator")
    page = read(client, "/inbox", LATER)
    assert "Trên giấy: 10/10" in page
    assert ("Trên máy: chưa chấm" if running else "Trên máy: 1,43/10") in page
    decide(client, counts)
    states = {one.public_id: one.state for one in hall.attempts()}
    before = "running" if running else "finished"
    kept, gone = (phone, paper) if counts == "device" else (paper, phone)
    assert states[gone] == "annulled"
    assert states[kept] == ("finished" if counts == "paper" else before)
    assert "Có hai bài làm" in hall.row(gone).annul_reason
    decide(client, counts, "undo")
    assert {one.public_id: one.state for one in hall.attempts()} == {phone: before, paper: "finished"}
    assert hall.row(gone).annul_reason == ""
    assert question().decided_at is None


def test_one_attempt_is_no_question(app: Flask) -> None:
    hall = PenHall()
    hall.start(1)
    hall.key_in(FIRST)
    hall.key_in(SECOND)
    assert db.session.scalar(select(func.count(InboxItem.id))) == 0


def test_a_decision_is_not_taken_back_over_what_followed(app: Flask) -> None:
    hall = PenHall()
    _phone, paper = both(hall, running=True)
    client = colleague(app, hall, "coordinator")
    decide(client, "paper")
    with at(LATER):
        annul_attempt(paper, "nhầm", actor=hall.somebody("coordinator"))
    hall.start(0, by=device("new"), when=SOON)
    with at(LATER + A_SECOND):
        answer = client.post(f"/inbox/{question().public_id}/undo", data={})
    assert answer.status_code == 409
    assert question().decided_at is not None


# --- the pages ---


@pytest.fixture
def desk(app: Flask) -> PenHall:
    return PenHall()


@pytest.fixture
def trainer(desk: PenHall, client: FlaskClient) -> FlaskClient:
    return signed_in(client, desk.trainer)


def pens(hall: PenHall, place: int | None = None) -> str:
    return f"/sittings/{hall.sitting}/by-pen" + ("" if place is None else f"/{hall.learners[place]}")


def typed(*answers: str, which: int = 1, code: str = "101") -> dict[str, str]:
    fields = {f"a{place}": text for place, text in enumerate(answers or GOOD)}
    return {"form": code, "round": str(which), **fields}


def test_the_pages_lead_from_the_first_entry_to_the_mark(desk: PenHall, trainer: FlaskClient) -> None:
    assert "Bài giấy ghi mã đề nào?" in read(trainer, pens(desk, 0))
    page = read(trainer, pens(desk, 0) + "?form=101")
    assert len(re.findall(r'class="pen-field"', page)) == 7
    assert send(trainer, pens(desk, 0), LATER, **typed()) == (303, pens(desk))
    assert "Đã nhập một lần" in read(trainer, pens(desk), LATER)
    page = read(trainer, pens(desk, 0) + "?form=101", LATER)
    assert "Nhập lần hai" in page
    assert "Hà Nội" not in page
    assert send(trainer, pens(desk, 0), LATER, **typed(which=2)) == (303, pens(desk))
    assert desk.state() == "done"
    assert status(trainer, pens(desk, 0), LATER) == 303


def test_what_cannot_be_read_is_shown_at_its_field_and_nothing_is_lost(desk: PenHall, trainer: FlaskClient) -> None:
    code, page = send(trainer, pens(desk, 0), **typed(*instead(p0="X")))
    assert code == 422
    assert "A đến C" in page
    assert 'value="Hà Nội"' in page
    assert desk.state() == "none"


def test_enter_without_scripts_only_looks_at_what_was_typed(desk: PenHall, trainer: FlaskClient) -> None:
    page = read(trainer, pens(desk, 0) + "?form=101")
    form = page[page.index("data-pen ") :]
    assert form.index('name="look"') < form.index("data-pen-end")
    code, page = send(trainer, pens(desk, 0), look="1", **typed("A", "", "", "", "", "", ""))
    assert code == 200
    assert 'value="A"' in page
    assert desk.state() == "none"


def test_both_values_stand_side_by_side_until_one_is_chosen(desk: PenHall, trainer: FlaskClient) -> None:
    send(trainer, pens(desk, 0), LATER, **typed(*instead(p0="B", p3="2,5")))
    assert send(trainer, pens(desk, 0), LATER, **typed(which=2)) == (303, pens(desk, 0))
    page = read(trainer, pens(desk, 0), LATER)
    assert re.findall(r'class="pen-value"[^>]*>([^<]*)<', page) == ["B", "A", "2,5", "3,14"]
    code, page = send(trainer, pens(desk, 0) + "/decide", LATER, c0="second", second0="A")
    assert code == 409
    assert "vẫn còn khác nhau" in page
    decided = {"c0": "second", "first0": "B", "second0": "A", "c3": "other", "t3": "3,1"}
    assert send(trainer, pens(desk, 0) + "/decide", LATER, **decided) == (303, pens(desk))
    (attempt,) = desk.attempts()
    assert desk.answers(attempt.public_id)[3] == {"text": "3,1"}


def test_what_was_keyed_in_is_thrown_away_with_a_reason(desk: PenHall, trainer: FlaskClient) -> None:
    desk.key_in(FIRST)
    assert send(trainer, pens(desk, 0) + "/drop", reason=" ")[0] == 422
    assert desk.state() == "first"
    assert send(trainer, pens(desk, 0) + "/drop", reason="nhầm người")[0] == 303
    assert desk.state() == "none"


def test_the_board_counts_the_papers_that_wait(desk: PenHall, trainer: FlaskClient) -> None:
    desk.key_in(FIRST)
    assert 'Bài giấy <span class="count">1</span>' in read(trainer, f"/sittings/{desk.sitting}", LATER)


def test_without_printed_forms_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    hall = Hall(1)
    page = read(signed_in(client, hall.trainer), f"/sittings/{hall.sitting}/by-pen")
    assert "Đề này chưa có bản in" in page


def test_a_reader_sees_the_list_and_keys_in_nothing(app: Flask, desk: PenHall) -> None:
    viewer = colleague(app, desk, "viewer")
    assert "Nhập bài" not in read(viewer, pens(desk))
    assert status(viewer, pens(desk, 0)) == 403
    for step in ("", "/decide", "/drop"):
        assert send(viewer, pens(desk, 0) + step, **typed())[0] == 403


def test_a_trainer_of_another_class_keys_in_nothing(app: Flask, desk: PenHall) -> None:
    other = desk.colleague("trainer")
    make_class(trainer=other)
    client = signed_in(app.test_client(), other)
    assert status(client, pens(desk)) == 404
    for step in ("", "/decide", "/drop"):
        assert send(client, pens(desk, 0) + step, reason="x", **typed())[0] == 404
    assert desk.state() == "none"


def test_an_entry_without_its_token_is_not_kept(app: Flask, desk: PenHall, trainer: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(trainer, pens(desk, 0), **typed())[0] == 400
    assert desk.state() == "none"
