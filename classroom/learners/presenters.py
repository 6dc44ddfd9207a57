"""Learners as pages show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from classroom.learners.models import Learner
from classroom.learners.queries import birth_of
from classroom.learners.rules import mask_id_number, show_phone
from classroom.web.words.learners import AUDIENCE_WORDS, SEX_WORDS


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """A learner in a list; `hint` tells namesakes apart and is empty for everybody else."""

    public_id: str
    code: str
    name: str
    birth: str
    unit: str
    position: str
    phone: str
    audience: Any
    hint: str


def present_lines(learners: Sequence[Learner]) -> list[LearnerLine]:
    """Lines for a list, with what tells those of one name apart."""
    names = Counter(learner.sort_key for learner in learners)
    return [_line(learner, shares_name=names[learner.sort_key] > 1) for learner in learners]


def present_facts(learner: Learner, id_number: str = "") -> list[tuple[str, Any]]:
    """Name and value of everything known; `id_number` is the whole number where it may be shown."""
    return [
        (gettext("Learner code"), learner.code),
        (gettext("Date of birth"), str(birth_of(learner) or "")),
        (gettext("Sex"), SEX_WORDS.get(learner.sex, "")),
        (gettext("ID number"), id_number or mask_id_number(learner.id_number)),
        (gettext("Phone"), show_phone(learner.phone)),
        (gettext("E-mail"), learner.email),
        (gettext("Audience"), AUDIENCE_WORDS.get(learner.audience, "")),
        (gettext("Position"), learner.position),
        (gettext("Unit"), learner.unit),
        (gettext("Commune"), learner.commune),
        (gettext("Note"), learner.note),
    ]


def telling_apart(learner: Learner) -> str:
    """What tells a learner from a namesake: birth, the last digits of the ID number, the unit."""
    parts = [str(birth_of(learner) or "")]
    if learner.id_number:
        parts.append(gettext("ID number …%(digits)s", digits=learner.id_number[-4:]))
    return " · ".join(part for part in (*parts, learner.unit) if part)


def _line(learner: Learner, *, shares_name: bool) -> LearnerLine:
    return LearnerLine(
        public_id=learner.public_id,
        code=learner.code,
        name=learner.name,
        birth=str(birth_of(learner) or ""),
        unit=learner.unit,
        position=learner.position,
        phone=show_phone(learner.phone),
        audience=AUDIENCE_WORDS.get(learner.audience, ""),
        hint=telling_apart(learner) if shares_name else "",
    )
