"""Use cases of rules, outcomes, batches and certificates."""

from classroom.certification.services import erasing as erasing  # connects to the signals of lower rooms
