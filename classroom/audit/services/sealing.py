"""Chain what was committed.

A chain written inside every transaction would queue all writers behind one row, so a job adds the links afterwards.
Ids are given out before a transaction commits: an entry may become visible after one with a higher id. The chain
therefore has numbers of its own. Each run links, in id order, whatever is committed and has no link yet; what
becomes visible later gets a later number. Nothing is skipped and no waiting time has to be guessed.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from classroom.audit import queries
from classroom.audit.models import AuditEntry, AuditSeal
from classroom.core.clock import now
from classroom.core.db import transaction

#: Links added in one transaction, so that a scan never waits long for the one writer of SQLite.
BATCH = 500
#: What the first link stands on.
ROOT = b"classroom audit chain 1"


def seal_pending() -> int:
    """Add a link for every committed entry without one; returns how many. Two sealers at once do no harm."""
    return sum(_batches())


def _batches() -> Iterator[int]:
    while True:
        try:
            with transaction() as session:
                last = queries.last_seal()
                pending = queries.unsealed(BATCH)
                if pending:
                    session.execute(insert(AuditSeal), _links(last, pending))
        except IntegrityError:  # another sealer was faster: what it did need not be done
            return
        yield len(pending)
        if len(pending) < BATCH:
            return


def _links(last: AuditSeal | None, pending: Sequence[AuditEntry]) -> list[dict[str, object]]:
    number, seal = (last.number, last.seal) if last else (0, ROOT)
    at, links = now(), []
    for entry in pending:
        number, seal = number + 1, link(seal, number + 1, entry)
        links.append({"number": number, "entry_id": entry.id, "seal": seal, "sealed_at": at})
    return links


def link(before: bytes, number: int, entry: AuditEntry) -> bytes:
    """The hash over the link before and everything that the entry says."""
    said = [
        number,
        entry.id,
        entry.organisation_id,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor_kind,
        entry.staff_id,
        entry.actor_name,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.facts,
        entry.payload_digest.hex() if entry.payload_digest else None,
        entry.origin,
    ]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def printed(seal: AuditSeal) -> str:
    """A link in the short form that fits on paper."""
    return f"{seal.number}:{seal.seal.hex()[:16]}"
