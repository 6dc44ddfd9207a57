"""How certificates are numbered: an organisation's pattern, checked, and spelled for a serial number. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from classroom.core.errors import Invalid

DEFAULT: Final = "{serial:5}/{year}/GCN-{org}"
LONGEST: Final = 80
#: The highest serial number that a pattern must be able to spell.
HIGHEST: Final = 9_999_999
_TOKEN: Final = re.compile(r"\{(?:(?P<serial>serial)(?::(?P<width>[1-9]))?|(?P<year>year)|(?P<org>org))\}")
#: What stands between: letters, digits, and what numbers of papers are parted by.
_BETWEEN: Final = re.compile(r"[\w/.\- ]*")


@dataclass(frozen=True, slots=True)
class Numbering:
    """A pattern with the organisation's abbreviation; `Numbering.checked` refuses what cannot work."""

    pattern: str
    organisation: str

    @classmethod
    def checked(cls, pattern: str, organisation: str) -> "Numbering":
        """The numbering for what was typed; raises Invalid `number.*`.

        The serial number begins anew each year, so that the year must stand in every number, and once.
        """
        made = cls(" ".join(pattern.split()), " ".join(organisation.split()))
        found = [token.group(0)[1:-1].partition(":")[0] for token in _TOKEN.finditer(made.pattern)]
        rest = _TOKEN.sub("", made.pattern)
        if "{" in rest or "}" in rest:
            raise Invalid("number.unknown_token")
        if not _BETWEEN.fullmatch(rest):
            raise Invalid("number.letters")
        if found.count("serial") != 1:
            raise Invalid("number.one_serial")
        if found.count("year") != 1:
            raise Invalid("number.one_year")
        if "org" in found and not made.organisation:
            raise Invalid("number.no_organisation")
        if not _BETWEEN.fullmatch(made.organisation):
            raise Invalid("number.organisation_letters")
        if len(made.spell(HIGHEST, 2099)) > LONGEST:
            raise Invalid("number.too_long", most=LONGEST)
        return made

    def spell(self, serial: int, year: int) -> str:
        """The number as it is printed, such as 00001/2026/GCN-SKHCN."""
        return _TOKEN.sub(lambda token: self._part(token, serial, year), self.pattern)

    def read(self, number: str) -> tuple[int, int] | None:
        """Year and serial number that this numbering would spell just so; None if it never would."""
        found = re.fullmatch(self._expression(), number)
        if found is None:
            return None
        year, serial = int(found["year"]), int(found["serial"])
        return (year, serial) if self.spell(serial, year) == number else None

    def clash(self, numbers: Iterable[str], last: Mapping[int, int]) -> str:
        """The first of the numbers given so far that this numbering would give once more, or "".

        `last` is the last serial number by year: whatever is not higher is never given again.
        """
        for number in numbers:
            read = self.read(number)
            if read is not None and read[1] > last.get(read[0], 0):
                return number
        return ""

    def _part(self, token: re.Match[str], serial: int, year: int) -> str:
        if token["serial"]:
            return str(serial).zfill(int(token["width"] or 1))
        return str(year) if token["year"] else self.organisation

    def _expression(self) -> str:
        made, place = "", 0
        for token in _TOKEN.finditer(self.pattern):
            made += re.escape(self.pattern[place : token.start()])
            if token["serial"]:
                made += r"(?P<serial>[0-9]+)"
            else:
                made += r"(?P<year>[0-9]{4})" if token["year"] else re.escape(self.organisation)
            place = token.end()
        return made + re.escape(self.pattern[place:])
