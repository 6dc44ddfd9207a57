"""Find what is left of a person in texts, and put a neutral word in its place.

Used when somebody is erased: a room says where it keeps texts, this says which of them speak of the person.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, false, or_, select, update
from sqlalchemy.orm import Session

from classroom.core.names import fold
from classroom.core.reasons import NEUTRAL

__all__ = ["GONE", "NEUTRAL", "Traces", "scrub_rows"]

#: What stands in place of a name or number within a text.
GONE = "[đã xóa]"
_SHORTEST_NAME = 4


@dataclass(frozen=True)
class Traces:
    """By what a person is known: names, phone numbers (+84…), and whatever else stands for one person alone."""

    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], phones: Iterable[str], exact: Iterable[str]) -> "Traces":
        """Leaves out what is empty, and names so short that they would be found in every text."""
        long = (name.strip() for name in names)
        return cls(
            frozenset(name for name in long if len(name) >= _SHORTEST_NAME and name != NEUTRAL),
            frozenset(filter(None, phones)),
            frozenset(filter(None, exact)),
        )

    def alone(self) -> "Traces":
        """What nobody else can have: families share phones and e-mail addresses, and namesakes names."""
        return Traces(exact=frozenset(text for text in self.exact if "@" not in text))

    def found_in(self, text: str) -> bool:
        """Whether the text speaks of the person, with or without diacritics, in whatever case."""
        return bool(self._pattern and self._pattern.search(_folded(text)[0]))

    def scrub(self, text: str) -> str:
        """The text with a neutral word for each name and number."""
        if self._pattern is None:
            return text
        folded, places = _folded(text)
        for hit in reversed(list(self._pattern.finditer(folded))):
            text = text[: places[hit.start()]] + GONE + text[places[hit.end() - 1] + 1 :]
        return text

    def scrub_value(self, value: Any) -> Any:
        """The same through everything that JSON can hold, keys included."""
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, list):
            return [self.scrub_value(one) for one in value]
        if isinstance(value, dict):
            return {self.scrub(str(key)): self.scrub_value(one) for key, one in value.items()}
        return value

    def mentions(self, column: Any) -> ColumnElement[bool]:
        """A condition that finds texts and JSON with a name or number as people and programs write them."""
        wanted = set(self.exact) | {form for phone in self.phones for form in _phone_forms(phone)}
        wanted |= {form for name in self.names for form in (name, name.upper(), name.lower(), fold(name))}
        spelt = wanted | {json.dumps(form)[1:-1] for form in wanted}
        text = cast(column, Text)
        return or_(false(), *(text.contains(form, autoescape=True) for form in sorted(spelt)))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        words = [r"\s+".join(re.escape(part) for part in fold(text).split()) for text in self.names | self.exact]
        numbers = [r"[\s.\-]*".join(phone.removeprefix("+84").removeprefix("0")) for phone in self.phones]
        parts = [rf"(?<!\w){text}(?!\w)" for text in sorted(filter(None, words), key=len, reverse=True)]
        parts += [rf"(?<!\d)(?:\+?84|0)?[\s.\-]*{number}(?!\d)" for number in sorted(filter(None, numbers))]
        return re.compile("|".join(parts)) if parts else None


def scrub_rows(
    session: Session,
    table: Any,
    columns: Sequence[str],
    traces: Traces,
    *where: ColumnElement[bool],
    all_rows: bool = False,
) -> int:
    """Scrub the columns (texts or JSON) of a table's rows; returns how many changed.

    The database looks for the usual spellings first; with `all_rows` every row that `where` names is read.
    """
    table = getattr(table, "__table__", table)
    own = [table.c[name] for name in columns]
    keys = list(table.primary_key)
    query = select(*keys, *own).where(*where)
    if not all_rows:
        query = query.where(or_(*(traces.mentions(column) for column in own)))
    changed = 0
    for row in session.execute(query).all():
        before = dict(zip(columns, row[len(keys) :], strict=True))
        after = {name: traces.scrub_value(value) for name, value in before.items()}
        if fresh := {name: value for name, value in after.items() if value != before[name]}:
            its = (column == value for column, value in zip(keys, row, strict=False))
            session.execute(update(table).where(*its).values(fresh))
            changed += 1
    return changed


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the one that it came from."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for bare in " " if char.isspace() else fold(char):
            chars.append(bare)
            places.append(place)
    return "".join(chars), places


def _phone_forms(phone: str) -> set[str]:
    bare = phone.removeprefix("+84").removeprefix("0")
    return {phone, bare, "0" + bare}
