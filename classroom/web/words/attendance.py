"""Words of the attendance room's refusals."""

from typing import Any

ATTENDANCE: dict[str, Any] = {}
