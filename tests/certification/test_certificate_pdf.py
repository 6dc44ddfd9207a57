"""What is printed is what was frozen, whatever a name holds; and the QR code on it leads to the truth."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from classroom.accounts.models import Organisation
from classroom.certification.documents.certificate import Look, Printable, picture, render, verify_address
from classroom.certification.models import CertificateSettings
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.codes import new_code, shown_code
from classroom.certification.rules.designs import Design, Frame
from classroom.core.clock import now
from classroom.core.db import db
from tests.factories import StaffFactory, sign_in
from tests.support.drawn import picture as drawn
from tests.support.printroom import facts, make_certificate

ROOT = "https://chungnhan.nghean.example.vn"
HOSTILE = (
    '#eval("1+1")',
    '#read("/etc/passwd")',
    "*đậm* _nghiêng_",
    "$x^2$ \\ @nhãn <nhãn>",
    "<script>alert(1)</script>",
    "[ngoặc] {nhọn} \"kép\" 'đơn'",
    "{course} {{7*7}} %s",
    "// chú thích",
)
LONG = facts(
    name="Công Tằng Tôn Nữ Hoàng Thị Nguyễn Phương Thảo Quỳnh Như Ngọc Ánh Tuyết Minh",
    unit="Trung tâm Phát triển Khoa học, Công nghệ và Đổi mới sáng tạo trực thuộc Sở Khoa học và Công nghệ " * 2,
    course="Bồi dưỡng kiến thức và kỹ năng ứng dụng công nghệ số, trí tuệ nhân tạo và an toàn thông tin trong hoạt động"
    " của cơ quan nhà nước, doanh nghiệp và cộng đồng dân cư trên địa bàn tỉnh giai đoạn 2026–2030, đợt bổ sung",
    organisation="Trung tâm Phát triển Khoa học, Công nghệ và Đổi mới sáng tạo tỉnh Nghệ An " * 2,
    number="00001/2026/GCN-TRUNGTAMPHATTRIENKHOAHOCCONGNGHEVADOIMOISANGTAO",
    signer_title="KT. Giám đốc Phó Giám đốc phụ trách Trung tâm Phát triển Khoa học và Công nghệ",
)


def one(said: PrintedFacts | None = None, design: Design | None = None, **look: str) -> tuple[bytes, str]:
    code = new_code()
    return render([Printable(said or facts(), code)], Look(design or Design(), verify_url=ROOT, **look)), code


def words(paper: bytes) -> str:
    """All of it as poppler copies it out, spaces and line ends folded."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=paper, capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\u200b", "").split())


def seen(paper: bytes, dots: int = 150) -> Image.Image:
    """The first page as a printer would put it on paper."""
    command = ["pdftoppm", "-r", str(dots), "-png", "-singlefile", "-f", "1", "-"]
    return Image.open(io.BytesIO(subprocess.run(command, input=paper, capture_output=True, check=True).stdout))


def test_every_printed_fact_can_be_searched_and_copied() -> None:
    paper, code = one(design=Design(show_result=True))
    text = words(paper)
    for printed in (
        "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "GIẤY CHỨNG NHẬN", "Chứng nhận Ông (Bà):", "Nguyễn Thị Ánh Tuyết",
        "Sinh ngày: 07/03/1985", "Đơn vị: Ủy ban nhân dân xã Đô Lương",
        "Đã hoàn thành khóa bồi dưỡng “Kỹ năng số cơ bản”", "Từ ngày 12/10/2026 đến ngày 14/10/2026",
        "Kết quả: 8,5/10", "00001/2026/GCN-SKHCN", "Quyết định số 123/QĐ-SKHCN ngày 20/11/2026",
        "Nghệ An, ngày 26 tháng 11 năm 2026", "GIÁM ĐỐC", "Trần Văn Mẫu", "chungnhan.nghean.example.vn/v",
        shown_code(code),
    ):  # fmt: skip
        assert printed in text


def test_a_year_alone_is_a_year_and_what_is_unknown_is_left_out() -> None:
    text = words(one(facts(born="1985", unit="", starts_on="", ends_on=""))[0])
    assert "Sinh năm: 1985" in text
    for missing in ("Đơn vị", "Từ ngày", "None", "{"):
        assert missing not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_fact_is_printed_as_typed(text: str) -> None:
    squeezed = words(one(facts(name=text, unit=text, course=text, signer_name=text))[0]).replace(" ", "")
    assert squeezed.count(text.replace(" ", "")) >= 4


@pytest.mark.parametrize("name", ["Nguyễn 😀", "\u202eẩn\u202c", "tab\tvà\nxuống dòng", "x" * 400, ""])
def test_odd_names_never_stop_the_press(name: str) -> None:
    assert "GIẤY CHỨNG NHẬN" in words(one(facts(name=name))[0])


