"""Somebody who has left a trace in every room, and a walk through the whole database that finds traces."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, Text, select

from classroom.accounts.models import Organisation
from classroom.attendance.models import (
    Binding,
    CheckinRequest,
    Event,
    IdHash,
    KeptItem,
    Mark,
    Register,
    Scan,
    TabletItem,
)
from classroom.audit.services import record
from classroom.certification.models import (
    Certificate,
    CertificateEvent,
    Evaluation,
    IssueBatch,
    IssueLine,
    ListedLearner,
    Outcome,
    OutcomeChange,
    PrintFile,
    PrintRun,
    RuleVersion,
)
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import Base, db
from classroom.core.models import StoredFile, Throttle
from classroom.core.names import fold, sort_key
from classroom.core.signing import random_token
from classroom.exams.models import Adjustment, Attempt, GatePass, Response, StrayAnswer
from classroom.inbox import services as inbox
from classroom.learners.models import Learner, LearnerMerge, MergeLine
from classroom.learners.rules.erasure import AskedErasure
from classroom.learners.services import ask_erasure
from classroom.online.models import Account, ImportRow, Intake, MatchCase, OnlineImport, OnlineImportFile, OnlineRecord
from classroom.sessions.models import Badge, ClassSession, Course, Enrolment, EnrolmentChange
from tests.factories import TabletFactory

NAME, ID_NUMBER, PHONE = "Quách Thị Zyxwvut", "040185998877", "+84987001122"
EMAIL, UNIT, FORMER = "zyxwvut@vidu.example", "Trạm Zyxwvut", "Quách Thị Vutzyx"
#: What must be found nowhere afterwards; the phone and the number in every form.
MARKS = (NAME, fold(NAME), NAME.upper(), ID_NUMBER, "987001122", EMAIL, UNIT, fold(UNIT), FORMER, sort_key(NAME))


def erasure_id(learner: Learner, mark: str, actor: Actor) -> str:
    """A request of a province, by the id in its address."""
    asked = AskedErasure(f"Nguyễn Văn {mark}", f"CCCD {mark}")
    return ask_erasure(learner.public_id, asked, working_days=2, actor=actor).public_id


def marked(learner: Learner) -> Learner:
    """The learner with the marks everywhere."""
    learner.name, learner.name_fold, learner.sort_key = NAME, fold(NAME), sort_key(NAME)
    learner.id_number, learner.phone, learner.email, learner.unit = ID_NUMBER, PHONE, EMAIL, UNIT
    learner.unit_fold, learner.commune, learner.note, learner.position = fold(UNIT), UNIT, f"vợ {NAME}", UNIT
    learner.born_on, learner.birth_year, learner.sex = date(1985, 7, 19), 1985, "female"
    db.session.commit()
    return learner


def leave_traces(place: Enrolment, held: ClassSession, attempt: Attempt, actor: Actor) -> None:
    """Something about the learner in every table that can hold a text."""
    learner, organisation = place.learner, {"organisation_id": place.organisation_id}
    _merged(learner, organisation)
    _sessions(place, organisation)
    _attendance(place, held, organisation)
    _exams(attempt, organisation)
    records = _online(learner, place.training_class.course, organisation)
    _certified(learner, place, organisation)
    db.session.commit()
    inbox.ask("test.kind", "1", class_id=None, facts={"card_name": NAME, "phone": PHONE}, **organisation)
    for kind, key in (
        ("enrolment", place.id),
        ("attempt", attempt.id),
        ("class_session", held.id),
        ("learner", learner.id),
    ):
        record("test.marked", kind, key, actor=actor, personal={"name": NAME, "old": {"id": ID_NUMBER}})
    record("import.confirmed", "roster_import", 1, actor=actor, personal={"changes": [{"phone": PHONE}], "r": records})
    db.session.add(Throttle(scope="x", key=f"learner:{ID_NUMBER}", window_start=now(), count=1))
    db.session.commit()


def left(allowed: set[tuple[str, str]] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Every column of every table in which a mark is still to be read, by reflection."""
    db.session.rollback()
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [one for one in table.columns if isinstance(one.type, String | Text | JSON | LargeBinary)]
        for row in db.session.execute(select(*columns)) if columns else ():
            for column, value in zip(columns, row, strict=True):
                if (table.name, column.name) not in allowed and any(_holds(value)):
                    found.append(f"{table.name}.{column.name}: {value!r:.120}")
    return found


def _holds(value: Any) -> Iterator[bool]:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
    for mark in MARKS:
        if isinstance(text, bytes):
            yield mark.encode() in text
        elif isinstance(text, str):
            yield mark in text or fold(mark) in fold(text)


