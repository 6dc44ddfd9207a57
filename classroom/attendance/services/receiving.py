"""What attendance says to changes in lower rooms: it counts what hangs on them, vetoes, and tells the boards."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, or_, select, update

from classroom.attendance.models import Binding, CheckinRequest, Event, Mark, Register, Scan
from classroom.attendance.services.locking import ensure_register, lock_registers, start_anew
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db, in_transaction
from classroom.core.errors import Refusal
from classroom.sessions.models import ClassSession, Enrolment


@signals.class_session_changing.connect
def check_session(class_session_id: int, change: str) -> dict[str, int]:
    """A session in which somebody was marked stays where it was; a signed-off one is not cancelled either."""
    register = select(Register.signed_off_at).where(Register.class_session_id == class_session_id)
    if in_transaction():
        register = register.with_for_update(key_share=True)  # a scan that is under way is waited for, and counted
    signed_off = db.session.scalar(register)
    if signed_off is not None:
        raise Refusal("session.signed_off")
    marks = _marks(Mark.class_session_id == class_session_id)
    if change == "move" and marks:
        raise Refusal("session.has_marks", count=marks)
    return {"marks": marks}


@signals.class_session_changed.connect
def tell_board(class_session_id: int, change: str, actor: Actor) -> None:
    """A board that is open shows the new time, room or state; a new session has its register from the beginning.

    A moved one begins anew: nobody has come yet, and an early opening or closing was meant for the old time.
    """
    if change == "create":
        ensure_register(db.session(), db.session.get_one(ClassSession, class_session_id))
    if change == "move":
        start_anew(db.session(), db.session.get_one(ClassSession, class_session_id))
    _tell(Register.class_session_id == class_session_id)


@signals.rosters_holding.connect
def hold_registers_of(class_ids: Collection[int]) -> None:
    """The boards of these classes will be told, so their registers are held in order from now on."""
    of_classes = select(ClassSession.id).where(ClassSession.class_id.in_(class_ids))
    lock_registers(db.session(), Register.class_session_id.in_(of_classes))


@signals.enrolment_changing.connect
def count_marks(enrolment_id: int, change: str) -> dict[str, int]:
    """How many marks stay behind when a learner leaves a class."""
    return {"marks": _marks(Mark.enrolment_id == enrolment_id)}


@signals.enrolment_changed.connect
def tell_boards_of_class(enrolment_id: int, change: str, actor: Actor) -> None:
    """Open boards of the class gain or lose the learner."""
    of_class = (
        select(ClassSession.id)
        .join(Enrolment, Enrolment.class_id == ClassSession.class_id)
        .where(Enrolment.id == enrolment_id)
    )
    _tell(Register.class_session_id.in_(of_class) & Register.closed_at.is_(None))


@signals.rosters_changed.connect
def tell_boards_of_classes(class_ids: Collection[int], actor: Actor) -> None:
    """Open boards of the classes gain or lose many learners at once."""
    of_classes = select(ClassSession.id).where(ClassSession.class_id.in_(class_ids))
    _tell(Register.class_session_id.in_(of_classes) & Register.closed_at.is_(None))


@signals.import_undoing.connect
def check_import(learner_ids: Sequence[int], enrolment_ids: Sequence[int]) -> None:
    """Once somebody of the list was marked, has scanned or is known by a phone, the import stays."""
    hanging = db.session.scalar(
        select(
            select(func.count(Event.id)).where(Event.enrolment_id.in_(enrolment_ids)).scalar_subquery()
            + select(func.count(Scan.id))
            .where(or_(Scan.learner_id.in_(learner_ids), Scan.enrolment_id.in_(enrolment_ids)))
            .scalar_subquery()
            + select(func.count(Binding.id)).where(Binding.learner_id.in_(learner_ids)).scalar_subquery()
            + select(func.count(CheckinRequest.id))
            .where(CheckinRequest.enrolment_id.in_(enrolment_ids))
            .scalar_subquery()
        )
    )
    if hanging:
        raise Refusal("import.undo_attendance", count=hanging)


def _marks(where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Mark.id)).where(where, Mark.status != "unmarked")) or 0


def _tell(where: ColumnElement[bool]) -> None:
    db.session.execute(update(Register).where(where).values(version=Register.version + 1))
