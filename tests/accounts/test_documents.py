import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pypdf

from classroom.accounts.documents import StaffLink, staff_link_pdf

UNTIL = datetime(2026, 2, 6, 17, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def test_a_slip_shows_for_whom_until_when_and_the_whole_link():
    url = "https://lop.nghean.gov.vn/vao/Zb3qX0pLk2mQ9vR7sT1uYwN4aB6cD8eF"
    link = StaffLink("Sở Khoa học và Công nghệ", "Nguyễn Thị Ánh Tuyết", "Giảng viên", url, UNTIL)
    (page,) = pypdf.PdfReader(io.BytesIO(staff_link_pdf(link))).pages
    words = page.extract_text().replace("\u200b", "")
    assert url in "".join(words.split())
    assert "Nguyễn Thị Ánh Tuyết" in words
    assert "17:00 ngày 06/02/2026" in words
