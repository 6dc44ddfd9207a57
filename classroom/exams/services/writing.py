"""The statements by which an answer is kept: every phone of the room runs them with every change it sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, null, select, update

from classroom.core.db import transaction
from classroom.core.errors import Invalid
from classroom.core.ids import is_public_id
from classroom.core.memory import Memory
from classroom.core.prepared import Prepared
from classroom.exams.models import Attempt, AttemptDevice, Response, Sitting
from classroom.exams.queries.contents import Asked, contents_of, described
from classroom.exams.rules.answers import Answer, clean_answer
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.masks import Mask
from classroom.exams.rules.terms import Terms

#: The highest number that every script counts exactly to.
HIGHEST_SEQUENCE = 2**53
#: More answers than the longest paper has, and their changes, never come in one request.
MOST_AT_ONCE = 1000
#: How often it is written down that a device was heard of.
SEEN_EVERY = timedelta(seconds=10)

_ATTEMPT: Any = Attempt.__table__
_RESPONSE: Any = Response.__table__
_DEVICE: Any = AttemptDevice.__table__
_SITTING: Any = Sitting.__table__

_FIND = Prepared(
    select(
        _ATTEMPT.c.id,
        _ATTEMPT.c.sitting_id,
        _ATTEMPT.c["items"].label("drawn"),
        _SITTING.c.public_id.label("sitting"),
        _SITTING.c.terms,
    )
    .join(_SITTING, _SITTING.c.id == _ATTEMPT.c.sitting_id)
    .where(_ATTEMPT.c.public_id == bindparam("wanted"))
)
#: Lock the attempt; it was seen if this is the device that holds it.
HOLD = Prepared(
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("wanted"))
    .values(
        last_seen_at=case(
            (
                _ATTEMPT.c.device_hash == bindparam("device", type_=_ATTEMPT.c.device_hash.type),
                bindparam("at", type_=_ATTEMPT.c.last_seen_at.type),
            ),
            else_=_ATTEMPT.c.last_seen_at,
        )
    )
    .returning(
        _ATTEMPT.c.state,
        _ATTEMPT.c.deadline_at,
        _ATTEMPT.c.device_hash,
        _ATTEMPT.c.finished_how,
        _ATTEMPT.c.answered,
    )
)
SEEN = Prepared(
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("wanted"), _ATTEMPT.c.device_hash == bindparam("device"))
    .values(last_seen_at=bindparam("at"))
)
DEVICE = Prepared(
    select(_DEVICE.c.granted_at).where(
        _DEVICE.c.attempt_id == bindparam("wanted"), _DEVICE.c.device_hash == bindparam("device")
    )
)
STANDING = Prepared(
    select(_RESPONSE.c.position, _RESPONSE.c.sequence, _RESPONSE.c.answer).where(
        _RESPONSE.c.attempt_id == bindparam("wanted")
    )
)
_COLUMNS = ["attempt_id", "position", "answer", "sequence", "saved_at"]


def _upsert(insert: Any, *, numbered: bool) -> Any:
    statement = insert(_RESPONSE)
    new = statement.excluded
    sequence = new.sequence if numbered else _RESPONSE.c.sequence + 1
    return statement.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={"answer": new.answer, "sequence": sequence, "saved_at": new.saved_at},
        where=new.sequence > _RESPONSE.c.sequence if numbered else None,
    ).returning(_RESPONSE.c.sequence)


#: A lower number never replaces a higher one; of two equal ones the first stays.
_KEEP = Prepared(lambda insert: _upsert(insert, numbered=True), _COLUMNS)
_KEEP_NEXT = Prepared(lambda insert: _upsert(insert, numbered=False), _COLUMNS)
COUNT = Prepared(
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("wanted"))
    .values(
        last_saved_at=bindparam("at"),
        answered=select(func.count(_RESPONSE.c.id))
        .where(_RESPONSE.c.attempt_id == _ATTEMPT.c.id, _RESPONSE.c.answer.is_not(null()))
        .scalar_subquery(),
    )
    .returning(_ATTEMPT.c.answered)
)


@dataclass(frozen=True, slots=True)
class Known:
    """What never changes of an attempt: the versions of its items in shown order, and the order of each one's parts."""

    id: int
    sitting_id: int
    sitting: str
    versions: tuple[int, ...]
    orders: tuple[tuple[str, ...], ...]
    terms: Terms


