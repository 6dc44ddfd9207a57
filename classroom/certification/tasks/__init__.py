"""What the room does beside requests."""

from classroom.certification.tasks import evaluating, issuing, printing

__all__ = ["evaluating", "issuing", "printing"]
