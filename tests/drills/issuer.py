"""A worker that issues one batch: `python -m tests.drills.issuer URL FOLDER BATCH STAFF [careless]`.

`careless` takes the promise away: numbers are taken in a transaction of their own, before the certificates are
written, as a counter outside the transaction would. Whoever kills that worker leaves gaps that nobody can explain.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from classroom.accounts.models import Staff
from classroom.certification.models import Counter, IssueBatch, IssueLine
from classroom.certification.services import issuing
from classroom.core.db import db
from tests.factories import actor_for
from tests.support.databases import opened

_write = issuing._write
#: How long a careless worker holds numbers without certificates.
BETWEEN = 0.2


def write_carelessly(session: Session, batch: IssueBatch, lines: Sequence[IssueLine], counter: Counter) -> None:
    """Take the numbers, commit, and write what belongs to them a moment later."""
    before = counter.last
    counter.last = before + len(lines)
    session.commit()
    time.sleep(BETWEEN)
    counter.last = before
    _write(session, batch, lines, counter)


def main(url: str, folder: str, batch_id: str, staff_id: str, *how: str) -> None:
    """Issue what is left of the batch."""
    if "careless" in how:
        issuing._write = write_carelessly
    with opened(url, Path(folder)):
        actor = actor_for(db.session.get_one(Staff, int(staff_id)))
        issuing.issue_lines(int(batch_id), lambda _done, _total: None, actor=actor)


if __name__ == "__main__":
    main(*sys.argv[1:])
