"""Kinds of questions: how each is worded, and what may be decided about it. Rooms bring their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from classroom.core.actor import Actor
from classroom.core.errors import Invalid

#: How long a page offers to take a decision back, and how long a slow connection may take to ask for it.
UNDO_OFFERED = timedelta(seconds=10)
UNDO_ACCEPTED = timedelta(seconds=30)

Facts = Mapping[str, Any]
#: Does what was decided, given the question's facts; what it answers (JSON) is kept for taking it back.
CarryOut = Callable[[Facts, Actor], Facts]
#: Undoes it, given the facts and what `CarryOut` answered; raises Refusal when something followed.
TakeBack = Callable[[Facts, Facts, Actor], None]
#: Says in the reader's language what came of it, given the same.
Tell = Callable[[Facts, Facts], str]


#: Under this name a decided question's facts hold what `CarryOut` answered.
DONE = "done"


def nothing_to_do(_facts: Facts, _actor: Actor) -> Facts:
    """A decision that only takes the question off the list."""
    return {}


def nothing_to_undo(_facts: Facts, _done: Facts, _actor: Actor) -> None:
    """The way back from it."""


def nothing_to_tell(_facts: Facts, _done: Facts) -> str:
    """What it brought about is what its name says."""
    return ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer to a question; `label` is the verb on its button, `tell` says what more came of it than that."""

    name: str
    label: Any
    carry_out: CarryOut = nothing_to_do
    take_back: TakeBack = nothing_to_undo
    tell: Tell = nothing_to_tell
    tone: str = "plain"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a page on which a question can be settled, too."""

    endpoint: str
    values: Mapping[str, str]
    link: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in words: what is asked, what more is known, where to look, and what else may be done about it."""

    title: str
    note: str = ""
    endpoint: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question. `word` gets the facts of all open ones at once, and answers in the same order."""

    name: str
    title: Any
    word: Callable[[Sequence[Facts]], Sequence[Wording]]
    decisions: tuple[Decision, ...]

    def decision(self, name: str) -> Decision:
        """The decision of this name; raises Invalid for one that this kind does not know."""
        for one in self.decisions:
            if one.name == name:
                return one
        raise Invalid("inbox.unknown_decision")


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known; the latest definition stands."""
    _KINDS[kind.name] = kind


def kind_of(name: str) -> Kind:
    """The kind of this name; raises KeyError when its room was never opened."""
    return _KINDS[name]


def known_kinds() -> list[str]:
    """Names of all kinds, in the order in which they were made known."""
    return list(_KINDS)
