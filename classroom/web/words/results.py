"""How marking and results say no."""

from typing import Any

RESULTS: dict[str, Any] = {}
