"""How the question bank and its imports say no."""

from typing import Any

QUESTIONS: dict[str, Any] = {}
