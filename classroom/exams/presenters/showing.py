"""A question as a learner sees it. What is right never gets in here, so no page can give it away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from classroom.core.markup import picture_ids, plain, render, render_line
from classroom.exams.rules.kinds import Kind, shown_texts
from classroom.exams.rules.pens import letter

#: Choices longer than this are read better above the lists than within them.
LONGEST_IN_LIST = 40

#: The address of a picture by its public id.
PictureUrl = Callable[[str], str]
Texts = Sequence[tuple[str, str]]


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
    position: int, kind: Kind, text: str, body: Mapping[str, Any], order: Sequence[str], picture_url: PictureUrl
) -> ShownQuestion:
    """The question of this body in the drawn order of its options."""
    texts = shown_texts(kind, body)
    lefts = [(pair["id"], pair["left"]) for pair in body["pairs"]] if kind is Kind.MATCHING else ()
    return show_texts(position, kind, text, [(each, texts[each]) for each in order], lefts, picture_url)


def show_texts(
    position: int, kind: Kind, text: str, options: Texts, lefts: Texts, picture_url: PictureUrl
) -> ShownQuestion:
    """The question out of what is shown of it: pairs of id and text, in shown order."""
    return ShownQuestion(
        position,
        kind,
        _still(text) or render(text, picture_url),
        _shown(options, picture_url),
        _shown(lefts, picture_url),
    )


def _shown(texts: Texts, picture_url: PictureUrl) -> tuple[ShownOption, ...]:
    return tuple(
        ShownOption(each, _still_line(text) or render_line(text, picture_url), _words(text), letter(place))
        for place, (each, text) in enumerate(texts)
    )


@lru_cache(maxsize=2048)
def _still(text: str) -> Markup | None:
    """The HTML of a text without pictures, the same for every learner; None where there are pictures."""
    return None if picture_ids(text) else render(text, str)


@lru_cache(maxsize=4096)
def _still_line(text: str) -> Markup | None:
    return None if picture_ids(text) else render_line(text, str)


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return plain(text)
