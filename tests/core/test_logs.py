"""What is logged of an error tells where it happened, and of whom nothing."""

import sys
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from classroom.core import logs
from classroom.core.db import transaction
from classroom.learners.models import Learner
from tests.factories import LearnerFactory

NAME, NUMBER = "Nguyễn Thị Bí Mật", "040185099999"


def line(event: Any) -> str:
    """The event as it is written."""
    for step in logs.processors():
        event = step(None, "error", event)
    return str(event)


def test_an_error_of_the_database_names_the_rule_and_not_the_person(any_app: Flask) -> None:
    one = LearnerFactory(name=NAME, id_number=NUMBER)
    columns = {c.name: getattr(one, c.name) for c in Learner.__table__.c if c.name not in {"id", "public_id", "code"}}
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(insert(Learner), {**columns, "public_id": "X" * 12, "code": "0" * 8})
    try:
        with transaction() as session:
            session.execute(insert(Learner), {**columns, "public_id": "X" * 12, "code": "0" * 8})
    except IntegrityError:
        written = line({"event": "broken", "exc_info": sys.exc_info()})
    assert "learner" in written
    assert "IntegrityError" in written
    assert "test_logs.py" in written
    for secret in (NAME, NUMBER):
        assert secret not in written


def test_an_event_is_one_line_whatever_is_in_it() -> None:
    assert len(line({"event": "a\nb", "path": "x\r\n{}"}).splitlines()) == 1
