"""What an author types on the page of a question, kept as it was typed until it is a question."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from classroom.core.markup import clean
from classroom.exams.models import Question, QuestionVersion
from classroom.exams.rules.kinds import MOST_OPTIONS, OPTION_IDS, Content, Flaw, Kind, flaws, number_in

Row = dict[str, str]
#: For each kind its lists, with the parts of a row besides its id; a field is called `option-text`, once for each row.
LISTS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.SINGLE: {"option": ("text", "weight", "feedback")},
    Kind.MULTIPLE: {"option": ("text", "weight", "feedback")},
    Kind.TRUE_FALSE: {},
    Kind.NUMERICAL: {"answer": ("how", "one", "other", "percent")},
    Kind.SHORT_ANSWER: {"answer": ("text", "percent")},
    Kind.MATCHING: {"pair": ("left", "right"), "extra": ("text",)},
    Kind.ORDERING: {"item": ("text",)},
}
#: How many empty rows a new question starts with.
_FIRST_ROWS = {"option": 4, "answer": 1, "pair": 3, "extra": 1, "item": 4}
_DEFAULTS = {"percent": "100", "how": "value"}
_FIELDS = ("title", "text", "feedback", "course", "topic", "note", "number")
_SWITCHES = ("fixed_order", "diacritics", "case")
#: Room for mistakes that are then said, without room for a book.
_MOST_ROWS = MOST_OPTIONS + 5
_LONGEST = 20_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as it stands on the page: texts, rows, ids of what is ticked as right, switches."""

    kind: Kind
    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    right: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()

    @classmethod
    def empty(cls, kind: Kind, **fields: str) -> "Draft":
        """A new question."""
        draft = cls(kind, fields, switches=frozenset({"diacritics"}))
        for name in LISTS[kind]:
            for _ in range(_FIRST_ROWS[name]):
                draft = draft.with_row(name)
        return draft

    @classmethod
    def of(cls, question: Question, version: QuestionVersion) -> "Draft":
        """A version as its author would have typed it."""
        kind, body = Kind(version.kind), version.body
        return cls(
            kind,
            {
                "title": version.title,
                "text": version.text,
                "feedback": version.feedback,
                "course": question.course.public_id if question.course else "",
                "topic": question.topic.name if question.topic else "",
                "number": str(question.number),
            },
            _rows_of(kind, body),
            _right_of(kind, body),
            frozenset(name for name in _SWITCHES if body.get(name)),
        )

    @classmethod
    def from_form(cls, kind: Kind, form: MultiDict[str, str]) -> "Draft":
        """What was sent; rows come in the order in which they stood on the page."""
        rows = {}
        taken: set[str] = set()
        for name, parts in LISTS[kind].items():
            columns = {part: form.getlist(f"{name}-{part}") for part in parts}
            ids = form.getlist(f"{name}-id")[:_MOST_ROWS]
            rows[name] = [
                {"id": _own_id(given, taken), **{part: _at(column, place) for part, column in columns.items()}}
                for place, given in enumerate(ids)
            ]
        return cls(
            kind,
            {name: clean(form.get(name, "")[:_LONGEST]).strip() for name in _FIELDS},
            rows,
            frozenset(form.getlist("right")),
            frozenset(name for name in _SWITCHES if name in form),
        )

    @property
    def based_on(self) -> int | None:
        """The number of the version that the author started from."""
        number = self.fields.get("number", "")
        return int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else None

    def content(self) -> Content:
        """The question as it would be kept; it may have flaws. Rows that nobody touched are left out."""
        texts = {name: self.fields.get(name, "") for name in ("text", "title", "feedback")}
        body = _BODIES[self.kind](self)
        return Content(self.kind, texts["text"], body, " ".join(texts["title"].split()), texts["feedback"])

    def flaws(self) -> list[Flaw]:
        """What keeps the question from being asked."""
        return flaws(self.content())

    def changed(self, verb: str, about: str) -> "Draft":
        """After a button that works on rows: `add` a list, or `remove`, `up`, `down` a row as "list:place"."""
        name, _, place = about.partition(":")
        if name not in LISTS[self.kind]:
            return self
        if verb == "add":
            return self.with_row(name)
        rows = list(self.rows.get(name, ()))
        if not place.isascii() or not place.isdecimal() or int(place) >= len(rows):
            return self
        row = rows.pop(int(place))
        if verb in ("up", "down"):
            rows.insert(max(0, int(place) - 1) if verb == "up" else int(place) + 1, row)
        return replace(self, rows={**self.rows, name: rows})

    def with_row(self, name: str) -> "Draft":
        """With one more empty row, as long as there is room."""
        rows = list(self.rows.get(name, ()))
        if len(rows) >= MOST_OPTIONS:
            return self
        taken = {row["id"] for listed in self.rows.values() for row in listed}
        parts = {part: _DEFAULTS.get(part, "") for part in LISTS[self.kind][name]}
        return replace(self, rows={**self.rows, name: [*rows, {"id": _own_id("", taken), **parts}]})

    def on_top_of(self, number: int) -> "Draft":
        """Now meant to follow this version, too."""
        return replace(self, fields={**self.fields, "number": str(number)})

    def with_picture(self, words: str, public_id: str) -> "Draft":
        """With a picture at the end of the text."""
        shown = picture_mark(words, public_id)
        return replace(self, fields={**self.fields, "text": f"{self.fields.get('text', '')}\n\n{shown}".strip()})