@pytest.mark.parametrize("frame", list(Frame))
@pytest.mark.parametrize("said", [facts(), LONG], ids=["short", "long"])
def test_nothing_leaves_its_place(said: PrintedFacts, frame: Frame) -> None:
    """One page; and what is written on it keeps to the inside of the frame and to its own part of the page."""
    paper, code = one(said, Design(frame=frame, show_result=True))
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=paper, capture_output=True, check=True)
    boxes = [_box(line) for line in done.stdout.decode().splitlines() if "<word" in line]
    assert all(left > 60 and top > 55 and right < 782 and bottom < 545 for left, top, right, bottom, _word in boxes)
    assert _overlapping(boxes) == []
    assert shown_code(code) in [word for *_box, word in boxes]


def _box(line: str) -> tuple[float, float, float, float, str]:
    parts = line.split('"')
    left, top, right, bottom = (float(parts[at]) for at in (1, 3, 5, 7))
    return left, top, right, bottom, parts[8].removeprefix(">").partition("</word>")[0]


def _overlapping(boxes: list[tuple[float, float, float, float, str]]) -> list[tuple[str, str]]:
    """Words whose middles (letters without the room above and below) lie on each other."""
    found = []
    cores = [(l, t + 0.3 * (b - t), r, b - 0.3 * (b - t), word) for l, t, r, b, word in boxes]  # noqa: E741
    for at, (left, top, right, bottom, word) in enumerate(cores):
        for other_left, other_top, other_right, other_bottom, other in cores[at + 1 :]:
            if (
                min(right, other_right) - max(left, other_left) > 1
                and min(bottom, other_bottom) - max(top, other_top) > 0
            ):
                found.append((word, other))
    return found


def test_all_fonts_are_embedded_and_are_ours(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(one(LONG)[0])
    rows = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert rows
    assert all("+Tinos-" in row and row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_many_certificates_hold_their_frame_once() -> None:
    alone = len(one()[0])
    many = [Printable(facts(name=f"Người {number}"), new_code()) for number in range(40)]
    paper = render(many, Look(Design(), verify_url=ROOT))
    pages = pypdf.PdfReader(io.BytesIO(paper)).pages
    assert len(pages) == 40
    assert all(f"Người {number}" in page.extract_text() for number, page in enumerate(pages))
    assert len(paper) < 2 * alone


@pytest.mark.parametrize(("state", "said"), [("revoked", "ĐÃ THU HỒI"), ("replaced", "ĐÃ ĐƯỢC THAY THẾ")])
def test_what_is_no_longer_valid_says_so_across_the_page(state: str, said: str) -> None:
    assert said in words(one(across=state)[0])
    assert said not in words(one(across="issued")[0])


def test_a_logo_is_printed() -> None:
    code = new_code()
    look = Look(Design(), drawn(), ROOT)
    images = pypdf.PdfReader(io.BytesIO(render([Printable(facts(), code)], look))).pages[0]
    assert picture(Printable(facts(), code), look) != picture(Printable(facts(), code), replace(look, logo=b""))
    assert images is not None


def test_the_qr_code_on_paper_is_followed_to_the_truth(app: Flask) -> None:
    """Printed, photographed, followed: an edited PDF still leads to the name that was certified."""
    made = make_certificate()
    organisation = db.session.get_one(Organisation, made.organisation_id)
    db.session.add(CertificateSettings(organisation_id=organisation.id, verify_url=ROOT, updated_at=now()))
    db.session.commit()
    client = sign_in(app.test_client(), StaffFactory(organisation=organisation))
    answer = client.get(f"/certificates/{made.public_id}.pdf")
    assert answer.mimetype == "application/pdf"
    forged = render(
        [Printable(PrintedFacts.from_json({**made.facts, "name": "Kẻ Giả Mạo"}), made.code)],
        Look(Design(), verify_url=ROOT),
    )
    assert "Kẻ Giả Mạo" in words(forged)
    for paper in (answer.data, forged):
        read = zxingcpp.read_barcode(seen(paper))
        assert read is not None
        assert read.text == verify_address(ROOT, made.code)
        page = app.test_client().get(read.text.removeprefix(ROOT)).text
        assert "Nguyễn Thị Ánh Tuyết" in page
        assert "Giả Mạo" not in page
        assert "có hiệu lực" in page


def test_a_code_is_read_from_a_poor_copy(app: Flask) -> None:
    paper, code = one()
    poor = seen(paper, 60).convert("L")
    read = zxingcpp.read_barcode(poor.resize((poor.width * 3, poor.height * 3)))
    assert read is not None
    assert read.text.endswith(code)


def test_a_void_number_and_an_erased_person_have_no_paper(app: Flask) -> None:
    void = make_certificate(state="void", void_reason="hỏng")
    erased = make_certificate(void.batch, erased_at=now())
    organisation = db.session.get_one(Organisation, void.organisation_id)
    client = sign_in(app.test_client(), StaffFactory(organisation=organisation))
    for made in (void, erased):
        assert client.get(f"/certificates/{made.public_id}.pdf").status_code == 404
