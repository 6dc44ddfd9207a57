"""Classroom runs in-person classes: rosters, timetables, check-in by phone, registers and their papers."""

from classroom.app import create_app

__all__ = ["create_app"]
