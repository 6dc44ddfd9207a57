"""What a record and a learner have in common, what speaks against them being one, and what that may do. Pure.

The table of docs/algorithms/matching.md, line by line: only safe evidence links by itself.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.online.rules.faces import (
    Births,
    Face,
    Names,
    Numbers,
    Rarity,
    compare_births,
    compare_names,
    compare_numbers,
)


class Doubt(enum.StrEnum):
    """Why the machine does not link by itself, in the order in which cases are quick to decide."""

    NUMBER_SLIP = "number_slip"
    NAME_BIRTH = "name_birth"
    OLD_NUMBER = "old_number"
    ODD_NUMBER = "odd_number"
    SECOND_ACCOUNT = "second_account"
    NUMBER_OTHER_NAME = "number_other_name"
    ACCOUNT = "account"
    CONTACT = "contact"
    SIMILAR = "similar"
    SEVERAL = "several"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be done: `how` links by itself, `doubt` asks a person, neither is nothing at all.

    `never`: two citizen numbers say that these are two people.
    """

    how: str = ""
    doubt: Doubt | None = None
    never: bool = False
    score: int = 0
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether the names agree, marks and order aside."""
        return not {Names.EQUAL, Names.ORDER, Names.MARKS}.isdisjoint(self.evidence)

    @property
    def numbered(self) -> bool:
        """Whether an ID number or an account of ours speaks for them."""
        return not {Numbers.SAME, Numbers.SAME_OLD, Numbers.SAME_ODD, "account"}.isdisjoint(self.evidence)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two faces side by side. Contacts are None where they cannot be compared."""

    names: Names
    numbers: Numbers
    births: Births
    phone: bool | None
    email: bool | None
    unit: bool | None
    #: Whether the account was issued by us to this learner, for this intake.
    account: bool = False
    #: Whether the learner has a phone that the record does not show.
    phone_hidden: bool = False
    rarity: float = 0.0

    @property
    def same_name(self) -> bool:
        """The folded names are equal, or one is the other with its given name in front."""
        return self.names in (Names.EQUAL, Names.ORDER)

    @property
    def name_may_be(self) -> bool:
        """The names are similar at least."""
        return self.names in (Names.EQUAL, Names.ORDER, Names.MARKS, Names.SIMILAR)


_LOOSE = 0.6
_STRICT = 0.8


def compare(record: Face, learner: Face, rarity: Rarity, *, account: bool = False) -> Compared:
    """Put a record beside a learner."""
    numbers = compare_numbers(record, learner)
    loose = numbers in (Numbers.SAME, Numbers.SAME_OLD) or account
    return Compared(
        names=compare_names(record, learner, rarity, _LOOSE if loose else _STRICT),
        numbers=numbers,
        births=compare_births(record, learner),
        phone=_same(record.phone, learner.phone),
        email=_same(record.email.casefold(), learner.email.casefold()),
        unit=_same(record.unit_fold, learner.unit_fold),
        account=account,
        phone_hidden=bool(learner.phone) and not record.phone,
        rarity=rarity.of_name(learner.name_fold),
    )


def judge(found: Compared) -> Verdict:
    """What this evidence may do."""
    evidence, against = _listed(found)
    how, doubt, never = _decided(found)
    return Verdict(how, doubt, never, _score(found), evidence, against)


def best(verdicts: Sequence[Verdict]) -> Verdict:
    """What several faces of one learner say together: another citizen number parts people, unless one is the same."""
    if any(one.never for one in verdicts) and not any(Numbers.SAME in one.evidence for one in verdicts):
        return next(one for one in verdicts if one.never)
    open_ones = [one for one in verdicts if not one.never] or list(verdicts)
    return max(open_ones, key=lambda one: (bool(one.how), one.doubt is not None, one.score))


