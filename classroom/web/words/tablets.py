"""What a tablet says to the trainer about a scan."""

from typing import Any

from flask_babel import lazy_gettext as _l

#: Of items, where nobody else ever says them.
TABLETS: dict[str, Any] = {
    "item.malformed": _l("The tablet sent something that cannot be read (%(part)s)."),
    "item.busy": _l("The server is busy. The tablet sends this again by itself."),
    "item.failed": _l("The server could not take this yet. The tablet sends it again by itself."),
    "item.unfit": _l("The server cannot take this as it is. It is kept for the coordinator."),
    "item.waits": _l("This is taken back once the scan itself has been sent."),
    "walk_in.number_known": _l(
        "This number is %(name)s's, who was checked in. If somebody else stands here, take it back, and take that "
        "person in without the number."
    ),
    "undo.nothing": _l("There was nothing to take back."),
    "undo.other_tablet": _l("Another tablet brought this scan: take it back on the board."),
    "undo.too_old": _l("What should be taken back has not come within %(days)s days."),
    "scan.foreign_session": _l("This tablet does not serve that class. Choose the session again."),
    "scan.foreign_code": _l("Not one of our codes."),
    "scan.truncated": _l("The code is cut off."),
    "scan.forged": _l("The code is not valid."),
    "scan.card_unreadable": _l("The card could not be read."),
    "scan.card_unknown": _l("Nobody on our lists has this card: take the person in as a walk-in."),
    "scan.code_unknown": _l("Nobody on our lists has this learner code."),
    "scan.place_unknown": _l("This place is no longer on the list."),
    "scan.no_check_out": _l("This class does not check out."),
    "scan.from_the_future": _l("The time of the scan lies in the future."),
    "scan.before_the_day": _l("The scan is from before the day of the session."),
    "scan.long_after": _l("The scan came more than 14 days after the class."),
    "tablet.not_its_class": _l("This tablet has not been given the list of that class: a coordinator decides."),
    "badge.blank": _l("A blank badge: it is given to nobody yet."),
}
#: Where the words of refusals speak to the learner.
TO_TRAINERS: dict[str, Any] = {
    "scan.too_early": _l("Check-in is not open yet; it opens at %(opens_at)s."),
    "scan.too_late": _l("Check-in ended at %(closes_at)s. The attempt is kept."),
    "scan.cancelled": _l("This session is cancelled."),
    "scan.not_enrolled": _l("Known, but not on the list of this course: take the person in as a walk-in."),
    "scan.withdrawn": _l("Was taken off the list of this course."),
    "scan.uuid_reused": _l("Was sent before with other content. Please scan again."),
    "tablet.revoked": _l("The tablet is revoked: a coordinator decides about this scan."),
}
