"""The log cannot be changed unnoticed, and sealing it disturbs nobody."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from classroom.audit.models import AuditEntry, AuditPayload, AuditSeal
from classroom.audit.services import record, seal_pending, sealing, verify
from classroom.core.actor import system
from classroom.core.db import db, transaction

ACTOR = system(1)


def write(count: int = 5) -> None:
    for n in range(count):
        record("staff.edited", "staff", n, actor=ACTOR, facts={"n": n}, personal={"name": f"Người {n}"})


def tamper(*statements: str) -> None:
    """Change the log as somebody with the database in hand would."""
    db.session.rollback()
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            for table in ("audit_entry", "audit_seal"):
                for verb in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            for table in ("audit_entry", "audit_seal"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))


def test_what_was_sealed_is_found_intact(any_app: Flask) -> None:
    write(7)
    assert verify().waiting == 7
    assert seal_pending() == 7
    assert seal_pending() == 0
    report = verify()
    assert report.intact
    assert (report.sealed, report.waiting) == (7, 0)
    assert report.head.startswith("7:")
    assert "intact" in str(report)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_an_entry(any_app: Flask, statement: str) -> None:
    write(1)
    with pytest.raises(Exception, match="append-only"), transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET action = 'staff.switched_off' WHERE id = 3",
        "UPDATE audit_entry SET actor_name = 'ai khác' WHERE id = 3",
        "UPDATE audit_entry SET staff_id = 99 WHERE id = 3",
        "UPDATE audit_entry SET subject_id = 99 WHERE id = 3",
        "UPDATE audit_entry SET subject_id = NULL WHERE id = 3",
        "UPDATE audit_entry SET origin = '10.0.0.1' WHERE id = 3",
        "UPDATE audit_entry SET organisation_id = 2 WHERE id = 3",
        "UPDATE audit_entry SET facts = '{\"n\": 4}' WHERE id = 3",
        "UPDATE audit_entry SET payload_digest = NULL WHERE id = 3",
        'UPDATE audit_payload SET details = \'{"name": "Người khác"}\' WHERE entry_id = 3',
    ],
)
def test_an_entry_changed_past_the_triggers_is_found(any_app: Flask, change: str) -> None:
    write()
    seal_pending()
    tamper(change)
    report = verify()
    assert not report.intact
    assert {problem.entry_id for problem in report.problems} == {3}
    assert "entry 3" in str(report)


def test_a_time_moved_by_a_microsecond_is_found(app: Flask) -> None:
    write()
    seal_pending()
    tamper("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000001' WHERE id = 3")
    assert [problem.entry_id for problem in verify().problems] == [3]


def test_an_entry_taken_out_is_found(any_app: Flask) -> None:
    write()
    seal_pending()
    tamper(
        "DELETE FROM audit_payload WHERE entry_id = 3",
        "DELETE FROM audit_seal WHERE entry_id = 3",
        "DELETE FROM audit_entry WHERE id = 3",
    )
    report = verify()
    assert not report.intact
    assert "missing" in str(report)


@pytest.mark.sqlite
def test_an_entry_taken_out_from_under_its_link_is_found(app: Flask) -> None:
    write()
    seal_pending()
    db.session.rollback()
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        connection.rollback()
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DROP TRIGGER audit_entry_no_delete")
        raw.execute("DELETE FROM audit_entry WHERE id = 3")
        raw.execute("PRAGMA foreign_keys = ON")
    assert [problem.entry_id for problem in verify().problems] == [3]


def test_a_tail_cut_off_is_found_by_a_printed_head(any_app: Flask) -> None:
    write()
    seal_pending()
    head = verify().head
    tamper(
        "DELETE FROM audit_payload WHERE entry_id > 3",
        "DELETE FROM audit_seal WHERE entry_id > 3",
        "DELETE FROM audit_entry WHERE id > 3",
    )
    assert verify().intact
    assert not verify(head).intact


def test_a_chain_made_anew_is_found_by_a_printed_head(any_app: Flask) -> None:
    write()
    seal_pending()
    head = verify().head
    assert verify(head).intact
    tamper("UPDATE audit_entry SET actor_name = 'ai khác' WHERE id = 2", "DELETE FROM audit_seal")
    seal_pending()
    assert verify().intact
    assert not verify(head).intact


def test_a_personal_part_may_be_erased(any_app: Flask) -> None:
    write()
    seal_pending()
    db.session.delete(db.session.get_one(AuditPayload, 3))
    db.session.commit()
    report = verify()
    assert report.intact
    assert report.erased == 1


def test_a_personal_part_cannot_be_slipped_in(any_app: Flask) -> None:
    record("staff.edited", "staff", 1, actor=ACTOR)
    seal_pending()
    db.session.add(AuditPayload(entry_id=1, salt=b"x", details={"name": "ai khác"}))
    db.session.commit()
    assert [problem.entry_id for problem in verify().problems] == [1]


def test_numbers_as_keys_do_not_break_the_digest(any_app: Flask) -> None:
    record("staff.edited", "staff", 1, actor=ACTOR, facts={"10": 1}, personal={9: "a", 10: "b"})  # type: ignore[dict-item]
    seal_pending()
    assert verify().intact


def test_a_long_log_is_sealed_in_batches(app: Flask) -> None:
    rows = [
        {
            "organisation_id": 1,
            "at": "2026-10-14 00:00:00.000000",
            "facts": json.dumps({"n": n}),
        }
        for n in range(sealing.BATCH * 2 + 7)
    ]
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO audit_entry (organisation_id, at, actor_kind, actor_name, action, subject_kind, facts,"
                " origin) VALUES (:organisation_id, :at, 'system', '', 'x.y', 'x', :facts, '')"
            ),
            rows,
        )
    assert seal_pending() == len(rows)
    report = verify()
    assert report.intact
    assert report.sealed == len(rows)


@pytest.mark.postgresql
@pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)
def test_an_entry_that_commits_after_a_later_one_is_sealed_too(any_app: Flask) -> None:
    """Ids are given out before the commit: the entry with the lower id can be the later one to be seen."""
    written, may_commit = Event(), Event()

    def slow_writer() -> None:
        with any_app.app_context():
            with transaction():
                record("slow.write", "staff", 1, actor=ACTOR)
                written.set()
                may_commit.wait(20)
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slow_writer)
        written.wait(20)
        record("quick.write", "staff", 2, actor=ACTOR)
        assert seal_pending() == 1
        may_commit.set()
        slow.result()
    assert seal_pending() == 1
    actions = db.session.scalars(
        select(AuditEntry.action).join(AuditSeal, AuditSeal.entry_id == AuditEntry.id).order_by(AuditSeal.number)
    ).all()
    assert list(actions) == ["quick.write", "slow.write"]
    ids = db.session.scalars(select(AuditSeal.entry_id).order_by(AuditSeal.number)).all()
    assert ids[0] > ids[1]
    assert verify().intact


def test_sealers_and_writers_at_once_leave_one_unbroken_chain(any_app: Flask) -> None:
    barrier = Barrier(6)

    def run(job: Callable[[], object]) -> None:
        with any_app.app_context():
            barrier.wait()
            for _ in range(10):
                job()
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, [seal_pending, seal_pending, seal_pending, *[lambda: write(2)] * 3]))
    seal_pending()
    report = verify()
    assert report.intact
    assert report.sealed == db.session.scalar(select(func.count(AuditEntry.id))) == 60