def _decided(found: Compared) -> tuple[str, Doubt | None, bool]:
    if found.numbers is Numbers.OTHER:
        return ("", Doubt.ACCOUNT, False) if found.account else ("", None, True)
    if found.numbers is Numbers.SLIP and not found.account:
        return ("", Doubt.NUMBER_SLIP, False) if _all_else_agrees(found) else ("", None, True)
    if found.account:
        odd = found.numbers in (Numbers.SLIP, Numbers.OTHER_ODD)
        stranger = found.names is Names.OTHER and found.births is Births.OTHER
        return ("", Doubt.ACCOUNT, False) if odd or stranger else ("account", None, False)
    if found.numbers in (Numbers.SAME, Numbers.SAME_OLD, Numbers.SAME_ODD):
        how, doubt = _by_number(found)
        return how, doubt, False
    how, doubt = _by_contact(found) if found.phone or found.email else ("", _by_name(found))
    return how, doubt, False


def _all_else_agrees(found: Compared) -> bool:
    """Name and birth, and of phone, e-mail and unit at least one where any can be compared."""
    told = [one for one in (found.phone, found.email, found.unit) if one is not None]
    return found.same_name and found.births in (Births.SAME, Births.YEAR) and (any(told) or not told)


def _by_number(found: Compared) -> tuple[str, Doubt | None]:
    if not found.name_may_be:
        return "", Doubt.NUMBER_OTHER_NAME
    if found.numbers is Numbers.SAME:
        return "id_number", None
    if found.numbers is Numbers.SAME_OLD:  # old cards' numbers were given out by provinces, some of them twice
        sure = found.same_name and found.births is Births.SAME
        return ("id_number", None) if sure else ("", Doubt.OLD_NUMBER)
    return "", Doubt.ODD_NUMBER


def _by_contact(found: Compared) -> tuple[str, Doubt | None]:
    if not found.same_name or found.births is Births.OTHER:
        return "", Doubt.CONTACT
    if found.names is Names.ORDER and found.births is not Births.SAME:
        return "", Doubt.CONTACT
    if found.numbers is Numbers.OTHER_ODD:
        return "", Doubt.ODD_NUMBER
    if found.phone:
        return "phone", None
    # An address alone says less where a phone contradicts it, or is kept back that ought to be there.
    return ("", Doubt.NAME_BIRTH) if found.phone is False or found.phone_hidden else ("email", None)


def _by_name(found: Compared) -> Doubt | None:
    named = found.same_name or found.names is Names.MARKS
    if found.births is Births.SAME:
        if named:
            return Doubt.NAME_BIRTH
        return Doubt.SIMILAR if found.names is Names.SIMILAR else None
    rare = found.unit or found.rarity >= _STRICT
    if named and found.births is Births.YEAR and rare:
        return Doubt.NAME_BIRTH
    return Doubt.SIMILAR if named and found.births is Births.UNKNOWN and found.unit else None


def _listed(found: Compared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of what agrees, and of what does not."""
    agree = ["account"] if found.account else []
    differ: list[str] = []
    for code in (found.numbers, found.names, found.births):
        if code:
            (differ if code.startswith("other") else agree).append(str(code))
    for name, same in (("phone", found.phone), ("email", found.email), ("unit", found.unit)):
        if same is not None:
            (agree if same else differ).append(name if same else f"other_{name}")
    return tuple(agree), tuple(differ)


_POINTS: dict[str, float] = {
    "account": 60, Numbers.SAME: 60, Numbers.SAME_OLD: 45, Numbers.SAME_ODD: 30, Numbers.SLIP: 30, Numbers.OTHER: -60,
    Numbers.OTHER_ODD: -15, Names.EQUAL: 12, Names.ORDER: 11, Names.MARKS: 8, Names.SIMILAR: 4, Names.OTHER: -15,
    Births.SAME: 25, Births.YEAR: 12, Births.OTHER: -20, "phone": 25, "other_phone": -4, "email": 20,
    "other_email": -2, "unit": 8, "other_unit": -2,
}  # fmt: skip
#: What a name adds that nobody else of the population is likely to have.
_RARE_NAME = 15


def _score(found: Compared) -> int:
    agree, differ = _listed(found)
    points = sum(_POINTS[code] for code in (*agree, *differ))
    if found.name_may_be:
        points += _RARE_NAME * found.rarity
    return round(max(0.0, min(100.0, points)))


def _same(one: str, other: str) -> bool | None:
    return one == other if one and other else None
