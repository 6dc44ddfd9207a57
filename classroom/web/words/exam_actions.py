"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

EXAM_ACTIONS: dict[str, Any] = {}