def _merged(learner: Learner, organisation: dict[str, int]) -> None:
    gone = Learner(
        **organisation, code="0ZYX0001", name=FORMER, name_fold=fold(FORMER), sort_key=sort_key(FORMER), phone=PHONE,
        created_at=now(), updated_at=now(), annulled_at=now(), merged_into_id=learner.id,
    )  # fmt: skip
    db.session.add(gone)
    db.session.flush()
    merge = LearnerMerge(
        **organisation, kept_id=learner.id, gone_id=gone.id, reason=f"một người: {NAME}", merged_at=now()
    )
    db.session.add(merge)
    db.session.flush()
    line = {"merge_id": merge.id, "table_name": "learner", "row_id": learner.id}
    db.session.add(MergeLine(**line, column_name="phone", old_value=None, new_value=PHONE))
    db.session.add(MergeLine(**line, column_name="name", old_value=FORMER, new_value=NAME))


def _sessions(place: Enrolment, organisation: dict[str, int]) -> None:
    place.note = f"con của {NAME}"
    db.session.add(EnrolmentChange(enrolment_id=place.id, kind="enrolled", at=now(), reason=f"{NAME} xin vào"))
    db.session.add(
        Badge(**organisation, code="0" * 16, learner_id=place.learner_id, issued_at=now(), replace_reason=NAME)
    )


def _attendance(place: Enrolment, held: ClassSession, organisation: dict[str, int]) -> None:
    learner_id, at = place.learner_id, now()
    session = {**organisation, "class_session_id": held.id}
    tablet = TabletFactory(organisation_id=place.organisation_id, organisation=None)
    scans = [
        Scan(
            **session, source="card", uuid=random_token(), content_hash="", scanned_at=at, received_at=at,
            learner_id=owner, enrolment_id=place.id if owner else None, outcome="accepted", answer=answer,
        )
        for owner, answer in (
            (learner_id, {"status": "present", "card_name": FORMER}),
            (None, {"status": "present", "card_name": NAME}),
            (None, {"refusal": "item.malformed"}),
        )
    ]  # fmt: skip
    db.session.add_all(scans)
    db.session.flush()
    answer = {"uuid": "u1", "outcome": "accepted", "name": NAME, "unit": UNIT, "final": True, "guest": False}
    db.session.add_all(
        [
            Event(
                class_session_id=held.id, enrolment_id=place.id, kind="manual", status="excused", at=at,
                recorded_at=at, reason=f"{NAME} ốm", scan_id=scans[0].id,
            ),
            Mark(**session, enrolment_id=place.id, status="excused", reason=f"{NAME} ốm", updated_at=at),
            Binding(**organisation, learner_id=learner_id, browser_hash=b"phone", created_at=at, last_used_at=at),
            CheckinRequest(
                **session, number=123, name=NAME.upper(), grant_nonce=random_token(), browser_hash=b"x",
                source="room_code", scanned_at=at, created_at=at,
            ),
            KeptItem(
                **organisation, tablet_id=tablet.id, scan_id=scans[2].id, uuid="u2", kind="walk_in",
                session=held.public_id, texts={"name": NAME, "number": ID_NUMBER, "phone": "0987 001 122"},
            ),
            TabletItem(
                **organisation, tablet_id=tablet.id, uuid="u1", kind="card", content_hash="", received_at=at,
                scan_id=scans[0].id, answer=answer,
            ),
        ]
    )  # fmt: skip
    db.session.add(IdHash(class_id=place.class_id, learner_id=learner_id, number_mac=b"m", hash=b"h"))
    register = db.session.scalar(select(Register).where(Register.class_session_id == held.id))
    if register is None:
        register = Register(**session, secret=b"s")
        db.session.add(register)
    register.notes = f"{NAME} về sớm, gọi 0987001122"


def _exams(attempt: Attempt, organisation: dict[str, int]) -> None:
    attempt.annul_reason, attempt.device_hash = f"{NAME} nhờ", b"device"
    db.session.add_all(
        [
            Adjustment(attempt_id=attempt.id, points=1, reason=f"cộng cho {NAME}", at=now()),
            GatePass(
                **organisation, sitting_id=attempt.sitting_id, learner_id=attempt.learner_id, reason=NAME, at=now()
            ),
            Response(attempt_id=attempt.id, position=7, answer={"text": f"Tôi là {NAME}"}, sequence=1, saved_at=now()),
            StrayAnswer(
                attempt_id=attempt.id,
                position=7,
                answer={"text": ID_NUMBER},
                sequence=2,
                kind="late",
                received_at=now(),
            ),
        ]
    )


