"""Tables of programmes and classes."""

from classroom.sessions.models.badges import Badge
from classroom.sessions.models.enrolments import Enrolment, EnrolmentChange, RosterImport
from classroom.sessions.models.places import Booking, Room, Venue
from classroom.sessions.models.programmes import Course, Programme
from classroom.sessions.models.schedule import ClassSession, ClassTrainer, SessionRange, TrainingClass

__all__ = [
    "Badge",
    "Booking",
    "ClassSession",
    "ClassTrainer",
    "Course",
    "Enrolment",
    "EnrolmentChange",
    "Programme",
    "Room",
    "RosterImport",
    "SessionRange",
    "TrainingClass",
    "Venue",
]
