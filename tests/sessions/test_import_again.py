"""One list waits once: a further upload of it takes the place of the one before."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.desk.queries.inbox import count_waiting, waiting_imports
from classroom.sessions.models import RosterImport, TrainingClass
from classroom.sessions.rules.imports import Step
from classroom.sessions.services import imports as services
from tests.factories import StaffFactory, actor_for, make_actor, make_class, sign_in
from tests.support.racing import together
from tests.support.rosters import (
    HEADINGS,
    LIMITS,
    PEOPLE,
    choices_of,
    class_list,
    confirm,
    decide,
    draft,
    make_roster_class,
    send,
    upload,
    workbook,
)


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    return make_roster_class(actor)


def waiting(actor: Actor) -> list[str]:
    db.session.rollback()
    return [one.roster_import for one in waiting_imports(actor)]


def test_the_same_list_uploaded_three_times_waits_once_as_the_latest(actor: Actor, l01: TrainingClass) -> None:
    content = class_list()  # its bytes tell the second in which it was written
    made = [upload(content, actor=actor, to=l01, name=f"ds ({n}).xlsx") for n in range(3)]
    assert waiting(actor) == [made[-1].public_id]
    assert count_waiting(actor) == 1
    assert [one.state for one in made] == ["dropped", "dropped", "uploaded"]
    assert (
        list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "import.replaced")))
        == ["import.replaced"] * 2
    )


def test_what_was_decided_about_the_earlier_upload_is_kept(actor: Actor, l01: TrainingClass) -> None:
    content = class_list()
    decide(upload(content, actor=actor, to=l01), actor, lambda choices: choices.skipping([3]))
    again = upload(content, actor=actor, to=l01)
    assert choices_of(again).skipped == choices_of(again).skipping([3]).skipped
    assert len(draft(again, actor).plan.having(Step.SKIPPED)) == 1


def test_other_content_another_class_and_another_course_wait_for_themselves(actor: Actor, l01: TrainingClass) -> None:
    l02, elsewhere = make_class(course=l01.course, code="L02"), make_roster_class(actor, "L03")
    content = class_list()
    for to in (l01, l02, elsewhere):
        upload(content, actor=actor, to=to)
    upload(class_list(PEOPLE[0]), actor=actor, to=l01)
    upload(content, actor=actor, course=l01.course)
    assert len(waiting(actor)) == 5


def test_what_was_confirmed_stays_confirmed(actor: Actor, l01: TrainingClass) -> None:
    content = class_list()
    done = confirm(upload(content, actor=actor, to=l01), actor)
    again = upload(content, actor=actor, to=l01)
    assert (done.state, waiting(actor)) == ("confirmed", [again.public_id])


def test_lists_that_become_the_same_by_the_class_chosen_become_one(actor: Actor, l01: TrainingClass) -> None:
    content = class_list()
    upload(content, actor=actor, to=l01)
    free = upload(content, actor=actor, course=l01.course)
    assert len(waiting(actor)) == 2
    choose(free, l01, actor)
    assert waiting(actor) == [free.public_id]


def test_two_sheets_of_one_file_are_two_lists(actor: Actor, l01: TrainingClass) -> None:
    content = workbook(HEADINGS, *PEOPLE, others=("Lớp khác",))
    first = upload(content, actor=actor, course=l01.course)
    choose(first, l01, actor)
    second = upload(content, actor=actor, course=l01.course)
    choose(second, l01, actor, sheet=1)
    assert waiting(actor) == [first.public_id, second.public_id]


def test_an_upload_that_was_replaced_is_not_imported(actor: Actor, l01: TrainingClass) -> None:
    content = class_list()
    older = upload(content, actor=actor, to=l01)
    upload(content, actor=actor, to=l01)
    upload(older.file.content, actor=actor, to=l01)
    with pytest.raises(Refusal, match=r"import\.closed"):
        confirm(older, actor)


def test_uploads_at_the_same_instant_leave_one(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    course, class_id, content = l01.course.public_id, l01.public_id, class_list()
    one = services.Upload("ds.xlsx", content)

    def send_it() -> int:
        return services.upload_list(one, course=course, class_id=class_id, limits=LIMITS, actor=actor).id

    together(any_app, [send_it] * 4)
    assert len(waiting(actor)) == 1


def test_a_page_of_the_earlier_upload_leads_to_the_latest(client: FlaskClient) -> None:
    staff = StaffFactory(role_names=("coordinator",))
    class_of_staff, browser = make_roster_class(actor_for(staff)), sign_in(client, staff)
    content = class_list()
    addresses = [send(browser, class_of_staff, content).location for _ in range(2)]
    answer = browser.get(browser.get(f"{addresses[0]}/problems").location)
    assert answer.location == addresses[1]
    assert "Danh sách này đã được tải lên lại" in browser.get(addresses[1]).text
    assert browser.get("/inbox").text.count(f'href="{addresses[0]}"') == 0
    page = browser.get(f"/programmes/{class_of_staff.course.programme.public_id}/import").text
    assert (page.count(addresses[1]), addresses[0] in page) == (1, False)


def choose(made: RosterImport, training_class: TrainingClass, actor: Actor, sheet: int = 0) -> None:
    reading = draft(made, actor).reading
    services.set_columns(
        made.public_id,
        reading,
        sheet=sheet,
        heading_row=1,
        columns=reading.layout.columns,
        target=training_class.public_id,
        convert=False,
        actor=actor,
    )
