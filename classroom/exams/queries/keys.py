"""What marking must know beside the answers: the versions that were shown, and what was decided about them since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.exams.models import QuestionVersion
from classroom.exams.models import Ruling as RulingRow
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.marking import Action, Ruling, can_rekey


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a question, as it is marked and shown."""

    id: int
    question_id: int
    number: int
    kind: Kind
    title: str
    text: str
    body: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """The latest ruling about a question of a paper."""

    action: Action
    version_id: int | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """Versions by key; decisions by paper and question."""

    versions: Mapping[int, Version]
    decisions: Mapping[tuple[int, int], Decision] = field(default_factory=dict)

    def ruling(self, paper_id: int, version_id: int) -> Ruling | None:
        """What was decided about a version in a paper. A version written after the decision stands for itself, and so
        does one whose answers the other version cannot mark.
        """
        version = self.versions[version_id]
        decision = self.decisions.get((paper_id, version.question_id))
        if decision is None or decision.action is Action.NONE or version.created_at > decision.at:
            return None
        if decision.version_id is None:
            return Ruling(decision.action)
        other = self.versions[decision.version_id]
        if not can_rekey(version.kind, version.body, other.kind, other.body):
            return None
        return Ruling(Action.REKEY, other.body)


def keys_of(
    session: Session,
    paper_ids: Iterable[int],
    version_ids: Iterable[int],
    extra: Mapping[tuple[int, int], Decision] | None = None,
) -> Keys:
    """Everything for these versions in these papers; `extra` are decisions that are only thought of."""
    decisions = {**_decisions(session, set(paper_ids)), **(extra or {})}
    wanted = set(version_ids) | {each.version_id for each in decisions.values() if each.version_id is not None}
    rows = session.execute(
        select(
            QuestionVersion.id,
            QuestionVersion.question_id,
            QuestionVersion.number,
            QuestionVersion.kind,
            QuestionVersion.title,
            QuestionVersion.text,
            QuestionVersion.body,
            QuestionVersion.created_at,
        ).where(QuestionVersion.id.in_(wanted))
    )
    return Keys(
        {row.id: Version(row.id, row.question_id, row.number, Kind(row.kind), *row[4:]) for row in rows}, decisions
    )


def _decisions(session: Session, paper_ids: set[int]) -> dict[tuple[int, int], Decision]:
    rows = session.scalars(select(RulingRow).where(RulingRow.paper_id.in_(paper_ids)).order_by(RulingRow.id))
    return {
        (row.paper_id, row.question_id): Decision(Action(row.action), row.version_id, row.at, row.reason)
        for row in rows
    }
