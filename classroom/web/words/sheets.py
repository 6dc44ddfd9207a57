"""Words of the sheets room's refusals."""

from typing import Any

SHEETS: dict[str, Any] = {}
