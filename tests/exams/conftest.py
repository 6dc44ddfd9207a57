"""What several files of the exams room ask for."""

from collections.abc import Iterator

import pytest

from classroom.core.signals import result_changed


@pytest.fixture
def told() -> Iterator[list[dict[str, object]]]:
    """What was told of changed results."""
    facts: list[dict[str, object]] = []

    def hear(**fact: object) -> None:
        facts.append(fact)

    result_changed.connect(hear)
    yield facts
    result_changed._receivers.remove(hear)
