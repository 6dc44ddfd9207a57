"""Which cores of the machine a process runs on.

Python lets one thread of a process run at a time. Where two cores take turns at it, each finds what the other had in
its cache: eight threads on two cores spent 1.6 times the processor time of the same threads on one. So a web worker
keeps to one core, and work outside Python (typesetting) is let loose on all of them.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager

_CAN_CHOOSE = hasattr(os, "sched_setaffinity")
#: The cores that the machine, or who started us, allows.
ALLOWED: frozenset[int] = frozenset(os.sched_getaffinity(0) if _CAN_CHOOSE else range(os.cpu_count() or 1))


def least_used(taken: Collection[int]) -> int:
    """The allowed core that stands least often in `taken`; the first of several."""
    in_use = list(taken)
    return min(sorted(ALLOWED), key=in_use.count)


def keep_to(core: int) -> None:
    """Let this thread, and those it starts from now on, run on this core alone; where the system cannot, on all."""
    if _CAN_CHOOSE:
        os.sched_setaffinity(0, {core})


@contextmanager
def all_cores() -> Iterator[None]:
    """Let this thread, and those it starts inside, run on every allowed core."""
    if not _CAN_CHOOSE:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ALLOWED)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
