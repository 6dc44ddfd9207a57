"""A press beside this process: hundreds of certificates at a time, started anew when it breaks or has grown.

The typesetter is native code. In bulk it crashed once in about a hundred runs, and it remembers what it has set; in a
process of its own neither matters.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Final

import structlog

from classroom.certification.documents.certificate import Look, Printable, render
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.designs import Design

TRIES: Final = 3
FILES_EACH: Final = 5
"""How many files one press makes before a new one takes over."""
PATIENCE: Final = 180
"""Seconds for one file."""
log = structlog.get_logger()


class Press:
    """Use as a context; each call makes one file."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._made = 0

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def make(
        self, faces: Sequence[tuple[Mapping[str, Any], str]], design: Design, logo: bytes, verify_url: str
    ) -> bytes:
        """The file of these facts and codes; a press that breaks is replaced, twice."""
        job = ([(dict(facts), code) for facts, code in faces], design.as_json(), logo, verify_url)
        for attempt in range(1, TRIES + 1):
            if self._made >= FILES_EACH:
                self._close()
            pool = self._open()
            try:
                paper = pool.submit(print_faces, *job).result(PATIENCE)
            except (BrokenProcessPool, TimeoutError):
                log.warning("a press broke", attempt=attempt, certificates=len(faces))
                self._close()
                if attempt == TRIES:
                    raise
            else:
                self._made += 1
                return paper
        raise AssertionError("unreachable")

    def process_ids(self) -> list[int]:
        """The process that prints, for those who watch it."""
        return list((self._pool._processes or {}) if self._pool else ())  # noqa: SLF001 - there is no public way

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            self._made = 0
        return self._pool

    def _close(self) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - no public way to end one
                process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def print_faces(
    faces: Sequence[tuple[Mapping[str, Any], str]], design: Mapping[str, Any], logo: bytes, verify_url: str
) -> bytes:
    """What the press does, in its own process."""
    certificates = [Printable(PrintedFacts.from_json(facts), code) for facts, code in faces]
    return render(certificates, Look(Design.from_json(design), logo, verify_url))
