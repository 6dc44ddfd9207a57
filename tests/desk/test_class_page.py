"""The page of a class: one record, told the same way on tiles, tabs, papers and the board."""

import io
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from classroom.accounts.models import Staff
from classroom.attendance import queries as attendance
from classroom.core.db import db
from classroom.desk import presenters, queries
from classroom.sessions import queries as sessions
from tests.desk.conftest import NASTY, Town, mark, settle
from tests.desk.counting import statements
from tests.factories import EnrolmentFactory, LearnerFactory, actor_for, at, make_class
from tests.support.pages import check_page

Visit = Callable[[Staff], FlaskClient]
TABS = ("roster", "timetable", "attendance", "test", "paper")
ROWS = {"Có mặt": "present", "Đi muộn": "late", "Về sớm": "left_early", "Vắng có phép": "excused"}
ROWS |= {"Vắng không phép": "absent", "Chưa vào lớp": "not_applicable", "Chưa điểm danh": "unmarked"}


def read(client: FlaskClient, town: Town, tab: str, moment: datetime) -> str:
    with at(moment):
        answer = client.get(f"/classes/{town.mine.public_id}?tab={tab}")
    assert answer.status_code == 200
    check_page(answer.text)
    return answer.text


def busy_day(town: Town) -> None:
    """Every status, a guest, somebody who came late to the class, somebody who left it, a correction."""
    first, second, roster = town.session(1), town.session(2), town.roster()
    statuses = ("present", "present", "present", "late", "left_early", "excused", "absent")
    for enrolment, status in zip(roster, statuses, strict=False):
        mark(first, enrolment, status, after_sign_off=status == "excused")
        mark(second, enrolment, "present")
    roster[8].effective_from = first.ends_at
    roster[9].ended_at = second.starts_at
    mark(first, town.roster(town.other)[0], "present", guest=True)
    settle(first, signed_off_by=town.trainer, head_count=6)
    db.session.commit()


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("role", ["coordinator", "trainer", "viewer", "administrator"])
def test_every_tab_opens_for_everybody_who_may_see_the_class(
    town: Town, visit: Visit, midday: datetime, role: str, tab: str
):
    busy_day(town)
    assert "Lớp L01" in read(visit(getattr(town, role)), town, tab, midday)


def test_every_tab_leads_to_every_other(town: Town, visit: Visit, midday: datetime):
    here = f"/classes/{town.mine.public_id}"
    for tab in TABS:
        page = read(visit(town.coordinator), town, tab, midday)
        tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
        assert tabs
        found = re.findall(r'href="([^"]+)"', tabs.group())
        assert found == [here, *(f"{here}?tab={other}" for other in TABS[1:])]


@pytest.mark.parametrize("role", ["stranger", "trainer"])
def test_foreign_and_untaught_classes_do_not_exist(town: Town, visit: Visit, role: str):
    target = town.mine if role == "stranger" else town.other
    assert visit(getattr(town, role)).get(f"/classes/{target.public_id}").status_code == 404


def test_the_statuses_add_up_to_the_roster_everywhere(town: Town, visit: Visit, midday: datetime):
    busy_day(town)
    actor, client = actor_for(town.coordinator), visit(town.coordinator)
    record = queries.class_record(sessions.get_class(actor, town.mine.public_id), actor.time_zone, midday)
    with at(midday):
        sheet = client.get(f"/classes/{town.mine.public_id}/attendance.xlsx").data
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(sheet)).active.iter_rows()]
    lines = {line.class_session.id: line for day in (midday,) for line in day_lines(actor, day)}
    tiles = presenters.tiles(record, lambda one: "")
    for place, one in enumerate(record.sessions):
        counted = presenters.counts(one.tally)
        board = attendance.get_board(actor, one.class_session.public_id, midday).tally
        assert sum(counted.values()) == one.tally.roster
        assert one.tally == board
        assert tiles[place]["counts"] == counted
        assert {ROWS[row[2]]: row[4 + place] for row in rows if row[2] in ROWS} == counted
        assert [row[4 + place] for row in rows if row[2] == "Cộng"] == [one.tally.roster]
        if one.class_session.id in lines:
            assert lines[one.class_session.id].tally == one.tally
    assert record.sessions[0].tally.roster == 12
    assert record.sessions[0].tally.not_applicable == 1
    assert record.sessions[0].tally.guests == 1
    assert record.sessions[1].tally.roster == 11


def day_lines(actor: object, moment: datetime) -> list[queries.SessionLine]:
    from classroom.core.clock import local

    day = local(moment, "Asia/Ho_Chi_Minh").date()
    return queries.counted(queries.sessions_on(actor, day, moment))  # type: ignore[arg-type]


def test_the_attendance_tab_shows_the_same_numbers(town: Town, visit: Visit, midday: datetime):
    busy_day(town)
    page = read(visit(town.coordinator), town, "attendance", midday)
    totals = page[page.index("Tổng hợp</h2>") :]
    first = re.search(r"<tbody[^>]*>\s*<tr[^>]*>(.*?)</tr>", totals, re.DOTALL)
    assert first
    numbers = [int(number) for number in re.findall(r'<td[^>]* class="num">(\d+)', first[1])]
    assert numbers[:7] == [3, 1, 1, 1, 1, 1, 4]
    assert "<strong>12</strong>" in first[1]
    assert "1 chỗ sửa sau khi ký xác nhận" in first[1]
    assert town.trainer.name in first[1]
    assert "Lớp L02" in totals


