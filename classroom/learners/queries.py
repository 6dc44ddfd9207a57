"""Read learners, in the scope of an organisation."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import clean_name, fold
from classroom.learners.models import ErasureRequest, Learner, LearnerMerge
from classroom.learners.rules import Birth, LearnerFacts, normalise_learner_code, parse_phone

_FEWEST_DIGITS = 4
_GONE = Learner.__table__.alias("gone")


def find_learner(organisation_id: int, public_id: str) -> Learner | None:
    """A living learner, or None."""
    return db.session.scalar(_living(organisation_id).where(Learner.public_id == public_id))


def get_learner(organisation_id: int, public_id: str) -> Learner:
    """A living learner; raises NotFound for those of other organisations too."""
    found = find_learner(organisation_id, public_id)
    if found is None:
        raise NotFound
    return found


def find_by_id_number(organisation_id: int, id_number: str) -> Learner | None:
    """The one living learner with this ID number, else the one of whom its holder became part, or None."""
    if not id_number:
        return None
    own = db.session.scalar(_living(organisation_id).where(Learner.id_number == id_number))
    if own is not None:
        return own
    gone = merged_from(organisation_id, _GONE.c.id_number == id_number)
    found = db.session.scalars(select(Learner).where(Learner.id.in_(gone), Learner.annulled_at.is_(None))).all()
    return found[0] if len(found) == 1 else None  # a number that two had names nobody for certain


def merged_from(organisation_id: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The keys of those into whom such learners (of the alias "gone") were merged; a merge leaves no chains."""
    return select(_GONE.c.merged_into_id).where(
        _GONE.c.organisation_id == organisation_id, _GONE.c.merged_into_id.is_not(None), *conditions
    )


def names_of(public_ids: Collection[str]) -> dict[str, str]:
    """Names by public id; whose questions these are was decided before."""
    rows = db.session.execute(select(Learner.public_id, Learner.name).where(Learner.public_id.in_(public_ids)))
    return {row[0]: row[1] for row in rows}


def merges_of(learner: Learner) -> Sequence[Row[Any]]:
    """How the learner was merged and split, as either side: merge, the kept one, the gone one; the latest first."""
    kept, gone = aliased(Learner), aliased(Learner)
    return db.session.execute(
        select(LearnerMerge, kept, gone)
        .join(kept, kept.id == LearnerMerge.kept_id)
        .join(gone, gone.id == LearnerMerge.gone_id)
        .where(or_(LearnerMerge.kept_id == learner.id, LearnerMerge.gone_id == learner.id))
        .order_by(LearnerMerge.id.desc())
    ).all()


def find_merged(organisation_id: int, public_id: str) -> Learner | None:
    """A learner who is now part of another one, or None."""
    return db.session.scalar(
        select(Learner).where(
            Learner.organisation_id == organisation_id,
            Learner.public_id == public_id,
            Learner.merged_into_id.is_not(None),
        )
    )


def one_person(learner_id: int) -> list[int]:
    """The keys of a learner and of all who became part of this one."""
    found, fresh = {learner_id}, {learner_id}
    while fresh:
        fresh = set(db.session.scalars(select(Learner.id).where(Learner.merged_into_id.in_(fresh)))) - found
        found |= fresh
    return sorted(found)


def find_erased(organisation_id: int, public_id: str) -> Learner | None:
    """A learner of whom only numbers are left, or None."""
    query = select(Learner).where(Learner.organisation_id == organisation_id, Learner.public_id == public_id)
    return db.session.scalar(query.where(Learner.erased_at.is_not(None)))


def erasures(organisation_id: int, *, decided: bool = False) -> Sequence[ErasureRequest]:
    """Requests to be erased that wait, the most urgent first; or those decided, the latest first."""
    query = select(ErasureRequest).where(ErasureRequest.organisation_id == organisation_id)
    query = query.options(joinedload(ErasureRequest.learner))
    if decided:
        query = query.where(ErasureRequest.state != "open").order_by(ErasureRequest.decided_at.desc()).limit(200)
    else:
        query = query.where(ErasureRequest.state == "open").order_by(ErasureRequest.due_on, ErasureRequest.id)
    return db.session.scalars(query).all()


