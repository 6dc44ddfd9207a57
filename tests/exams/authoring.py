"""What the pages of the question bank are sent by a browser."""

from typing import Any

from sqlalchemy import func, select

from classroom.core.db import db


def single(**changes: Any) -> dict[str, Any]:
    """What the page of a good single-choice question sends."""
    return {
        "kind": "single",
        "text": "Đâu là trình duyệt?",
        "option-id": ["k", "m", "p"],
        "option-text": ["Word", "Chrome", ""],
        "option-weight": ["", "", ""],
        "option-feedback": ["", "", ""],
        "right": "m",
        "topic": "Trình duyệt",
        "course": "",
        **changes,
    }


def how_many(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(table.id))) or 0
