"""What the documents say about the tests is so."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ALGORITHMS = TESTS.parent / "docs" / "algorithms"


@pytest.mark.parametrize("page", ["check-in.md", "tests.md"])
def test_every_test_that_a_case_names_exists(page: str) -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (ALGORITHMS / page).read_text("utf-8"))
    assert len(named) > 40
    missing = [each for each in named if f"\ndef {each[1]}(" not in (TESTS / each[0]).read_text("utf-8")]
    assert missing == []