def find_open_erasure(learner_id: int) -> ErasureRequest | None:
    """The request about a learner that waits, or None."""
    return db.session.scalar(
        select(ErasureRequest).where(ErasureRequest.learner_id == learner_id, ErasureRequest.state == "open")
    )


def erasures_named(public_ids: Collection[str]) -> dict[str, ErasureRequest]:
    """Requests by the ids in their addresses, for questions of the inbox."""
    query = select(ErasureRequest).where(ErasureRequest.public_id.in_(public_ids))
    found = db.session.scalars(query.options(joinedload(ErasureRequest.learner)))
    return {one.public_id: one for one in found}


def get_erasure(organisation_id: int, public_id: str, *, lock: bool = False) -> ErasureRequest:
    """A request; raises NotFound."""
    query = select(ErasureRequest).where(
        ErasureRequest.organisation_id == organisation_id, ErasureRequest.public_id == public_id
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def search(organisation_id: int, text: str, limit: int = 50, *, audience: str = "") -> Sequence[Learner]:
    """Living learners in Vietnamese order, namesakes by birth; all of them for an empty text.

    Found by words of name or unit without diacritics, by learner code however typed, by phone in any form, by the
    whole ID number or the last digits of ID number or phone.
    """
    query = _matching(organisation_id, text, audience)
    return db.session.scalars(query.order_by(*in_order()).limit(limit)).all()


def count(organisation_id: int, text: str = "", *, audience: str = "") -> int:
    """How many `search` would find without a limit."""
    found = _matching(organisation_id, text, audience).with_only_columns(func.count(Learner.id))
    return db.session.scalar(found) or 0


def taken_codes(organisation_id: int, codes: Collection[str]) -> set[str]:
    """Which of these codes belong to somebody already, annulled learners among them."""
    query = select(Learner.code).where(Learner.organisation_id == organisation_id, Learner.code.in_(codes))
    return set(db.session.scalars(query))


def facts_of(learner: Learner) -> LearnerFacts:
    """What is known of a learner."""
    return LearnerFacts(
        name=learner.name,
        birth=birth_of(learner),
        sex=learner.sex,
        id_number=learner.id_number,
        phone=learner.phone,
        email=learner.email,
        audience=learner.audience,
        position=learner.position,
        unit=learner.unit,
        commune=learner.commune,
        note=learner.note,
    )


def birth_of(learner: Learner) -> Birth | None:
    """The birth, whole or the year alone."""
    return Birth(learner.birth_year, learner.born_on) if learner.birth_year else None


def in_order() -> tuple[Any, ...]:
    """The order of lists: name, then what tells namesakes apart, then as they came."""
    return Learner.sort_key, Learner.birth_year, Learner.born_on, Learner.id


def _living(organisation_id: int) -> Select[tuple[Learner]]:
    return select(Learner).where(Learner.organisation_id == organisation_id, Learner.annulled_at.is_(None))


def _matching(organisation_id: int, text: str, audience: str) -> Select[tuple[Learner]]:
    query = _living(organisation_id)
    if audience:
        query = query.where(Learner.audience == audience)
    text = clean_name(text)
    return query.where(_says(organisation_id, text)) if text else query


def _says(organisation_id: int, text: str) -> ColumnElement[bool]:
    words = [_escaped(word) for word in fold(text).split()]
    named = and_(*(_holds(Learner.name_fold, word) | _holds(Learner.unit_fold, word) for word in words))
    code = normalise_learner_code(text)
    exact: list[ColumnElement[bool]] = [Learner.code == code]
    former: list[ColumnElement[bool]] = [_GONE.c.code == code]
    if phone := parse_phone(text).value:
        exact.append(Learner.phone == phone)
        former.append(_GONE.c.phone == phone)
    digits = re.sub(r"[\s.\-()+]+", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) >= _FEWEST_DIGITS:
        exact += [Learner.id_number == digits, Learner.phone.endswith(digits.removeprefix("0"))]
        former.append(_GONE.c.id_number == digits)
        # Whoever sees lists sees the last four digits; searching for more must not help to guess the others.
        if len(digits) == _FEWEST_DIGITS:
            exact.append(Learner.id_number.endswith(digits))
    exact.append(Learner.id.in_(merged_from(organisation_id, or_(*former))))
    return or_(named, *exact) if words else or_(*exact)


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.like(f"%{word}%", escape="\\")
    return found


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
