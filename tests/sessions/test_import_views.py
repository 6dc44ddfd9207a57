"""The pages of an import, step by step."""

import io
import re

import pytest
from openpyxl import load_workbook
from werkzeug.datastructures import MultiDict

from classroom.accounts.models import Organisation
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.sessions.forms.imports import chosen_columns
from classroom.sessions.models import RosterImport
from tests.factories import OrganisationFactory, StaffFactory, actor_for, make_class, sign_in
from tests.support.pages import check_page
from tests.support.rosters import (
    HEADINGS,
    PEOPLE,
    choices_of,
    class_list,
    make_roster_class,
    names_in,
    nothing_written,
    rows_in,
    sample,
    send,
    workbook,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
ANH, BINH, DUC = PEOPLE


@pytest.fixture
def staff(app):
    return StaffFactory(role_names=("coordinator",))


@pytest.fixture
def browser_of(client, staff):
    return sign_in(client, staff)


@pytest.fixture
def l01(staff):
    return make_roster_class(actor_for(staff))


def the_import() -> RosterImport:
    db.session.rollback()
    return db.session.query(RosterImport).order_by(RosterImport.id.desc()).first()


def digest_on(page) -> str:
    return re.search(r'name="digest" value="(\w+)"', page.text)[1]


def test_a_list_comes_in_step_by_step(browser_of, l01):
    client = browser_of
    at_columns = send(client, l01, sample("L02"), "L02.xlsx")
    made = the_import()
    assert at_columns.headers["Location"].endswith(f"/imports/{made.public_id}")
    columns = client.get(f"/imports/{made.public_id}")
    check_page(columns.text)
    assert 'value="family_middle" selected' in columns.text
    kept = dict(re.findall(r'name="(column-\d+)".*?value="(\w+)" selected', columns.text))
    target = l01.public_id
    form = {**kept, "sheet": "0", "heading_row": "6", "target": target, "do": "next"}
    assert client.post(f"/imports/{made.public_id}", data=form).headers["Location"].endswith("/problems")
    problems = client.get(f"/imports/{made.public_id}/problems")
    check_page(problems.text)
    assert "TRẦN THỊ MAI CHI" in problems.text
    client.post(f"/imports/{made.public_id}/problems", data={"do": "accept-all:roster.name_capitals"})
    confirm = client.get(f"/imports/{made.public_id}/confirm")
    check_page(confirm.text)
    done = client.post(f"/imports/{made.public_id}/confirm", data={"do": "import", "digest": digest_on(confirm)})
    assert done.status_code == 303
    outcome = client.get(f"/imports/{made.public_id}/result")
    check_page(outcome.text)
    assert len(names_in(l01)) == 107
    assert "Trần Thị Mai Chi" in names_in(l01)
    undone = client.post(f"/imports/{made.public_id}/undo", data={"reason": "nhầm lớp"})
    assert undone.status_code == 303
    check_page(client.get(f"/imports/{made.public_id}/result").text)
    assert names_in(l01) == []


def test_a_second_press_of_the_button_imports_once(browser_of, l01):
    send(browser_of, l01, class_list())
    url = f"/imports/{the_import().public_id}/confirm"
    digest = digest_on(browser_of.get(url))
    answers = [browser_of.post(url, data={"do": "import", "digest": digest}).status_code for _ in range(2)]
    assert (answers[0], answers[1], rows_in(Learner)) == (303, 302, 3)


def test_a_state_that_changed_is_shown_with_a_word_and_nothing_is_written(browser_of, l01):
    send(browser_of, l01, class_list())
    page = browser_of.post(f"/imports/{the_import().public_id}/confirm", data={"do": "import", "digest": "old"})
    assert (page.status_code, rows_in(Learner)) == (409, 0)
    check_page(page.text)


def test_columns_are_corrected_by_hand(browser_of, l01):
    rows = [("Ai", "Bao giờ", "Ở đâu"), ("Lê An", "1980", "Xã A"), ("Hồ Mai", "1990", "Xã B")]
    send(browser_of, l01, workbook(*rows))
    url = f"/imports/{the_import().public_id}"
    assert "Không nhận ra cột họ tên" in browser_of.get(url).text
    look = {"sheet": "0", "heading_row": "1", "target": l01.public_id, "do": "show"}
    browser_of.post(url, data=look)
    columns = {"column-0": "name", "column-1": "birth", "column-2": "unit"}
    browser_of.post(url, data={**look, **columns, "do": "next"})
    digest = digest_on(browser_of.get(f"{url}/confirm"))
    browser_of.post(f"{url}/confirm", data={"do": "import", "digest": digest})
    assert names_in(l01) == ["Lê An", "Hồ Mai"]


def test_a_list_in_an_old_encoding_is_converted_only_when_told(browser_of, l01):
    rows = "STT,Họ và tên,Đơn vị\n".encode() + "1,NguyÔn ThÞ ¸nh TuyÕt,Phßng Gi¸o dôc\n".encode()
    send(browser_of, l01, rows, "cu.csv")
    url = f"/imports/{the_import().public_id}"
    assert "<dd>Nguyễn Thị ánh Tuyết</dd>" in browser_of.get(url).text
    columns = {"column-0": "ordinal", "column-1": "name", "column-2": "unit"}
    form = {"sheet": "0", "heading_row": "1", "target": l01.public_id, "do": "next", **columns}
    for converted, name in ((False, "NguyÔn ThÞ ¸nh TuyÕt"), (True, "Nguyễn Thị Ánh Tuyết")):
        browser_of.post(url, data={**form, **({"convert": "1"} if converted else {})})
        assert f"<li>{name} · " in browser_of.get(f"{url}/confirm").text


def test_a_sheet_of_several_can_be_chosen(browser_of, l01):
    send(browser_of, l01, workbook(("Mục lục",), others=("Danh sách 2",)))
    made = the_import()
    page = browser_of.get(f"/imports/{made.public_id}")
    assert "Danh sách 2" in page.text
    browser_of.post(f"/imports/{made.public_id}", data={"sheet": "1", "heading_row": "0", "target": "", "do": "show"})
    assert choices_of(the_import()).sheet == 1


def test_going_on_without_a_class_asks_for_it(browser_of, l01):
    course = l01.course.public_id
    send(browser_of, l01, workbook(HEADINGS[:4], ANH[:4]), target=f"course:{course}")
    url = f"/imports/{the_import().public_id}"
    columns = {"column-0": "name", "column-1": "birth", "column-2": "sex", "column-3": "id_number"}
    page = browser_of.post(url, data={"sheet": "0", "heading_row": "1", "target": "", "do": "next", **columns})
    assert (page.status_code, "Hãy cho biết những người này thuộc lớp nào" in page.text) == (422, True)


def test_a_problem_is_corrected_skipped_and_taken_back_on_the_page(browser_of, l01):
    send(browser_of, l01, class_list((*ANH[:3], "0401850123", *ANH[4:]), BINH))
    url = f"/imports/{the_import().public_id}/problems"
    page = browser_of.get(url)
    check_page(page.text)
    assert "Dòng 2" in page.text
    assert "cột D" in page.text
    browser_of.post(url, data={"do": "save", "fix-2-D": "040185012345"})
    assert choices_of(the_import()).corrections == {"2:3": "040185012345"}
    browser_of.post(url, data={"do": "skip:3"})
    assert "Dòng bỏ qua" in browser_of.get(url).text
    browser_of.post(url, data={"do": "keep:3"})
    browser_of.post(url, data={"do": "restore:2:3"})
    assert choices_of(the_import()).to_json() | {"corrections": {}, "skipped": []} == choices_of(the_import()).to_json()


def test_the_remarks_come_as_a_spreadsheet_that_runs_nothing(browser_of, l01):
    send(browser_of, l01, class_list(("+cmd|' /C calc'!A0", *ANH[1:3], "123"), BINH))
    answer = browser_of.get(f"/imports/{the_import().public_id}/remarks.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]][1:5] == list(HEADINGS[:4])
    assert rows[1][1].data_type == "s"
    assert "D: " in rows[1][-1].value
    assert (rows[2][0].value, rows[2][-1].value) == (3, None)


def test_names_that_attack_are_shown_as_names(browser_of, l01):
    hostile = (HOSTILE, "07/03/1985", HOSTILE, "040185012345", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    send(browser_of, l01, workbook((*HEADINGS[:7], HOSTILE), hostile, hostile), f"{HOSTILE.replace('/', '')}.xlsx")
    url = f"/imports/{the_import().public_id}"
    for page in (url, f"{url}/problems", f"{url}/confirm", f"/programmes/{l01.course.programme.public_id}/import"):
        text = browser_of.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "49" not in re.findall(r"onerror=alert\(1\)[^<]{0,40}", text)


@pytest.mark.parametrize("role", ["trainer", "viewer", "administrator"])
def test_only_coordinators_import(client, l01, role):
    organisation = l01.course.organisation_id
    person = StaffFactory(role_names=(role,), organisation=db.session.get(Organisation, organisation))
    sign_in(client, person)
    assert client.get(f"/programmes/{l01.course.programme.public_id}/import").status_code == 403
    assert send(client, l01, class_list()).status_code == 403
    assert nothing_written()


def test_another_organisations_programme_class_and_import_are_not_found(browser_of, client, l01):
    send(browser_of, l01, class_list())
    made = the_import().public_id
    stranger = sign_in(client, StaffFactory(role_names=("coordinator",), organisation=OrganisationFactory()))
    programme = l01.course.programme.public_id
    for path in ("", "/problems", "/confirm", "/result", "/remarks.xlsx"):
        assert stranger.get(f"/imports/{made}{path}").status_code == 404
    for path in ("", "/problems", "/confirm", "/undo", "/drop"):
        assert stranger.post(f"/imports/{made}{path}", data={"reason": "x"}).status_code == 404
    assert stranger.get(f"/programmes/{programme}/import").status_code == 404
    assert send(stranger, l01, class_list()).status_code == 404
    own = make_class(days=1)
    assert stranger.get(f"/programmes/{own.course.programme.public_id}/import").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"sheet": "99", "heading_row": "x", "column-x": "name", "column-999": "name", "target": "nowhere"},
        {"do": "accept:", "fix--": "x", "fix-99999999-ZZ": "x", "class-": "x"},
        {"do": "skip:x", "same-2": "nobody", "move": "x", "remove": "x", "over": "x"},
    ],
)
def test_no_form_is_too_strange_to_be_answered(browser_of, l01, form):
    send(browser_of, l01, class_list())
    url = f"/imports/{the_import().public_id}"
    for path in ("", "/problems", "/confirm"):
        assert browser_of.post(f"{url}{path}", data=form).status_code < 500
        assert browser_of.get(f"{url}{path}").status_code == 200


def test_a_column_beyond_every_sheet_is_no_column():
    form = MultiDict({"column-" + "9" * 5000: "name", "column-²": "name", "column-0": "name"})
    assert list(chosen_columns(form)) == [0]
