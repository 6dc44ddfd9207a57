"""Answers: what a device may send for a question, by kind; None means that nothing is answered.

single `{"choice": id}` · multiple `{"choices": [ids]}` · true_false `{"value": true}` · numerical, short_answer
`{"text": …}` as typed · matching `{"pairs": {id on the left: id on the right}}` · ordering `{"order": [all ids]}`
"""

from collections.abc import Callable, Mapping
from typing import Any

from classroom.core.errors import Invalid
from classroom.exams.rules.kinds import Kind, choices, option_ids

LONGEST_TYPED = 500

Answer = dict[str, Any]


def clean_answer(kind: Kind, body: Mapping[str, Any], raw: object) -> Answer | None:
    """The answer in the one form in which it is kept; raises Invalid `answer.shape` for anything else."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise Invalid("answer.shape")
    return _CLEAN[kind](body, raw)


def _single(body: Mapping[str, Any], raw: Mapping[str, Any]) -> Answer | None:
    choice = raw.get("choice")
    if choice is None:
        return None
    return {"choice": _known(choice, option_ids(Kind.SINGLE, body))}


def _multiple(body: Mapping[str, Any], raw: Mapping[str, Any]) -> Answer | None:
    chosen, ids = raw.get("choices"), option_ids(Kind.MULTIPLE, body)
    if not isinstance(chosen, list):
        raise Invalid("answer.shape")
    known = {_known(each, ids) for each in chosen}
    return {"choices": [each for each in ids if each in known]} if known else None


def _true_false(body: Mapping[str, Any], raw: Mapping[str, Any]) -> Answer | None:
    value = raw.get("value")
    if value is not None and not isinstance(value, bool):
        raise Invalid("answer.shape")
    return None if value is None else {"value": value}


def _typed(body: Mapping[str, Any], raw: Mapping[str, Any]) -> Answer | None:
    text = raw.get("text")
    if not isinstance(text, str) or len(text) > LONGEST_TYPED or "\0" in text or not _encodes(text):
        raise Invalid("answer.shape")
    return {"text": text} if text.strip() else None


def _matching(body: Mapping[str, Any], raw: Mapping[str, Any]) -> Answer | None:
    pairs = raw.get("pairs")
    if not isinstance(pairs, Mapping):
        raise Invalid("answer.shape")
    lefts, rights = [pair["id"] for pair in body["pairs"]], list(choices(body))
    made = {_known(left, lefts): _known(right, rights) for left, right in pairs.items() if right is not None}
    return {"pairs": {left: made[left] for left in lefts if left in made}} if made else None


def _ordering(body: Mapping[str, Any], raw: Mapping[str, Any]) -> Answer | None:
    order, ids = raw.get("order"), option_ids(Kind.ORDERING, body)
    if not isinstance(order, list) or any(not isinstance(each, str) for each in order) or sorted(order) != sorted(ids):
        raise Invalid("answer.shape")
    return {"order": order}


def _known(value: object, ids: list[str]) -> str:
    if not isinstance(value, str) or value not in ids:
        raise Invalid("answer.shape")
    return value


def _encodes(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


_CLEAN: dict[Kind, Callable[[Mapping[str, Any], Mapping[str, Any]], Answer | None]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _typed,
    Kind.SHORT_ANSWER: _typed,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
