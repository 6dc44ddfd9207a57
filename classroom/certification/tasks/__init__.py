"""What the room does beside requests."""

from classroom.certification.tasks import issuing

__all__ = ["issuing"]
