"""What can be done with tests."""

from classroom.exams.services import erasing as erasing  # connects to the signals of lower rooms
from classroom.exams.services import merging as merging  # connects to the signals of lower rooms
from classroom.exams.services import receiving as receiving  # connects to the signals of lower rooms
