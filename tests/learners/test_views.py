"""Pages of people: who may see them, what they hide, and forms that lose nothing."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.learners.models import Learner
from tests.factories import LearnerFactory, StaffFactory, sign_in
from tests.support.pages import check_page

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
NUMBER = "040185012345"
FORM = {"name": "Nguyễn Thị Ánh", "birth": "07/03/1985", "id_number": NUMBER, "phone": "0912 345 678"}


@pytest.fixture
def staff(app):
    return StaffFactory(role_names=("coordinator",))


@pytest.fixture
def browser_of(client, staff):
    return sign_in(client, staff)


@pytest.fixture
def anh(staff):
    return LearnerFactory(organisation_id=staff.organisation_id, name="Nguyễn Thị Ánh", id_number=NUMBER)


def written(action: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action))


def test_an_empty_list_says_what_to_do_next(browser_of):
    page = browser_of.get("/people")
    check_page(page.text)
    assert "Chưa có học viên" in page.text


def test_a_search_that_finds_nobody_offers_everybody(browser_of, anh):
    page = browser_of.get("/people?q=zzz")
    check_page(page.text)
    assert "Không có ai phù hợp" in page.text


def test_the_list_shows_people_and_hides_id_numbers(browser_of, anh):
    page = browser_of.get("/people?q=anh")
    check_page(page.text)
    assert "Nguyễn Thị Ánh" in page.text
    assert NUMBER not in page.text


def test_namesakes_are_told_apart(browser_of, staff, anh):
    LearnerFactory(organisation_id=staff.organisation_id, name=anh.name, id_number="040190000999")
    text = browser_of.get("/people").text
    assert "CCCD …2345" in text
    assert "CCCD …0999" in text


def test_107_rows_need_no_paging_and_201_ask_to_narrow_the_search(browser_of, staff):
    rows = [{"name": f"Lê Văn {n}", "organisation_id": staff.organisation_id} for n in range(201)]
    for row in rows[:107]:
        LearnerFactory(**row)
    assert browser_of.get("/people").text.count('class="row-link"') == 107
    for row in rows[107:]:
        LearnerFactory(**row)
    page = browser_of.get("/people")
    check_page(page.text)
    assert page.text.count('class="row-link"') == 200
    assert "200 trong số 201" in page.text


def test_a_learner_is_added_by_hand(browser_of, staff):
    check_page(browser_of.get("/people/new").text)
    assert browser_of.post("/people/new", data=FORM).status_code == 303
    made = db.session.scalars(select(Learner)).one()
    assert (made.organisation_id, made.phone, made.birth_year) == (staff.organisation_id, "+84912345678", 1985)


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(browser_of):
    wrong = {"name": "Lê An", "birth": "31/02/1980", "id_number": "4018501234", "phone": "12", "email": "a@"}
    page = browser_of.post("/people/new", data=wrong)
    assert page.status_code == 422
    check_page(page.text)
    for field, value in wrong.items():
        assert f'value="{value}"' in page.text
        assert (f'id="{field}-error"' in page.text) == (field != "name")
    assert db.session.scalar(select(func.count()).select_from(Learner)) == 0


def test_a_taken_id_number_names_the_other_person_at_the_field(browser_of, anh):
    page = browser_of.post("/people/new", data=FORM)
    assert page.status_code == 422
    check_page(page.text)
    assert f"{anh.name} ({anh.code})" in page.text
    assert 'id="id_number-error"' in page.text


def test_the_form_keeps_an_id_number_that_it_does_not_show(browser_of, anh):
    url = f"/people/{anh.public_id}/edit"
    page = browser_of.get(url)
    check_page(page.text)
    assert NUMBER not in page.text
    assert "••••••••2345" in page.text
    assert browser_of.post(url, data={**FORM, "id_number": "", "unit": "Sở Y tế"}).status_code == 303
    db.session.expire_all()
    assert (anh.id_number, anh.unit) == (NUMBER, "Sở Y tế")
    browser_of.post(url, data={**FORM, "id_number": "", "forget_id_number": "y"})
    db.session.expire_all()
    assert anh.id_number == ""


def test_the_whole_id_number_is_shown_on_request_and_written_down(browser_of, anh):
    page = browser_of.post(f"/people/{anh.public_id}/reveal")
    check_page(page.text)
    assert NUMBER in page.text
    assert written("learner.id_number_shown") == 1
    assert browser_of.get(f"/people/{anh.public_id}/reveal").status_code == 405


def test_a_code_is_replaced(browser_of, anh):
    old = anh.code
    browser_of.post(f"/people/{anh.public_id}/code")
    db.session.expire_all()
    assert anh.code != old


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_lists_taken_out_hide_id_numbers_unless_it_is_written_down(browser_of, anh, kind):
    def text(answer) -> str:
        if kind == "csv":
            return answer.data.decode("utf-8-sig")
        return str([[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()])

    masked = text(browser_of.get(f"/people/export.{kind}"))
    assert "Nguyễn Thị Ánh" in masked
    assert NUMBER not in masked
    assert written("learner.list_exported") == 0
    assert NUMBER in text(browser_of.post(f"/people/export.{kind}", data={"q": "anh"}))
    assert written("learner.list_exported") == 1


def test_a_list_of_nobody_is_a_kind_page(browser_of):
    page = browser_of.get("/people/export.xlsx?q=zzz")
    assert page.status_code == 404
    check_page(page.text)


def test_names_that_attack_are_shown_as_names(browser_of, staff):
    one = LearnerFactory(organisation_id=staff.organisation_id, name=HOSTILE, unit=HOSTILE, position=HOSTILE)
    LearnerFactory(organisation_id=staff.organisation_id, name=HOSTILE)
    url = f"/people/{one.public_id}"
    pages = [browser_of.get("/people"), browser_of.get("/people", query_string={"q": HOSTILE})]
    pages += [browser_of.get(f"{url}/edit"), browser_of.post(f"{url}/reveal")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


PAGES = [
    ("get", "/people"),
    ("get", "/people/new"),
    ("get", "/people/export.xlsx"),
    ("post", "/people/export.xlsx"),
    ("post", "/people/new"),
    ("get", "/people/{id}/edit"),
    ("post", "/people/{id}/edit"),
    ("post", "/people/{id}/code"),
    ("post", "/people/{id}/reveal"),
]


@pytest.mark.parametrize(("verb", "path"), PAGES)
def test_trainers_have_no_pages_of_people(client, verb, path):
    person = StaffFactory(role_names=("trainer",))
    learner = LearnerFactory(organisation_id=person.organisation_id)
    sign_in(client, person)
    assert getattr(client, verb)(path.format(id=learner.public_id)).status_code == 403


@pytest.mark.parametrize(("verb", "path"), PAGES)
def test_a_viewer_only_looks(client, verb, path):
    person = StaffFactory(role_names=("viewer",))
    learner = LearnerFactory(organisation_id=person.organisation_id)
    sign_in(client, person)
    may = verb == "get" and path in ("/people", "/people/export.xlsx")
    assert getattr(client, verb)(path.format(id=learner.public_id)).status_code == (200 if may else 403)


@pytest.mark.parametrize(("verb", "path"), [page for page in PAGES if "{id}" in page[1]])
def test_learners_of_another_organisation_are_not_found(browser_of, verb, path):
    theirs = LearnerFactory().public_id
    assert getattr(browser_of, verb)(path.format(id=theirs), data=FORM).status_code == 404
