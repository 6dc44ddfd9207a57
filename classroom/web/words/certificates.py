"""Words for refusals about rules and certificates."""

from typing import Any

CERTIFICATES: dict[str, Any] = {}
