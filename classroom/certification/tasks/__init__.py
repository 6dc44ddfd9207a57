"""What the room does beside requests."""

from classroom.certification.tasks import evaluating

__all__ = ["evaluating"]
from classroom.certification.tasks import printing

__all__ = ["printing"]
