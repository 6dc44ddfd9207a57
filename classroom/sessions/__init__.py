"""Programmes, courses, classes, class sessions, venues, enrolment and rosters."""
