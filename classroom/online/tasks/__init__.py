"""What online learning does beside requests."""

from classroom.online.tasks import imports, matching

__all__ = ["imports", "matching"]
