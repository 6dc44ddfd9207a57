"""Rosters for tablets: what is needed at the door without a network, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import delete

from classroom.accounts.models import Tablet
from classroom.attendance.models import IdHash, TabletClass
from classroom.attendance.queries import tablets as queries
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.queries.tablets import RosterLine
from classroom.attendance.rules.tablets import LATEST, stretched
from classroom.attendance.services.flagging import on_conflict
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import instant, now
from classroom.core.db import release, transaction
from classroom.core.errors import NotFound
from classroom.core.signing import mac
from classroom.sessions.models import TrainingClass
from classroom.sessions.queries.badges import BadgeOfClass, badges_of_class

#: Stretching a number takes a twentieth of a second: so many fit into one answer.
AT_ONCE = 20
SALT_BYTES = 16


@dataclass(frozen=True)
class Handed:
    """Everything a tablet keeps of a class, until `expires_at`."""

    class_id: int
    public_id: str
    code: str
    course: str
    salt: bytes
    sessions: Sequence[SessionFacts]
    roster: Sequence[RosterLine]
    hashes: dict[str, bytes]
    badges: Sequence[BadgeOfClass]
    marks: dict[str, dict[str, str]]
    expires_at: datetime


def hand_out(tablet: Tablet, class_ids: Sequence[str], *, key: str, actor: Actor) -> list[Handed]:
    """Give the tablet the rosters of these classes, and write down that it has them.

    Raises NotFound for a class that the actor does not see, and Forbidden without `attendance.record`.
    """
    actor.require("attendance.record")
    tablet_id, tablet_name = tablet.id, tablet.name
    with transaction() as session:
        found = [(one.id, one.public_id, one.code) for one in (_get(actor, each) for each in dict.fromkeys(class_ids))]
        for class_id, _public_id, code in found:
            known = on_conflict(session, TabletClass.__table__)
            who = {"tablet_id": tablet_id, "class_id": class_id, "staff_id": actor.staff_id}
            values = {"fetched_at": now()}
            session.execute(
                known.values(organisation_id=actor.organisation_id, **who, **values).on_conflict_do_update(
                    index_elements=list(who), set_=values
                )
            )
            facts = {"code": code, "tablet": tablet_name}
            record("tablet.roster_handed", "training_class", class_id, actor=actor, facts=facts)
    return [_handed(class_id, public_id, code, key) for class_id, public_id, code in found]


def stretch_numbers(class_id: str, *, key: str, actor: Actor) -> tuple[int, int, dict[str, bytes]]:
    """Stretch some of the ID numbers of a class that are not stretched yet; how many are done, of how many, and which.

    No transaction is open while the processor works.
    """
    actor.require("attendance.record")
    found = _get(actor, class_id)
    inner, salt = found.id, class_salt(key, found.public_id)
    lines = [line for line in queries.roster_for_tablet(inner) if line.id_number]
    known = {learner: one.number_mac for learner, one in queries.hashes_of(inner).items()}
    missing = [line for line in lines if known.get(line.learner_id) != _mac(key, line.id_number)]
    release()
    made = {line.learner_id: (line, stretched(line.id_number, salt)) for line in missing[:AT_ONCE]}
    if made:
        with transaction() as session:
            session.execute(delete(IdHash).where(IdHash.class_id == inner, IdHash.learner_id.in_(made)))
            rows = [
                {"class_id": inner, "learner_id": key_, "number_mac": _mac(key, line.id_number), "hash": hashed}
                for key_, (line, hashed) in made.items()
            ]
            session.execute(on_conflict(session, IdHash.__table__).on_conflict_do_nothing(), rows)
    done = len(lines) - len(missing) + len(made)
    return done, len(lines), {line.enrolment: hashed for line, hashed in made.values()}


def class_salt(key: str, class_public_id: str) -> bytes:
    """The salt of a class: the same for all its tablets, and known to nobody beforehand."""
    return mac(key.encode(), "tablet salt", class_public_id)[:SALT_BYTES]


def _handed(class_id: int, public_id: str, code: str, key: str) -> Handed:
    sessions = queries.sessions_of_class(class_id)
    roster = queries.roster_for_tablet(class_id)
    known = queries.hashes_of(class_id)
    hashes = {
        line.enrolment: hashed.hash
        for line in roster
        if (hashed := known.get(line.learner_id)) and hashed.number_mac == _mac(key, line.id_number)
    }
    zone = sessions[0].schedule.time_zone if sessions else "Asia/Ho_Chi_Minh"
    last = max((one.held_on for one in sessions), default=now().date())
    return Handed(
        class_id,
        public_id,
        code,
        sessions[0].course if sessions else "",
        class_salt(key, public_id),
        sessions,
        roster,
        hashes,
        badges_of_class(class_id),
        queries.marks_of_class(class_id),
        instant(last + LATEST + timedelta(days=1), time(0), zone),
    )


def _get(actor: Actor, public_id: str) -> TrainingClass:
    found = queries.find_class(actor, public_id)
    if found is None:
        raise NotFound
    return found


def _mac(key: str, number: str) -> bytes:
    return mac(key.encode(), "id number", number)[:16]
