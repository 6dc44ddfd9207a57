"""Tests on paper: everything that is asked stands on it, nothing of the key does, and the key fits its own form."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from flask import Flask
from PIL import Image

from classroom.core.actor import Actor
from classroom.core.errors import Invalid, Refusal
from classroom.core.letterhead import Letterhead
from classroom.exams.documents.papers import FormFacts, FormItem, PictureFile, key_pdf, paper_pdf
from classroom.exams.models import PrintedForm
from classroom.exams.queries.papers import get_paper, versions_of
from classroom.exams.queries.printed import forms_of
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.kinds import Kind, option_ids
from classroom.exams.rules.pens import from_pen, key_of
from classroom.exams.services.papers import set_parts
from classroom.exams.services.printing import annul_form, print_forms
from classroom.sessions.models import Course
from tests.exams.making import BODIES, RIGHT, make_paper, make_question
from tests.factories import CourseFactory, OrganisationFactory, ProgrammeFactory, at, make_actor, vietnam

LETTERHEAD = Letterhead("Sở Khoa học và Công nghệ", "UBND tỉnh Nghệ An", "Nghệ An", dated_on=date(2026, 10, 14))
LONG = "Khi tiếp nhận một văn bản điện tử gửi qua trục liên thông, cán bộ văn thư phải làm việc nào trước tiên?"
PICTURE = "0123456789AB"
HOSTILE = '#eval("1+1") *đậm* $x^2$ \\ @nhãn <nhãn> // chú thích <b>'


def item(kind: Kind, text: str = "Hỏi gì?", body: Mapping[str, Any] | None = None, points: str = "1") -> FormItem:
    body = body or BODIES[kind]
    return FormItem(kind, text, body, option_ids(kind, body), Decimal(points))


def choice(*texts: str, text: str = "Hỏi gì?") -> FormItem:
    options = [{"id": chr(97 + n), "text": each, "right": n == 0} for n, each in enumerate(texts)]
    return item(Kind.SINGLE, text, {"options": options})


def form(*items: FormItem, instructions: str = "") -> FormFacts:
    return FormFacts("101", "Kiểm tra cuối khóa", "Kỹ năng số cơ bản", 45, instructions, items)


def pages(document: bytes) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(document)).pages
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in read]


def paper(*items: FormItem, pictures: Mapping[str, PictureFile] | None = None, instructions: str = "") -> list[str]:
    return pages(paper_pdf(LETTERHEAD, form(*items, instructions=instructions), pictures or {}))


def drawn(width: int, height: int) -> PictureFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return PictureFile(out.getvalue(), "image/png", width, height)


def test_thirty_long_questions_are_all_there_whole_and_in_order() -> None:
    options = [f"{LONG} Phương án số {n}" for n in range(4)]
    text = " ".join(paper(*(choice(*options, text=f"{LONG} Đây là câu thứ {n}.") for n in range(1, 31))))
    places = [text.index(f"Câu {n}. {LONG} Đây là câu thứ {n}.") for n in range(1, 31)]
    assert places == sorted(places)
    for n, name in enumerate("ABCD"):
        assert text.count(f"{name}. {LONG} Phương án số {n}") == 30


def test_the_head_names_who_asks_what_for_how_long_and_every_page_its_form() -> None:
    found = paper(*(item(kind) for kind in Kind), instructions="Không dùng **tài liệu**.")
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "KIỂM TRA CUỐI KHÓA",
        "Kỹ năng số cơ bản",
        "45 phút",
        "Mã đề: 101",
        "Không dùng tài liệu.",
        "Đề có 7 câu, tổng 7 điểm; mỗi câu 1 điểm.",
    ):
        assert words in found[0]
    for number, page in enumerate(found, 1):
        assert f"Mã đề 101 Trang {number}/{len(found)}" in page


def test_every_kind_is_asked_with_all_it_shows() -> None:
    text = " ".join(paper(*(item(kind) for kind in Kind)))
    for words in ("A. Hà Nội", "C. Vinh", "D. Excel", "1. Ctrl+C", "D. In", "A. Mở trình duyệt", "B. Gõ địa chỉ"):
        assert words in text
    assert "Ghi Đ nếu đúng, S nếu sai." in text


def test_letters_on_paper_and_key_follow_the_printed_order_of_the_options() -> None:
    turned = FormItem(Kind.SINGLE, "Hỏi gì?", BODIES[Kind.SINGLE], ("c", "b", "a"), Decimal(1))
    text = " ".join(paper(turned))
    for words in ("A. Vinh", "B. Huế", "C. Hà Nội"):
        assert words in text
    assert "1 C 1" in pages(key_pdf(LETTERHEAD, [form(turned)]))[0]


def test_the_answer_sheet_is_the_last_page_with_a_box_for_every_question() -> None:
    *_, sheet = paper(*(item(kind) for kind in Kind))
    assert "PHIẾU TRẢ LỜI" in sheet
    assert "Mã đề: 101" in sheet
    for number in range(1, 8):
        assert f"Câu {number}" in sheet
    for line in ("Họ và tên:", "Ngày sinh:", "Lớp:", "Đơn vị:"):
        assert line in sheet


@pytest.mark.parametrize("count", [32, 48])
def test_the_boxes_of_a_long_test_of_choices_fit_on_one_page(count: int) -> None:
    found = paper(*(choice("a", "b") for _ in range(count)))
    assert [page for page in found if "PHIẾU TRẢ LỜI" in page] == [found[-1]]
    assert f"Câu {count}" in found[-1]
    assert "Câu 1 " in found[-1]


def test_points_that_differ_stand_at_each_question() -> None:
    text = " ".join(paper(item(Kind.SINGLE, points="0.5"), item(Kind.TRUE_FALSE, points="2")))
    assert "Câu 1 (0,5 điểm)." in text
    assert "Câu 2 (2 điểm)." in text
    assert "mỗi câu" not in text


def test_nothing_of_the_key_is_in_the_paper() -> None:
    secret = {
        Kind.NUMERICAL: {"answers": [{"value": "271828", "tolerance": "31415", "percent": "100"}]},
        Kind.SHORT_ANSWER: {"answers": [{"text": "Bí mật quân sự", "percent": "100"}]},
        Kind.SINGLE: {
            "options": [
                {"id": "a", "text": "Một", "right": True, "feedback": "Giỏi lắm"},
                {"id": "b", "text": "Hai", "right": False},
            ]
        },
    }
    document = paper_pdf(LETTERHEAD, form(*(item(kind, body=body) for kind, body in secret.items())), {})
    text = " ".join(pages(document))
    for words in ("271828", "271.828", "31415", "Bí mật", "Giỏi lắm"):
        assert words not in text
        assert words.encode() not in document
    turned = dict(secret)
    turned[Kind.SINGLE] = {"options": [{**one, "right": not one["right"]} for one in secret[Kind.SINGLE]["options"]]}
    with at(vietnam(8)):
        same = [paper_pdf(LETTERHEAD, form(item(Kind.SINGLE, body=one[Kind.SINGLE])), {}) for one in (secret, turned)]
    assert pages(same[0]) == pages(same[1])


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.MATCHING, Kind.ORDERING])
def test_what_looks_like_typst_is_printed_as_it_was_typed(kind: Kind) -> None:
    body: Mapping[str, Any] = {
        Kind.SINGLE: {"options": [{"id": i, "text": HOSTILE + i, "right": i == "a"} for i in "ab"]},
        Kind.MATCHING: {"pairs": [{"id": i, "left": HOSTILE + i, "right": f"{i}{HOSTILE}"} for i in "ab"]},
        Kind.ORDERING: {"items": [{"id": i, "text": HOSTILE + i} for i in "ab"]},
    }[kind]
    squeezed = "".join(" ".join(paper(item(kind, HOSTILE, body))).split())
    for words in ('#eval("1+1")', "$x^2$", "@nhãn<nhãn>", "//chúthích<b>"):
        assert squeezed.count(words) >= 3


@pytest.mark.parametrize("size", [(1600, 1200), (1600, 8), (8, 1600), (1, 1)])
def test_a_picture_of_any_ratio_stays_on_the_page(size: tuple[int, int]) -> None:
    asked = choice("Một", f"![hình](picture:{PICTURE})", text=f"Xem hình.\n\n![sơ đồ](picture:{PICTURE})")
    document = paper_pdf(LETTERHEAD, form(asked), {PICTURE: drawn(*size)})
    read = pypdf.PdfReader(io.BytesIO(document))
    assert len(read.pages) == 2
    assert len(read.pages[0].images) >= 1


def test_a_picture_that_is_gone_is_named_by_its_words() -> None:
    assert "[sơ đồ mạng]" in " ".join(paper(choice("a", "b", text=f"Xem ![sơ đồ mạng](picture:{PICTURE})")))


def test_code_keeps_its_letters_and_the_longest_word_finds_room() -> None:
    word = "https://dichvucong.gov.vn/" + "a1" * 150
    text = "".join(paper(choice("a", "b", text=f"```\nfor i in range(3):\n    print(i)\n```\n\nMở {word}")))
    squeezed = "".join(text.split())
    assert "foriinrange(3):print(i)" in squeezed
    assert word in squeezed


def test_the_key_names_code_letters_and_points_of_every_form() -> None:
    items = [item(kind, points="0.5") for kind in Kind]
    first = form(*items)
    second = FormFacts("102", first.title, first.course, 45, "", items[::-1])
    found = pages(key_pdf(LETTERHEAD, [first, second]))
    assert ["MÃ ĐỀ 101" in found[0], "MÃ ĐỀ 102" in found[1]] == [True, True]
    for words in ("1 A 0,5", "2 AB 0,5", "3 Đ 0,5", "4 3,14 ± 0,01 0,5", "5 Hà Nội 0,5", "6 1A 2B 3C 0,5", "7 123 0,5"):
        assert words in found[0]
    assert "7 câu, tổng 3,5 điểm" in found[0]


# --- drawing them ---


def coordinator() -> tuple[Course, Actor]:
    organisation = OrganisationFactory()
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=organisation.id))
    return course, make_actor("coordinator", organisation=organisation)


def keys(forms: Sequence[PrintedForm]) -> list[tuple[str, bool]]:
    return [(one.code, one.annulled_at is not None) for one in forms]


def test_codes_go_on_and_an_annulled_one_is_never_given_again(app: Flask) -> None:
    course, actor = coordinator()
    paper = make_paper(course)
    first = print_forms(paper.public_id, 2, actor=actor)
    annul_form(paper.public_id, first[1].public_id, "in mờ", actor=actor)
    print_forms(paper.public_id, 2, actor=actor)
    found = get_paper(actor, paper.public_id)
    assert keys(forms_of(found)) == [("101", False), ("102", True), ("103", False), ("104", False)]


@pytest.mark.parametrize("count", [0, 9])
def test_one_to_eight_forms_are_made_at_once(app: Flask, count: int) -> None:
    course, actor = coordinator()
    paper = make_paper(course)
    with pytest.raises(Invalid):
        print_forms(paper.public_id, count, actor=actor)
    assert len(print_forms(paper.public_id, 8, actor=actor)) == 8


def test_a_paper_that_cannot_be_sat_is_not_printed(app: Flask) -> None:
    course, actor = coordinator()
    paper = make_paper(course, [make_question(course, Kind.NUMERICAL, body={"answers": []})])
    with pytest.raises(Refusal) as refused:
        print_forms(paper.public_id, 1, actor=actor)
    assert refused.value.code == "paper.not_ready"
    assert forms_of(paper) == []


def test_forms_differ_in_order_and_each_keeps_its_own_whatever_becomes_of_the_paper(app: Flask) -> None:
    course, actor = coordinator()
    paper = make_paper(course, [make_question(course) for _ in range(6)], shuffle_questions=True)
    made = print_forms(paper.public_id, 4, actor=actor)
    assert len({str(one.items) for one in made}) == 4
    before = [list(one.items) for one in made]
    set_parts(paper.public_id, [], actor=actor)
    assert [list(one.items) for one in forms_of(get_paper(actor, paper.public_id))] == before


def test_the_key_of_a_form_keyed_in_earns_everything(app: Flask) -> None:
    course, actor = coordinator()
    paper = make_paper(course, shuffle_questions=True)
    for made in print_forms(paper.public_id, 3, actor=actor):
        items = [Item.from_json(each) for each in made.items]
        versions = versions_of(each.version_id for each in items)
        for each in items:
            version = versions[each.version_id]
            kind = Kind(version.kind)
            if kind in {Kind.NUMERICAL, Kind.SHORT_ANSWER}:
                continue
            text = key_of(kind, version.body, each.order)
            assert from_pen(kind, version.body, each.order, text) == RIGHT[kind]


def test_annulling_needs_a_reason(app: Flask) -> None:
    course, actor = coordinator()
    paper = make_paper(course)
    made = print_forms(paper.public_id, 1, actor=actor)[0]
    with pytest.raises(Invalid):
        annul_form(paper.public_id, made.public_id, "  ", actor=actor)
    assert keys(forms_of(paper)) == [("101", False)]
