"""Words for refusals about online learning."""

from typing import Any

ONLINE: dict[str, Any] = {}
