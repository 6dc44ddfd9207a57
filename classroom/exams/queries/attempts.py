"""Read one attempt for the device that holds it: what is asked, in shown order, and what was answered."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.ids import is_public_id
from classroom.core.prepared import Prepared
from classroom.exams.models import Attempt, AttemptDevice, Kiosk, QuestionVersion, Response, Sitting
from classroom.exams.queries.sitting_facts import SittingFacts, find_sitting, get_sitting
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.kinds import Kind, choices
from classroom.exams.rules.timing import deadline, is_due
from classroom.learners.models import Learner


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """An attempt as one device, or staff, may see it.

    `holder` may write; `former` held it before and reads; `asking` waits for the trainer and may see nothing of it.
    """

    id: int
    public_id: str
    sitting: SittingFacts
    learner_id: int
    learner: str
    name: str
    unit: str
    number: int
    #: Counts the devices that held it, the present one included.
    device_number: int
    source: str
    state: str
    items: tuple[Item, ...]
    started_at: datetime
    deadline_at: datetime
    finished_at: datetime | None
    finished_how: str
    answered: int
    last_saved_at: datetime | None
    last_seen_at: datetime | None
    mark: Decimal | None
    out_of: Decimal | None
    outcome: str
    marked_at: datetime | None
    holder: bool = False
    former: bool = False
    asking: bool = False

    def deadline(self, at: datetime) -> datetime:
        """The deadline that holds at an instant."""
        return deadline(self.deadline_at, self.sitting.hours, at)

    def is_due(self, at: datetime) -> bool:
        """Whether it runs although its deadline and the grace after it are over."""
        return self.state == "running" and is_due(self.deadline_at, self.sitting.hours, at)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One question as a learner sees it; there is no key in it.

    `options` are pairs (id, text) in shown order: options, choices on the right, or things to put in order. `lefts` are
    the left sides of a matching question.
    """

    position: int
    kind: Kind
    text: str
    points: Decimal
    question_id: int
    version_id: int
    options: tuple[tuple[str, str], ...] = ()
    lefts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that stands for an item; `answer` None: taken back."""

    answer: Answer | None
    sequence: int
    saved_at: datetime


def find_attempt(public_id: str, device_hash: bytes) -> AttemptFacts | None:
    """The attempt, if this device holds it, held it, or asks for it; None for every other device.

    A device of the room that forgot its attempt is any other device.
    """
    row: Any = _OF_DEVICE.first(wanted=public_id, device=device_hash) if is_public_id(public_id) else None
    sitting = find_sitting(row.sitting) if row is not None and row.forgotten_at is None else None
    if sitting is None:
        return None
    return _facts(row, sitting, holds=row.device_hash == device_hash, held=row.granted_at is not None)


def get_attempt(actor: Actor, public_id: str) -> AttemptFacts:
    """An attempt that a member of staff may see; raises NotFound."""
    row = db.session.execute(
        _everything().where(Attempt.public_id == public_id, Attempt.organisation_id == actor.organisation_id)
    ).first()
    if row is None:
        raise NotFound
    return _facts(row, get_sitting(actor, row.sitting))


def items_of(attempt: AttemptFacts) -> list[ShownItem]:
    """What is asked, in shown order; `position` counts from 0."""
    query = select(QuestionVersion.id, QuestionVersion.kind, QuestionVersion.text, QuestionVersion.body)
    wanted = {item.version_id for item in attempt.items}
    found = {row.id: row for row in db.session.execute(query.where(QuestionVersion.id.in_(wanted)))}
    return [_shown(position, item, found[item.version_id]) for position, item in enumerate(attempt.items)]


def responses_of(attempt: AttemptFacts) -> dict[int, Given]:
    """The answers that stand, by position."""
    rows = db.session.execute(
        select(Response.position, Response.answer, Response.sequence, Response.saved_at).where(
            Response.attempt_id == attempt.id
        )
    )
    return {row.position: Given(row.answer, row.sequence, row.saved_at) for row in rows}


def _shown(position: int, item: Item, version: Any) -> ShownItem:
    kind, body = Kind(version.kind), version.body
    texts: dict[str, str] = {}
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        texts = {option["id"]: option["text"] for option in body["options"]}
    elif kind is Kind.MATCHING:
        texts = choices(body)
    elif kind is Kind.ORDERING:
        texts = {each["id"]: each["text"] for each in body["items"]}
    lefts = tuple((pair["id"], pair["left"]) for pair in body["pairs"]) if kind is Kind.MATCHING else ()
    return ShownItem(
        position=position,
        kind=kind,
        text=version.text,
        points=item.points,
        question_id=item.question_id,
        version_id=item.version_id,
        options=tuple((key, texts[key]) for key in item.order),
        lefts=lefts,
    )


_COLUMNS = (
    "id", "public_id", "learner_id", "number", "device_number", "source", "state", "started_at", "deadline_at",
    "finished_at", "finished_how", "answered", "last_saved_at", "last_seen_at", "mark", "out_of", "outcome",
    "marked_at",
)  # fmt: skip


def _everything() -> Select[Any]:
    return (
        select(
            *(getattr(Attempt, name) for name in _COLUMNS),
            Attempt.items.label("drawn"),
            Attempt.device_hash,
            Sitting.public_id.label("sitting"),
            Learner.public_id.label("learner"),
            Learner.name,
            Learner.unit,
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Learner, Learner.id == Attempt.learner_id)
    )


_OF_DEVICE = Prepared(
    _everything()
    .add_columns(AttemptDevice.granted_at, Kiosk.left_at.label("forgotten_at"))
    .join(
        AttemptDevice,
        and_(AttemptDevice.attempt_id == Attempt.id, AttemptDevice.device_hash == bindparam("device")),
    )
    .outerjoin(Kiosk, Kiosk.token_hash == AttemptDevice.device_hash)
    .where(Attempt.public_id == bindparam("wanted"))
)


def _facts(row: Any, sitting: SittingFacts, *, holds: bool = False, held: bool | None = None) -> AttemptFacts:
    return AttemptFacts(
        sitting=sitting,
        learner=row.learner,
        name=row.name,
        unit=row.unit,
        items=tuple(Item.from_json(item) for item in row.drawn),
        holder=holds,
        former=held is True and not holds,
        asking=held is False and not holds,
        **{name: getattr(row, name) for name in _COLUMNS},
    )
