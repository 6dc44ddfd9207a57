"""Intakes, their accounts, the file for the platform and the day of issue."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from classroom.accounts.models import Organisation
from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.core.models import StoredFile
from classroom.core.sheets import read_table
from classroom.learners.models import Learner
from classroom.online.models import Account, Intake
from classroom.online.queries.accounts import accounts_of, batches_of
from classroom.online.queries.intakes import counts_of
from classroom.online.rules.intakes import in_time, next_names, propose_prefix
from classroom.online.rules.people import Fate
from classroom.online.services.accounts import annul_account, give_accounts, make_file, set_issue_day
from classroom.online.services.intakes import IntakeFacts, create_intake, update_intake
from classroom.online.services.people_files import Choices, confirm_list, keep_list, open_list
from classroom.sessions.models import Course
from tests.factories import (
    CourseFactory,
    LearnerFactory,
    OrganisationFactory,
    ProgrammeFactory,
    StaffFactory,
    actor_for,
    at,
    sign_in,
    vietnam,
)
from tests.support.onlineroom import make_intake, people_file

pytestmark = pytest.mark.usefixtures("app")
ZONE = "Asia/Ho_Chi_Minh"


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(name="Sở Khoa học và Công nghệ Nghệ An")


@pytest.fixture
def course(organisation: Organisation) -> Course:
    return CourseFactory(programme=ProgrammeFactory(organisation_id=organisation.id))


@pytest.fixture
def actor(organisation: Organisation) -> Actor:
    return actor_for(StaffFactory(organisation=organisation, role_names=("coordinator",)))


@pytest.fixture
def intake(course: Course, actor: Actor) -> Intake:
    return make_intake(course, actor, account_prefix="nghean01")


def people(organisation: Organisation, *names: str) -> list[Learner]:
    return [LearnerFactory(organisation_id=organisation.id, name=name) for name in names]


def test_account_numbers_follow_the_highest_one_taken() -> None:
    assert next_names("nghean01", ["nghean0100007", "nghean01x", "nghean0200009"], 2) == [
        "nghean0100008",
        "nghean0100009",
    ]
    assert next_names("a", ["a99999"], 1) == ["a100000"]


def test_a_prefix_is_made_of_the_organisations_name() -> None:
    assert propose_prefix("Sở Khoa học và Công nghệ Nghệ An", 3) == "nghean03"
    assert propose_prefix("…", 1) == "hocvien01"


@pytest.mark.parametrize(
    ("hour", "minute", "second", "counts"), [(23, 59, 59, True), (0, 0, 0, True)], ids=["last second", "first second"]
)
def test_the_last_second_of_day_ten_counts(hour: int, minute: int, second: int, counts: bool) -> None:
    done = vietnam(hour, minute, second, day=date(2026, 10, 23))
    assert in_time(date(2026, 10, 13), done, 10, ZONE) is counts


def test_one_second_after_day_ten_is_too_late() -> None:
    done = vietnam(23, 59, 59, day=date(2026, 10, 23)) + timedelta(seconds=1)
    assert not in_time(date(2026, 10, 13), done, 10, ZONE)
    assert in_time(date(2026, 10, 13), done, 10, "Europe/Berlin")
    assert not in_time(None, done, 10, ZONE)
    assert not in_time(date(2026, 10, 13), None, 10, ZONE)


def test_each_person_gets_one_account_in_an_intake(organisation: Organisation, intake: Intake, actor: Actor) -> None:
    keys = [one.id for one in people(organisation, "Lê Văn An", "Hồ Thị Bình")]
    assert give_accounts(intake.public_id, keys, actor=actor) == 2
    assert give_accounts(intake.public_id, [*keys, *keys], actor=actor) == 0
    assert [line.account.name for line in accounts_of(intake)] == ["nghean0100001", "nghean0100002"]


def test_nobody_of_another_organisation_gets_an_account(intake: Intake, actor: Actor) -> None:
    stranger = LearnerFactory(organisation_id=OrganisationFactory().id)
    assert give_accounts(intake.public_id, [stranger.id], actor=actor) == 0


def test_an_annulled_number_is_not_given_again(organisation: Organisation, intake: Intake, actor: Actor) -> None:
    (person,) = people(organisation, "Lê Văn An")
    give_accounts(intake.public_id, [person.id], actor=actor)
    account = db.session.query(Account).one()
    with pytest.raises(Invalid):
        annul_account(intake.public_id, account.public_id, " ", actor=actor)
    annul_account(intake.public_id, account.public_id, "nhầm người", actor=actor)
    assert give_accounts(intake.public_id, [person.id], actor=actor) == 1
    assert {one.name for one in db.session.query(Account)} == {"nghean0100001", "nghean0100002"}


def test_the_platforms_file_names_each_new_account_once(
    organisation: Organisation, intake: Intake, actor: Actor
) -> None:
    one, two = people(organisation, "Nguyễn Thị Ánh Tuyết", "Hồ Minh Đức")
    give_accounts(intake.public_id, [one.id], actor=actor)
    name, content = make_file(intake.public_id, "moodle", actor=actor)
    assert name == "tai-khoan-dot-1.csv"
    assert content.startswith(b"username,")
    row = content.decode().splitlines()[1].split(",")
    assert row[:3] == ["nghean0100001", "Nguyễn Thị Ánh", "Tuyết"]
    assert row[5].startswith("0")
    give_accounts(intake.public_id, [two.id], actor=actor)
    _name, second = make_file(intake.public_id, "open_edx", actor=actor)
    assert second.decode().count("nghean01") == 2  # its address and its name, and nobody else's
    assert "nghean0100002" in second.decode()
    with pytest.raises(Invalid, match="nobody_left"):
        make_file(intake.public_id, "template", actor=actor)
    _name, everybody = make_file(intake.public_id, "template", everybody=True, actor=actor)
    assert len(read_table(everybody, "a.xlsx")[0].rows) == 3
    assert [batch.count for batch in batches_of(intake)] == [2, 1, 1]


def test_a_day_of_issue_that_is_known_stays(organisation: Organisation, intake: Intake, actor: Actor) -> None:
    one, two = people(organisation, "Lê Văn An", "Hồ Thị Bình")
    give_accounts(intake.public_id, [one.id], actor=actor)
    with at(vietnam(8, day=date(2026, 10, 14))):
        assert set_issue_day(intake.public_id, date(2026, 10, 13), actor=actor) == 1
        give_accounts(intake.public_id, [two.id], actor=actor)
        assert set_issue_day(intake.public_id, date(2026, 10, 14), actor=actor) == 1
        with pytest.raises(Invalid):
            set_issue_day(intake.public_id, date(2026, 10, 15), actor=actor)
    days = {line.learner.name: line.account.issued_on for line in accounts_of(intake)}
    assert days == {"Lê Văn An": date(2026, 10, 13), "Hồ Thị Bình": date(2026, 10, 14)}


def test_a_closed_intake_gives_no_accounts(organisation: Organisation, intake: Intake, actor: Actor) -> None:
    update_intake(intake.public_id, IntakeFacts(name="Đợt 1", closed=True), actor=actor)
    with pytest.raises(Refusal, match=r"intake\.closed"):
        give_accounts(intake.public_id, [people(organisation, "Lê Văn An")[0].id], actor=actor)


def test_two_intakes_of_a_course_have_two_names(course: Course, intake: Intake, actor: Actor) -> None:
    with pytest.raises(Refusal, match="name_taken"):
        create_intake(course.public_id, IntakeFacts(name=" Đợt  1 "), actor=actor)


def test_a_list_brings_known_and_new_people_and_asks_about_the_rest(
    organisation: Organisation, intake: Intake, actor: Actor
) -> None:
    known = LearnerFactory(organisation_id=organisation.id, name="Hồ Minh Đức", id_number="040201067890")
    namesake = LearnerFactory(
        organisation_id=organisation.id, name="Lê Văn An", born_on=date(1980, 2, 1), birth_year=1980, id_number=""
    )
    content = people_file(
        ("HỒ MINH ĐỨC", "19/11/2001", "040201067890", "", "UBND xã"),
        ("Hồ Minh Đức", "19/11/2001", "040201067890", "", "UBND xã"),
        ("Lê Văn An", "01/02/1980", "", "", "Trạm Y tế"),
        ("Vừ Y", "1975", "", "", "Bản"),
        ("Lô Thị Ước", "05/05/1990", "1.2E+10", "", ""),
    )
    kept = keep_list(intake.public_id, "ds.xlsx", content, actor=actor)
    draft = open_list(intake.public_id, kept.public_id, Choices(), actor=actor)
    counts = draft.plan.counts()
    assert {name: n for name, n in counts.items() if n} == {
        "known": 1,
        "repeated": 1,
        "asked": 1,
        "new": 1,
        "problem": 1,
    }
    row = draft.plan.having(Fate.ASKED)[0].row.row
    choices = Choices(answers={row: namesake.public_id})
    seen = open_list(intake.public_id, kept.public_id, choices, actor=actor).plan.digest()
    with pytest.raises(Refusal, match="changed_meanwhile"):
        confirm_list(intake.public_id, kept.public_id, choices, "another", actor=actor)
    assert confirm_list(intake.public_id, kept.public_id, choices, seen, actor=actor)["accounts"] == 3
    have = {line.learner.id for line in accounts_of(intake)}
    assert {known.id, namesake.id} < have
    assert db.session.query(StoredFile).count() == 0
    assert db.session.query(AuditEntry).filter_by(action="intake.list_confirmed").one().facts["new"] == 1


def test_an_intake_counts_who_may_still_finish(organisation: Organisation, intake: Intake, actor: Actor) -> None:
    give_accounts(intake.public_id, [one.id for one in people(organisation, "Lê Văn An", "Hồ Thị Bình")], actor=actor)
    with at(vietnam(8, day=date(2026, 10, 14))):
        assert counts_of(intake, ZONE, vietnam(8, day=date(2026, 10, 14))).undated == 2
        set_issue_day(intake.public_id, date(2026, 10, 13), actor=actor)
    last = vietnam(23, 59, 59, day=date(2026, 10, 23))
    assert counts_of(intake, ZONE, last).running == 2
    assert counts_of(intake, ZONE, last + timedelta(seconds=1)).running == 0
    assert ZoneInfo(ZONE)


def test_the_pages_walk_from_an_intake_to_its_file(
    client: FlaskClient, organisation: Organisation, course: Course
) -> None:
    staff = StaffFactory(organisation=organisation, role_names=("coordinator",), password_hash="x")
    browser = sign_in(client, staff)
    assert "Chưa có đợt nào" in browser.get("/online/").text
    form = {"course": course.public_id, "name": "Đợt 2", "days": "10", "account_prefix": "A B"}
    refused = browser.post("/online/intakes/new", data=form)
    assert refused.status_code == 422
    made = browser.post("/online/intakes/new", data={**form, "account_prefix": ""})
    page = made.headers["Location"]
    (person,) = people(organisation, "Nguyễn Thị Ánh Tuyết")
    found = browser.get(f"{page}/people?q=tuyet")
    assert person.public_id in found.text
    assert browser.post(f"{page}/people", data={"chosen": person.public_id}).status_code == 303
    assert "nghean0100001" in browser.get(page).text
    sent = browser.post(f"{page}/accounts.file", data={"format": "open_edx"})
    assert sent.headers["Content-Type"].startswith("text/csv")
    account = db.session.query(Account).one()
    assert browser.get(f"{page}/accounts/{account.public_id}").status_code == 200
    wrong = browser.post(f"{page}/issue-day", data={"day": "31/02/2026"})
    assert wrong.status_code == 422
