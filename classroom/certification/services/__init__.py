"""services of the certification room; those that listen to lower rooms are heard from the start."""

from classroom.certification.services import erasing, merging, receiving

__all__ = ["erasing", "merging", "receiving"]
