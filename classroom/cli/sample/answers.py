"""What somebody of some skill answers to a question of the sample's bank."""

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from classroom.cli.sample.questions import MISTAKEN, TRULY_RIGHT, Asked
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.kinds import Kind

#: The share of those who do not know that leaves the place empty.
_EMPTY = 0.08


def answer(asked: Asked, skill: float, random: Random) -> Answer | None:
    """Right for who knows, which is likelier with skill (0 is middling) and with an easy question."""
    knows = random.random() < 1 / (1 + math.exp(-1.7 * (skill - asked.hard)))
    if not knows and random.random() < _EMPTY:
        return None
    body = asked.content.body
    if asked.content.title == MISTAKEN:
        body = {"options": [{**option, "right": option["id"] == TRULY_RIGHT} for option in body["options"]]}
    return _ANSWERS[asked.content.kind](body, knows, random)


def _single(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    return {"choice": random.choice([option["id"] for option in body["options"] if option["right"] is knows])}


def _multiple(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    """Who does not know takes one for right that is not, and one not that is."""
    chosen = {option["id"] for option in body["options"] if option["right"]}
    if not knows:
        chosen ^= {random.choice([option["id"] for option in body["options"]]), body["options"][-1]["id"]}
    return {"choices": sorted(chosen)}


def _true_false(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    guessed = random.random() < 0.4
    return {"value": body["right"] if knows or guessed else not body["right"]}


def _numerical(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    right = int(body["answers"][0]["value"])
    return {"text": str(right if knows else right + random.choice([-10, 10, 50]))}


def _short_answer(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    return {"text": random.choice(body["answers"])["text"] if knows else random.choice(["ba", "một", "không biết"])}


def _matching(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    pairs = {pair["id"]: pair["id"] for pair in body["pairs"]}
    if not knows:
        one, other = random.sample(list(pairs), 2)
        pairs[one], pairs[other] = pairs[other], pairs[one]
    return {"pairs": pairs}


def _ordering(body: Mapping[str, Any], knows: bool, random: Random) -> Answer:
    order = [item["id"] for item in body["items"]]
    if not knows:
        place = random.randrange(len(order) - 1)
        order[place], order[place + 1] = order[place + 1], order[place]
    return {"order": order}


_ANSWERS: dict[Kind, Callable[[Mapping[str, Any], bool, Random], Answer]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numerical,
    Kind.SHORT_ANSWER: _short_answer,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
