"""Words of the sessions room's refusals."""

from typing import Any

SESSIONS: dict[str, Any] = {}
