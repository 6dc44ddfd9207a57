"""What the log says: one sentence for each action, filled from the entry; each room adds its own part."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from classroom.web.words.certificate_actions import CERTIFICATE_ACTIONS, CERTIFICATE_KINDS
from classroom.web.words.deciding import DECIDING_ACTIONS, DECIDING_KINDS, DECIDING_VALUES
from classroom.web.words.exam_actions import EXAM_ACTIONS, EXAM_VALUES
from classroom.web.words.matching import MATCH_ACTIONS
from classroom.web.words.rosters import FIELDS

#: The first part of an action's name, as a heading.
KINDS: dict[str, Any] = {
    "account": _l("Sign-in"),
    "staff": _l("Staff"),
    "organisation": _l("Organisation"),
    "learner": _l("Learner"),
    "dossier": _l("Dossiers"),
    "import": _l("Import of a list"),
    "programme": _l("Programme"),
    "course": _l("Course"),
    "venue": _l("Venue"),
    "room": _l("Room"),
    "class": _l("Class"),
    "session": _l("Class session"),
    "enrolment": _l("Enrolment"),
    "register": _l("Registers"),
    "mark": _l("Marks"),
    "request": _l("Requests at check-in"),
    "flag": _l("Odd things at check-in"),
    "binding": _l("Phones of learners"),
    "screen": _l("Projector screens"),
    "spot": _l("Spot checks"),
    "inbox": _l("Inbox"),
    "badge": _l("Badges"),
    "tablet": _l("Tablets"),
    "question": _l("Question bank"),
    "paper": _l("Test papers"),
    "sitting": _l("Tests in the room"),
    "attempt": _l("Attempts at tests"),
    "online": _l("Online learning"),
    **DECIDING_KINDS,
    **CERTIFICATE_KINDS,
}
ACTIONS: dict[str, Any] = {
    **EXAM_ACTIONS,
    **MATCH_ACTIONS,
    **DECIDING_ACTIONS,
    **CERTIFICATE_ACTIONS,
    "account.signed_in": _l("Signed in"),
    "account.signed_out": _l("Signed out"),
    "account.sign_in_paused": _l("Sign-in paused after too many wrong passwords"),
    "account.others_signed_out": _l("Ended %(count)s other sign-ins"),
    "account.edited": _l("Changed own particulars: %(name)s"),
    "staff.created": _l("Made the account %(username)s for %(name)s (%(roles)s)"),
    "staff.edited": _l("Changed the account of %(name)s: %(roles_before)s became %(roles)s"),
    "staff.inspector_invited": _l("Let %(name)s look as an inspector through %(last_on)s: %(reason)s"),
    "staff.link_made": _l("Made a one-time link for %(name)s"),
    "staff.password_set": _l("Set a new password"),
    "staff.switched_off": _l("Switched off the account of %(name)s: %(reason)s"),
    "staff.switched_on": _l("Switched the account of %(name)s on again"),
    "organisation.created": _l("Made the organisation %(name)s"),
    "organisation.edited": _l("Changed the organisation: %(name)s, %(place)s"),
    "organisation.clock_changed": _l(
        "Changed the time zone from %(before)s to %(after)s; %(sessions)s planned sessions kept their times of day"
    ),
    "organisation.switched_off": _l("Switched off the organisation %(name)s"),
    "organisation.switched_on": _l("Switched the organisation %(name)s on again"),
    "badge.issued": _l("Made %(count)s badges for class %(code)s"),
    "badge.issued_one": _l("Made a badge for the learner %(code)s"),
    "badge.reissued": _l("Replaced the badge of the learner %(code)s: %(reason)s"),
    "badge.blanks_made": _l("Made %(count)s blank badges for class %(code)s"),
    "badge.tied": _l("Tied the blank badge %(number)s to a learner"),
    "badge.untied": _l("Took the blank badge %(number)s back from a learner"),
    "tablet.roster_handed": _l("Gave the list of class %(code)s to the tablet %(tablet)s"),
    "register.sheet_entered": _l(
        "Entered the signed sheet: %(signed)s signatures, %(marked)s marked by it, %(contradictions)s contradictions"
    ),
    "tablet.added": _l("Added the tablet %(name)s"),
    "tablet.code_renewed": _l("Made a new code for the tablet %(name)s"),
    "tablet.renamed": _l("Renamed the tablet %(before)s to %(name)s"),
    "tablet.enrolled": _l("The tablet %(name)s came in by its code"),
    "tablet.texts_erased": _l(
        "Erased what was scanned or typed at the door and is not needed any more: %(count)s entries"
    ),
    "tablet.revoked": _l("Revoked the tablet %(name)s (%(reason)s); %(waiting)s scans were waiting on it"),
    "learner.created": _l("Added the learner %(name)s (%(code)s)"),
    "learner.changed": _l("Changed the learner %(code)s: %(fields)s"),
    "learner.code_replaced": _l("Replaced the learner code %(old_code)s by %(code)s"),
    "learner.merged": _l("Merged the learner %(gone_code)s into %(kept_code)s: %(reason)s"),
    "dossier.opened": _l("Opened the dossier: %(about)s"),
    "dossier.downloaded": _l("Took the dossier along (%(kind)s): %(about)s"),
    "learner.erasure_asked": _l("Noted that the learner %(code)s asked to be erased, answer by %(due_on)s"),
    "learner.erasure_refused": _l("Refused to erase a learner: %(reason)s"),
    "learner.erased": _l("Erased a learner on request"),
    "learner.split": _l("Parted the learner %(gone_code)s from %(kept_code)s again: %(reason)s"),
    "learner.id_number_shown": _l("Looked at the whole ID number of the learner %(code)s"),
    "programme.contacts_exported": _l("Took out a list of %(count)s people to call, with their telephone numbers"),
    "learner.list_exported": _l("Took out a list of %(count)s learners with whole ID numbers"),
    "import.uploaded": _l("Uploaded the list %(filename)s"),
    "import.confirmed": _l(
        "Imported %(filename)s: %(new)s new learners, %(enrolled)s enrolled, %(changed)s changed, %(removed)s removed"
    ),
    "import.undone": _l("Undid the import of %(filename)s: %(reason)s"),
    "import.replaced": _l("Put an earlier upload of %(filename)s aside: the same list was uploaded again"),
    "import.dropped": _l("Put the list %(filename)s aside without importing it"),
    "programme.created": _l("Made the programme %(name)s"),
    "programme.changed": _l("Changed the programme %(name)s"),
    "course.created": _l("Made the course %(name)s: %(required)s of %(planned)s sessions"),
    "course.changed": _l("Changed the course %(name)s: %(required)s of %(planned)s sessions"),
    "venue.created": _l("Made the venue %(name)s"),
    "venue.changed": _l("Changed the venue %(name)s"),
    "venue.archived": _l("Took the venue %(name)s out of use"),
    "venue.restored": _l("Used the venue %(name)s again"),
    "room.created": _l("Added the room %(name)s"),
    "room.changed": _l("Changed the room %(name)s"),
    "room.archived": _l("Took the room %(name)s out of use"),
    "room.restored": _l("Used the room %(name)s again"),
    "class.created": _l("Made class %(code)s with %(sessions)s sessions"),
    "class.changed": _l("Changed class %(code)s"),
    "class.cancelled": _l("Cancelled class %(code)s: %(reason)s"),
    "class.restored": _l("Took class %(code)s back"),
    "session.added": _l("Added session %(number)s to class %(code)s"),
    "session.changed": _l("Changed session %(number)s of class %(code)s"),
    "session.moved": _l("Moved session %(number)s of class %(code)s: %(reason)s"),
    "session.cancelled": _l("Cancelled session %(number)s of class %(code)s: %(reason)s"),
    "session.restored": _l("Took session %(number)s of class %(code)s back"),
    "enrolment.enrolled": _l("Enrolled %(learner_code)s in class %(code)s"),
    "enrolment.withdrawn": _l("Withdrew %(learner_code)s from class %(code)s: %(reason)s"),
    "enrolment.rejoined": _l("Took %(learner_code)s into class %(code)s again"),
    "enrolment.merged": _l("Put the place of %(learner_code)s in class %(code)s together with a merged learner"),
    "enrolment.split": _l("Gave %(learner_code)s the place in class %(code)s back after parting merged learners"),
    "enrolment.walked_in": _l("Took %(learner_code)s into class %(code)s at the door"),
    "enrolment.accepted": _l("Accepted the walk-in %(learner_code)s in class %(code)s"),
    "enrolment.removed": _l("Removed the walk-in %(learner_code)s from class %(code)s"),
    "enrolment.moved_out": _l("Moved %(learner_code)s out of class %(code)s: %(reason)s"),
    "enrolment.moved_in": _l("Moved %(learner_code)s into class %(code)s: %(reason)s"),
    "register.opened": _l("Opened check-in"),
    "register.closed": _l("Closed check-in: %(heads)s here, %(absent)s absent, %(head_count)s counted"),
    "register.counted": _l("Wrote down the head count after closing: %(head_count)s"),
    "register.closed_by_itself": _l("Closed by the clock: %(absent)s absent"),
    "register.reopened": _l("Opened check-in again: %(reason)s"),
    "register.signed_off": _l("Signed the register off: %(heads)s here, %(absent)s absent"),
    "register.secret_renewed": _l("Made all earlier codes worthless"),
    "mark.set": _l("Marked by hand: %(status)s (%(reason)s)"),
    "mark.undone": _l("Took a mark back"),
    "mark.left": _l("Wrote down that learners left (%(reason)s)"),
    "mark.exit_undone": _l("Took back that a learner left"),
    "mark.released": _l("Let a late scan count"),
    "mark.release_undone": _l("Took back that a late scan counts"),
    "request.matched": _l("Matched a phone to a learner"),
    "request.dismissed": _l("Put a request away"),
    "flag.decided": _l("Decided about something odd: %(decision)s"),
    "binding.made": _l("A phone was tied to a learner"),
    "binding.annulled": _l("A phone was freed from a learner"),
    "screen.paired": _l("Paired a projector screen"),
    "screen.revoked": _l("Turned a projector screen away"),
    "screen.shows_in": _l("Let the screens show the code for coming in"),
    "screen.shows_out": _l("Let the screens show the code for going out"),
    "screen.shows_test": _l("Let the screens show the way into the test"),
    "spot.opened": _l("Started a spot check of %(minutes)s minutes"),
    "spot.ended": _l("Ended a spot check"),
    "spot.seen": _l("Saw a learner who had not answered the spot check"),
    "inbox.decided": _l("Decided in the inbox: %(decision)s"),
    "inbox.taken_back": _l("Took a decision in the inbox back: %(decision)s"),
}
_VALUES: dict[str, Any] = {
    **FIELDS,
    **EXAM_VALUES,
    **DECIDING_VALUES,
    "administrator": _l("Administrator"),
    "coordinator": _l("Coordinator"),
    "trainer": _l("Trainer"),
    "viewer": _l("Viewer"),
    "present": _l("Present"),
    "late": _l("Late"),
    "left_early": _l("Left early"),
    "excused": _l("Excused"),
    "absent": _l("Absent"),
    "not_applicable": _l("Not yet in class"),
    "fine": _l("it is fine"),
    "rejected": _l("it does not count"),
}


class _Filled(dict[str, str]):
    """What a sentence asks for; a part that was erased, or never was, shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def say_action(action: str, facts: Mapping[str, Any], personal: Mapping[str, Any]) -> str:
    """The sentence for an entry of the log; an action without words shows its name."""
    words = ACTIONS.get(action)
    if words is None:
        return str(gettext("Did something (%(action)s)", action=action))
    return str(words) % _Filled({key: _spell(value) for key, value in {**facts, **personal}.items()})


def kinds() -> dict[str, Any]:
    """The kinds of entries that can be asked for, with their words."""
    present = {action.partition(".")[0] for action in ACTIONS}
    return {kind: words for kind, words in KINDS.items() if kind in present}


def _spell(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(map(_spell, value))
    known, _, rest = str(value).partition(" → ")
    word = str(_VALUES.get(known, known))
    return f"{word} → {rest}" if rest else word
