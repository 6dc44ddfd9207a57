"""Use cases of programmes, places, classes, their sessions and enrolments."""

from classroom.sessions.services import erasing as erasing  # connects to the signals of lower rooms
from classroom.sessions.services import merging as merging  # connects to the signals of lower rooms
from classroom.sessions.services import receiving as receiving  # connects to the signals of lower rooms
from classroom.sessions.services.badges import (
    issue_badge,
    issue_badges,
    make_blanks,
    reissue_badge,
    tie_badge,
    untie_badge,
)
from classroom.sessions.services.classes import (
    cancel_class,
    copy_class,
    create_class,
    foresee,
    restore_class,
    update_class,
)
from classroom.sessions.services.courses import create_course, create_programme, update_course, update_programme
from classroom.sessions.services.enrolments import enrol, hangs_on, move_enrolment, rejoin, withdraw
from classroom.sessions.services.half_days import (
    add_session,
    cancel_session,
    edit_session,
    marks_on,
    move_session,
    restore_session,
)
from classroom.sessions.services.holding import hold_rosters, lock_classes
from classroom.sessions.services.places import (
    add_room,
    archive_room,
    archive_venue,
    create_venue,
    update_room,
    update_venue,
)
from classroom.sessions.services.walk_ins import (
    WALK_IN,
    TakenIn,
    accept_walk_in,
    remove_walk_in,
    reopen_walk_in,
    take_in,
)

__all__ = [
    "WALK_IN",
    "TakenIn",
    "accept_walk_in",
    "add_room",
    "add_session",
    "archive_room",
    "archive_venue",
    "cancel_class",
    "cancel_session",
    "copy_class",
    "create_class",
    "create_course",
    "create_programme",
    "create_venue",
    "edit_session",
    "enrol",
    "foresee",
    "hangs_on",
    "hold_rosters",
    "issue_badge",
    "issue_badges",
    "lock_classes",
    "make_blanks",
    "marks_on",
    "move_enrolment",
    "move_session",
    "reissue_badge",
    "rejoin",
    "remove_walk_in",
    "reopen_walk_in",
    "restore_class",
    "restore_session",
    "take_in",
    "tie_badge",
    "untie_badge",
    "update_class",
    "update_course",
    "update_programme",
    "update_room",
    "update_venue",
    "withdraw",
]
