"""Read everything that a board shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from classroom.attendance.models import CheckinRequest, Flag, Register, Scan, Screen
from classroom.attendance.queries.register import RegisterLine, find_register, register_lines, tally_of
from classroom.attendance.queries.screens import screens_of
from classroom.attendance.queries.session_facts import SessionFacts, get_session_facts
from classroom.attendance.queries.spots import SpotResult, find_spot_at, results_of
from classroom.attendance.rules import CAME, Phase, Tally, opens_at
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.learners.models import Learner
from classroom.sessions.models import Enrolment


class OpenFlag(NamedTuple):
    """Something odd that waits for a look: who, whom the phone had checked in before, and when."""

    flag: str
    kind: str
    name: str
    other: str
    scanned_at: datetime
    #: The name on the citizen card that was read.
    card_name: str = ""


class Refused(NamedTuple):
    """Refused attempts with one reason: how many, the latest, and who tried, the latest first."""

    reason: str
    times: int
    latest_at: datetime
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """A class session as its trainer sees it at one instant."""

    facts: SessionFacts
    register: Register | None
    phase: Phase
    lines: Sequence[RegisterLine]
    tally: Tally
    requests: Sequence[CheckinRequest]
    flags: Sequence[OpenFlag]
    refused: Sequence[Refused]
    screens: Sequence[Screen]
    #: The spot check that goes on.
    spot: SpotResult | None = None

    @property
    def version(self) -> int:
        """What the board has seen; 0 while nothing has touched the register."""
        return self.facts.version

    @property
    def opens_at(self) -> datetime:
        """When check-in opens, or opened."""
        return opens_at(self.facts.schedule, self.facts.policy, self.facts.state)

    @property
    def arrivals(self) -> list[RegisterLine]:
        """Who came, the latest first."""
        came = (line for line in self.lines if line.status in CAME)
        return sorted(came, key=lambda line: (line.updated_at or line.arrived_at, line.enrolment_id), reverse=True)

    @property
    def inside(self) -> list[RegisterLine]:
        """Who came and has not been seen going, where the class checks out."""
        return [line for line in self.lines if line.inside] if self.facts.check_out else []

    @property
    def gone(self) -> list[RegisterLine]:
        """Who came and went, the latest first."""
        left = [line for line in self.lines if line.status in CAME and line.left_at]
        return sorted(left, key=lambda line: (line.left_at, line.enrolment_id), reverse=True)

    @property
    def missing(self) -> list[RegisterLine]:
        """Places of the roster that nobody has marked."""
        return [line for line in self.lines if line.missing]


def get_board(actor: Actor, session_public_id: str, at: datetime) -> Board:
    """The board of a session that the actor may see; raises NotFound for any other.

    The version is read first: what changes meanwhile raises it above the one that is answered.
    """
    facts = get_session_facts(actor, session_public_id)
    lines = register_lines(facts)
    check = find_spot_at(facts.id, at)
    return Board(
        facts=facts,
        register=find_register(facts.id),
        phase=facts.phase(at),
        lines=lines,
        tally=tally_of(lines),
        requests=_open_requests(facts.id),
        flags=_open_flags(facts.id),
        refused=_refused(facts.id),
        screens=screens_of(facts.id),
        spot=results_of([check], lines)[0] if check else None,
    )


def get_request(class_session_id: int, public_id: str) -> CheckinRequest:
    """A request of this session, decided or not; raises NotFound."""
    found = db.session.scalar(
        select(CheckinRequest).where(
            CheckinRequest.class_session_id == class_session_id, CheckinRequest.public_id == public_id
        )
    )
    if found is None:
        raise NotFound
    return found


def get_flag(class_session_id: int, public_id: str) -> Flag:
    """A flag of this session, decided or not; raises NotFound."""
    found = db.session.scalar(
        select(Flag).where(Flag.class_session_id == class_session_id, Flag.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def _open_requests(class_session_id: int) -> Sequence[CheckinRequest]:
    return db.session.scalars(
        select(CheckinRequest)
        .where(CheckinRequest.class_session_id == class_session_id, CheckinRequest.decided_at.is_(None))
        .order_by(CheckinRequest.created_at, CheckinRequest.id)
    ).all()


def _open_flags(class_session_id: int) -> list[OpenFlag]:
    other = aliased(Learner)
    rows = db.session.execute(
        select(Flag.public_id, Flag.kind, Learner.name, other.name, Scan.scanned_at, Scan.answer)
        .join(Scan, Scan.id == Flag.scan_id)
        .join(Enrolment, Enrolment.id == Flag.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(other, other.id == Flag.other_learner_id)
        .where(Flag.class_session_id == class_session_id, Flag.decided_at.is_(None))
        .order_by(Flag.created_at, Flag.id)
    )
    return [
        OpenFlag(row[0], row[1], row[2], row[3] or "", row[4], str((row[5] or {}).get("card_name", ""))) for row in rows
    ]


def _refused(class_session_id: int) -> list[Refused]:
    latest = func.max(Scan.received_at)
    rows = db.session.execute(
        select(Scan.refusal, func.count(Scan.id), latest, Learner.name)
        .outerjoin(Learner, Learner.id == Scan.learner_id)
        .where(Scan.class_session_id == class_session_id, Scan.outcome == "refused")
        .group_by(Scan.refusal, Scan.learner_id, Learner.name)
        .order_by(latest.desc(), Scan.refusal, Learner.name)
    )
    by_reason: dict[str, list[Any]] = {}
    for row in rows:
        by_reason.setdefault(row[0], []).append(row)
    return [
        Refused(reason, sum(row[1] for row in own), own[0][2], tuple(row[3] for row in own if row[3]))
        for reason, own in by_reason.items()
    ]
