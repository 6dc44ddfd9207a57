"""Words of the attendance room's refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

ATTENDANCE: dict[str, Any] = {}

#: Of boards, registers and screens.
ROOM: dict[str, Any] = {
    "register.cancelled": _l("This session is cancelled; there is nothing to check in."),
    "register.closed": _l("Check-in is closed. Reopen it first."),
    "register.day_over": _l("The day of this session is over. Mark people by hand instead."),
    "register.head_count": _l("Write the number of people you counted, from 0 to %(most)s."),
    "register.not_closed": _l("Close check-in before you sign off."),
    "register.not_today": _l("This session is on %(day)s. Check-in can be opened on that day."),
    "register.not_yet": _l("Check-in has not been opened yet."),
    "register.reason_missing": _l("Say why check-in opens again."),
    "register.requests_waiting": _l("%(count)s people still wait for you to say who they are. Decide about them first."),
    "register.signed_off": _l("The register is signed off. A coordinator can correct it and gives a reason."),
    "register.unmarked": _l("%(count)s places are still unmarked. Mark them before you sign off."),
    "session.cancelled": _l("This session is cancelled; nothing can be marked."),
    "mark.arrival_impossible": _l("The arrival must lie between the opening of check-in and now, or the end of the session."),
    "mark.changed": _l("The mark of %(name)s has just been changed. Look at the new state and try again."),
    "mark.choice": _l("Choose at least one learner and what to mark."),
    "mark.guest_came": _l("A guest can only be marked as having come."),
    "mark.nothing_to_undo": _l("There is nothing to undo for %(name)s."),
    "mark.place_unknown": _l("This learner is not in this class, and in no other class of the course."),
    "mark.reason_missing": _l("Say why; the reason is kept with the mark."),
    "request.decided": _l("Somebody has already decided about this request."),
    "flag.decided": _l("Somebody has already decided about this."),
    "screen.too_many": _l("Too many screens ask for digits at this moment. Please try again in a few minutes."),
    "screen.too_many_tries": _l("Too many wrong digits. Try again in %(minutes)s minutes."),
    "screen.unknown_digits": _l("No screen shows these six digits now. Look at the screen again; the digits change."),
}

ATTENDANCE |= ROOM
