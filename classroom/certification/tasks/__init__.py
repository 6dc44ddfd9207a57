"""What the room does beside requests."""

from classroom.certification.tasks import printing

__all__ = ["printing"]
