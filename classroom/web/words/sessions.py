"""Words of the sessions room's refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

SESSIONS: dict[str, Any] = {
    "times.missing": _l("Write when it begins and ends, such as 07:30-11:30."),
    "times.unreadable": _l("“%(text)s” cannot be read as a time. Write it like 07:30-11:30."),
    "times.backwards": _l("“%(text)s” ends before it begins."),
    "times.no_such_time": _l("There is no such time as %(text)s."),
    "times.overlap": _l("%(first)s and %(second)s overlap."),
    "plan.empty": _l("A class needs at least one session."),
    "plan.too_long": _l("A class has at most %(most)s sessions."),
    "plan.overlap": _l("Two sessions overlap on %(day)s. Change the times of one of them."),
    "programme.name_taken": _l("There is a programme of this name already."),
    "programme.dates": _l("The last day is before the first day."),
    "course.name_taken": _l("This programme has a course of this name already."),
    "course.sessions": _l("The sessions to attend must be between 1 and the number of sessions."),
    "venue.name_taken": _l("There is a venue of this name already."),
    "room.name_taken": _l("This venue has a room of this name already."),
    "room.seats": _l("A room has between 1 and %(most)s seats."),
    "class.code_missing": _l("A class needs a code, such as L01."),
    "class.code_taken": _l("This course has a class %(class_code)s already. Choose another code."),
    "class.capacity": _l("A class has between 1 and %(most)s seats."),
    "class.capacity_large": _l(
        "%(capacity)s learners are more than the %(limit)s that fit well. Tick the box below if you mean it."
    ),
    "class.capacity_below": _l("There are already %(enrolled)s learners in this class."),
    "class.code_period": _l("A code changes every 5 to 60 seconds."),
    "class.minutes": _l("Choose between 0 and 240 minutes."),
    "class.cancelled": _l("Class %(class_code)s has been cancelled."),
    "session.cancelled": _l("Session %(number)s has been cancelled. Restore it first."),
    "session.overlaps_own": _l("Session %(number)s of this class is held at that time already (%(at)s)."),
    "reason.missing": _l("Say why: the reason is kept in the record."),
    "walk_in.decided": _l("Somebody has already decided about this walk-in."),
    "walk_in.erased": _l("What was typed about this walk-in has been erased, so nobody can be taken in."),
    "badge.none": _l("There is no badge to print yet. Make the badges first."),
    "badge.count": _l("Choose between 1 and %(most)s badges."),
    "badge.unknown": _l("This badge is not one of yours."),
    "badge.replaced": _l("This badge was replaced: %(name)s has a newer one."),
    "badge.tied": _l("This badge is given to %(name)s already."),
    "booking.room_taken": _l("%(name)s is taken by class %(class_code)s on %(day)s, %(times)s."),
    "booking.trainer_taken": _l("%(name)s teaches class %(class_code)s on %(day)s, %(times)s."),
    "booking.taken": _l("Somebody else has just taken this room or trainer. Look at the timetable and try again."),
    "enrolment.class_full": _l("Class %(class_code)s is full: all %(capacity)s seats are taken."),
    "enrolment.other_class": _l(
        "%(name)s is in class %(class_code)s of this course already. Move the learner instead."
    ),
    "enrolment.ended": _l("This learner has left the class already."),
    "enrolment.other_course": _l("Class %(class_code)s belongs to another course."),
    "enrolment.same_class": _l("The learner is in class %(class_code)s already."),
}
