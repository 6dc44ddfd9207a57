"""What changes after a certificate was issued is looked at soon, and asked about; no machine revokes.

Signals only note whose certificate it is, in one statement that finds nothing where there is none. Of marks no signal
is heard: check-in pays nothing. The clock reads the append-only events of attendance and matching from where it
stopped, and records that an import wrote since.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, delete, event, insert, literal, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.certification.models import Certificate, CertificateRecheck, CertificationWatch, RuleVersion
from classroom.certification.queries import doubts
from classroom.certification.queries.doubts import DOUBT, Doubted
from classroom.certification.queries.facts import course_facts
from classroom.certification.queries.rules import find_rule
from classroom.certification.rules.batches import result_of
from classroom.certification.rules.course_rules import CourseRule
from classroom.certification.rules.evaluation import PASS, Decision, evaluate, without_hold
from classroom.core import signals
from classroom.core.clock import now
from classroom.core.db import db, release, transaction
from classroom.inbox import services as inbox
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Course, Enrolment

#: Certificates looked at in one go, and keys of events read in one.
AT_ONCE, EVENTS_AT_ONCE = 400, 50_000
#: A transaction that is still open may yet write a lower key than one that is committed; none lasts so long.
SETTLED = timedelta(seconds=40)
_RESULTS = "certification_results"


# --- noting ---


def note(session: Session, cause: str, *conditions: Any) -> None:
    """Remember living certificates that fulfil the conditions; one statement."""
    found = select(Certificate.id, Certificate.organisation_id).where(*doubts.LIVING, *conditions)
    _note(session, cause, found)


def _note(session: Session, cause: str, found: Select[Any]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    rows = found.add_columns(literal(cause), literal(now(), CertificateRecheck.noted_at.type))
    columns = ["certificate_id", "organisation_id", "cause", "noted_at"]
    statement = dialect.insert(CertificateRecheck).from_select(columns, rows)
    # Noted again while somebody looks: what was read is not settled then (see `look_again`).
    again = statement.on_conflict_do_update(
        index_elements=["certificate_id"], set_={"noted_at": statement.excluded.noted_at}
    )
    session.execute(again)


@signals.result_changed.connect
def hear_result(learner_id: int, **_facts: Any) -> None:
    """Thousands may be told in one transaction: they are noted together, before it is committed."""
    db.session().info.setdefault(_RESULTS, set()).add(learner_id)


@event.listens_for(Session, "before_commit")
def _note_results(session: Session) -> None:
    learners = sorted(session.info.pop(_RESULTS, ()))
    for start in range(0, len(learners), AT_ONCE):
        note(session, "result", Certificate.learner_id.in_(learners[start : start + AT_ONCE]))


@signals.enrolment_changed.connect
def hear_enrolment(enrolment_id: int, **_facts: Any) -> None:
    """A place ended, moved, or came back."""
    same = Enrolment.course_id == Certificate.course_id, Enrolment.learner_id == Certificate.learner_id
    with transaction() as session:
        note(session, "place", select(Enrolment.id).where(Enrolment.id == enrolment_id, *same).exists())


@signals.rosters_changed.connect
def hear_rosters(class_ids: Collection[int], **_facts: Any) -> None:
    """A file of people came in or was taken back."""
    same = Enrolment.course_id == Certificate.course_id, Enrolment.learner_id == Certificate.learner_id
    with transaction() as session:
        note(session, "place", select(Enrolment.id).where(Enrolment.class_id.in_(class_ids), *same).exists())


@signals.class_session_changed.connect
def hear_session(class_session_id: int, change: str, **_facts: Any) -> None:
    """A half-day more or less shifts what has to be attended; another hour or room does not."""
    if change not in ("create", "cancel", "restore"):
        return
    same = Enrolment.course_id == Certificate.course_id, Enrolment.learner_id == Certificate.learner_id
    place = Enrolment.class_id == ClassSession.class_id, ClassSession.id == class_session_id
    with transaction() as session:
        note(session, "attendance", select(Enrolment.id).where(*place, *same).exists())


@signals.online_results_changed.connect
def hear_online(learner_ids: Collection[int], **_facts: Any) -> None:
    """A result was taken back or given to somebody else, or the days of an account count from another one."""
    keys = sorted(learner_ids)
    with transaction() as session:
        for start in range(0, len(keys), AT_ONCE):
            note(session, "online", Certificate.learner_id.in_(keys[start : start + AT_ONCE]))


@signals.learners_merged.connect
def hear_merge(kept_id: int, gone_id: int, **_facts: Any) -> None:
    """Two people turned out to be one."""
    with transaction() as session:
        note(session, "people", Certificate.learner_id.in_((kept_id, gone_id)))


@signals.learners_split.connect
def hear_split(kept_id: int, gone_id: int, **_facts: Any) -> None:
    """One turned out to be two."""
    with transaction() as session:
        note(session, "people", Certificate.learner_id.in_((kept_id, gone_id)))


# --- looking ---


def look_again() -> int:
    """Note what no signal told of, then decide anew about every certificate that was noted; how many those were."""
    _sweep("event", "attendance", doubts.last_event, doubts.attendance_since)
    _sweep("match_event", "online", doubts.last_match, doubts.matches_since)
    _sweep_records()
    looked = 0
    while batch := doubts.noted(AT_ONCE):
        looked += len(batch)
        findings = list(_decided(batch))
        release()
        with transaction() as session:
            for one, decided in findings:
                _settle(one, decided)
            read = [(one.note_id, one.noted_at) for one in batch]
            note_read = tuple_(CertificateRecheck.id, CertificateRecheck.noted_at)
            session.execute(delete(CertificateRecheck).where(note_read.in_(read)))
    return looked


def _sweep(name: str, cause: str, last: Callable[[Any], int], since: Callable[[int, int], Select[Any]]) -> None:
    with transaction() as session:
        watch = _watch(session, name)
        up_to = min(last(now() - SETTLED), watch.last_id + EVENTS_AT_ONCE)
        if up_to > watch.last_id:
            _note(session, cause, since(watch.last_id, up_to))
            watch.last_id = up_to


def _sweep_records() -> None:
    with transaction() as session:
        watch, at = _watch(session, "online_record"), now()
        if watch.last_at is not None:
            _note(session, "online", doubts.records_since(watch.last_at))
        watch.last_at = at - SETTLED


def _watch(session: Session, name: str) -> CertificationWatch:
    found = session.scalar(select(CertificationWatch).where(CertificationWatch.name == name).with_for_update())
    if found is None:
        session.execute(insert(CertificationWatch), {"name": name, "last_id": 0})
        found = session.get_one(CertificationWatch, name)
    return found


def _decided(batch: Iterable[Doubted]) -> Iterable[tuple[Doubted, Decision | None]]:
    """What the rule by which each was issued says today, open questions aside; None: no longer of the course."""
    groups: dict[tuple[int, int | None], list[Doubted]] = defaultdict(list)
    for one in batch:
        if one.certificate.state == "issued" and one.certificate.erased_at is None:
            groups[one.certificate.course_id, one.certificate.rule_version_id].append(one)
    for (course_id, version_id), those in groups.items():
        version = db.session.get(RuleVersion, version_id) if version_id else find_rule(course_id)
        if version is None:
            continue
        rule, course = CourseRule.from_json(version.rule), db.session.get_one(Course, course_id)
        facts = course_facts(course, rule, now(), {one.learner_id for one in those})
        for one in those:
            known = facts.get(one.learner_id)
            yield one, evaluate(rule, without_hold(known)) if known else None


def _settle(one: Doubted, decided: Decision | None) -> None:
    """Ask where the outcome is another; take back what was asked where it is not, or is yet another."""
    held = one.certificate
    key = ""
    if decided is None or differs(held, decided):
        key = f"{held.public_id}:{_print(held, decided)}"
    for old in doubts.open_doubts(held.organisation_id, held.public_id):
        if old != key:
            inbox.withdraw(DOUBT, old, organisation_id=held.organisation_id)
    if key:
        inbox.ask(DOUBT, key, organisation_id=held.organisation_id, class_id=held.class_id, facts=_asked(one, decided))


def withdraw_doubts(organisation_id: int, certificate: str) -> None:
    """Ask nothing more about a certificate (its public id) that is living no longer."""
    for key in doubts.open_doubts(organisation_id, certificate):
        inbox.withdraw(DOUBT, key, organisation_id=organisation_id)


def differs(held: Certificate, decided: Decision) -> bool:
    """Whether the certificate would not be issued today, or would say another way or another result."""
    if decided.decision != PASS or decided.path != held.facts.get("path", decided.path):
        return True
    printed = str(held.facts.get("result", ""))
    return bool(printed) and printed != score_of(decided)


def score_of(decided: Decision) -> str:
    """The test's result as a certificate would print it."""
    return result_of([line.as_json() for line in decided.lines], decided.path)


def _print(held: Certificate, decided: Decision | None) -> str:
    """The same doubt has the same one, so that what somebody decided about it is not asked again."""
    says = (held.facts.get("path"), held.facts.get("result"))
    would = (decided.decision, decided.path, decided.reasons, score_of(decided)) if decided else ()
    return sha256(repr((says, would)).encode()).hexdigest()[:16]


def _asked(one: Doubted, decided: Decision | None) -> dict[str, Any]:
    held = one.certificate
    learner = db.session.get_one(Learner, one.learner_id)
    course = db.session.get_one(Course, held.course_id)
    return {
        "certificate": held.public_id,
        "number": held.number,
        "learner": learner.public_id,
        "course": course.public_id,
        "course_name": course.name,
        "cause": one.cause,
        "path_before": held.facts.get("path", ""),
        "result_before": held.facts.get("result", ""),
        "decision": decided.decision if decided else "fail",
        "path": decided.path if decided else "",
        "reasons": list(decided.reasons) if decided else [],
        "result": score_of(decided) if decided else "",
    }
