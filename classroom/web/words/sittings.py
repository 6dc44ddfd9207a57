"""How sittings, attempts and answers say no."""

from typing import Any

from flask_babel import lazy_gettext as _l

SITTINGS: dict[str, Any] = {
    "sitting.annulled": _l("This test was opened by mistake and has been annulled: nothing in it counts."),
    "sitting.day_over": _l("The day of this session is over: no test can be held in it any more."),
    "sitting.ended": _l("The test has ended."),
    "sitting.entry_over": _l(
        "The time to begin ended at %(closed_at)s. Your trainer can still let you in while the test goes on."
    ),
    "sitting.minutes": _l("Give from %(least)s to %(most)s minutes."),
    "sitting.open_already": _l("This paper is open in this session already, on other terms. End that test first."),
    "sitting.other_course": _l("This paper belongs to another course than %(course)s."),
    "sitting.paper_retired": _l("This paper is no longer in use. Choose another one."),
    "sitting.paused": _l("The trainer has stopped the clock for everybody. Wait a moment and try again."),
    "sitting.session_cancelled": _l("This session is cancelled: no test can be held in it."),
    "sitting.terms": _l("One of the settings of the test cannot be used. Choose from what the page offers."),
    "sitting.too_early": _l("A test can be opened from %(opens_at)s on, when check-in of the session opens."),
    "gate.no_attempt_left": _l("You have used all attempts that this test allows: %(used)s."),
    "gate.not_enrolled": _l("You are not in a class of this course now."),
    "gate.not_present": _l("You are not marked as present in this session. Check in first, then come back."),
    "gate.passed_already": _l("You have passed this test already and need not take it again."),
    "gate.too_few_sessions": _l("Half-days that you have attended: %(attended)s. The test asks for %(needed)s."),
    "attempt.annulled": _l("This attempt has been annulled and does not count."),
    "attempt.by_pen": _l("This test was written on paper: there is no clock that could be set later."),
    "attempt.finished": _l("This attempt has ended already."),
    "attempt.has_device": _l("This device holds the attempt already."),
    "attempt.other_device": _l(
        "This test is open on another device. What was answered here stays as it was; to go on here, ask your trainer."
    ),
    "attempt.running": _l("This attempt still goes on. Decide about it once it has ended."),
    "attempt.too_many_devices": _l("Too many devices have asked for this attempt. Speak to your trainer."),
    "answer.number_taken": _l("Another page has saved another answer meanwhile. Answer this question again."),
    "answer.position": _l("The test has no such question. Load the page again."),
    "answer.sequence": _l("The page did not number this answer rightly. Load the page again."),
    "answer.shape": _l("This answer does not fit the question. Answer it again."),
    "answer.too_late": _l("This answer came after the end. It is kept, but it does not count by itself."),
    "answer.too_many": _l("Too many answers came at once. Load the page again."),
    "kiosk.too_many": _l("Too many devices ask for digits at this moment. Please try again in a few minutes."),
    "kiosk.too_many_tries": _l("Too many wrong tries. Try again in %(minutes)s minutes."),
    "kiosk.unknown_digits": _l("No device shows these six digits now. Look at the device again; the digits change."),
    "kiosk.wrong_pin": _l("That is not the PIN of this test. The trainer finds it on the board."),
    "merge.both_write": _l("Both write a test in class %(class_code)s at this moment. Merge them once it has ended."),
    "session.has_attempts": _l("%(count)s attempts at a test were made in this session: it cannot be moved any more."),
    "session.test_running": _l("A test goes on in this session. End it first."),
    "import.undo_attempts": _l(
        "People of this list have written a test since (%(count)s attempts): it can no longer be undone as a whole."
    ),
    "sitting.none_open": _l("No test is open in this session now. Wait until the trainer opens it, then scan again."),
    "sitting.unknown": _l("This test does not open on this device. Scan the code in the room again."),
    "attempt.unknown": _l("This test does not open on this device. Scan the code in the room again."),
    "attempt.proof": _l("This page is out of date. Scan the code in the room again: nothing that was saved is lost."),
}
