"""What the documents say about the tests is so."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
PROVEN = TESTS.parent / "docs" / "algorithms" / "check-in.md"


def test_every_test_that_a_case_of_check_in_names_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PROVEN.read_text("utf-8"))
    assert len(named) > 40
    missing = [each for each in named if f"\ndef {each[1]}(" not in (TESTS / each[0]).read_text("utf-8")]
    assert missing == []
