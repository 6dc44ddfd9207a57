"""One row of an export as it was read, and what it makes of what is known of its account."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from classroom.sessions.rules.roster import Problem


class Effect(enum.StrEnum):
    """What a row does to the record of its account."""

    NEW = "new"
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    SAME = "same"
    OLDER = "older"
    RETRACTED = "retracted"
    SKIPPED = "skipped"


#: Effects that change a record, and that an undo has to take back.
CHANGING = (Effect.NEW, Effect.BETTER, Effect.WORSE, Effect.OTHER)


@dataclass(frozen=True, slots=True)
class Result:
    """How far an account came: per cent of what can be reached, and the platform's own verdict."""

    completed_at: datetime | None = None
    progress: Decimal | None = None
    score: Decimal | None = None
    said: str = ""

    @property
    def rank(self) -> tuple[bool, Decimal, Decimal]:
        """Better results compare higher: finished before unfinished, then the score, then the progress."""
        none = Decimal(-1)
        return (
            self.completed_at is not None,
            none if self.score is None else self.score,
            none if self.progress is None else self.progress,
        )

    def passed(self, mark: Decimal) -> bool:
        """Whether score and completion say so by themselves."""
        unfinished = self.completed_at is None and self.progress is not None and self.progress < 100
        return self.score is not None and self.score >= mark and not unfinished


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One account as a file has it; `number` counts the rows of the sheet from 1."""

    number: int
    account: str = ""
    name: str = ""
    born_on: date | None = None
    birth_year: int | None = None
    id_number: str = ""
    phone: str = ""
    email: str = ""
    unit: str = ""
    issued_on: date | None = None
    result: Result = field(default_factory=Result)
    retracted: str = ""
    problems: tuple[Problem, ...] = ()
    #: Why it does not count: an error, or another row of the same account.
    left_out: bool = False

    @property
    def key(self) -> str:
        """By what accounts are compared; one that grows too long when it is casefolded is left out anyway."""
        return self.account.casefold()[:120]

    def particulars(self) -> dict[str, Any]:
        """What the platform says about the person, by the columns of a record."""
        return dict(zip(PARTICULARS, _PARTICULARS_OF(self), strict=True))

    def to_json(self) -> dict[str, Any]:
        """What is kept of it beside the record."""
        held = self.result
        said = {
            "name": self.name,
            "born_on": as_json(self.born_on),
            "birth_year": self.birth_year,
            "id_number": self.id_number,
            "phone": self.phone,
            "email": self.email,
            "unit": self.unit,
            "issued_on": as_json(self.issued_on),
            "account": self.account,
            "completed_at": as_json(held.completed_at),
            "progress": as_json(held.progress),
            "score": as_json(held.score),
            "said": held.said,
            "retracted": self.retracted,
        }
        return {name: value for name, value in said.items() if value is not None and value != ""}

    def without(self, *problems: Problem) -> "ReadRow":
        """The row, left out for these reasons."""
        return replace(self, problems=(*self.problems, *problems), left_out=True)


#: What a platform says about the person, as columns of a record.
PARTICULARS = ("name", "born_on", "birth_year", "id_number", "phone", "email", "unit")
RESULT = ("completed_at", "progress", "score", "said")
_PARTICULARS_OF = attrgetter(*PARTICULARS)


@dataclass(frozen=True, slots=True)
class Known:
    """The record of an account as it stands."""

    key: int
    account: str
    particulars: Mapping[str, Any]
    issued_on: date | None
    result: Result
    taken_at: datetime
    row_id: int | None
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a record. `own_row` says that the new row's result stands in it from now on."""

    effect: Effect
    particulars: Mapping[str, Any] = field(default_factory=dict)
    issued_on: date | None = None
    result: Result = field(default_factory=Result)
    taken_at: datetime | None = None
    own_row: bool = False
    #: Whether anything at all is written, be it only that a newer snapshot says the same.
    writes: bool = False


