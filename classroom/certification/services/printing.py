"""Print certificates in runs: ask for one, and make its files one after the other, from any point again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import Certificate, CertificateEvent, PrintFile, PrintRun
from classroom.certification.queries import printing as queries
from classroom.certification.queries.designs import Chosen, design_of_batch, verify_root
from classroom.certification.rules.printing import Scope, chunks
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.jobs.queries import latest_job
from classroom.jobs.rules import LIVING
from classroom.jobs.services import enqueue

TASK = "certification.print"
LONGEST_REASON = 300
#: Facts and codes of one file, the design, the address to verify at → the file.
Press = Callable[[list[tuple[dict[str, Any], str]], Chosen, str], bytes]


def print_run(batch_id: str, scope: Scope, *, reason: str = "", public_url: str = "", actor: Actor) -> PrintRun:
    """Ask for certificates of a batch as files; `public_url` is the address of the pages, for QR codes.

    What was printed before needs a reason. Raises Refusal `print.*`.
    """
    actor.require("certificate.manage")
    reason = _checked(reason)
    with transaction() as session:
        batch = queries.batch_to_print(actor, batch_id)
        serials = queries.serials(batch.id, scope)
        if not serials:
            raise Refusal("print.nothing")
        again = queries.any_printed(batch.id, scope)
        if again and not reason:
            raise Invalid("print.reason_needed")
        kept = {**scope.as_json(), "verify_url": verify_root(actor.organisation_id, public_url)}
        run = PrintRun(
            organisation_id=actor.organisation_id,
            batch_id=batch.id,
            kind=scope.kind,
            scope=kept,
            count=len(serials),
            reprint_reason=reason if again else "",
            made_at=now(),
            made_by=actor.staff_id,
            files=_empty_files(serials, actor),
        )
        session.add(run)
        session.flush()
        enqueue(TASK, run.id, actor=actor, key=str(run.id))
        facts = {"batch": batch.public_id, "kind": run.kind, "count": run.count, "again": again}
        record("certificate.print_asked", "print_run", run.id, actor=actor, facts=facts, personal={"reason": reason})
        return run


def make_anew(public_id: str, reason: str, *, actor: Actor) -> PrintRun:
    """Let the files of a run be made once more that hold what is no longer valid, or that were dropped; others stay.

    Raises Refusal `print.under_way` while a job makes them, and `print.all_valid` where nothing has to be made anew.
    """
    actor.require("certificate.manage")
    reason = _checked(reason)
    with transaction() as session:
        run = queries.get_run(actor, public_id)
        job = latest_job(actor.organisation_id, TASK, run.id)
        if job is not None and job.state in LIVING:
            raise Refusal("print.under_way")
        gone = queries.no_longer_valid(run.id)
        if not gone and not queries.lacking(run):
            raise Refusal("print.all_valid")
        _drop(session, [one for one in run.files if one.id in gone])
        run.state = "running"
        run.reprint_reason = "; ".join(filter(None, (reason, run.reprint_reason)))[:LONGEST_REASON]
        enqueue(TASK, run.id, actor=actor, key=str(run.id))
        numbers = [one.number for listed in gone.values() for one in listed]
        facts = {"batch": run.batch.public_id, "numbers": numbers, "count": len(numbers)}
        record("certificate.print_anew", "print_run", run.id, actor=actor, facts=facts, personal={"reason": reason})
        return run


def _checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Invalid("print.reason_too_long", most=LONGEST_REASON)
    return reason


def _drop(session: Session, files: Sequence[PrintFile]) -> None:
    """Take the content away: no erasure would find a file to which nothing points any more."""
    stored = [one.file_id for one in files]
    session.execute(update(StoredFile).where(StoredFile.id.in_(stored)).values(content=b""))
    session.execute(update(PrintFile).where(PrintFile.file_id.in_(stored)).values(file_id=None))


def _empty_files(serials: Sequence[int], actor: Actor) -> list[PrintFile]:
    return [
        PrintFile(
            organisation_id=actor.organisation_id,
            position=position,
            title=f"{chunk.first:05}–{chunk.last:05}",
            first_serial=chunk.first,
            last_serial=chunk.last,
            count=chunk.count,
        )
        for position, chunk in enumerate(chunks(serials), 1)
    ]


def make_files(run_id: int, press: Press, progress: Callable[[int, int], None], *, actor: Actor) -> Mapping[str, Any]:
    """Make what is missing of a run; files that are there stay as they are. Each is kept by itself."""
    run = db.session.get(PrintRun, run_id)
    if run is None or run.organisation_id != actor.organisation_id:
        raise NotFound
    chosen, scope = design_of_batch(run.batch), dict(run.scope)
    verify_url = str(scope.pop("verify_url", ""))
    whole, batch_id, total, reason = Scope.from_json(scope), run.batch_id, run.count, run.reprint_reason
    parts = [(file.id, file.first_serial, file.last_serial, file.count, file.file_id) for file in run.files]
    done = 0
    for file_id, first, last, count, kept in parts:
        if kept is None:
            part = replace(whole, first_serial=first or 0, last_serial=last or 0)
            while True:
                faces = queries.faces(batch_id, part)
                db.session.rollback()
                paper = press([(facts, code) for _key, facts, code in faces], chosen, verify_url) if faces else b""
                with transaction() as session:
                    if _hold_living(session, printed := [key for key, _facts, _code in faces]):
                        _keep(session, file_id, paper, printed, reason, actor)
                        break
        done += count
        progress(done, total)
    with transaction() as session:
        run = session.get_one(PrintRun, run_id)
        run.state, run.count = "ready", sum(part.count for part in run.files)
    return {"files": len(parts), "certificates": total}


def _hold_living(session: Session, keys: list[int]) -> bool:
    """Whether all that was printed may still be: nobody was erased, nothing revoked while the press was at work."""
    living = Certificate.id.in_(keys), Certificate.state == "issued", Certificate.erased_at.is_(None)
    query = select(Certificate.id).where(*living).order_by(Certificate.id).with_for_update(read=True)
    return len(session.scalars(query).all()) == len(keys)


def _keep(session: Session, file_id: int, paper: bytes, printed: list[int], reason: str, actor: Actor) -> None:
    """The file and what it means for each certificate, together or not at all."""
    part = session.scalar(select(PrintFile).where(PrintFile.id == file_id).with_for_update())
    if part is None or part.file_id is not None:
        return
    part.count, at = len(printed), now()
    if not printed:  # revoked since the run was asked for
        return
    stored = StoredFile(
        organisation_id=actor.organisation_id,
        purpose="certificates",
        filename=f"Giấy chứng nhận {part.title}.pdf",
        media_type="application/pdf",
        sha256=hashlib.sha256(paper).hexdigest(),
        size=len(paper),
        content=paper,
        created_at=at,
    )
    session.add(stored)
    session.flush()
    part.file_id = stored.id
    shared = {
        "organisation_id": actor.organisation_id, "kind": "printed", "at": at, "staff_id": actor.staff_id,
        "reason": reason, "decision": {},
    }  # fmt: skip
    session.execute(insert(CertificateEvent), [{**shared, "certificate_id": key} for key in printed])
