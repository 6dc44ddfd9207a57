"""Which certificates are printed together, and what has been printed and handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from classroom.certification.models import Certificate, CertificateEvent, IssueBatch, PrintFile, PrintRun
from classroom.certification.queries.printed import counts_by_class, counts_by_intake
from classroom.certification.rules.printing import Scope
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.models import StoredFile
from classroom.online.models import Intake
from classroom.sessions.models import TrainingClass

_PLACE = (func.coalesce(Certificate.facts["path"].as_string(), ""), Certificate.class_id, Certificate.intake_id)


@dataclass(frozen=True, slots=True)
class Group:
    """A class or an intake of a batch, with how many certificates it has."""

    kind: str
    id: int
    public_id: str
    name: str
    count: int


def batch_to_print(actor: Actor, public_id: str) -> IssueBatch:
    """A batch of the actor's organisation; raises NotFound."""
    found = db.session.scalar(
        select(IssueBatch)
        .options(joinedload(IssueBatch.course), joinedload(IssueBatch.logo))
        .where(IssueBatch.organisation_id == actor.organisation_id, IssueBatch.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def certificate_to_print(actor: Actor, public_id: str) -> Certificate:
    """A certificate that was issued, in whatever state it is now; raises NotFound, for void numbers too."""
    found = db.session.scalar(
        select(Certificate)
        .options(joinedload(Certificate.batch).joinedload(IssueBatch.logo))
        .where(
            Certificate.organisation_id == actor.organisation_id,
            Certificate.public_id == public_id,
            Certificate.state != "void",
        )
    )
    if found is None:
        raise NotFound
    return found


def wanted(batch_id: int, scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions under which a certificate belongs to a run: living ones alone are printed."""
    conditions = [Certificate.batch_id == batch_id, Certificate.state == "issued", Certificate.erased_at.is_(None)]
    if scope.class_id is not None:
        conditions += [Certificate.class_id == scope.class_id, counts_by_class(*_PLACE)]
    if scope.intake_id is not None:
        conditions += [Certificate.intake_id == scope.intake_id, counts_by_intake(*_PLACE)]
    if scope.certificate_id is not None:
        conditions.append(Certificate.id == scope.certificate_id)
    if scope.unit_folds:
        conditions.append(Certificate.unit_fold.in_(scope.unit_folds))
    if scope.first_serial:
        conditions.append(Certificate.serial >= scope.first_serial)
    if scope.last_serial:
        conditions.append(Certificate.serial <= scope.last_serial)
    return conditions


def serials(batch_id: int, scope: Scope) -> Sequence[int]:
    """The numbers of a run, in the order in which they are printed."""
    return db.session.scalars(
        select(Certificate.serial).where(*wanted(batch_id, scope)).order_by(Certificate.serial)
    ).all()


def any_printed(batch_id: int, scope: Scope) -> bool:
    """Whether one of them has been printed before."""
    printed = exists().where(CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind == "printed")
    return db.session.scalar(select(Certificate.id).where(*wanted(batch_id, scope), printed).limit(1)) is not None


def faces(batch_id: int, scope: Scope) -> list[tuple[int, dict[str, Any], str]]:
    """What is printed of each: key, facts and code, in the order of numbers."""
    rows = db.session.execute(
        select(Certificate.id, Certificate.facts, Certificate.code)
        .where(*wanted(batch_id, scope))
        .order_by(Certificate.serial)
    )
    return [(key, facts, code) for key, facts, code in rows]


def groups(batch_id: int) -> list[Group]:
    """The classes and intakes by which the certificates of the batch are counted, each certificate once."""
    return [*_groups(batch_id, "class", _classes(batch_id)), *_groups(batch_id, "intake", _intakes(batch_id))]


def _classes(batch_id: int) -> Select[Any]:
    return (
        select(TrainingClass.id, TrainingClass.public_id, TrainingClass.code, func.count())
        .join(Certificate, Certificate.class_id == TrainingClass.id)
        .where(*wanted(batch_id, Scope()), counts_by_class(*_PLACE))
        .group_by(TrainingClass.id, TrainingClass.public_id, TrainingClass.code)
        .order_by(TrainingClass.code)
    )


def _intakes(batch_id: int) -> Select[Any]:
    return (
        select(Intake.id, Intake.public_id, Intake.name, func.count())
        .join(Certificate, Certificate.intake_id == Intake.id)
        .where(*wanted(batch_id, Scope()), counts_by_intake(*_PLACE))
        .group_by(Intake.id, Intake.public_id, Intake.name)
        .order_by(Intake.name)
    )


def _groups(batch_id: int, kind: str, statement: Select[Any]) -> list[Group]:
    return [Group(kind, *row) for row in db.session.execute(statement)]


def runs_of(batch_id: int) -> Sequence[PrintRun]:
    """What was printed of a batch, the newest first."""
    return db.session.scalars(
        select(PrintRun)
        .options(selectinload(PrintRun.files))
        .where(PrintRun.batch_id == batch_id)
        .order_by(PrintRun.id.desc())
        .limit(100)
    ).all()


def get_run(actor: Actor, public_id: str) -> PrintRun:
    """A run of the actor's organisation with its files; raises NotFound."""
    mine = PrintRun.organisation_id == actor.organisation_id, PrintRun.public_id == public_id
    found = db.session.scalar(_runs().where(*mine))
    if found is None:
        raise NotFound
    return found


def _runs() -> Select[tuple[PrintRun]]:
    return select(PrintRun).options(
        selectinload(PrintRun.files), joinedload(PrintRun.batch).joinedload(IssueBatch.course)
    )


def get_file(actor: Actor, public_id: str) -> PrintFile:
    """A file that is ready; raises NotFound."""
    found = db.session.scalar(
        select(PrintFile)
        .options(joinedload(PrintFile.file))
        .where(
            PrintFile.organisation_id == actor.organisation_id,
            PrintFile.public_id == public_id,
            PrintFile.file_id.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def run_of(file: PrintFile) -> PrintRun:
    """The run to which a file belongs, as its page shows it."""
    return db.session.scalars(_runs().where(PrintRun.id == file.run_id)).one()


def lacking(run: PrintRun) -> bool:
    """Whether files of a run are not there that should be: not made yet, or dropped."""
    return any(one.file_id is None and one.count for one in run.files)


def no_longer_valid(run_id: int) -> dict[int, list[Certificate]]:
    """Certificates that stand in files of a run and are not valid any more, by the key of the file.

    A certificate stands in a file when it was noted as printed in the instant in which the file was kept.
    """
    noted = exists().where(
        CertificateEvent.certificate_id == Certificate.id,
        CertificateEvent.kind == "printed",
        CertificateEvent.at == StoredFile.created_at,
    )
    query = (
        select(PrintFile.id, Certificate)
        .join(PrintRun, PrintRun.id == PrintFile.run_id)
        .join(StoredFile, StoredFile.id == PrintFile.file_id)
        .join(Certificate, Certificate.batch_id == PrintRun.batch_id)
        .where(
            PrintRun.id == run_id,
            Certificate.state != "issued",
            Certificate.serial >= func.coalesce(PrintFile.first_serial, Certificate.serial),
            Certificate.serial <= func.coalesce(PrintFile.last_serial, Certificate.serial),
            noted,
        )
        .order_by(PrintFile.position, Certificate.serial)
    )
    found: dict[int, list[Certificate]] = {}
    for file_id, certificate in db.session.execute(query):
        found.setdefault(file_id, []).append(certificate)
    return found