_KNOWN: Memory[Known] = Memory(4096)


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as a device sends it: the place of the item (from 0), the device's own count, and what was answered.

    `by_name`: it calls the parts of the question as the page does (rules.masks), not by their ids.
    """

    position: int
    sequence: int
    answer: object
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The same in the one form in which answers are kept."""

    position: int
    sequence: int
    answer: Answer | None


def find(public_id: str) -> Known | None:
    """The attempt of this public id; each process remembers the last few thousand."""
    if not is_public_id(public_id):
        return None
    if (known := _KNOWN.get(public_id)) is not None:
        return known
    row = _FIND.first(wanted=public_id)
    if row is None:
        return None
    versions = tuple(item["v"] for item in row.drawn)
    orders = tuple(tuple(item["o"]) for item in row.drawn)
    found = Known(row.id, row.sitting_id, row.sitting, versions, orders, Terms.from_json(row.terms))
    return _KNOWN.keep(public_id, found)


def clean(known: Known, answers: Sequence[Sent], *, form_post: bool) -> tuple[list[Cleaned], list[tuple[int, str]]]:
    """Answers that can be kept, lowest number first, and the positions of those that cannot, with the reason."""
    if len(answers) > MOST_AT_ONCE:
        raise Invalid("answer.too_many")
    asked = contents_of(known.sitting).asked
    good: list[Cleaned] = []
    refused: list[tuple[int, str]] = []
    for sent in answers:
        try:
            good.append(_cleaned(known, asked, sent, form_post=form_post))
        except Invalid as no:
            refused.append((sent.position, no.code))
    return sorted(good, key=lambda each: each.sequence), refused


def write(
    attempt_id: int, cleaned: Sequence[Cleaned], at: datetime, *, form_post: bool
) -> tuple[list[tuple[int, int]], list[int]]:
    """Keep answers of an attempt that is locked: for each position the number that stands now, and the positions where
    another answer had the same number already.
    """
    stands: dict[int, int] = {}
    clashes: list[int] = []
    for each in cleaned:
        row = (_KEEP_NEXT if form_post else _KEEP).first(
            attempt_id=attempt_id, position=each.position, answer=each.answer, sequence=each.sequence, saved_at=at
        )
        if row is not None:
            stands[each.position] = row.sequence
            continue
        standing = next(one for one in STANDING.all(wanted=attempt_id) if one.position == each.position)
        stands[each.position] = standing.sequence
        if standing.sequence == each.sequence and standing.answer != each.answer:
            clashes.append(each.position)
    return list(stands.items()), clashes


def known_already(
    attempt_id: int, cleaned: Sequence[Cleaned], *, form_post: bool
) -> tuple[list[tuple[int, int]], list[Cleaned]]:
    """Of answers that come too late: those that stand already, and those that are new."""
    standing = {row.position: row for row in STANDING.all(wanted=attempt_id)}
    saved, late = [], []
    for each in cleaned:
        stands = standing.get(each.position)
        if stands is not None and _stands(each, stands, form_post=form_post):
            saved.append((each.position, stands.sequence))
        elif form_post and stands is None and each.answer is None:
            continue
        else:
            late.append(each)
    return saved, late


def _stands(each: Cleaned, stands: Any, *, form_post: bool) -> bool:
    """Whether what stands is this answer, or a later one of the same page."""
    same = bool(stands.answer == each.answer)
    return same if form_post or each.sequence == stands.sequence else bool(each.sequence < stands.sequence)


def note_seen(attempt_id: int, device: bytes, last: datetime | None, at: datetime) -> None:
    """Write down that the device was heard of, unless that was just done."""
    if last is None or at - last >= SEEN_EVERY:
        with transaction():
            SEEN.first(wanted=attempt_id, device=device, at=at)


def _cleaned(known: Known, asked: Any, sent: Sent, *, form_post: bool) -> Cleaned:
    if not _is_whole(sent.position) or not 0 <= sent.position < len(known.versions):
        raise Invalid("answer.position")
    if not form_post and not (_is_whole(sent.sequence) and 1 <= sent.sequence <= HIGHEST_SEQUENCE):
        raise Invalid("answer.sequence")
    version = known.versions[sent.position]
    content: Asked = asked.get(version) or described([version])[0][version]
    raw = sent.answer
    if sent.by_name:
        lefts = [pair["id"] for pair in content.body["pairs"]] if content.kind is Kind.MATCHING else ()
        raw = Mask(known.orders[sent.position], lefts).reveal(raw)
    answer = clean_answer(content.kind, content.body, raw)
    return Cleaned(sent.position, 1 if form_post else sent.sequence, answer)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