def judge(row: ReadRow, known: Known | None, *, taken_at: datetime, keeps: str) -> Verdict:
    """Decide what a row does to the record of its account; `keeps` is "best" or "latest".

    An older snapshot takes nothing back: of it counts what nothing newer says and, where the best is kept, a better
    result or an earlier completion, so that the order in which files arrive does not matter. What a newer one does not
    say stays as it was.
    """
    if row.left_out:
        return Verdict(Effect.SKIPPED)
    if row.retracted:
        return Verdict(Effect.RETRACTED)
    if known is None:
        return Verdict(Effect.NEW, row.particulars(), row.issued_on, row.result, taken_at, own_row=True, writes=True)
    newer = taken_at >= known.taken_at
    result, effect, own = (_best if keeps == "best" else _latest)(row.result, known.result, newer=newer)
    particulars = (_newer_person if newer else _older_person)(row, known.particulars)
    issued_on = (row.issued_on or known.issued_on) if newer else (known.issued_on or row.issued_on)
    if effect is Effect.SAME and (particulars != known.particulars or issued_on != known.issued_on):
        effect = Effect.OTHER
    if effect is Effect.SAME and not newer:
        effect = Effect.OLDER
    latest = max(taken_at, known.taken_at)
    writes = result is not known.result or effect is Effect.OTHER or latest != known.taken_at
    return Verdict(effect, particulars, issued_on, result, latest, own_row=own, writes=writes)


def _best(new: Result, old: Result, *, newer: bool) -> tuple[Result, Effect, bool]:
    """The better of both, with the earlier completion; what that does, and whether the new row says it."""
    mine, theirs = new.rank, old.rank
    first, said = old.completed_at if _earlier(old, new) else new.completed_at or old.completed_at, old.said
    if mine > theirs:
        return replace(new, completed_at=first), Effect.BETTER, True
    if mine == theirs:
        said = (new.said or old.said) if newer else (old.said or new.said)
    moved = first != old.completed_at
    kept = replace(old, completed_at=first, said=said) if moved or said != old.said else old
    if mine < theirs:
        return kept, Effect.WORSE if newer else Effect.OTHER if moved else Effect.SAME, False
    if kept is old:
        return old, Effect.SAME, False
    return kept, Effect.BETTER if moved else Effect.OTHER, moved or newer


def _latest(new: Result, old: Result, *, newer: bool) -> tuple[Result, Effect, bool]:
    """The newer of both as it stands; what that does, and whether the new row says it."""
    if not newer:
        fills = new.said and not old.said and new.rank == old.rank
        return (replace(old, said=new.said), Effect.OTHER, False) if fills else (old, Effect.SAME, False)
    if new.rank != old.rank:
        return new, Effect.BETTER if new.rank > old.rank else Effect.WORSE, True
    said = new.said or old.said
    if (new.completed_at, said) == (old.completed_at, old.said):
        return old, Effect.SAME, False
    return replace(new, said=said), Effect.BETTER if _earlier(new, old) else Effect.OTHER, True


def _earlier(one: Result, other: Result) -> bool:
    return bool(one.completed_at and other.completed_at and one.completed_at < other.completed_at)


def _newer_person(row: ReadRow, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the row says, and beside it what it does not."""
    said = {name: value for name, value in row.particulars().items() if value not in (None, "")}
    if "birth_year" in said and "born_on" not in said and said["birth_year"] != known["birth_year"]:
        said["born_on"] = None
    return {**known, **said}


def _older_person(row: ReadRow, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known, and what the row says of the rest; a date of birth only of the year that is known."""
    said = {name: value for name, value in row.particulars().items() if known[name] in (None, "")}
    if known["birth_year"] not in (None, row.birth_year):
        said.pop("born_on", None)
    return {**known, **said}


def as_json(value: Any) -> Any:
    """Days, instants and decimals as text; everything else as it is."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


#: How `as_json` is undone, by the columns of a record.
_BACK: Mapping[str, Callable[[str], Any]] = {
    "born_on": date.fromisoformat,
    "issued_on": date.fromisoformat,
    "completed_at": datetime.fromisoformat,
    "taken_at": datetime.fromisoformat,
    "progress": Decimal,
    "score": Decimal,
}


def from_json(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that `as_json` made fit to be kept."""
    return {name: _BACK[name](value) if value is not None and name in _BACK else value for name, value in kept.items()}
