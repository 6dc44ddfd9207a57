"""A question as a learner sees it. What is right never gets in here, so no page can give it away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from classroom.core.markup import plain, render, render_line
from classroom.exams.rules.kinds import Kind, shown_texts
from classroom.exams.rules.pens import letter

#: Choices longer than this are read better above the lists than within them.
LONGEST_IN_LIST = 40

#: The address of a picture by its public id.
PictureUrl = Callable[[str], str]


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
    """The question in this drawn order of its options."""
    return ShownQuestion(
        position,
        kind,
        render(text, picture_url),
        _options(shown_texts(kind, body), order, picture_url),
        _lefts(body, picture_url) if kind is Kind.MATCHING else (),
    )


def _lefts(body: Mapping[str, Any], picture_url: PictureUrl) -> tuple[ShownOption, ...]:
    texts = {pair["id"]: pair["left"] for pair in body["pairs"]}
    return _options(texts, list(texts), picture_url)


def _options(texts: Mapping[str, str], order: Sequence[str], picture_url: PictureUrl) -> tuple[ShownOption, ...]:
    return tuple(
        ShownOption(each, render_line(texts[each], picture_url), plain(texts[each]), letter(place))
        for place, each in enumerate(order)
    )
