"""The page of one learner, and changing the places of several."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.attendance.models import Binding
from classroom.core.db import db
from classroom.sessions import services as sessions_services
from classroom.sessions.models import Enrolment
from tests.desk.conftest import Town, mark, settle
from tests.desk.counting import statements
from tests.factories import actor_for, at, make_class
from tests.support.pages import check_page

Visit = Callable[[Staff], FlaskClient]


def read(client: FlaskClient, town: Town, moment: datetime) -> str:
    with at(moment):
        answer = client.get(f"/people/{town.roster()[0].learner.public_id}")
    assert answer.status_code == 200
    check_page(answer.text)
    return answer.text


def living(town: Town, of: object = None) -> int:
    db.session.rollback()
    return len(town.roster(of))  # type: ignore[arg-type]


def test_a_learner_page_tells_marks_in_words_and_what_is_still_needed(town: Town, visit: Visit, midday: datetime):
    enrolment = town.roster()[0]
    mark(town.session(1), enrolment, "late")
    mark(town.session(2), enrolment, "excused", reason="Đi họp")
    settle(town.session(1))
    page = read(visit(town.coordinator), town, midday)
    for words in ("Đi muộn", "Vắng có phép", "Đi họp", "1/2 buổi đã học, cần 5/6", "còn cần 4 buổi"):
        assert words in page, words


def test_the_id_number_is_masked_and_asking_is_a_button(town: Town, visit: Visit, midday: datetime):
    number = town.roster()[0].learner.id_number
    page = read(visit(town.coordinator), town, midday)
    assert number not in page
    assert "/reveal" in page
    assert "/reveal" not in read(visit(town.viewer), town, midday)


def test_a_move_is_told_with_its_reason_and_both_classes(town: Town, visit: Visit, midday: datetime):
    enrolment = town.roster()[0]
    learner = enrolment.learner.public_id
    with at(midday):
        sessions_services.move_enrolment(
            enrolment.public_id, town.other.public_id, "Gần nhà", actor=actor_for(town.coordinator)
        )
        page = visit(town.coordinator).get(f"/people/{learner}").text
    check_page(page)
    for words in ("Lớp L01", "Lớp L02", "Gần nhà", "chuyển sang lớp khác", "chuyển từ lớp khác đến"):
        assert words in page, words


def test_only_those_who_may_read_the_log_see_it(town: Town, visit: Visit, midday: datetime):
    assert "Nhật ký</h2>" not in read(visit(town.coordinator), town, midday)


@pytest.mark.parametrize(("who", "expected"), [("trainer", 403), ("stranger", 404)])
def test_a_learner_is_shown_to_nobody_else(town: Town, visit: Visit, who: str, expected: int):
    learner = town.roster()[0].learner.public_id
    assert visit(getattr(town, who)).get(f"/people/{learner}").status_code == expected


def test_a_learner_with_many_places_costs_no_more_questions(town: Town, visit: Visit, midday: datetime):
    client = visit(town.coordinator)
    read(client, town, midday)
    with statements() as few:
        read(client, town, midday)
    first = town.roster()[0]
    for _ in range(3):
        other = make_class(course=town.course)
        db.session.add(
            Enrolment(
                organisation_id=other.organisation_id,
                class_id=other.id,
                course_id=other.course_id,
                learner_id=first.learner_id,
                enrolled_at=midday,
                effective_from=midday,
                ended_at=midday,
            )
        )
    db.session.commit()
    with statements() as many:
        read(client, town, midday)
    assert len(many) == len(few)


def test_a_learner_is_parted_from_every_phone(town: Town, visit: Visit, midday: datetime):
    learner = town.roster()[0].learner
    for browser in (b"one", b"two"):
        db.session.add(
            Binding(
                organisation_id=town.organisation.id,
                learner_id=learner.id,
                browser_hash=browser,
                created_at=midday,
                last_used_at=midday,
            )
        )
    db.session.commit()
    path = f"/people/{learner.public_id}/forget-phones"
    assert "2 trình duyệt" in read(visit(town.coordinator), town, midday)
    assert visit(town.viewer).post(path).status_code == 403
    assert visit(town.stranger).post(path).status_code == 404
    assert visit(town.coordinator).post(path).status_code == 303
    assert "Chưa điện thoại nào" in read(visit(town.coordinator), town, midday)


def test_the_chosen_leave_together_with_one_reason(town: Town, visit: Visit):
    client, chosen = visit(town.coordinator), [one.public_id for one in town.roster()[:3]]
    mark(town.session(1), town.roster()[0], "present")
    path = f"/classes/{town.mine.public_id}/chosen"
    asked = client.post(path, data={"chosen": chosen, "change": "withdraw"}).text
    check_page(asked)
    assert "Từ bây giờ 3 học viên không còn trong danh sách lớp." in asked
    assert "1 kết quả điểm danh vẫn giữ ở lớp này." in asked
    assert client.post(f"{path}/withdraw", data={"chosen": chosen, "reason": " "}).status_code == 409
    assert living(town) == 12
    assert client.post(f"{path}/withdraw", data={"chosen": chosen, "reason": "Công tác"}).status_code == 303
    assert living(town) == 9


def test_the_chosen_move_all_or_none(town: Town, visit: Visit):
    client, chosen = visit(town.coordinator), [one.public_id for one in town.roster()[:3]]
    town.other.capacity = 5
    db.session.commit()
    path = f"/classes/{town.mine.public_id}/chosen"
    assert "L02" in client.post(path, data={"chosen": chosen, "change": "move"}).text
    data = {"chosen": chosen, "to": town.other.public_id, "reason": "Gần nhà"}
    refused = client.post(f"{path}/move", data=data)
    assert refused.status_code == 409
    assert "Gần nhà" in refused.text
    assert (living(town), living(town, town.other)) == (12, 3)
    town.other.capacity = 6
    db.session.commit()
    assert client.post(f"{path}/move", data=data).status_code == 303
    assert (living(town), living(town, town.other)) == (9, 6)


@pytest.mark.parametrize(("who", "expected"), [("viewer", 403), ("trainer", 403), ("stranger", 404)])
def test_nobody_else_changes_a_roster(town: Town, visit: Visit, who: str, expected: int):
    data = {"chosen": [town.roster()[0].public_id], "reason": "x"}
    path = f"/classes/{town.mine.public_id}/chosen/withdraw"
    assert visit(getattr(town, who)).post(path, data=data).status_code == expected
    assert living(town) == 12


def test_places_of_another_class_are_not_among_the_chosen(town: Town, visit: Visit):
    foreign = [one.public_id for one in town.roster(town.other)]
    answer = visit(town.coordinator).post(
        f"/classes/{town.mine.public_id}/chosen", data={"chosen": foreign, "change": "withdraw"}
    )
    assert answer.status_code == 303
