"""The result of a learner over a test and its retakes: in bulk, on the sheet of the class, on the learner's page."""

import io
from datetime import datetime, timedelta
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from flask import Flask

from classroom.core.db import db, transaction
from classroom.exams.models import Attempt, Paper, Sitting
from classroom.exams.queries.outcomes import FinalResult, final_results
from classroom.exams.rules.terms import Counts
from classroom.exams.services.deciding import annul_attempt
from classroom.exams.services.marking import mark_attempts
from tests.exams.hall import MINUTE, Hall
from tests.exams.hall import OPENED as HALL_OPENED
from tests.exams.making import make_paper, make_sitting
from tests.exams.marking import OPENED, Sat, make_attempt
from tests.exams.office import Office, rows
from tests.exams.sitter import Sitter, field
from tests.factories import LearnerFactory, at
from tests.support.pages import check_page

LATER = OPENED + timedelta(days=3)


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat()


@pytest.fixture
def office(app: Flask) -> Office:
    return Office()


def retake_of(sat: Sat) -> tuple[Paper, Sitting]:
    """Another set of two of the questions, sat three days later in a class of its own."""
    paper = make_paper(sat.course, sat.questions[:2], retake_of_id=sat.paper.id, title="Đề thi lại")
    sitting = sat.open(paper)
    sitting.opened_at = LATER
    sitting.ended_at = LATER + timedelta(hours=1)
    db.session.commit()
    return paper, sitting


def finals(sat: Sat) -> dict[int, FinalResult]:
    return final_results(sat.course.organisation_id, [sat.paper.id])[sat.paper.id]


@pytest.mark.parametrize(
    ("counts", "outcome", "out_of"), [("best", "pass", 2), ("last", "pass", 2), ("first", "fail", 4)]
)
def test_the_policy_of_the_first_paper_decides_over_all_its_retakes(
    sat: Sat, counts: str, outcome: str, out_of: int
) -> None:
    sat.paper.counts = counts
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    sat.letters("abbb", learner=learner)
    paper, sitting = retake_of(sat)
    passed = sat.letters("aa", learner=learner, sitting=sitting)
    final = finals(sat)[learner.id]
    assert (final.outcome, final.out_of, final.counts, final.attempts) == (outcome, out_of, Counts(counts), 2)
    if outcome == "pass":
        assert (final.attempt_public_id, final.sitting_id, final.paper_id) == (passed.public_id, sitting.id, paper.id)
        assert (final.class_session_id, final.class_id) == (sitting.class_session_id, sitting.class_session.class_id)
        assert (final.retake, final.passed, final.percent, final.source) == (True, True, Decimal(100), "phone")
    else:
        assert (final.retake, final.paper_id, final.percent) == (False, sat.paper.id, Decimal(25))


def test_a_retake_paper_asked_for_by_itself_holds_its_own_attempts_only(sat: Sat) -> None:
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    sat.letters("aaaa", learner=learner)
    paper, sitting = retake_of(sat)
    sat.letters("ab", learner=learner, sitting=sitting)
    found = final_results(sat.course.organisation_id, [sat.paper.id, paper.id])
    assert (found[sat.paper.id][learner.id].mark, found[paper.id][learner.id].mark) == (4, 1)
    assert found[paper.id][learner.id].attempts == 1


def test_nothing_annulled_running_or_of_another_organisation_is_a_result(sat: Sat) -> None:
    gone, stays = sat.letters("aaaa"), sat.letters("aabb")
    annul_attempt(gone.public_id, "làm hộ", actor=sat.actor)
    sat.letters("aaaa", mark=False, state="running", finished_at=None, finished_how="")
    _paper, sitting = retake_of(sat)
    sat.letters("bb", sitting=sitting, learner=stays.learner)
    nowhere = sat.letters("aa", sitting=sitting)
    assert set(finals(sat)) == {stays.learner_id, nowhere.learner_id}
    db.session.get_one(Sitting, sitting.id).annulled_at = LATER
    db.session.commit()
    assert set(finals(sat)) == {stays.learner_id}
    assert final_results(Sat().course.organisation_id, [sat.paper.id]) == {sat.paper.id: {}}
    assert final_results(sat.course.organisation_id, [sat.paper.id], learners=[]) == {sat.paper.id: {}}


def failed_then_passed(office: Office, app: Flask) -> tuple[Attempt, Attempt]:
    failed = office.sits("Nguyễn Thị Ánh", "abbb")
    _paper, sitting = retake_of(office)
    return failed, office.letters("aa", learner=failed.learner, sitting=sitting)


