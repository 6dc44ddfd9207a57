"""From an export of the online platform to a certificate on a stranger's phone, each person in a browser of its own."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from classroom.accounts.models import Organisation, Staff
from classroom.certification.rules.codes import shown_code
from classroom.core.clock import today
from classroom.core.db import db
from classroom.online.models import Intake, OnlineRecord
from tests.browser.desks import desk, read_codes, wait_for_job
from tests.conftest import Visitors
from tests.factories import StaffFactory
from tests.support.axe import check_accessible
from tests.support.deciding import Deciding
from tests.support.drawn import picture
from tests.support.issueroom import numbered
from tests.support.online import HEADINGS

pytestmark = pytest.mark.browser
ZONE = "Asia/Ho_Chi_Minh"
HEAD = HEADINGS.replace("Số CCCD", "Đơn vị")


class Office:
    """A course with a class and an intake, and two coordinators of whom one must approve what the other submits."""

    def __init__(self) -> None:
        deciding = Deciding()
        course = deciding.course
        organisation = db.session.get_one(Organisation, course.organisation_id)
        self.first: Staff = StaffFactory(organisation=organisation, name="Phạm Thị Điều")
        self.second: Staff = StaffFactory(organisation=organisation, name="Lê Văn Duyệt")
        numbered(deciding.actor, four_eyes=True)
        blank = {"phone": "", "id_number": ""}
        binh = deciding.learner(name="Trần Văn Bình", born_on=date(1979, 1, 1), birth_year=1979, **blank)
        deciding.in_class(learner=binh)
        deciding.in_class(attended=3, letters="", learner=deciding.learner(name="Hồ Minh Đức", **blank))
        self.course, self.intake = course.public_id, deciding.intake.public_id
        self.course_name, self.programme_name, self.paper = course.name, course.programme.name, deciding.paper.title
        db.session.rollback()


@pytest.fixture
def office(app: Flask) -> Office:
    return Office()


def export() -> dict[str, Any]:
    """What the platform sends: one who passes, one who may be our Trần Văn Bình, one who failed its test."""
    issued, done = (f"{today(ZONE) - timedelta(days=ago):%d/%m/%Y}" for ago in (12, 5))
    rows = (
        f"one001,Nguyễn Thị Ánh,07/03/1985,Ủy ban nhân dân xã Đô Lương,{issued},{done} 08:15:00,100,8.5,Đạt",
        f"one002,TRAN VAN BINH,01/01/1979,UBND xã Nghi Phú,{issued},{done} 09:00:00,100,9,Đạt",
        f"one003,Võ Đức Duy,13/02/1990,UBND xã Hưng Lộc,{issued},{done} 09:30:00,100,2,Không đạt",
    )
    return {"name": "ket-qua.csv", "mimeType": "text/csv", "buffer": "\n".join((HEAD, *rows)).encode()}


def records(office: Office) -> int:
    """How many results of the intake are known."""
    db.session.rollback()
    return db.session.query(OnlineRecord).join(Intake).where(Intake.public_id == office.intake).count()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_an_export_to_a_certificate_that_a_stranger_verifies_and_sees_revoked(
    office: Office, visitors: Visitors, live_server: Any, scripts: bool
) -> None:
    page = desk(visitors, office.first, live_server.url, java_script_enabled=scripts)
    _import(page, office, scripts)
    _answer_the_queue(page, scripts)
    _save_the_rule(page, office, scripts)
    _decide(page, scripts)
    batch = _prepare_and_submit(page, office, scripts)
    approver = desk(visitors, office.second, live_server.url, java_script_enabled=scripts)
    _approve(approver, batch, scripts)
    address = _print(page, batch, scripts)
    phone = visitors.phone(java_script_enabled=scripts)
    _verify(phone, address, office, scripts)
    _revoke(approver, scripts)
    _see_it_revoked(phone, scripts)


def _look_over(page: Page, width: int, scripts: bool) -> None:
    """Nothing overflows and nobody is shut out."""
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        check_accessible(page)


def _counted(page: Page, count: int, words: str) -> None:
    """A figure on the page."""
    expect(page.locator(".stats")).to_contain_text(re.compile(rf"\b{count}\s*{words}"))


def _import(page: Page, office: Office, scripts: bool) -> None:
    page.goto(f"/online/intakes/{office.intake}/imports/new")
    page.set_input_files('input[type="file"]', export())
    page.get_by_role("button", name="Đọc tệp").click()
    _look_over(page, 1440, scripts)
    page.get_by_role("button", name="Các cột đã đúng").click()
    _counted(page, 3, "tài khoản mới")
    _look_over(page, 1440, scripts)
    page.get_by_role("link", name="Làm tiếp").click()
    _counted(page, 3, "tài khoản mới")
    assert records(office) == 0
    page.get_by_role("button", name="Nhập ngay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đang ghi…")
    _look_over(page, 1440, scripts)
    wait_for_job(page, scripts=scripts)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhập")
    assert records(office) == 3


def _answer_the_queue(page: Page, scripts: bool) -> None:
    page.goto("/online/matching")
    expect(page.locator(".page-context")).to_have_text("còn 1")
    expect(page.locator(".match")).to_contain_text("Trần Văn Bình")
    if scripts:
        page.keyboard.press("1")
    else:
        page.get_by_role("button", name="Cùng một người").click()
    expect(page.get_by_role("heading", name="Không còn ai chờ ghép")).to_be_visible()


def _save_the_rule(page: Page, office: Office, scripts: bool) -> None:
    page.goto(f"/certificates/courses/{office.course}/rule")
    page.get_by_label("Học trực tiếp tại lớp").check()
    page.get_by_label("Số buổi tham dự tối thiểu").fill("5")
    page.get_by_label("Bài kiểm tra phải đạt").select_option(label=office.paper)
    page.get_by_label("Học trực tuyến bằng tài khoản của một đợt").check()
    page.get_by_label("Hoàn thành trong số ngày quy định của đợt").check()
    page.get_by_label("Điểm kiểm tra trực tuyến tối thiểu").fill("50")
    if not scripts:
        page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("[data-count]")).to_have_text("2/4 người đạt.")
    page.get_by_role("button", name="Lưu điều kiện").click()
    for sentence in ("ít nhất 5 trong 6 buổi", "đạt bài kiểm tra", "trong số ngày của đợt", "ít nhất 50%"):
        expect(page.locator("main section.card").first).to_contain_text(sentence)
    _look_over(page, 1440, scripts)


def _decide(page: Page, scripts: bool) -> None:
    page.get_by_role("button", name="Xét và so sánh").click()
    wait_for_job(page, scripts=scripts)
    _look_over(page, 1440, scripts)
    page.get_by_role("button", name="Ghi nhận 4 thay đổi").click()
    wait_for_job(page, scripts=scripts)
    expect(page.locator("main")).to_contain_text("Đã ghi nhận lúc")


def _prepare_and_submit(page: Page, office: Office, scripts: bool) -> str:
    page.goto("/certificates")
    page.get_by_role("link", name="Chuẩn bị cấp cho 2 người").click()
    page.get_by_role("button", name="Chuẩn bị lần cấp này").click()
    wait_for_job(page, scripts=scripts)
    batch = page.url
    page.get_by_role("link", name="Nhập quyết định").click()
    day = f"{today(ZONE):%d/%m/%Y}"
    page.get_by_label("Số quyết định").fill("12/QĐ-SKHCN")
    page.locator("[name=decided_on]").fill(day)
    page.locator("[name=issued_on]").fill(day)
    page.locator("[name=signer_title]").fill("GIÁM ĐỐC")
    page.locator("[name=signer_name]").fill("Trần Văn Mẫu")
    page.set_input_files("[name=scan]", {"name": "qd.png", "mimeType": "image/png", "buffer": picture()})
    _look_over(page, 1440, scripts)
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.locator("#approve")).to_contain_text("Phải do người khác duyệt")
    expect(page.get_by_role("button", name="Duyệt và cấp")).to_have_count(0)
    return batch


def _approve(page: Page, batch: str, scripts: bool) -> None:
    page.goto(batch)
    page.get_by_role("button", name="Duyệt và cấp").click()
    expect(page.locator("main")).to_contain_text("Đang vào số")
    wait_for_job(page, scripts=scripts)
    _counted(page, 2, "đã cấp")
    _look_over(page, 1440, scripts)


def _print(page: Page, batch: str, scripts: bool) -> str:
    """The certificates as one file; where the square code of the first one leads."""
    page.goto(batch)
    page.get_by_role("link", name="In và trao").click()
    page.get_by_role("button", name="In", exact=True).click()
    wait_for_job(page, scripts=scripts)
    link = page.locator('a[href^="/certificates/print-files/"]')
    paper = page.context.request.get(link.get_attribute("href") or "").body()
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(paper)).pages]
    assert len(sheets) == 2
    for sheet, printed in zip(sheets, (("Trần Văn Bình", "01/01/1979"), ("Nguyễn Thị Ánh", "07/03/1985")), strict=True):
        assert all(each in sheet for each in printed)
    (address,) = read_codes(paper)
    return address


def _verify(phone: Page, address: str, office: Office, scripts: bool) -> None:
    """The phone compares with the paper: of birth and unit it learns no more than that."""
    phone.goto(address)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Giấy chứng nhận này có hiệu lực")
    day = f"{today(ZONE):%d/%m/%Y}"
    told = zip(
        phone.locator("dl.facts dt").all_inner_texts(), phone.locator("dl.facts dd").all_inner_texts(), strict=True
    )
    assert dict(told) == {
        "Mã": shown_code(address.rpartition("/")[2]),
        "Số vào sổ": f"00001/{today(ZONE).year}/GCN-SKHCN",
        "Họ và tên": "Trần Văn Bình",
        "Ngày sinh": "••/••/1979",
        "Đơn vị (chữ cái đầu)": "U. x. Đ. L.",
        "Khóa học": office.course_name,
        "Chương trình": office.programme_name,
        "Từ ngày – đến ngày": "12/10/2026 – 14/10/2026",
        "Quyết định": f"12/QĐ-SKHCN, {day}",
        "Ngày cấp": day,
        "Người ký": "Trần Văn Mẫu, GIÁM ĐỐC",
    }
    assert phone.context.cookies() == []
    assert "01/01/1979" not in phone.content()
    _look_over(phone, 360, scripts)


def _revoke(page: Page, scripts: bool) -> None:
    page.goto("/certificates/issued")
    page.get_by_role("link", name="00001/").click()
    form = page.locator('form[action$="/revoke"]')
    form.locator("[name=reason]").fill("Cấp nhầm người")
    form.locator("[name=number]").fill("13/QĐ-SKHCN")
    form.locator("[name=decided_on]").fill(f"{today(ZONE):%d/%m/%Y}")
    form.get_by_role("button", name="Thu hồi giấy chứng nhận").click()
    expect(page.locator("main")).to_contain_text("Cấp nhầm người")
    _look_over(page, 1440, scripts)


def _see_it_revoked(phone: Page, scripts: bool) -> None:
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Giấy chứng nhận này đã bị thu hồi")
    expect(phone.locator("body")).to_contain_text(f"Thu hồi ngày {today(ZONE):%d/%m/%Y}. Lý do: Cấp nhầm người")
    expect(phone.locator("body")).not_to_contain_text("có hiệu lực")
    _look_over(phone, 360, scripts)
