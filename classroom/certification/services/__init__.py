"""services of the certification room; those that listen to lower rooms are heard from the start."""

from classroom.certification.services import merging, receiving

__all__ = ["merging", "receiving"]
