"""Answers as one writes them by pen and keys them in: letters for options, numbers for places.

single `B` · multiple `AC` · true_false `Đ`, `S` (also T, F) · numerical and short_answer as written · matching `1C 2A
3B` or `CAB`, a dash where nothing is written · ordering `3124`: the place of each line, in printed order; with spaces
where there are ten lines or more. Spaces, commas and capitals do not matter.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from classroom.core.errors import Invalid
from classroom.core.names import fold
from classroom.exams.rules.answers import LONGEST_TYPED, Answer
from classroom.exams.rules.kinds import Kind, choices, number_in

YES, NO = "Đ", "S"
_YES = {"d", "dung", "t", "true"}
_NO = {"s", "sai", "f", "false"}
_BETWEEN = r"[\s,;.:)(/+&]*"
_PAIR = re.compile(rf"{_BETWEEN}(\d{{1,2}}){_BETWEEN}[-=>]*{_BETWEEN}([A-Z]){_BETWEEN}")

Body = Mapping[str, Any]


def letter(place: int) -> str:
    """A for the option shown first (0), Z for the 26th, then AA."""
    return chr(ord("A") + place) if place < 26 else letter(place // 26 - 1) + letter(place % 26)


def from_pen(kind: Kind, body: Body, order: Sequence[str], text: str) -> Answer | None:
    """The answer behind what was keyed in; None where nothing was written.

    `order` is that of the printed options. Raises Invalid `pen.*`, which says what was expected.
    """
    text = "".join(c if c.isprintable() else " " for c in text).strip()
    return _FROM[kind](body, order, text) if text else None


def to_pen(kind: Kind, body: Body, order: Sequence[str], answer: Answer | None) -> str:
    """How this answer is keyed in; "" for none."""
    return "" if answer is None else _TO[kind](body, order, answer)


def key_of(kind: Kind, body: Body, order: Sequence[str]) -> str:
    """What is right, for the sheet with the key: as it is keyed in, with part credit in brackets."""
    match kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            return _right_letters(body["options"], order, "" if kind is Kind.MULTIPLE else "; ")
        case Kind.TRUE_FALSE:
            return YES if body["right"] else NO
        case Kind.NUMERICAL | Kind.SHORT_ANSWER:
            return "; ".join(_accepted(each) + _share(each["percent"]) for each in body["answers"])
        case Kind.MATCHING:
            ids = {text: each for each, text in choices(body).items()}
            return to_pen(kind, body, order, {"pairs": {pair["id"]: ids[pair["right"]] for pair in body["pairs"]}})
        case Kind.ORDERING:
            return to_pen(kind, body, order, {"order": [item["id"] for item in body["items"]]})


def _right_letters(options: Sequence[Mapping[str, Any]], order: Sequence[str], between: str) -> str:
    by_id = {option["id"]: option for option in options}
    if not any(option.get("weight") is not None for option in options):
        return between.join(letter(place) for place, each in enumerate(order) if by_id[each]["right"])
    weights = [(letter(place), number_in(by_id[each].get("weight") or "0") or 0) for place, each in enumerate(order)]
    return "; ".join(name + _share(str(weight)) for name, weight in weights if weight > 0)


def _accepted(answer: Mapping[str, str]) -> str:
    if "text" in answer:
        return answer["text"]
    if "low" in answer:
        return f"{_comma(answer['low'])} đến {_comma(answer['high'])}"
    exact = number_in(answer["tolerance"]) == 0
    return _comma(answer["value"]) + ("" if exact else f" ± {_comma(answer['tolerance'])}")


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _share(percent: str) -> str:
    return "" if number_in(percent) == 100 else f" ({_comma(percent)} %)"


def _places(text: str) -> str:
    return re.sub(_BETWEEN, "", text.upper())


def _single(body: Body, order: Sequence[str], text: str) -> Answer:
    known = {letter(place): each for place, each in enumerate(order)}
    if _places(text) not in known:
        raise Invalid("pen.letter", last=letter(len(order) - 1))
    return {"choice": known[_places(text)]}


def _multiple(body: Body, order: Sequence[str], text: str) -> Answer:
    known = {letter(place): each for place, each in enumerate(order)}
    given = _places(text)
    if not given or len(set(given)) < len(given) or not set(given) <= set(known):
        raise Invalid("pen.letters", last=letter(len(order) - 1))
    return {"choices": [option["id"] for option in body["options"] if option["id"] in {known[one] for one in given}]}


def _true_false(body: Body, order: Sequence[str], text: str) -> Answer:
    given = fold(_places(text))
    if given not in _YES | _NO:
        raise Invalid("pen.true_false")
    return {"value": given in _YES}


def _number(body: Body, order: Sequence[str], text: str) -> Answer:
    if number_in(text) is None:
        raise Invalid("pen.number")
    return {"text": text}


def _words(body: Body, order: Sequence[str], text: str) -> Answer:
    if len(text) > LONGEST_TYPED:
        raise Invalid("pen.too_long", most=LONGEST_TYPED)
    return {"text": text}


def _matching(body: Body, order: Sequence[str], text: str) -> Answer | None:
    lefts = [pair["id"] for pair in body["pairs"]]
    known = {letter(place): each for place, each in enumerate(order)}
    expected = Invalid("pen.matching", count=len(lefts), last=letter(len(order) - 1))
    given = _numbered(text.upper()) if any(c.isdigit() for c in text) else _in_row(text, len(lefts))
    if given is None:
        raise expected
    if any(number not in range(1, len(lefts) + 1) or one not in known for number, one in given.items()):
        raise expected
    made = {lefts[number - 1]: known[one] for number, one in sorted(given.items())}
    return {"pairs": made} if made else None


def _numbered(text: str) -> dict[int, str] | None:
    """`1C 2A`; None where anything else stands between, or a number comes twice."""
    found = list(_PAIR.finditer(text))
    pairs = {int(one[1]): one[2] for one in found}
    whole = "".join(one[0] for one in found) == text
    return pairs if whole and len(pairs) == len(found) else None


def _in_row(text: str, count: int) -> dict[int, str] | None:
    """`CAB`, with a dash or underscore for a line left empty; None where they are not as many as the lines."""
    row = _places(text).replace("_", "-")
    return {n: one for n, one in enumerate(row, 1) if one != "-"} if len(row) == count else None


def _ordering(body: Body, order: Sequence[str], text: str) -> Answer:
    parts = re.findall(r"\d+", text)
    if len(parts) == 1 and len(order) < 10:
        parts = list(parts[0])
    rest = re.sub(rf"\d|-|{_BETWEEN}", "", text)
    wanted = [str(place) for place in range(1, len(order) + 1)]
    if rest or sorted(parts) != sorted(wanted):
        raise Invalid("pen.places", count=len(order))
    at = dict(zip(parts, order, strict=True))
    return {"order": [at[place] for place in wanted]}


def _matching_text(body: Body, order: Sequence[str], answer: Answer) -> str:
    lefts = {pair["id"]: number for number, pair in enumerate(body["pairs"], 1)}
    made = sorted((lefts[left], letter(order.index(right))) for left, right in answer["pairs"].items())
    return " ".join(f"{number}{one}" for number, one in made)


def _ordering_text(body: Body, order: Sequence[str], answer: Answer) -> str:
    places = [str(answer["order"].index(each) + 1) for each in order]
    return ("" if len(order) < 10 else " ").join(places)


_FROM: dict[Kind, Callable[[Body, Sequence[str], str], Answer | None]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _number,
    Kind.SHORT_ANSWER: _words,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
_TO: dict[Kind, Callable[[Body, Sequence[str], Answer], str]] = {
    Kind.SINGLE: lambda body, order, answer: letter(order.index(answer["choice"])),
    Kind.MULTIPLE: lambda body, order, answer: "".join(sorted(letter(order.index(one)) for one in answer["choices"])),
    Kind.TRUE_FALSE: lambda body, order, answer: YES if answer["value"] else NO,
    Kind.NUMERICAL: lambda body, order, answer: answer["text"].strip(),
    Kind.SHORT_ANSWER: lambda body, order, answer: answer["text"].strip(),
    Kind.MATCHING: _matching_text,
    Kind.ORDERING: _ordering_text,
}
