"""Batches: whom one is for, what should be looked at, how far it has come. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.errors import Invalid
from classroom.core.names import looks_all_caps

#: Lines, numbers and certificates written in one transaction, so that nobody else waits long.
CHUNK: Final = 500
#: Why a line gets no certificate. "by_hand" carries a reason in words.
LEFT_OUT: Final = ("by_hand", "revoked", "no_longer_passes", "merged", "certified", "not_living", "denied", "gone")
#: Those of them that stay until somebody takes the person in.
KEPT_OUT: Final = ("by_hand", "revoked")
#: Why a new certificate takes the place of another one.
REISSUE_KINDS: Final = ("facts", "lost", "damaged")
_DAYS_AHEAD: Final = 90
_YEARS_AGO: Final = 20
_RANK: Final = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a batch is for: everybody of the course, or of one class, intake or unit (folded); and in which order.

    `order` is "group" (classes, then intakes, names within) or "name".
    """

    class_id: int | None = None
    intake_id: int | None = None
    unit_fold: str = ""
    order: str = "group"

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {
            "class_id": self.class_id,
            "intake_id": self.intake_id,
            "unit_fold": self.unit_fold,
            "order": self.order,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Scope":
        """The scope of a batch."""
        return cls(kept.get("class_id"), kept.get("intake_id"), kept.get("unit_fold", ""), kept.get("order", "group"))


def problems_of(facts: PrintedFacts, *, both_ways: bool = False, revoked: bool = False) -> list[str]:
    """What should be looked at before this is printed; nothing of it forbids the certificate."""
    found = []
    if not facts.born:
        found.append("no_birth")
    elif len(facts.born) == 4:
        found.append("birth_year")
    if looks_all_caps(facts.name):
        found.append("capitals")
    if len(facts.name.split()) < 2 or any(c.isdigit() for c in facts.name):
        found.append("odd_name")
    if not facts.unit.strip():
        found.append("no_unit")
    if both_ways:
        found.append("class_and_intake")
    if revoked:
        found.append("revoked")
    return found


def left_out_anew(left_out: str, problems: str, *, revoked: bool) -> str:
    """Why somebody who passes is left out of a line that is written anew; "" for who gets a certificate.

    Whoever had a certificate of the course revoked is left out until taken in by hand; that is known of a line that is
    not left out and yet has "revoked" among its problems.
    """
    if left_out in KEPT_OUT:
        return left_out
    taken_in = left_out == "" and " revoked " in problems
    return "revoked" if revoked and not taken_in else ""


def kept_problems(codes: Iterable[str]) -> str:
    """The codes as a line keeps them."""
    text = " ".join(codes)
    return f" {text} " if text else ""


def check_decision(number: str, decided_on: date | None, issued_on: date | None, today: date) -> tuple[str, date, date]:
    """The decision by which certificates are issued, and the day of issue; raises Invalid `decision.*`."""
    number = " ".join(number.split())
    if not number:
        raise Invalid("decision.no_number")
    if len(number) > 60:
        raise Invalid("decision.long_number")
    if decided_on is None:
        raise Invalid("decision.no_date")
    if decided_on > today:
        raise Invalid("decision.in_future")
    if today.year - decided_on.year > _YEARS_AGO:  # as where "26" was typed for the year
        raise Invalid("decision.long_ago")
    issued_on = issued_on or decided_on
    if issued_on < decided_on:
        raise Invalid("decision.issued_before")
    if (issued_on - today).days > _DAYS_AHEAD:
        raise Invalid("decision.issued_late")
    return number, decided_on, issued_on


def result_of(explanation: Sequence[Mapping[str, Any]], path: str) -> str:
    """The test result as it shall be read, from the lines of an outcome; "" if no test was asked for.

    The line of a test says under `score` what is printed, such as "8,5/10"; that of the way taken goes before others.
    """
    scored = [line for line in explanation if line.get("met") and line.get("score")]
    chosen = next((line for line in scored if line.get("path") == path), scored[0] if scored else {})
    return str(chosen.get("score", ""))


def grouped_key(rank: int, sort_key: str) -> str:
    """The place in an annex that is grouped: the group's, then the name's."""
    return f"{rank:0{_RANK}d}|{sort_key}"[:800]


def name_key(line_key: str) -> str:
    """The name's key alone; no name has a bar in its key."""
    return line_key[_RANK + 1 :] if line_key[_RANK : _RANK + 1] == "|" else line_key


def spelled_day(text: str) -> str:
    """A day of PrintedFacts as people write it: 07/03/1985, or the year alone."""
    return "/".join(reversed(text.split("-"))) if text else ""
