"""How the question bank and its imports say no."""

from typing import Any

from classroom.web.words.question_files import QUESTION_FILES

QUESTIONS: dict[str, Any] = {
    **QUESTION_FILES,
}
