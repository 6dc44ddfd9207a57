"""Words for refusals about online learning."""

from typing import Any

from classroom.web.words.online_imports import ONLINE_IMPORTS

ONLINE: dict[str, Any] = {**ONLINE_IMPORTS}