def _file(organisation: dict[str, int], purpose: str, name: str, content: bytes) -> StoredFile:
    kept = StoredFile(
        **organisation, purpose=purpose, filename=name, media_type="text/csv", sha256="a" * 64, size=len(content),
        content=content, created_at=now(),
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    return kept


def _online(learner: Learner, course: Course, organisation: dict[str, int]) -> int:
    at = now()
    intake = Intake(**organisation, course_id=course.id, name="Đợt 7", created_at=at)
    db.session.add(intake)
    db.session.flush()
    kept = _file(organisation, "online", f"ket-qua {NAME}.csv", NAME.encode())
    brought = OnlineImport(
        **organisation, intake_id=intake.id, kind="template", state="confirmed", taken_at=at, uploaded_at=at
    )
    db.session.add(brought)
    db.session.flush()
    db.session.add(
        OnlineImportFile(
            **organisation, import_id=brought.id, role="results", filename="ket-qua.csv", sha256="b" * 64, size=9,
            file_id=kept.id,
        )
    )  # fmt: skip
    account = EMAIL
    said = {"name": FORMER, "id_number": ID_NUMBER, "phone": PHONE, "email": EMAIL, "unit": UNIT, "account": account}
    own = OnlineRecord(
        **organisation, intake_id=intake.id, account=account, account_key=account.casefold(), name=FORMER,
        name_fold=fold(FORMER), sort_key=sort_key(FORMER), id_number=ID_NUMBER, phone=PHONE, email=EMAIL, unit=UNIT,
        unit_fold=fold(UNIT), score=80, taken_at=at, created_at=at, updated_at=at, link="matched",
        learner_id=learner.id, linked_how="id_number", evidence=["id_number"],
    )  # fmt: skip
    other = OnlineRecord(
        **organisation, intake_id=intake.id, account="khac", account_key="khac", name="Người khác", taken_at=at,
        created_at=at, updated_at=at, link="queued",
    )  # fmt: skip
    db.session.add_all([own, other])
    db.session.flush()
    row = {**organisation, "import_id": brought.id}
    db.session.add_all(
        [
            ImportRow(
                **row, number=2, account_key=account, values={**said, "score": "80"}, effect="new", record_id=own.id,
                findings=[{"code": "lost_zero", "details": {"value": ID_NUMBER}}], before={"name": NAME, "score": "70"},
            ),
            ImportRow(**row, number=3, account_key="ai", values={"name": NAME}, effect="skipped"),
            Account(
                **organisation, intake_id=intake.id, learner_id=learner.id, name="hv0001", key="hv0001", created_at=at
            ),
            MatchCase(
                **organisation, record_id=other.id, reason="name_only", created_at=at,
                candidates=[{"learner": learner.id, "score": 80, "evidence": []}],
            ),
        ]
    )  # fmt: skip
    return own.id


def _certified(learner: Learner, place: Enrolment, organisation: dict[str, int]) -> None:
    course, at = {**organisation, "course_id": place.course_id}, now()
    rule = RuleVersion(**course, number=1, rule={}, created_at=at)
    db.session.add(rule)
    db.session.flush()
    run = Evaluation(**course, rule_version_id=rule.id, state="applied", started_at=at)
    batch = IssueBatch(**course, number=1, title="Đợt 1", state="issued", prepared_at=at)
    db.session.add_all([run, batch])
    db.session.flush()
    why = [{"criterion": "attendance", "actual": {"note": NAME}}]
    facts = PrintedFacts(
        name=NAME, born="1985-07-19", unit=UNIT, number="00001/2026/GCN-X", decision_number="12/QĐ", result="8/10",
        issued_on="2026-11-20", course="Khóa", programme="CT",
    ).as_json()  # fmt: skip
    one = Certificate(
        **course, learner_id=learner.id, batch_id=batch.id, year=2026, serial=1, number="00001/2026/GCN-X",
        code="0" * 13, facts=facts, explanation=why, sort_key=sort_key(NAME), name_fold=fold(NAME),
        unit_fold=fold(UNIT), issued_on=date(2026, 11, 20), issued_at=at, handed_out_to=NAME,
    )  # fmt: skip
    db.session.add(one)
    db.session.flush()
    print_run = PrintRun(**organisation, batch_id=batch.id, kind="batch", state="ready", made_at=at)
    db.session.add(print_run)
    db.session.flush()
    outcome = {"decision": "pass", "path": "in_person", "explanation": why}
    db.session.add_all(
        [
            CertificateEvent(
                **organisation, certificate_id=one.id, kind="handed_out", at=at, reason=f"đưa {NAME}"
            ),
            PrintFile(
                **organisation, run_id=print_run.id, position=1, first_serial=1, last_serial=500,
                file_id=_file(organisation, "print", "in.pdf", NAME.encode()).id,
            ),
            IssueLine(
                batch_id=batch.id, learner_id=learner.id, facts=facts, explanation=why, sort_key=sort_key(NAME),
                certificate_id=one.id,
            ),
            ListedLearner(**course, learner_id=learner.id, kind="allow", note=f"{NAME} là mẹ đơn thân", at=at),
            Outcome(
                **course, learner_id=learner.id, rule_version_id=rule.id, evaluation_id=run.id, **outcome,
                facts_hash="x", decided_at=at,
            ),
            OutcomeChange(**course, learner_id=learner.id, evaluation_id=run.id, before=None, after=outcome, at=at),
        ]
    )  # fmt: skip


def organisation_of(key: int) -> Organisation:
    """The organisation with this inner key."""
    return db.session.get_one(Organisation, key)
