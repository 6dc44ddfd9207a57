"""Use cases of intakes, accounts, imports and matches."""

from classroom.online.services import erasing as erasing  # connects to the signals of lower rooms
