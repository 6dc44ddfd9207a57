"""Hold what a batch will change before its first item is written."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from classroom.attendance.models import Register
from classroom.attendance.queries import tablets as queries
from classroom.attendance.rules import Item
from classroom.attendance.services.locking import lock_registers
from classroom.attendance.services.tablets.visiting import Visit
from classroom.sessions import services as sessions


def hold_ahead(session: Session, visit: Visit, items: Iterable[Item]) -> None:
    """Hold the classes in which somebody walks in, then the registers concerned, whatever the order of the items.

    Left to the items themselves, a scan's register would be held before a walk-in's class, a badge's learner before
    the register, and one register before another that somebody else holds first.
    """
    items = list(items)
    found = [(item, facts) for item in items if (facts := visit.find_session(item.session)) is not None]
    classes = {facts.class_id for item, facts in found if item.kind == "walk_in"}
    wanted = {facts.id for _, facts in found}
    if undone := [item.texts["target"] for item in items if item.kind == "undo"]:
        wanted |= queries.sessions_of_items(visit.tablet_id, undone)
    if classes:
        sessions.lock_classes(session, classes)
        wanted |= queries.sessions_of_classes(classes)
    lock_registers(session, Register.class_session_id.in_(wanted))
