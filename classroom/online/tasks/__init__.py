"""What online learning does in the background."""

from classroom.online.tasks import matching

__all__ = ["matching"]
