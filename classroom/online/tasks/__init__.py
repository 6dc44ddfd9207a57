"""What online learning does beside requests."""

from classroom.online.tasks import imports

__all__ = ["imports"]
