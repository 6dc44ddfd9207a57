"""What online learning does in the background."""

from classroom.online.tasks import imports

__all__ = ["imports"]
