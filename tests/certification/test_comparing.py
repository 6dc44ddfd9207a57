"""What a run would change."""

import pytest

from classroom.certification.rules.comparing import LISTED_AT_MOST, Judged, Kept, compare, kind_of, whole_hash
from classroom.certification.rules.evaluation import Decision

PASSED, FAILED = Decision("pass", "online", (), ()), Decision("fail", "", ("test.none",), ())


def kept(decision: str = "pass", path: str = "online", reasons: tuple[str, ...] = (), told: str = "h") -> Kept:
    return Kept(decision, path, reasons, told, 1)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, Judged(PASSED, "h"), "to_pass"),
        (kept("fail", ""), Judged(PASSED, "h"), "to_pass"),
        (kept(), Judged(FAILED, "h"), "to_fail"),
        (kept(), Judged(Decision("held", "", ("held.match",), ()), "h"), "to_held"),
        (kept(path="in_person"), Judged(PASSED, "h"), "path"),
        (kept("fail", "", ("test.low",)), Judged(FAILED, "h"), "reasons"),
        (kept(told="other"), Judged(PASSED, "h"), "details"),
        (kept(), None, "gone"),
        (kept(), Judged(PASSED, "h"), ""),
    ],
)
def test_every_change_has_one_kind(before: Kept | None, after: Judged | None, kind: str) -> None:
    assert kind_of(before, after) == kind


def test_counts_add_up() -> None:
    before = {1: kept(), 2: kept(), 3: kept("fail", "", ("test.none",)), 4: kept()}
    after = {1: Judged(PASSED, "h"), 2: Judged(FAILED, "h"), 3: Judged(PASSED, "h"), 5: Judged(PASSED, "h")}
    found = compare(before, after)
    counts = found.counts
    assert (counts["people"], counts["unchanged"]) == (4, 1)
    assert counts["changes"] == {"to_pass": 2, "to_fail": 1, "gone": 1}
    assert counts["matrix"] == {"pass>pass": 1, "pass>fail": 1, "fail>pass": 1, "pass>gone": 1, "new>pass": 1}
    assert counts["decisions"] == {"pass": 3, "fail": 1}
    assert counts["paths"] == {"online": 3}
    assert counts["reasons"] == {"test.none": 1}
    assert counts["lists"] == {"to_pass": [3, 5], "to_fail": [2], "gone": [4]}
    assert not found.nothing
    assert sum(counts["changes"].values()) + counts["unchanged"] == len(before.keys() | after.keys())


def test_the_same_again_changes_nothing() -> None:
    assert compare({1: kept()}, {1: Judged(PASSED, "h")}).nothing


def test_lists_on_the_page_are_capped_and_counts_are_not() -> None:
    after = {number: Judged(PASSED, "h") for number in range(LISTED_AT_MOST + 50)}
    found = compare({}, after)
    assert found.counts["changes"]["to_pass"] == len(found.kinds["to_pass"]) == LISTED_AT_MOST + 50
    assert found.counts["lists"]["to_pass"] == list(range(LISTED_AT_MOST))


def test_the_whole_has_one_hash_whatever_the_order() -> None:
    one, two = Judged(PASSED, "a"), Judged(FAILED, "b")
    assert whole_hash({1: one, 2: two}) == whole_hash({2: two, 1: one})
    assert len({whole_hash({1: one}), whole_hash({2: one}), whole_hash({1: two}), whole_hash({})}) == 4
