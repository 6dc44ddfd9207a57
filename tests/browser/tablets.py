"""A class with a tablet at its door, and what is held in front of the camera."""

import json
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from classroom.accounts import services as accounts
from classroom.attendance.models import Mark
from classroom.core.clock import now, today
from classroom.core.db import db
from classroom.core.names import fold, sort_key
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, TrainingClass
from classroom.sessions.queries import badges
from tests.conftest import Visitors
from tests.factories import EnrolmentFactory, LearnerFactory, StaffFactory, actor_for, make_class
from tests.support.fakecam import FakeCamera, picture_of

#: The two examples of the citizen card: the layout of 2021, and that of 2024 with four more parts.
CARD = "040185012345|186123456|Nguyễn Thị Ánh Tuyết|07031985|Nữ|Xóm 5, Nghi Phú, Thành phố Vinh, Nghệ An|15082021"
CARD_2024 = "040201067890||Hồ Minh Đức|19112001|Nam|Khối 3, Vinh Phú, Nghệ An|02102025||||"
PEOPLE = (("Nguyễn Thị Ánh Tuyết", "040185012345"), ("Hồ Minh Đức", "040201067890"), ("Trần Văn Bình", "040085000077"))


class Door:
    """A class in session now, its trainer, and a coordinator who adds tablets."""

    def __init__(self) -> None:
        trainer = StaffFactory(role_names=("trainer",), name="Lê Văn Thầy")
        self.made: TrainingClass = make_class(trainer=trainer, first_day=today("Asia/Ho_Chi_Minh"), days=1, code="L01")
        coordinator = StaffFactory(role_names=("coordinator",))
        trainer.organisation_id = coordinator.organisation_id = self.made.organisation_id
        first = self.made.sessions[0]
        first.starts_at, first.ends_at = now() - timedelta(minutes=5), now() + timedelta(hours=2)
        db.session.commit()
        self.places = [self.enrol(name, number) for name, number in PEOPLE]
        self.session, self.other = (
            first.public_id,
            next(one.public_id for one in self.made.sessions if one is not first),
        )
        self.trainer = accounts.start_session(trainer)
        self.office = actor_for(coordinator)
        self.badge: dict[str, str] = {}
        self.issue_again()
        db.session.rollback()

    def issue_again(self) -> None:
        """Badges for those who have none; the code of everybody's by the name."""
        sessions.issue_badges(self.made.public_id, actor=self.office)
        self.badge = {place.learner.name: badge.code for place, badge in badges.living_badges_of_class(self.made.id)}

    def enrol(self, name: str, number: str) -> Enrolment:
        facts = {"name": name, "name_fold": fold(name), "sort_key": sort_key(name), "id_number": number}
        learner = LearnerFactory(organisation_id=self.made.organisation_id, unit="Trạm Y tế xã Đô Lương", **facts)
        return EnrolmentFactory(training_class=self.made, learner=learner)

    def code(self, name: str = "Máy 07") -> str:
        return accounts.add_tablet(name, actor=self.office)[1]

    def statuses(self) -> dict[str, str]:
        db.session.rollback()
        rows = db.session.execute(
            select(Enrolment.learner_id, Mark.status).join(Mark, Mark.enrolment_id == Enrolment.id)
        )
        names = {place.learner_id: place.learner.name for place in db.session.scalars(select(Enrolment))}
        return {names[learner]: status for learner, status in rows}


def prepared(door: Door, visitors: Visitors, live_server: Any, name: str = "Máy 07", root: str = "") -> Page:
    """A tablet that has come in, with the trainer signed in and the list on it, in front of the session."""
    page = visitors(1024, 768, permissions=["camera"], **({"base_url": root} if root else {}))
    page.goto(f"/tablet/#code={door.code(name)}")
    expect(page.locator("[data-view=enrol]")).to_be_visible()
    page.locator("[data-part=enrol] button").click()
    expect(page.locator("[data-view=sign-in]")).to_be_visible()
    page.context.add_cookies([{"name": "classroom", "value": door.trainer, "url": root or live_server.url}])
    page.goto("/tablet/")
    page.reload()
    page.get_by_role("button", name="Chuẩn bị mọi danh sách").click()
    expect(page.locator("[data-part=choose-said]")).to_contain_text("Mọi danh sách đã có trên máy")
    page.locator(".btn-session", has_text="Ngày 1, sáng").click()
    expect(page.locator("[data-view=scan]")).to_be_visible()
    expect(page.locator("body[data-kept=yes][data-decoder=ready]")).to_have_count(1)
    return page


def hold(page: Page, camera: FakeCamera, text: str, **how: Any) -> None:
    """Put something in front of the camera, which looks anew."""
    if page.locator("[data-part=pause]").is_visible():
        page.locator("[data-part=pause]").click()
    camera.show(picture_of(text, **how))
    page.locator("[data-part=start]").click()


def pick(page: Page, name: str) -> None:
    """Find somebody by name, whatever the camera shows."""
    page.get_by_role("button", name="Tìm tên").last.click()
    page.get_by_label("Tên, đơn vị hoặc mã học viên").fill(name)
    page.locator(".btn-person", has_text=name).click()
    expect(page.locator("[data-part=recent] .recent-row").first).to_contain_text(name)


def items_of(route: Route) -> list[dict[str, Any]]:
    """What the tablet sends with this request."""
    sent: dict[str, Any] = json.loads(route.request.post_data or "{}")
    items: list[dict[str, Any]] = sent["items"]
    return items


def answers(page: Page, **said: Any) -> None:
    """Whatever the tablet sends from now on, the server says this of it."""

    def answer(route: Route) -> None:
        items = items_of(route)
        given = {"final": True, "code": "", "words": "", "name": "", "unit": "", "guest": False, "at": None, **said}
        route.fulfill(json={"answers": [{**given, "uuid": item["uuid"]} for item in items]})

    page.route("**/tablet/items", answer)


def expect_answer(page: Page, tone: str, *words: str) -> None:
    expect(page.locator(f"[data-part=answer].tone-{tone}")).to_be_visible()
    for each in words:
        expect(page.locator("[data-part=answer]")).to_contain_text(each)


def sent(page: Page) -> None:
    expect(page.locator("[data-part=recent] .recent-waits")).to_have_count(0, timeout=30_000)
    expect(page.locator("[data-part=queue]")).to_be_hidden(timeout=30_000)


def rows(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(table.id))) or 0


def kept_on(page: Page) -> dict[str, Any]:
    """Everything in the browser's own store."""
    found: dict[str, Any] = page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("classroom-tablet");
          opening.onsuccess = () => {
            const all = {}, names = [...opening.result.objectStoreNames];
            const reading = opening.result.transaction(names);
            for (const name of names) {
              reading.objectStore(name).getAll().onsuccess = (e) => { all[name] = e.target.result; };
            }
            reading.oncomplete = () => { opening.result.close(); resolve(all); };
          };
        })"""
    )
    return found


def accounts_tablet(door: Door) -> str:
    from classroom.accounts.queries import tablets_of

    return tablets_of(door.made.organisation_id)[0].public_id
