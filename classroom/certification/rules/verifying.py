"""What the page of verification tells anybody: enough to compare with the paper, and no more than is on it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.designs import Design, shown_day


class Verdict(StrEnum):
    """What a certificate is at the moment."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    VOID = "void"
    UNKNOWN = "unknown"


_VERDICTS = {
    "issued": Verdict.VALID,
    "revoked": Verdict.REVOKED,
    "replaced": Verdict.REPLACED,
    "void": Verdict.VOID,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A certificate as the table has it, with the code of the one that replaces it."""

    code: str
    state: str
    number: str
    facts: Mapping[str, Any]
    design: Mapping[str, Any]
    organisation: str
    time_zone: str
    course: str
    issued_on: str
    erased: bool
    revoked_at: datetime | None
    revoke_reason: str
    replaced_at: datetime | None
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of one certificate; `facts` is None where nobody may be named."""

    verdict: Verdict
    number: str = ""
    organisation: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    course: str = ""
    issued_on: str = ""
    facts: PrintedFacts | None = None
    born: str = ""
    unit: str = ""
    period: str = ""
    result: str = ""
    decision: str = ""
    erased: bool = False
    revoked_at: datetime | None = None
    reason: str = ""
    replaced_at: datetime | None = None
    replaced_by: str = ""


UNKNOWN = Shown(Verdict.UNKNOWN)


def shown(asked: Asked | None) -> Shown:
    """What anybody may know: birth and unit masked; of an erased person or a void number, nobody's name."""
    if asked is None:
        return UNKNOWN
    verdict = _VERDICTS[asked.state]
    plain: dict[str, Any] = {
        "verdict": verdict,
        "number": asked.number,
        "organisation": asked.organisation,
        "time_zone": asked.time_zone,
    }
    if verdict is Verdict.VOID:
        return Shown(**plain)
    standing: dict[str, Any] = {
        **plain,
        "course": asked.course,
        "issued_on": shown_day(asked.issued_on),
        "revoked_at": asked.revoked_at if verdict is Verdict.REVOKED else None,
        "replaced_at": asked.replaced_at if verdict is Verdict.REPLACED else None,
        "replaced_by": asked.replaced_by if verdict is Verdict.REPLACED else "",
        "erased": asked.erased,
    }
    if asked.erased:
        return Shown(**standing)
    facts, design = PrintedFacts.from_json(asked.facts), Design.from_json(asked.design)
    return Shown(
        **{**standing, "course": facts.course or asked.course},
        facts=facts,
        born=masked_born(facts.born) if design.show_born else "",
        unit=masked_unit(facts.unit) if design.show_unit else "",
        period=_joined(" – ", facts.starts_on, facts.ends_on),
        decision=_joined(", ", facts.decision_number, facts.decision_on),
        result=facts.result if design.show_result else "",
        reason=asked.revoke_reason if verdict is Verdict.REVOKED else "",
    )


def _joined(between: str, *parts: str) -> str:
    return between.join(shown_day(part) for part in parts if part)


def masked_born(born: str) -> str:
    """The year alone, in the shape of the day on the paper."""
    year = born[:4]
    if not (year.isascii() and year.isdigit()):
        return ""
    return f"••/••/{year}" if len(born) > len("1985") else year


def masked_unit(unit: str) -> str:
    """The first letter of each word: who holds the paper can compare, who does not learns no address."""
    words = "".join(c if c.isalnum() or unicodedata.category(c) == "Mn" else " " for c in unit).split()
    return " ".join(f"{word[0]}." for word in words)
