"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.web.words.by_pen import PEN_ACTIONS

_SITTINGS: dict[str, Any] = {
    "sitting.opened": _l("Opened the test “%(paper)s” in session %(number)s of class %(class)s"),
    "sitting.paused": _l("Stopped the clock of a test for everybody"),
    "sitting.resumed": _l("Let a test go on after a pause of %(seconds)s seconds"),
    "sitting.ended": _l("Ended a test; %(running)s were still writing"),
    "sitting.ended_by_itself": _l("A test ended with its day; %(running)s were still writing"),
    "sitting.reopened": _l("Took the end of a test back: %(reason)s"),
    "sitting.annulled": _l("Annulled a test: %(reason)s"),
    "sitting.extended": _l("Gave everybody in a test %(minutes)s more minutes (%(attempts)s attempts): %(reason)s"),
    "sitting.let_in": _l("Let %(name)s into a test past the rules, with %(minutes)s more minutes: %(reason)s"),
    "sitting.kiosk_paired": _l("Gave a learner a device of the room for a test"),
    "sitting.kiosk_left": _l("A device of the room was left by the PIN of the test"),
    "sitting.kiosk_released": _l("Took a device of the room back"),
    "attempt.extended": _l("Gave %(name)s %(minutes)s more minutes in a test: %(reason)s"),
    "attempt.reopened": _l(
        "Let an attempt go on that had ended (%(how)s) at %(finished_at)s with %(mark)s points: %(reason)s"
    ),
    "attempt.handed_over": _l("Let a learner go on with a test on another device, the device number %(device)s"),
    "attempt.device_refused": _l("Refused a device that asked for a learner's test"),
    "attempt.late_taken": _l("Let %(answers)s late answers of an attempt count: %(reason)s"),
    "attempt.annulled": _l("Annulled an attempt at a test: %(reason)s"),
}
_MARKING: dict[str, Any] = {
    "paper.question_ruled": _l("Decided about a question of the paper %(title)s, “%(asked)s”: %(ruling)s (%(reason)s)"),
    "paper.remarked": _l("Marked the paper %(title)s again: %(changed)s results changed"),
    "attempt.adjusted": _l("Changed a mark by %(points)s points, from %(before)s to %(after)s: %(reason)s"),
    "attempt.adjustment_annulled": _l(
        "Took back a change of %(points)s points; the mark went from %(before)s to %(after)s: %(reason)s"
    ),
}
#: Codes that stand in facts, in words.
EXAM_VALUES: dict[str, Any] = {
    "ruling.rekey": _l("marked by the key of another version"),
    "ruling.full": _l("everybody gets its points"),
    "ruling.drop": _l("it does not count"),
    "ruling.none": _l("marked by its own key again"),
}
_PAPERS: dict[str, Any] = {
    "paper.created": _l("Made the paper “%(title)s” for the course %(course)s"),
    "paper.changed": _l("Changed the terms of the paper “%(title)s”"),
    "paper.composed": _l("Composed the paper “%(title)s”: %(questions)s questions, %(points)s points"),
    "paper.copied": _l("Copied the paper “%(source)s” to “%(title)s”"),
    "paper.retired": _l("Retired the paper “%(title)s”"),
    "paper.restored": _l("Brought the paper “%(title)s” back"),
    "paper.printed": _l("Made the printed forms %(codes)s of the paper “%(title)s”"),
    "paper.form_annulled": _l("Annulled the printed form %(code)s of the paper “%(title)s”: %(reason)s"),
}

_BANK: dict[str, Any] = {
    "question.added": _l("Added the question “%(title)s”"),
    "question.edited": _l("Saved version %(number)s of the question “%(title)s”: %(note)s"),
    "question.moved": _l("Put the question “%(title)s” into another course or topic"),
    "question.retired": _l("Took the question “%(title)s” out of use"),
    "question.restored": _l("Used the question “%(title)s” again"),
    "question.picture_added": _l("Added a picture for questions (%(width)s × %(height)s)"),
    "question.topic_added": _l("Added the topic %(name)s"),
    "question.topic_renamed": _l("Renamed the topic %(before)s to %(name)s"),
    "question.topics_merged": _l("Merged the topic %(before)s into %(name)s: %(count)s questions moved"),
}

_IMPORTS: dict[str, Any] = {
    "question.file_uploaded": _l("Uploaded the file with questions %(filename)s"),
    "question.file_read_anew": _l("Read the file %(filename)s in another format"),
    "question.imported": _l(
        "Imported %(good)s questions from %(filename)s; %(there)s were there already, %(bad)s lines were left out"
    ),
    "question.file_dropped": _l("Put the file with questions %(filename)s aside without importing it"),
    "question.exported": _l("Took out %(count)s questions with their answers; %(left_out)s did not fit the format"),
}

EXAM_ACTIONS: dict[str, Any] = {**_SITTINGS, **_MARKING, **_PAPERS, **_BANK, **_IMPORTS, **PEN_ACTIONS}