def test_what_counts_is_the_same_as_on_the_phone(town: Town, midday: datetime):
    busy_day(town)
    actor = actor_for(town.coordinator)
    record = queries.class_record(sessions.get_class(actor, town.mine.public_id), actor.time_zone, midday)
    for place in record.places:
        planned = attendance.standing.planned_in(town.mine.id, town.course.id, place.learner.id)
        assert place.credit == attendance.standing.credit_with(planned, 0, None, midday), place.learner.name


def test_107_rows_cost_no_more_questions_than_three(town: Town, visit: Visit, midday: datetime):
    client, asked = visit(town.coordinator), {}
    for tab in TABS:
        read(client, town, tab, midday)
        with statements() as few:
            read(client, town, tab, midday)
        asked[tab] = len(few)
    learners = [LearnerFactory(organisation_id=town.organisation.id) for _ in range(95)]
    for learner in learners:
        EnrolmentFactory(training_class=town.mine, learner=learner)
    for tab in TABS:
        with statements() as many:
            page = read(client, town, tab, midday)
        assert len(many) == asked[tab] <= (15 if tab == "test" else 14), many  # one more for all its tests
        if tab == "roster":
            assert page.count('name="chosen"') == 107


def test_a_viewer_sees_no_button_that_changes_anything(town: Town, visit: Visit, midday: datetime):
    for tab in TABS:
        page = read(visit(town.viewer), town, tab, midday)
        main = page[page.index("<main") :]
        assert "<form" not in main
        for words in ("/edit", "/enrol", "/import", "/move", "/cancel", "/withdraw", "/copy"):
            assert words not in main, words


def test_a_trainer_sees_only_the_last_digits_of_telephone_numbers(town: Town, visit: Visit, midday: datetime):
    number = town.roster()[0].learner.phone
    whole = f"0{number[3:]}"
    assert whole in read(visit(town.coordinator), town, "roster", midday)
    page = read(visit(town.trainer), town, "roster", midday)
    assert whole not in page
    assert f"… {number[-3:]}" in page
    assert "/people/" not in page


def test_names_that_are_markup_stay_names(town: Town, visit: Visit, midday: datetime):
    for name, enrolment in zip(NASTY, town.roster(), strict=False):
        enrolment.learner.name = enrolment.learner.unit = enrolment.note = name
    db.session.commit()
    for tab in TABS:
        page = visit(town.coordinator).get(f"/classes/{town.mine.public_id}?tab={tab}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "' onmouseover='" not in page
        if tab in {"roster", "attendance"}:
            assert "{{ 7 * 7 }}" in page


def test_an_empty_class_says_what_to_do_next(town: Town, visit: Visit, midday: datetime):
    town.mine = make_class(course=town.course, code="L09")
    assert "Lớp chưa có học viên" in read(visit(town.coordinator), town, "roster", midday)
    assert "Chưa có điểm danh" in read(visit(town.coordinator), town, "attendance", midday)
    town.mine = make_class(course=town.course, code="L10", days=0)
    for tab in TABS:
        assert "Chưa có buổi học nào" in read(visit(town.coordinator), town, tab, midday)


def test_a_cancelled_session_is_struck_out_and_shrinks_what_is_needed(town: Town, visit: Visit, midday: datetime):
    one = town.session(6)
    one.cancelled_at, one.cancel_reason = midday, "Bão số 5"
    db.session.commit()
    assert "tile-cancelled" in read(visit(town.coordinator), town, "roster", midday)
    timetable = read(visit(town.coordinator), town, "timetable", midday)
    assert "Bão số 5" in timetable
    assert f"/sessions/{one.public_id}/cancel" not in timetable
    actor = actor_for(town.coordinator)
    record = queries.class_record(sessions.get_class(actor, town.mine.public_id), actor.time_zone, midday)
    assert {place.credit.required for place in record.places} == {4}


def test_what_cannot_be_cancelled_or_moved_is_said_before_any_form_is_filled_in(
    town: Town, visit: Visit, midday: datetime
):
    signed, begun = town.session(1), town.session(2)
    settle(signed, signed_off_by=town.trainer, head_count=6)
    for enrolment in town.roster()[:5]:
        mark(begun, enrolment, "present")
    db.session.commit()
    desk = visit(town.coordinator)
    timetable = read(desk, town, "timetable", midday)
    assert f"/sessions/{signed.public_id}/cancel" not in timetable
    assert f"/sessions/{begun.public_id}/cancel" in timetable
    for change in ("move", "cancel"):
        assert desk.get(f"/sessions/{signed.public_id}/{change}").status_code == 303
    assert desk.get(f"/sessions/{begun.public_id}/move").status_code == 303
    assert "Đã có 5 lượt điểm danh" in desk.get(f"/sessions/{begun.public_id}/cancel").text


def test_a_class_is_cancelled_and_taken_back_by_what_its_pages_offer(town: Town, visit: Visit, midday: datetime):
    desk, here = visit(town.coordinator), f"/classes/{town.mine.public_id}"
    with at(midday):
        assert f'href="{here}/cancel"' in desk.get(f"{here}/edit").text
        desk.post(f"{here}/cancel", data={"reason": "Bão số 5"})
        assert f'action="{here}/restore"' in desk.get(here).text
        assert f'action="{here}/restore"' not in visit(town.viewer).get(here).text
        desk.post(f"{here}/restore")
        assert "Bão số 5" not in desk.get(here).text


def test_an_unknown_tab_is_the_roster(town: Town, visit: Visit, midday: datetime):
    assert 'id="roster"' in read(visit(town.coordinator), town, "<script>", midday)
