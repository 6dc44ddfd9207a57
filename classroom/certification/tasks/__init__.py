"""What the room does beside requests."""

from classroom.certification.tasks import evaluating, printing

__all__ = ["evaluating", "printing"]
