"""A question as a learner sees it. What is right never gets in here, so no page can give it away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from classroom.exams.rules.kinds import Kind, choices
from classroom.exams.rules.pens import letter

#: Choices longer than this are read better above the lists than within them.
LONGEST_IN_LIST = 40

Render = Callable[[str], Markup]
#: Ids and texts, in shown order.
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownOption:
    """Something to choose: an option, a choice to match, a thing to put in order."""

    id: str
    html: Markup
    plain: str
    letter: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question for `exam/_question.html`; `position` counts from 0 and names the fields."""

    position: int
    kind: Kind
    html: Markup
    options: tuple[ShownOption, ...] = ()
    #: The left sides of a matching question, in the author's order.
    lefts: tuple[ShownOption, ...] = ()

    @property
    def lists_choices(self) -> bool:
        """Whether choices to match stand in full above the lists, which then hold letters."""
        return any(len(each.plain) > LONGEST_IN_LIST or "<img" in each.html for each in self.options)


def show_question(
    position: int, kind: Kind, text: str, body: Mapping[str, Any], order: Sequence[str], render: Render
) -> ShownQuestion:
    """The question in this drawn order of its options; `render` makes HTML of an author's text."""
    return ShownQuestion(
        position,
        kind,
        render(text),
        _options(_texts(kind, body), order, render),
        _lefts(body, render) if kind is Kind.MATCHING else (),
    )


def show_drawn(
    position: int, kind: Kind, text: str, options: Pairs, lefts: Pairs, render: Render
) -> ShownQuestion:
    """The question of an attempt, whose options come in shown order as pairs (id, text)."""
    return ShownQuestion(position, kind, render(text), _in_order(options, render), _in_order(lefts, render))


def _texts(kind: Kind, body: Mapping[str, Any]) -> dict[str, str]:
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        return {option["id"]: option["text"] for option in body["options"]}
    if kind is Kind.MATCHING:
        return choices(body)
    return {item["id"]: item["text"] for item in body["items"]} if kind is Kind.ORDERING else {}


def _lefts(body: Mapping[str, Any], render: Render) -> tuple[ShownOption, ...]:
    return _options(
        {pair["id"]: pair["left"] for pair in body["pairs"]}, [pair["id"] for pair in body["pairs"]], render
    )


def _options(texts: Mapping[str, str], order: Sequence[str], render: Render) -> tuple[ShownOption, ...]:
    return _in_order([(each, texts[each]) for each in order], render)


def _in_order(pairs: Pairs, render: Render) -> tuple[ShownOption, ...]:
    shown = []
    for place, (each, text) in enumerate(pairs):
        html = render(text)
        shown.append(ShownOption(each, html, " ".join(html.striptags().split()), letter(place)))
    return tuple(shown)
