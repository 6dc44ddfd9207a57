"""Pages of rules, comparisons, outcomes and exceptions."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from classroom.accounts.models import Organisation
from classroom.certification.queries.rules import find_rule
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.core.db import db
from classroom.jobs.services import run_queued
from tests.factories import StaffFactory, sign_in
from tests.support.deciding import LAST_SECOND, Deciding


@pytest.fixture
def here(app: Flask) -> Deciding:
    return Deciding()


def visitor(app: Flask, here: Deciding, role: str = "coordinator", language: str = "vi") -> FlaskClient:
    organisation = db.session.get_one(Organisation, here.course.organisation_id)
    client = sign_in(app.test_client(), StaffFactory(organisation=organisation, role_names=(role,)))
    client.post("/language", data={"language": language})
    return client


def filled(here: Deciding, **changed: str) -> dict[str, str]:
    return {
        "in_person": "y", "sessions": "5", "paper": here.paper.public_id, "mark": "", "online": "y", "in_time": "y",
        "score": "50", "progress": "", "note": "Theo kế hoạch", "confirmed": "", **changed,
    }  # fmt: skip


def test_a_rule_is_proposed_then_saved_and_said_in_words(app: Flask, here: Deciding) -> None:
    client, page = visitor(app, here), f"/certificates/courses/{here.course.public_id}/rule"
    here.in_class()
    here.in_class(attended=1)
    first = client.get(page).text
    assert "Đây là đề xuất" in first
    assert "tham dự ít nhất 5 trong 6 buổi" in first
    answer = client.post(page, data=filled(here))
    assert answer.status_code == 303
    saved = find_rule(here.course.id)
    assert saved
    assert (CourseRule.from_json(saved.rule), saved.note) == (here.rule, "Theo kế hoạch")
    later = client.get(page).text
    assert "Đây là đề xuất" not in later
    assert "Theo kế hoạch" in later
    assert "đạt ít nhất 50% bài kiểm tra trực tuyến" in later


def test_what_a_version_changed_is_said_in_words(app: Flask, here: Deciding) -> None:
    here.saved()
    here.saved(CourseRule(InPerson(6, here.paper.public_id, 70)))
    page = visitor(app, here).get(f"/certificates/courses/{here.course.public_id}/rule").text
    assert "tham dự ít nhất 6 trong 6 buổi" in page
    assert "<del>Trực tiếp: tham dự ít nhất 5 trong 6 buổi" in page


def test_the_count_follows_what_is_typed_and_the_button_does_without_scripts(app: Flask, here: Deciding) -> None:
    here.in_class()
    here.in_class(attended=1)
    client, page = visitor(app, here), f"/certificates/courses/{here.course.public_id}/rule"
    told = client.get(f"{page}/count", query_string=filled(here)).json
    assert told == {"text": "1/2 người đạt.", "problem": False}
    assert client.get(f"{page}/count", query_string=filled(here, sessions="1")).json == {
        "text": "2/2 người đạt.", "problem": True,
    }  # fmt: skip
    told = client.get(f"{page}/count", query_string=filled(here, sessions="9")).json
    assert told is not None
    assert (told["problem"], "6 buổi" in told["text"]) == (True, True)
    shown = client.post(page, data=filled(here, preview="1")).text
    assert "1/2 người đạt." in shown
    assert find_rule(here.course.id) is None


def test_a_rule_for_everybody_is_asked_about_with_the_number_and_then_saved(app: Flask, here: Deciding) -> None:
    here.in_class()
    client, page = visitor(app, here), f"/certificates/courses/{here.course.public_id}/rule"
    asked = client.post(page, data=filled(here))
    assert asked.status_code == 422
    assert "cả 1 người đều đạt" in asked.text
    assert 'name="confirmed" value="everybody"' in asked.text
    assert client.post(page, data=filled(here, confirmed="everybody")).status_code == 303


def test_a_rule_that_asks_for_nothing_is_refused_in_words(app: Flask, here: Deciding) -> None:
    client, page = visitor(app, here), f"/certificates/courses/{here.course.public_id}/rule"
    none = {name: value for name, value in filled(here).items() if name not in {"in_person", "online"}}
    refused = client.post(page, data=none)
    assert refused.status_code == 422
    assert "Xin chọn ít nhất một hình thức" in refused.text
    assert client.post(page, data=filled(here, sessions="năm")).status_code == 422


def test_a_comparison_is_shown_applied_and_taken_out(app: Flask, here: Deciding) -> None:
    here.in_class()
    late = here.online(completed_at=LAST_SECOND + timedelta(seconds=1))
    here.saved()
    client = visitor(app, here)
    asked = client.post(f"/certificates/courses/{here.course.public_id}/evaluate")
    run_queued()
    page = client.get(asked.location).text
    assert "Ghi nhận 2 thay đổi" in page
    sheet = load_workbook(BytesIO(client.get(f"{asked.location}/changes.xlsx").data)).active
    assert sheet is not None
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert late.name in cells
    assert "Hoàn thành sau ngày cuối" in cells
    client.post(f"{asked.location}/apply")
    run_queued()
    assert "Đã ghi nhận lúc" in client.get(asked.location).text
    found = client.get(f"/certificates/courses/{here.course.public_id}/outcomes?reason=online.late").text
    assert late.name in found
    assert "1 người" in found


def test_outcomes_are_narrowed_by_decision_class_intake_and_name(app: Flask, here: Deciding) -> None:
    came, done = here.in_class(learner=here.learner(name="Nguyễn Thị Ánh", name_fold="nguyen thi anh")), here.online()
    here.saved()
    here.applied()
    client, page = visitor(app, here), f"/certificates/courses/{here.course.public_id}/outcomes"
    for query, expected in (
        ("", {came.name, done.name}),
        ("?decision=pass", {came.name, done.name}),
        ("?decision=fail", set()),
        (f"?class={here.training_class.public_id}", {came.name}),
        (f"?intake={here.intake.public_id}", {done.name}),
        ("?q=thị ánh", {came.name}),
        ("?decision=odd&reason=odd&class=odd", {came.name, done.name}),
    ):
        text = client.get(page + query).text
        assert {name for name in (came.name, done.name) if name in text} == expected, query
    sheet = load_workbook(BytesIO(client.get(f"{page}.xlsx?decision=pass").data)).active
    assert sheet is not None
    assert sum(1 for _ in sheet.iter_rows()) >= 3


@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_learners_page_explains_criterion_by_criterion_with_sources(
    app: Flask, here: Deciding, language: str
) -> None:
    learner = here.in_class(attended=4, letters="ab")
    here.online(learner, score=Decimal(20))
    here.saved()
    here.applied()
    page = visitor(app, here, language=language).get(
        f"/certificates/courses/{here.course.public_id}/people/{learner.public_id}"
    )
    expected = {
        "vi": ["Số buổi đã tham dự", "ít nhất 5 trong 6 buổi", "12/10/2026", "20%", "na00001"],
        "en": ["Half-days attended", "at least 5 of 6 half-days", "12/10/2026", "20%", "na00001"],
    }[language]
    assert [each for each in expected if each not in page.text] == []
    assert "/attempts/" in page.text


def test_a_page_says_when_it_would_be_decided_otherwise_today(app: Flask, here: Deciding) -> None:
    learner = here.in_class(attended=4)
    here.saved()
    here.applied()
    here.online(learner)
    page = visitor(app, here).get(f"/certificates/courses/{here.course.public_id}/people/{learner.public_id}").text
    assert "Nếu xét lúc này" in page


def test_exceptions_are_found_added_and_taken_back(app: Flask, here: Deciding) -> None:
    learner = here.learner(name="Trần Văn Bình", name_fold="tran van binh")
    client, page = visitor(app, here), f"/certificates/courses/{here.course.public_id}/exceptions"
    found = client.get(f"{page}?find=tran van binh").text
    assert learner.public_id in found
    told = {"learner": learner.public_id, "kind": "deny", "note": ""}
    assert client.post(page, data={**told, "find": "tran van binh"}).status_code == 422
    assert client.post(page, data={**told, "note": "Nhờ người thi hộ"}).status_code == 303
    listed = client.get(page).text
    assert "Nhờ người thi hộ" in listed
    entry = listed.split("/certificates/exceptions/")[1].split("/")[0]
    assert client.post(f"/certificates/exceptions/{entry}/annul").status_code == 303
    assert "Nhờ người thi hộ" not in client.get(page).text


def test_the_learners_page_leads_to_the_decision(app: Flask, here: Deciding) -> None:
    learner = here.in_class(attended=1)
    here.saved()
    here.applied()
    page = visitor(app, here).get(f"/people/{learner.public_id}").text
    assert f"/certificates/courses/{here.course.public_id}/people/{learner.public_id}" in page


def test_whoever_only_looks_sees_the_rule_without_a_form(app: Flask, here: Deciding) -> None:
    here.saved(CourseRule(online=Online(True, 50)))
    page = visitor(app, here, "viewer").get(f"/certificates/courses/{here.course.public_id}/rule").text
    assert "đạt ít nhất 50%" in page
    assert "data-rule" not in page