def picture_mark(words: str, public_id: str) -> str:
    """How a picture is written into a text."""
    bare = " ".join(clean(words).split()).replace("[", "(").replace("]", ")").replace("\\", "/")[:200]
    return f"![{bare}](picture:{public_id})"


def _own_id(given: str, taken: set[str]) -> str:
    """The id that was sent, or a random free one: in the author's order they would tell what is right."""
    if not _ID.fullmatch(given) or given in taken:
        free = [letter for letter in OPTION_IDS if letter not in taken]
        given = secrets.choice(free) if free else f"x{len(taken)}"
    taken.add(given)
    return given


def _at(column: Sequence[str], place: int) -> str:
    return clean(column[place][:_LONGEST]).strip() if place < len(column) else ""


def _filled(draft: Draft, name: str) -> list[Row]:
    """Rows in which something stands, or that are ticked."""
    parts = [part for part in LISTS[draft.kind][name] if part not in _DEFAULTS]
    return [row for row in draft.rows.get(name, ()) if any(row[part] for part in parts) or row["id"] in draft.right]


def _number(typed: str) -> str:
    """A number as it is kept, with a point; what is none stays as typed, to be complained about."""
    number = number_in(typed)
    return typed if number is None else f"{number:f}"


def _options(draft: Draft) -> dict[str, Any]:
    rows = _filled(draft, "option")
    weighted = any(row["weight"] for row in rows)
    options = []
    for row in rows:
        option: dict[str, Any] = {"id": row["id"], "text": row["text"], "right": row["id"] in draft.right}
        if weighted:
            option["weight"] = _number(row["weight"])
        if row["feedback"]:
            option["feedback"] = row["feedback"]
        options.append(option)
    return {"options": options, **({"fixed_order": True} if "fixed_order" in draft.switches else {})}


def _true_false(draft: Draft) -> dict[str, Any]:
    chosen = draft.right & {"true", "false"}
    return {"right": "true" in chosen if len(chosen) == 1 else None}


def _numbers(draft: Draft) -> dict[str, Any]:
    answers = []
    for row in _filled(draft, "answer"):
        one, other = _number(row["one"]), _number(row["other"])
        both = {"low": one, "high": other} if row["how"] == "range" else {"value": one, "tolerance": other or "0"}
        answers.append({**both, "percent": _number(row["percent"])})
    return {"answers": answers}


def _words(draft: Draft) -> dict[str, Any]:
    answers = [{"text": row["text"], "percent": _number(row["percent"])} for row in _filled(draft, "answer")]
    return {"answers": answers, "diacritics": "diacritics" in draft.switches, "case": "case" in draft.switches}


def _pairs(draft: Draft) -> dict[str, Any]:
    pairs = [{"id": row["id"], "left": row["left"], "right": row["right"]} for row in _filled(draft, "pair")]
    return {"pairs": pairs, "extra": [{"id": row["id"], "text": row["text"]} for row in _filled(draft, "extra")]}


def _items(draft: Draft) -> dict[str, Any]:
    return {"items": [{"id": row["id"], "text": row["text"]} for row in _filled(draft, "item")]}


def _rows_of(kind: Kind, body: Mapping[str, Any]) -> dict[str, list[Row]]:
    rows = {}
    taken: set[str] = set()
    for name, parts in LISTS[kind].items():
        kept = body.get(name if name == "extra" else f"{name}s", ())
        rows[name] = [
            {"id": _own_id(str(each.get("id", "")), taken), **{part: _part(each, part) for part in parts}}
            for each in kept
        ]
    return rows


def _part(each: Mapping[str, Any], part: str) -> str:
    if part == "how":
        return "range" if "low" in each else "value"
    if part in ("one", "other"):
        names = ("low", "high") if "low" in each else ("value", "tolerance")
        return str(each.get(names[part == "other"], ""))
    return str(each.get(part) or "")


def _right_of(kind: Kind, body: Mapping[str, Any]) -> frozenset[str]:
    if kind is Kind.TRUE_FALSE:
        return frozenset({"true" if body["right"] else "false"})
    return frozenset(option["id"] for option in body.get("options", ()) if option["right"])


_BODIES: Mapping[Kind, Callable[[Draft], dict[str, Any]]] = {
    Kind.SINGLE: _options,
    Kind.MULTIPLE: _options,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numbers,
    Kind.SHORT_ANSWER: _words,
    Kind.MATCHING: _pairs,
    Kind.ORDERING: _items,
}
