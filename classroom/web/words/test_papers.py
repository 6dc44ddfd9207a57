"""How papers say no."""

from typing import Any

TEST_PAPERS: dict[str, Any] = {}