def test_the_sheet_of_a_class_shows_who_passed_at_the_retake_and_the_first_test_alone_stays_in_reach(
    app: Flask, office: Office
) -> None:
    failed, passed = failed_then_passed(office, app)
    office.sits("Lê Hoàng Anh", "aaaa")
    browser = office.coordinator(app)
    page = browser.get(office.path()).text
    check_page(page)
    shown = rows(page)
    assert len(shown) == 3
    assert "Thi lại · lớp" in shown[1]
    assert "23/09" not in shown[0]
    assert shown[1].endswith("10 Đạt")
    assert shown[2].endswith("2,5 Không được tính")
    assert "lấy lượt cao điểm nhất" in page
    assert f"/attempts/{passed.public_id}" in page
    alone = browser.get(office.path("results?view=alone")).text
    check_page(alone)
    assert [line.rsplit(" ", 2)[-2:] for line in rows(alone)][1] == ["Không", "đạt"]
    assert f"/attempts/{passed.public_id}" not in alone
    assert f"/attempts/{failed.public_id}" in alone


def test_a_test_that_nobody_sat_again_offers_no_choice(app: Flask, office: Office) -> None:
    office.sits("Lê Hoàng Anh", "aaaa")
    office.letters("aa", sitting=retake_of(office)[1])
    assert "view=alone" not in office.coordinator(app).get(office.path()).text


def test_the_files_say_what_the_page_says(app: Flask, office: Office) -> None:
    failed_then_passed(office, app)
    browser = office.coordinator(app)
    for view, result in (("", "Đạt"), ("?view=final", "Đạt"), ("?view=alone", "Không đạt")):
        book = openpyxl.load_workbook(io.BytesIO(browser.get(office.path(f"results.xlsx{view}")).data))
        heading, first, *_rest = book.worksheets[0].iter_rows(values_only=True)
        row = dict(zip(heading, first, strict=True))
        assert (row["Kết quả"], row["Được tính"]) == (result, "có")
        assert ("thi lại" in (row["Ghi chú"] or "")) is (result == "Đạt")
        paper = pypdf.PdfReader(io.BytesIO(browser.get(office.path(f"results.pdf{view}")).data))
        words = " ".join(paper.pages[0].extract_text().split())
        assert ("thi lại" in words) is (result == "Đạt")
        assert ("lần có kết quả cao nhất" in words) is (result == "Đạt")


def test_a_trainer_sees_the_final_result_of_the_own_class_and_no_way_to_what_was_sat_elsewhere(
    app: Flask, office: Office
) -> None:
    failed, passed = failed_then_passed(office, app)
    browser = office.browser(app, "trainer", teaches=True)
    page = browser.get(office.path()).text
    check_page(page)
    assert rows(page)[0].endswith("10 Đạt")
    assert f"/attempts/{passed.public_id}" not in page
    assert f"/attempts/{failed.public_id}" in page
    assert browser.get(f"/attempts/{passed.public_id}").status_code == 404


def test_the_learner_reads_which_attempt_counts_once_all_of_them_may_be_seen(app: Flask) -> None:
    hall = Hall(1)
    sitter = Sitter(hall, app)
    page = sitter.begin()
    with at(HALL_OPENED + MINUTE):
        sitter.client.post(sitter.attempt + "/submit", data={"proof": field(page, "proof")})
    page_of = sitter.attempt + "/result"

    def said(when: datetime) -> str:
        with at(when):
            return " ".join(sitter.client.get(page_of).text.split())

    assert "Chưa đạt" in said(HALL_OPENED + 5 * MINUTE)
    assert "qua các lần làm bài" not in said(HALL_OPENED + 5 * MINUTE)
    db.session.rollback()
    first = db.session.get_one(Paper, hall.paper.id)
    asked = [part.question for part in first.parts if part.question]
    retake = make_paper(first.course, asked[:1], retake_of_id=first.id)
    session = db.session.get_one(Sitting, hall.sitting_row().id).class_session
    sitting = make_sitting(retake, session, HALL_OPENED + timedelta(hours=1), show_score="after_end")
    attempt = make_attempt(sitting, sitter.learner, [{"choice": "a"}])
    with transaction() as unit:
        mark_attempts(unit, [unit.get_one(Attempt, attempt.id)])
    later = HALL_OPENED + timedelta(hours=2)
    assert "qua các lần làm bài" not in said(later)
    sitting.ended_at = HALL_OPENED + timedelta(hours=1, minutes=50)
    db.session.commit()
    words = said(later)
    assert "Kết quả chung qua các lần làm bài: 10/10. Đạt" in words
    assert "Tính lần có kết quả cao nhất, kể cả thi lại." in words
    assert "Đó là bài ngày" in words
    assert "Bài này: Chưa đạt</h1>" in words
    first.counts = "first"
    db.session.commit()
    words = said(later)
    assert "Kết quả chung qua các lần làm bài: 0/10. Chưa đạt" in words
    assert "Đó là bài này." in words
    assert "Bài này:" not in words
