"""Answers in words: what somebody answered, and what would have been right. For eyes that may see the key."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from classroom.exams.rules.kinds import Kind, choices, number_in

Lines = list[str]


def given_lines(kind: Kind, body: Mapping[str, Any], answer: Mapping[str, Any] | None) -> Lines:
    """An answer, one text of the Markdown subset a line; empty where nothing was answered."""
    return _GIVEN[kind](body, answer) if answer else []


def right_lines(kind: Kind, body: Mapping[str, Any]) -> Lines:
    """What earns everything, one text a line; of several accepted answers each is a line."""
    return _RIGHT[kind](body)


def _chosen(body: Mapping[str, Any], ids: list[str]) -> Lines:
    return [option["text"] for option in body["options"] if option["id"] in ids]


def _bool(value: bool) -> str:
    return str(_("True") if value else _("False"))


def _pairs(body: Mapping[str, Any], pairs: Mapping[str, str]) -> Lines:
    texts = choices(body)
    return [f"{pair['left']} → {texts.get(pairs[pair['id']], '')}" for pair in body["pairs"] if pair["id"] in pairs]


def _order(body: Mapping[str, Any], order: list[str]) -> Lines:
    texts = {item["id"]: item["text"] for item in body["items"]}
    return [f"({place}) {texts[each]}" for place, each in enumerate(order, 1)]


def _numbers(body: Mapping[str, Any]) -> Lines:
    return [_number(answer) for answer in body["answers"] if number_in(answer["percent"]) == 100]


def _number(answer: Mapping[str, str]) -> str:
    if "low" in answer:
        return str(_("from %(low)s to %(high)s", low=_comma(answer["low"]), high=_comma(answer["high"])))
    if not number_in(answer["tolerance"]):
        return _comma(answer["value"])
    return f"{_comma(answer['value'])} ± {_comma(answer['tolerance'])}"


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _own_pairs(body: Mapping[str, Any]) -> Lines:
    return [f"{pair['left']} → {pair['right']}" for pair in body["pairs"]]


_GIVEN: dict[Kind, Callable[[Mapping[str, Any], Mapping[str, Any]], Lines]] = {
    Kind.SINGLE: lambda body, answer: _chosen(body, [answer["choice"]]),
    Kind.MULTIPLE: lambda body, answer: _chosen(body, answer["choices"]),
    Kind.TRUE_FALSE: lambda body, answer: [_bool(answer["value"])],
    Kind.NUMERICAL: lambda body, answer: [answer["text"]],
    Kind.SHORT_ANSWER: lambda body, answer: [answer["text"]],
    Kind.MATCHING: lambda body, answer: _pairs(body, answer["pairs"]),
    Kind.ORDERING: lambda body, answer: _order(body, answer["order"]),
}
_RIGHT: dict[Kind, Callable[[Mapping[str, Any]], Lines]] = {
    Kind.SINGLE: lambda body: [option["text"] for option in body["options"] if option["right"]],
    Kind.MULTIPLE: lambda body: [option["text"] for option in body["options"] if option["right"]],
    Kind.TRUE_FALSE: lambda body: [_bool(body["right"])],
    Kind.NUMERICAL: _numbers,
    Kind.SHORT_ANSWER: lambda body: [each["text"] for each in body["answers"] if number_in(each["percent"]) == 100],
    Kind.MATCHING: _own_pairs,
    Kind.ORDERING: lambda body: _order(body, [item["id"] for item in body["items"]]),
}
