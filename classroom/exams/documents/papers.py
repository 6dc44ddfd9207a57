"""Papers to be answered by pen, and the sheet with their key. Official papers speak Vietnamese."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from classroom.core import pdf
from classroom.core.letterhead import Letterhead
from classroom.core.markup import picture_ids, plain, to_typst_blocks, to_typst_runs
from classroom.exams.rules.kinds import Kind, shown_texts
from classroom.exams.rules.papers import spell_points
from classroom.exams.rules.pens import key_of, letter

#: Up to so many letters an option stands beside three others, beside one other.
_FOUR_IN_ROW, _TWO_IN_ROW = 14, 34
#: A key longer than this takes the whole width.
_NARROW_KEY = 24
_HINTS = {
    Kind.MULTIPLE: "(Có thể có nhiều phương án đúng.)",
    Kind.TRUE_FALSE: "(Ghi Đ nếu đúng, S nếu sai.)",
    Kind.NUMERICAL: "(Ghi một số.)",
    Kind.SHORT_ANSWER: "(Ghi câu trả lời ngắn.)",
    Kind.MATCHING: "(Với mỗi dòng đánh số, ghi chữ cái của nội dung tương ứng.)",
    Kind.ORDERING: "(Ghi số thứ tự đúng của từng dòng: 1 là trước tiên.)",
}
#: How one answers on the sheet, for the kinds that the paper has.
_HOW = {
    Kind.SINGLE: "câu chọn một phương án: ghi một chữ cái",
    Kind.MULTIPLE: "câu có nhiều phương án đúng: ghi mọi chữ cái đã chọn",
    Kind.TRUE_FALSE: "câu đúng/sai: ghi Đ hoặc S",
    Kind.NUMERICAL: "câu tính toán: ghi một số",
    Kind.SHORT_ANSWER: "câu trả lời ngắn: ghi câu trả lời",
    Kind.MATCHING: "câu ghép đôi: sau mỗi số ghi một chữ cái",
    Kind.ORDERING: "câu sắp xếp: sau mỗi chữ cái ghi số thứ tự",
}
#: More boxes than this fill a page in two columns.
_TWO_COLUMNS = 32
_BOX_WIDTHS = {Kind.SINGLE: 14, Kind.MULTIPLE: 34, Kind.TRUE_FALSE: 14}


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question of a printed form, with its options in printed order."""

    kind: Kind
    text: str
    body: Mapping[str, Any]
    order: Sequence[str]
    points: Decimal

    @property
    def pictures(self) -> set[str]:
        """The public ids of its pictures."""
        lefts = [pair["left"] for pair in self.body["pairs"]] if self.kind is Kind.MATCHING else []
        return picture_ids(self.text, *lefts, *shown_texts(self.kind, self.body).values())


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A printed form with what stands above it; `instructions` are Markdown."""

    code: str
    title: str
    course: str
    minutes: int
    instructions: str
    items: Sequence[FormItem]

    @property
    def pictures(self) -> set[str]:
        """The public ids of all pictures on it."""
        return picture_ids(self.instructions).union(*(item.pictures for item in self.items))

    @property
    def total(self) -> Decimal:
        """The points of the whole form."""
        return sum((item.points for item in self.items), Decimal())


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture of the bank; sides in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def paper_pdf(letterhead: Letterhead, form: FormFacts, pictures: Mapping[str, PictureFile]) -> bytes:
    """Đề kiểm tra with its answer sheet. Nothing of the key is in it."""
    names = {each: f"{each}.{file.media_type.rpartition('/')[2]}" for each, file in pictures.items()}
    alike = len({item.points for item in form.items}) == 1
    data = {
        "letterhead": letterhead.as_data(),
        "title": form.title,
        "course": form.course,
        "code": form.code,
        "minutes": form.minutes,
        "total": spell_points(form.total),
        "each": f"; mỗi câu {spell_points(form.items[0].points)} điểm" if alike else "",
        "instructions": to_typst_blocks(form.instructions),
        "how": _how(form.items),
        "columns": 3
        if len(form.items) > _TWO_COLUMNS and {item.kind for item in form.items} <= set(_BOX_WIDTHS)
        else 2,
        "items": [_item(number, item, alike=alike) for number, item in enumerate(form.items, 1)],
        "pictures": {
            each: {"file": names[each], "width": file.width, "height": file.height} for each, file in pictures.items()
        },
    }
    return pdf.render("test_paper", data, {names[each]: file.content for each, file in pictures.items()})


def key_pdf(letterhead: Letterhead, forms: Sequence[FormFacts]) -> bytes:
    """Đáp án: for each form a page with code, letters and points."""
    return pdf.render(
        "answer_key",
        {
            "letterhead": letterhead.as_data(),
            "title": forms[0].title,
            "course": forms[0].course,
            "pictures": {},
            "forms": [_key(form) for form in forms],
        },
    )


def _how(items: Sequence[FormItem]) -> str:
    kinds = {item.kind for item in items}
    said = "; ".join(words for kind, words in _HOW.items() if kind in kinds)
    return f"Cách ghi – {said}. Muốn sửa, gạch bỏ và ghi lại rõ ràng bên cạnh."


def _item(number: int, item: FormItem, *, alike: bool) -> dict[str, object]:
    texts = shown_texts(item.kind, item.body)
    shown = [texts[each] for each in item.order]
    lefts = [pair["left"] for pair in item.body["pairs"]] if item.kind is Kind.MATCHING else []
    boxes = [str(n) for n in range(1, len(lefts) + 1)]
    if item.kind is Kind.ORDERING:
        boxes = [letter(place) for place in range(len(shown))]
    return {
        "number": number,
        "opening": f"Câu {number}." if alike else f"Câu {number} ({spell_points(item.points)} điểm).",
        "hint": _HINTS.get(item.kind, ""),
        "blocks": to_typst_blocks(item.text),
        "options": [{"letter": letter(place), "runs": to_typst_runs(text)} for place, text in enumerate(shown)],
        "lefts": [{"letter": str(n), "runs": to_typst_runs(text)} for n, text in enumerate(lefts, 1)],
        "columns": 1 if item.kind is Kind.ORDERING else _columns(shown),
        "boxes": boxes,
        "wide": item.kind in {Kind.NUMERICAL, Kind.SHORT_ANSWER},
        "width": _BOX_WIDTHS.get(item.kind, 0),
    }


def _columns(texts: Sequence[str]) -> int:
    if any(picture_ids(text) or "\n" in text for text in texts):
        return 1
    longest = max((len(plain(text)) for text in texts), default=0)
    return 4 if longest <= _FOUR_IN_ROW else 2 if longest <= _TWO_IN_ROW else 1


def _key(form: FormFacts) -> dict[str, object]:
    keys = [key_of(item.kind, item.body, item.order) for item in form.items]
    return {
        "code": form.code,
        "total": spell_points(form.total),
        "narrow": len(keys) > 1 and all(len(key) <= _NARROW_KEY for key in keys),
        "items": [
            {"number": number, "key": key, "points": spell_points(item.points)}
            for number, (key, item) in enumerate(zip(keys, form.items, strict=True), 1)
        ],
    }
