"""Words of the attendance room's refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

ATTENDANCE: dict[str, Any] = {}

#: Of boards, registers and screens.
ROOM: dict[str, Any] = {
    "register.cancelled": _l("This session is cancelled; there is nothing to check in."),
    "register.closed": _l("Check-in is closed. Reopen it first."),
    "register.counted_otherwise": _l(
        "Somebody has closed this register already, with a head count of %(count)s. Look at the board again."
    ),
    "register.day_over": _l("The day of this session is over. Mark people by hand instead."),
    "register.head_count_missing": _l("Write the number of people you counted, or say that you could not count."),
    "register.head_count": _l("Write the number of people you counted, from 0 to %(most)s."),
    "register.not_closed": _l("Close check-in before you sign off."),
    "register.not_today": _l("This session is on %(day)s. Check-in can be opened on that day."),
    "register.not_yet": _l("Check-in has not been opened yet."),
    "register.reason_missing": _l("Say why check-in opens again."),
    "register.requests_waiting": _l(
        "%(count)s people still wait for you to say who they are. Decide about them first."
    ),
    "register.signed_off": _l("The register is signed off. A coordinator can correct it and gives a reason."),
    "register.unmarked": _l("%(count)s places are still unmarked. Mark them before you sign off."),
    "session.signed_off": _l("The register of this session is signed off: it was held, and stays as it was."),
    "session.has_marks": _l("%(count)s learners are already marked in this session: it cannot be moved any more."),
    "import.undo_attendance": _l(
        "People of this list have been checked in since (%(count)s entries): it can no longer be undone as a whole."
    ),
    "session.cancelled": _l("This session is cancelled; nothing can be marked."),
    "mark.arrival_impossible": _l("The arrival lies outside the time from the opening of check-in until now."),
    "mark.arrival_unclear": _l("Write the time of arrival such as 07:40."),
    "mark.changed": _l("The mark of %(name)s has just been changed. Look at the new state and try again."),
    "mark.choice": _l("Choose at least one learner and what to mark."),
    "mark.guest_came": _l("A guest can only be marked as having come."),
    "mark.nothing_to_undo": _l("There is nothing to undo for %(name)s."),
    "mark.place_unknown": _l("This learner is not in this class, and in no other class of the course."),
    "mark.reason_missing": _l("Say why; the reason is kept with the mark."),
    "request.decided": _l("Somebody has already decided about this request."),
    "flag.decided": _l("Somebody has already decided about this."),
    "screen.no_check_out": _l("Learners of this class do not check out. A coordinator can change that."),
    "screen.showing": _l("Choose what the screen shows."),
    "spot.minutes": _l("Choose 3, 5 or 10 minutes."),
    "spot.not_open": _l("A spot check needs check-in to be open: only then do the screens show a code."),
    "spot.running": _l("A spot check is going on already."),
    "spot.not_here": _l("%(name)s has not come, so there is nobody to be seen."),
    "mark.no_check_out": _l("Learners of this class do not check out."),
    "mark.departure_missing": _l("Write when the learner left, such as 11:20."),
    "mark.departure_impossible": _l("Leaving lies after the arrival and not in the future."),
    "mark.not_here": _l("%(name)s has not come, so nobody can leave."),
    "screen.too_many": _l("Too many screens ask for digits at this moment. Please try again in a few minutes."),
    "screen.too_many_tries": _l("Too many wrong digits. Try again in %(minutes)s minutes."),
    "screen.unknown_digits": _l("No screen shows these six digits now. Look at the screen again; the digits change."),
}
#: What was refused in a few words: the heading on the phone, and the reason on the board.
REFUSED_TITLES: dict[str, Any] = {
    "code.unreadable": _l("This is not one of our codes"),
    "code.unknown": _l("This is not one of our codes"),
    "code.forged": _l("This code is not valid"),
    "code.fixed_off": _l("This poster is not in use"),
    "code.expired": _l("The code has run out"),
    "code.future": _l("This code is not valid yet"),
    "code.wrong_purpose": _l("This code is for something else"),
    "scan.cancelled": _l("This session is cancelled"),
    "scan.no_check_out": _l("This class does not check out"),
    "spot.first_check_in": _l("Please check in first"),
    "spot.over": _l("This spot check is over"),
    "request.only_in": _l("Please tell the trainer"),
    "scan.too_early": _l("Check-in is not open yet"),
    "scan.too_late": _l("Check-in is closed"),
    "scan.not_enrolled": _l("Not on the list of this course"),
    "scan.withdrawn": _l("No longer on the list"),
    "scan.foreign_code": _l("Not one of our codes"),
    "scan.truncated": _l("The code is cut off"),
    "scan.forged": _l("This code is not valid"),
    "scan.card_unreadable": _l("The card could not be read"),
    "scan.card_unknown": _l("The card is nobody's on our lists"),
    "scan.code_unknown": _l("The learner code is nobody's"),
    "badge.blank": _l("A blank badge"),
    "badge.unknown": _l("Not one of our badges"),
    "badge.replaced": _l("An old badge that was replaced"),
    "grant.expired": _l("Please scan once more"),
    "grant.invalid": _l("Please scan once more"),
    "grant.other_browser": _l("Please scan once more"),
    "grant.no_cookie": _l("This browser keeps no cookies"),
    "request.too_many": _l("Please go to the trainer"),
    "request.signed_off": _l("Check-in is closed"),
}
#: Of learners' phones.
PHONES: dict[str, Any] = {
    "code.unreadable": _l("Please scan the square code on the screen in the classroom once more."),
    "code.unknown": _l("Please scan the square code on the screen in the classroom once more."),
    "code.forged": _l("Please scan the code that is on the screen in the classroom now."),
    "code.expired": _l("The code on the screen changes every few seconds. Please scan it again."),
    "code.future": _l("Please scan the code that is on the screen in the classroom now."),
    "code.wrong_purpose": _l("Please scan the code for check-in on the screen in the classroom."),
    "code.fixed_off": _l("Please scan the code on the screen, or ask the trainer."),
    "code.typed_wrong": _l("No class shows this code now. Look at the screen again: the code changes."),
    "code.typed_none": _l(
        "No class takes a typed code at this moment. Scan the code on the screen, or ask the trainer."
    ),
    "scan.too_early": _l("Check-in opens at %(opens_at)s. Please scan the code again then."),
    "scan.too_late": _l("Check-in ended at %(closes_at)s. Please talk to the trainer; this attempt has been noted."),
    "scan.cancelled": _l("This class session does not take place. Please ask the organisers for the new date."),
    "scan.not_enrolled": _l("You are known to us, but not on the list of this course. Please ask the trainer."),
    "scan.withdrawn": _l("You were taken off the list of this course. Please ask the trainer."),
    "scan.uuid_reused": _l("This attempt was sent before with other content. Please scan the code again."),
    "grant.expired": _l("More than 10 minutes have passed since the scan. Please scan the code on the screen again."),
    "grant.invalid": _l("This page cannot be used any more. Please scan the code on the screen again."),
    "grant.other_browser": _l("This page belongs to another browser. Please scan the code on the screen again."),
    "grant.no_cookie": _l(
        "Allow cookies for this page, or open the code with another browser. The trainer can also check you in."
    ),
    "spot.first_check_in": _l("You are not checked in to this half-day yet. Please tell the trainer."),
    "spot.over": _l("The trainer is not asking any more. If you are in the room, tell the trainer."),
    "request.only_in": _l("The trainer can write this down for you."),
    "identify.missing": _l("Write your learner code, phone number or ID number."),
    "identify.unknown": _l("Nobody on our lists has this code or number. Check it, or ask the trainer below."),
    "identify.denied": _l("Then try another code or number, or ask the trainer below."),
    "identify.too_many": _l("That was tried too often. Please ask the trainer below."),
    "request.name_missing": _l("Write your full name so that the trainer can find you."),
    "request.too_many": _l("This phone has asked for enough people. The trainer will help at the desk."),
    "request.signed_off": _l("The register is signed off. Please talk to the trainer."),
}

ATTENDANCE |= ROOM | PHONES
