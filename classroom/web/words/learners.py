"""Words of the learners room's refusals."""

from typing import Any

LEARNERS: dict[str, Any] = {}
