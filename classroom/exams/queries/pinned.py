"""Which versions a paper has asked: those pinned by its sittings and its printed forms."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.exams.models import PrintedForm, Sitting
from classroom.exams.queries.keys import Decision, Keys, keys_of
from classroom.exams.rules.marking import Action


def pinned_versions(session: Session, paper_id: int, question_id: int) -> set[int]:
    """Keys of the versions of a question that learners were or may be shown in this paper."""
    parts = [part for pool in _pools(session, paper_id) for part in pool]
    return {version for part in parts for question, version in part["versions"] if question == question_id}


def would_leave_nothing(session: Session, paper_id: int, extra: Mapping[tuple[int, int], Decision]) -> bool:
    """Whether somebody could be left without any question that counts."""
    pools = _pools(session, paper_id)
    versions = {version for pool in pools for part in pool for _, version in part["versions"]}
    keys = keys_of(session, [paper_id], versions, extra)
    return any(all(_may_be_empty(part, paper_id, keys) for part in pool) for pool in pools)


def _may_be_empty(part: Mapping[str, Any], paper_id: int, keys: Keys) -> bool:
    rulings = (keys.ruling(paper_id, version) for _, version in part["versions"])
    dropped = sum(ruling is not None and ruling.action is Action.DROP for ruling in rulings)
    return dropped >= int(part["draw"])


def _pools(session: Session, paper_id: int) -> list[list[Mapping[str, Any]]]:
    """The pools of its sittings; a printed form is one of fixed questions."""
    pools = session.scalars(select(Sitting.pool).where(Sitting.paper_id == paper_id, Sitting.annulled_at.is_(None)))
    forms = session.scalars(select(PrintedForm.items).where(PrintedForm.paper_id == paper_id))
    return [
        *(list(pool) for pool in pools),
        *([{"draw": 1, "versions": [(item["q"], item["v"])]} for item in items] for items in forms),
    ]
