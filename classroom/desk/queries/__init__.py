"""Reads that cross rooms: days, the record of a class, what is known about a person, what waits."""

from classroom.desk.queries.badges import BadgeCounts, badge_counts
from classroom.desk.queries.inbox import (
    AskedSession,
    LateScan,
    WaitingImport,
    WalkIn,
    asked_sessions,
    count_waiting,
    late_scans,
    name_of,
    waiting_imports,
    waiting_matches,
    walk_ins,
)
from classroom.desk.queries.moments import Moment
from classroom.desk.queries.papers import poster_secret
from classroom.desk.queries.person import Change, Half, Holdings, Place, count_bound_phones, holdings_of, places_of
from classroom.desk.queries.record import (
    Cell,
    ClassRecord,
    Guest,
    RosterPlace,
    SessionRecord,
    class_record,
    count_marks,
)
from classroom.desk.queries.spots import ClassSpot, class_spots
from classroom.desk.queries.timeline import timeline_of_learner, timeline_of_session
from classroom.desk.queries.today import SessionLine, coming, counted, first_steps, sessions_on, unsettled

__all__ = [
    "AskedSession",
    "BadgeCounts",
    "Cell",
    "Change",
    "ClassRecord",
    "ClassSpot",
    "Guest",
    "Half",
    "Holdings",
    "LateScan",
    "Moment",
    "Place",
    "RosterPlace",
    "SessionLine",
    "SessionRecord",
    "WaitingImport",
    "WalkIn",
    "asked_sessions",
    "badge_counts",
    "class_record",
    "class_spots",
    "coming",
    "count_bound_phones",
    "count_marks",
    "count_waiting",
    "counted",
    "first_steps",
    "holdings_of",
    "late_scans",
    "name_of",
    "places_of",
    "poster_secret",
    "sessions_on",
    "timeline_of_learner",
    "timeline_of_session",
    "unsettled",
    "waiting_imports",
    "waiting_matches",
    "walk_ins",
]
