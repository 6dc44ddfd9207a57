"""How sittings, attempts and answers say no."""

from typing import Any

SITTINGS: dict[str, Any] = {}
