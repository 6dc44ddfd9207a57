"""Reads that cross rooms: days, the record of a class, what is known about a person, what waits."""

from classroom.desk.queries.inbox import WaitingImport, count_waiting, waiting_imports
from classroom.desk.queries.person import Change, Half, Moment, Place, count_bound_phones, moments_of, places_of
from classroom.desk.queries.record import Cell, ClassRecord, Guest, RosterPlace, SessionRecord, class_record
from classroom.desk.queries.today import SessionLine, coming, counted, first_steps, sessions_on, unsettled

__all__ = [
    "Cell",
    "Change",
    "ClassRecord",
    "Guest",
    "Half",
    "Moment",
    "Place",
    "RosterPlace",
    "SessionLine",
    "SessionRecord",
    "WaitingImport",
    "class_record",
    "coming",
    "count_bound_phones",
    "count_waiting",
    "counted",
    "first_steps",
    "moments_of",
    "places_of",
    "sessions_on",
    "unsettled",
    "waiting_imports",
]
