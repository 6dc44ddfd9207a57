"""The signed paper sheet comes back: who signed was there, and what the paper and the register disagree on is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select

from classroom.attendance.models import Event
from classroom.attendance.queries.register import RegisterLine, register_lines
from classroom.attendance.rules import CAME, Source, Status, check_editable
from classroom.attendance.services.by_hand import Choice, Decision, mark_by_hand
from classroom.attendance.services.flagging import raise_flag
from classroom.attendance.services.register import hold
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction

NOT_SIGNED = "not_signed"


class Doubt(StrEnum):
    """How paper and register can disagree."""

    SCANNED_NOT_SIGNED = "scanned_not_signed"
    MARKED_NOT_SIGNED = "marked_not_signed"
    SIGNED_NOT_HERE = "signed_not_here"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A learner of whom the paper says something else than the register; nothing is decided by the machine."""

    doubt: Doubt
    line: RegisterLine


@dataclass(frozen=True, slots=True)
class Entered:
    """How many the sheet made present, who was changed meanwhile and is left alone, and what disagrees."""

    marked: int
    conflicts: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


def enter_sheet(session_public_id: str, signed: Sequence[Choice], *, reason: str, actor: Actor) -> Entered:
    """Mark as present whom only the paper knows. Everybody of the roster who is not among the signed did not sign.

    Who came by a scan keeps its time; a decision by hand is never overridden. The same sheet again changes nothing.
    Raises what marking by hand raises.
    """
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        check_editable(locked.facts.schedule, locked.state, may_override=actor.may("attendance.correct"), reason=reason)
        seen = {choice.enrolment: choice for choice in signed}
        lines = [line for line in register_lines(locked.facts) if line.on_roster]
        to_mark = [seen[line.enrolment] for line in lines if line.enrolment in seen and _only_paper_knows(line)]
        marked = _mark(session_public_id, to_mark, reason, actor)
        doubts = tuple(_doubts(lines, seen.keys()))
        for one in doubts:
            if one.doubt is Doubt.SCANNED_NOT_SIGNED:
                scan_id = session.scalar(_a_scan(locked.facts.id, one.line.enrolment_id))
                if scan_id is not None:
                    raise_flag(session, locked.facts, NOT_SIGNED, scan_id, one.line.enrolment_id, now())
        counts = {"signed": len(seen), "marked": marked[0], "contradictions": len(doubts)}
        record("register.sheet_entered", "class_session", locked.facts.id, actor=actor, facts=counts)
        return Entered(*marked, doubts)


def _a_scan(class_session_id: int, enrolment_id: int) -> Select[tuple[int | None]]:
    """The mark may rest on an exit last, which a trainer may have stated."""
    scans = select(Event.scan_id).where(Event.class_session_id == class_session_id, Event.scan_id.is_not(None))
    return scans.where(Event.enrolment_id == enrolment_id).order_by(Event.id.desc()).limit(1)


def _only_paper_knows(line: RegisterLine) -> bool:
    """Nobody has seen or decided about the learner; an absence at close decides nothing."""
    return (
        line.status is None
        or line.status is Status.NOT_APPLICABLE
        or (line.status is Status.ABSENT and not line.by_hand)
    )


def _mark(session_id: str, choices: Sequence[Choice], reason: str, actor: Actor) -> tuple[int, tuple[str, ...]]:
    if not choices:
        return 0, ()
    decision = Decision(Status.PRESENT, reason, source=Source.PAPER)
    done = mark_by_hand(session_id, choices, decision, actor=actor)
    return done.count, done.conflicts


def _doubts(lines: Sequence[RegisterLine], signed: Collection[str]) -> list[Contradiction]:
    found = []
    for line in lines:
        here = line.status in CAME
        if line.enrolment in signed:
            if not here and not _only_paper_knows(line):
                found.append(Contradiction(Doubt.SIGNED_NOT_HERE, line))
        elif here:
            doubt = Doubt.MARKED_NOT_SIGNED if line.by_hand else Doubt.SCANNED_NOT_SIGNED
            found.append(Contradiction(doubt, line))
    return found
