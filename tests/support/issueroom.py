"""People who pass a course, batches of them, and certificates; as many as a test wants."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from classroom.accounts.models import Organisation
from classroom.certification.models import Certificate, Evaluation, IssueBatch, Outcome, RuleVersion
from classroom.certification.rules.batches import Scope
from classroom.certification.rules.lines import Line
from classroom.certification.services import approving, drafting, issuing, revoking
from classroom.certification.services.approving import Decision
from classroom.certification.services.numbering import NewSettings, change_settings
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db, transaction
from classroom.core.names import fold, sort_key
from classroom.learners.models import Learner
from classroom.sessions.models import Course
from tests.factories import LONG_AGO, LearnerFactory, make_actor

SCAN = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
EXPLANATION = [
    Line("in_person", "attendance", True, {"sessions": 5, "of": 6}, {"sessions": 6}, {"class": "L01"}).as_json(),
]


def issuer(course: Course) -> Actor:
    """A coordinator of the course's organisation."""
    return make_actor("coordinator", organisation=db.session.get_one(Organisation, course.organisation_id))


def numbered(actor: Actor, code: str = "SKHCN", **other: Any) -> None:
    """Let the organisation number its certificates."""
    wanted = {"pattern": "{serial:5}/{year}/GCN-{org}", "four_eyes": False, "verify_url": ""}
    change_settings(NewSettings(organisation_code=code, **{**wanted, **other}), actor=actor)


def passes(course: Course, learner: Learner, **facts: Any) -> Outcome:
    """The outcome of somebody who passes."""
    version, evaluation = _ruled(course)
    made = Outcome(
        organisation_id=course.organisation_id,
        course_id=course.id,
        learner_id=learner.id,
        rule_version_id=version,
        evaluation_id=evaluation,
        **{"decision": "pass", "path": "in_person", "explanation": EXPLANATION, "facts_hash": "x", **facts},
        decided_at=LONG_AGO,
    )
    db.session.add(made)
    db.session.commit()
    return made


def people_who_pass(course: Course, count: int, **facts: Any) -> list[Outcome]:
    """So many new learners who pass."""
    named = [
        LearnerFactory(organisation_id=course.organisation_id, born_on=date(1985, 3, 7), birth_year=1985)
        for _ in range(count)
    ]
    return [passes(course, learner, **facts) for learner in named]


def crowd(course: Course, count: int) -> None:
    """Thousands who pass, written at once."""
    version, evaluation = _ruled(course)
    common = {"organisation_id": course.organisation_id, "created_at": LONG_AGO, "updated_at": LONG_AGO}
    units = ("UBND xã Đô Lương", "Trường THCS Nghi Phú", "Trạm Y tế xã Diễn Châu")
    with transaction() as session:
        session.execute(insert(Learner), [
            {
                **common, "code": f"{n:08d}", "name": f"Nguyễn Văn Học {n}", "name_fold": fold(f"Nguyễn Văn Học {n}"),
                "sort_key": sort_key(f"Nguyễn Văn Học {n}"), "born_on": date(1980, 1, 1 + n % 28),
                "unit": units[n % 3], "unit_fold": fold(units[n % 3]),
            }
            for n in range(count)
        ])  # fmt: skip
        ids = session.scalars(
            select(Learner.id).where(Learner.organisation_id == course.organisation_id).order_by(Learner.id)
        ).all()[-count:]
        outcome = {
            "organisation_id": course.organisation_id, "course_id": course.id, "rule_version_id": version,
            "evaluation_id": evaluation, "decision": "pass", "path": "online", "explanation": EXPLANATION,
            "facts_hash": "x", "decided_at": LONG_AGO,
        }  # fmt: skip
        session.execute(insert(Outcome), [{**outcome, "learner_id": each} for each in ids])


def _ruled(course: Course) -> tuple[int, int]:
    """The course's rule and its run, made with the first outcome."""
    version = db.session.scalar(select(RuleVersion).where(RuleVersion.course_id == course.id))
    if version is None:
        version = RuleVersion(
            organisation_id=course.organisation_id, course_id=course.id, number=1, rule={}, created_at=LONG_AGO
        )
        db.session.add(version)
        db.session.flush()
        db.session.add(
            Evaluation(
                organisation_id=course.organisation_id,
                course_id=course.id,
                rule_version_id=version.id,
                state="applied",
                started_at=LONG_AGO,
            )
        )
        db.session.commit()
    evaluation = db.session.scalars(select(Evaluation.id).where(Evaluation.course_id == course.id)).first()
    return version.id, evaluation or 0


def quiet(_done: int, _total: int) -> None:
    """A job that nobody watches."""


def draft(course: Course, actor: Actor, scope: Scope | None = None) -> IssueBatch:
    """A batch of everybody who passes and has none yet, its lines written."""
    made = drafting.prepare_batch(course.public_id, scope or Scope(), "", actor=actor)
    drafting.fill_batch(made.id, quiet)
    return db.session.get_one(IssueBatch, made.id)


def decision(actor: Actor, **other: Any) -> Decision:
    """What somebody enters from the paper."""
    day = today(actor.time_zone)
    facts: dict[str, Any] = {
        "number": "12/QĐ-SKHCN",
        "decided_on": day,
        "issued_on": day,
        "signer_title": "GIÁM ĐỐC",
        "signer_name": "Hồ Thị Ánh",
        "filename": "quyet-dinh.pdf",
        "scan": SCAN,
    }
    return Decision(**{**facts, **other})


def approved(course: Course, actor: Actor, scope: Scope | None = None) -> IssueBatch:
    """A batch that only its job has to see to."""
    made = draft(course, actor, scope)
    approving.submit_batch(made.public_id, decision(actor), actor=actor)
    approving.approve_batch(made.public_id, actor=actor)
    return db.session.get_one(IssueBatch, made.id)


def issued(course: Course, actor: Actor, scope: Scope | None = None) -> IssueBatch:
    """A batch whose certificates exist."""
    made = approved(course, actor, scope)
    issuing.issue_lines(made.id, quiet, actor=actor)
    db.session.expire_all()
    return db.session.get_one(IssueBatch, made.id)


def certificates(course: Course) -> list[Certificate]:
    """All of a course, in the order of their numbers."""
    db.session.rollback()
    query = select(Certificate).where(Certificate.course_id == course.id)
    return list(db.session.scalars(query.order_by(Certificate.year, Certificate.serial)))


def revoked(course: Course, actor: Actor) -> Certificate:
    """The first certificate of the course, revoked."""
    by = revoking.ByDecision("Cấp sai", "7/QĐ", today(actor.time_zone))
    revoking.revoke(certificates(course)[0].public_id, by, actor=actor)
    return certificates(course)[0]


def numbers(made: Iterable[Certificate]) -> list[int]:
    """Their serial numbers."""
    return [each.serial for each in made]


def issue_ids(course: Course, learner: Learner, actor: Actor) -> dict[str, str]:
    """A batch with its certificate, as addresses name them."""
    numbered(actor)
    passes(course, learner)
    batch = issued(course, actor)
    return {"batch_id": batch.public_id, "certificate_id": certificates(course)[0].public_id}
