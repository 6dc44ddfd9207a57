"""Imports of online results: dry run, one flip, history of each account, undo."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.core.models import StoredFile
from classroom.inbox import queries as inbox
from classroom.inbox import services as inbox_services
from classroom.online.models import Account, ImportRow, Intake, OnlineImport, StagedRecord
from classroom.online.services import imports
from classroom.online.services.imports import running
from classroom.sessions.services.imports import Upload
from tests.factories import LearnerFactory
from tests.support.online import WITH_TIME, bring_in, line, records, results, secret, snapshot, undo, upload

pytestmark = pytest.mark.usefixtures("app")


def counts(made: OnlineImport) -> dict[str, int]:
    return {name: count for name, count in made.outcome["counts"].items() if count}


def test_a_dry_run_writes_no_record_and_says_what_would_happen(intake: Intake, actor: Actor) -> None:
    made = upload(intake, results(line(1), line(2, done="")), actor=actor)
    assert counts(made) == {"rows": 2, "new": 2, "people": 2}
    assert records(intake) == {}


def test_a_confirmed_import_counts_with_its_values_exact(intake: Intake, actor: Actor) -> None:
    made = bring_in(intake, results(line(1, score="6.6", done="23/10/2026 23:59:59"), line(2, done="")), actor=actor)
    held = records(intake)
    assert made.state == "confirmed"
    assert held["thu0001"].score == Decimal(66)
    assert held["thu0001"].completed_at == datetime(2026, 10, 23, 16, 59, 59, tzinfo=UTC)
    assert held["thu0001"].issued_on == date(2026, 10, 13)
    assert (held["thu0002"].completed_at, held["thu0002"].progress) == (None, Decimal(40))
    assert db.session.query(StagedRecord).count() == 0
    assert {row.record_id for row in db.session.query(ImportRow)} == {one.id for one in held.values()}


def test_same_file_twice_is_refused_by_its_hash(intake: Intake, actor: Actor) -> None:
    bring_in(intake, results(line(1)), actor=actor)
    with pytest.raises(Refusal, match=r"online\.same_file"):
        upload(intake, results(line(1)), actor=actor)


def test_the_same_results_in_another_file_change_nothing(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1), line(2, done="")), actor=actor)
    before = {key: (one.row_id, one.updated_at, one.score) for key, one in records(intake).items()}
    made = bring_in(intake, snapshot(1, line(2, done=""), line(1)), actor=actor)
    assert counts(made) == {"rows": 2, "same": 2, "people": 2}
    assert {key: (one.row_id, one.updated_at, one.score) for key, one in records(intake).items()} == before


def test_older_after_newer_is_no_downgrade(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(9, line(1, score="8")), actor=actor)
    made = bring_in(intake, snapshot(2, line(1, done="", name="Tên cũ")), actor=actor)
    held = records(intake)["thu0001"]
    assert counts(made) == {"rows": 1, "older": 1, "people": 1}
    assert (held.score, held.name) == (Decimal(80), "Nguyễn Văn Một")


def test_a_better_result_upgrades_and_its_history_stays(intake: Intake, actor: Actor) -> None:
    first = bring_in(intake, snapshot(1, line(1, done="")), actor=actor)
    second = bring_in(intake, snapshot(2, line(1, score="7")), actor=actor)
    assert counts(second) == {"rows": 1, "better": 1, "people": 1}
    assert records(intake)["thu0001"].score == Decimal(70)
    rows = db.session.query(ImportRow).order_by(ImportRow.id).all()
    assert [row.import_id for row in rows] == [first.id, second.id]
    assert rows[1].before is not None
    assert rows[1].before["score"] is None


@pytest.mark.parametrize(("keeps", "score"), [("best", 80), ("latest", 60)])
def test_a_worse_result_follows_the_policy(actor: Actor, intake: Intake, keeps: str, score: int) -> None:
    intake.keeps = keeps
    db.session.commit()
    bring_in(intake, snapshot(1, line(1, score="8")), actor=actor)
    made = bring_in(intake, snapshot(2, line(1, score="6")), actor=actor)
    assert counts(made) == {"rows": 1, "worse": 1, "people": 1}
    assert records(intake)["thu0001"].score == Decimal(score)


def test_a_missing_row_changes_nothing(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1), line(2)), actor=actor)
    bring_in(intake, snapshot(2, line(1)), actor=actor)
    assert records(intake)["thu0002"].score == Decimal(85)


def test_a_retraction_is_a_proposal_that_a_person_decides(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1)), actor=actor)
    made = bring_in(intake, snapshot(2, line(1, said="Đã thu hồi")), actor=actor)
    assert counts(made)["retracted"] == 1
    assert records(intake)["thu0001"].retracted_at is None
    [item] = inbox.open_items(actor.organisation_id)
    inbox_services.decide(item.public_id, "accept", actor=actor)
    assert records(intake)["thu0001"].retracted_at is not None
    inbox_services.take_back(item.public_id, actor=actor)
    assert records(intake)["thu0001"].retracted_at is None


def test_retractions_of_more_rows_than_one_transaction_takes_are_all_asked(
    intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "ASKED_AT_ONCE", 2)
    bring_in(intake, snapshot(1, *(line(n) for n in range(8))), actor=actor)
    bring_in(intake, snapshot(2, *(line(n, said="Đã thu hồi" if n != 3 else "Đạt") for n in range(8))), actor=actor)
    asked = {item.facts["record"] for item in inbox.open_items(actor.organisation_id)}
    assert asked == {one.public_id for key, one in records(intake).items() if key != "thu0003"}


def test_undo_takes_back_the_retraction_that_somebody_agreed_to(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1), line(2)), actor=actor)
    first = bring_in(intake, snapshot(2, line(1, said="Đã thu hồi")), actor=actor)
    accept_all(actor)
    second = bring_in(intake, snapshot(3, line(1, said="Đã thu hồi"), line(2, said="Đã thu hồi")), actor=actor)
    accept_all(actor)
    undo(second, actor=actor)
    assert {key: one.retracted_at is not None for key, one in records(intake).items()} == {
        "thu0001": True,
        "thu0002": False,
    }
    undo(first, actor=actor)
    assert [one.account for one in records(intake).values() if one.retracted_at] == []
    assert inbox.open_items(actor.organisation_id) == []


def accept_all(actor: Actor) -> None:
    for item in inbox.open_items(actor.organisation_id):
        inbox_services.decide(item.public_id, "accept", actor=actor)


def test_two_rows_of_one_account_are_named_and_the_better_one_counts(intake: Intake, actor: Actor) -> None:
    made = bring_in(intake, results(line(1, score="6"), line(1, score="9"), line(1, done="")), actor=actor)
    assert counts(made) == {"rows": 3, "new": 1, "skipped": 2, "people": 1}
    assert records(intake)["thu0001"].score == Decimal(90)
    said = [row.findings[-1]["details"] for row in db.session.query(ImportRow) if row.findings]
    assert said == [{"other_row": 3}, {"other_row": 3}]


def test_two_rows_of_one_person_with_two_accounts_are_named(intake: Intake, actor: Actor) -> None:
    made = upload(intake, results(line(1), line(2, id="040080000001")), actor=actor)
    assert [kind["code"] for kind in made.outcome["kinds"]] == ["online.number_of_two_accounts"]
    assert made.outcome["counts"]["people"] == 1


def test_a_shortened_number_and_a_lost_zero_are_named_and_nothing_is_guessed(intake: Intake, actor: Actor) -> None:
    made = bring_in(intake, results(line(1, id="4.01E+10"), line(2, id="40080000002")), actor=actor)
    held = records(intake)
    assert {held["thu0001"].id_number, held["thu0002"].id_number} == {""}
    codes = {row.findings[0]["code"] for row in db.session.query(ImportRow).filter_by(import_id=made.id)}
    assert codes == {"roster.id_number_scientific", "roster.id_number_lost_zero"}


def test_a_lost_zero_comes_back_once_somebody_agrees(intake: Intake, actor: Actor) -> None:
    made = upload(intake, results(line(1, id="40080000002")), actor=actor)
    imports.decide(made.public_id, "accept", "roster.id_number_lost_zero", actor=actor)
    bring_in(intake, results(line(1, id="40080000002")), actor=actor)
    assert records(intake)["thu0001"].id_number == "040080000002"


def test_unreadable_results_stop_the_import_until_their_rows_are_left_out(intake: Intake, actor: Actor) -> None:
    made = upload(intake, results(line(1), line(2).replace("8.5", "tám rưỡi")), actor=actor)
    with pytest.raises(Refusal, match=r"import\.problems_open"):
        imports.start_import(made.public_id, actor=actor)
    imports.decide(made.public_id, "leave", "online.score_unreadable", actor=actor)
    bring_in(intake, results(line(1), line(2).replace("8.5", "tám rưỡi")), actor=actor)
    assert set(records(intake)) == {"thu0001"}


def test_the_first_export_sets_the_day_of_issue_where_it_is_unknown(intake: Intake, actor: Actor) -> None:
    learner = LearnerFactory(organisation_id=actor.organisation_id)
    shared = {"organisation_id": actor.organisation_id, "intake_id": intake.id, "learner_id": learner.id}
    unknown = Account(**shared, name="THU0001", key="thu0001", created_at=now())
    known = Account(
        **shared, name="thu0002", key="thu0002", created_at=now(), issued_on=date(2026, 10, 1), issued_how="hand"
    )
    db.session.add_all([unknown, known])
    db.session.commit()
    made = bring_in(intake, results(line(1), line(2)), actor=actor)
    assert (unknown.issued_on, unknown.issued_how) == (date(2026, 10, 13), "import")
    assert (known.issued_on, known.issued_how) == (date(2026, 10, 1), "hand")
    undo(made, actor=actor)
    assert (unknown.issued_on, unknown.issued_how) == (None, "")
    assert known.issued_on == date(2026, 10, 1)


def test_undo_restores_the_state_before(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1, done=""), line(2)), actor=actor)
    facts = {key: (one.score, one.name, one.row_id, one.taken_at) for key, one in records(intake).items()}
    second = bring_in(intake, snapshot(2, line(1, score="9", name="Trần Thị Mới"), line(3)), actor=actor)
    undo(second, actor=actor)
    assert {key: (one.score, one.name, one.row_id, one.taken_at) for key, one in records(intake).items()} == facts
    assert second.state == "undone"


def test_undo_is_refused_while_a_newer_import_stands_on_it(intake: Intake, actor: Actor) -> None:
    first = bring_in(intake, snapshot(1, line(1)), actor=actor)
    bring_in(intake, snapshot(2, line(2)), actor=actor)
    third = bring_in(intake, snapshot(3, line(1, score="9")), actor=actor)
    with pytest.raises(Refusal, match=r"online\.undo_newer") as refused:
        imports.start_undo(first.public_id, "nhầm", actor=actor)
    assert refused.value.details["filename"] == "3.csv"
    undo(third, actor=actor)
    undo(first, actor=actor)
    assert set(records(intake)) == {"thu0002"}


def test_a_higher_room_may_refuse_the_undo_and_is_told_what_vanishes(
    intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bring_in(intake, results(line(1)), actor=actor)
    key, told = records(intake)["thu0001"].id, []

    def refuse(import_id: int, learner_ids: list[int]) -> None:
        raise Refusal("certificate.issued", import_id=import_id, learners=learner_ids)

    with monkeypatch.context() as patch:
        patch.setattr(signals.online_import_undoing, "_receivers", [refuse])
        with pytest.raises(Refusal, match=r"certificate\.issued"):
            imports.start_undo(made.public_id, "nhầm", actor=actor)
    monkeypatch.setattr(
        signals.online_records_vanishing, "_receivers", [lambda record_ids, actor: told.append(record_ids)]
    )
    undo(made, actor=actor)
    assert told == [[key]]


def test_the_file_is_kept_locked_and_dropped_when_its_time_is_over(intake: Intake, actor: Actor) -> None:
    file = results(line(1))
    made = bring_in(intake, file, actor=actor)
    stored = db.session.query(StoredFile).filter_by(purpose="online_import").one()
    assert b"Th\xe1\xbb\xad" not in stored.content
    assert imports.fetch_original(made.files[0].public_id, secret=secret(), actor=actor)[1] == file.content
    made.uploaded_at = now() - timedelta(days=366)
    db.session.commit()
    assert imports.drop_old_files(365) == 1
    with pytest.raises(Refusal, match=r"online\.file_gone"):
        imports.fetch_original(made.files[0].public_id, secret=secret(), actor=actor)
    assert len(made.files[0].sha256) == 64


def test_a_date_that_reads_both_ways_is_asked_once(intake: Intake, actor: Actor) -> None:
    ambiguous = line(1, done="05/06/2026", issued="04/06/2026", birth="03/02/1980")
    made = upload(intake, results(ambiguous), actor=actor)
    with pytest.raises(Refusal, match=r"online\.order_open"):
        imports.start_import(made.public_id, actor=actor)


def test_two_files_are_joined_by_the_account(intake: Intake, actor: Actor) -> None:
    grades = Upload(
        "b.csv",
        b"Student ID,Email,Username,Grade,Certificate Eligible\n7,a@example.vn,nghean01,0.60,Y\n8,,nghean02,0.2,N\n",
    )
    people = Upload(
        "a.csv", "id,username,name,citizen_id,account_issued,completed_at\n"
        "7,nghean01,Lê Thị Ánh,040185012345,2026-10-21,2026-10-23T23:59:59+07:00\n".encode(),
    )  # fmt: skip
    made = bring_in(intake, people, grades, actor=actor)
    held = records(intake)["nghean01"]
    assert made.kind == "open_edx"
    assert (held.name, held.score, held.said, held.id_number) == ("Lê Thị Ánh", Decimal(60), "passed", "040185012345")
    assert held.completed_at == datetime(2026, 10, 23, 16, 59, 59, tzinfo=UTC)


def test_an_export_of_a_day_to_come_is_taken_for_one_of_now_and_holds_nothing_up(intake: Intake, actor: Actor) -> None:
    to_come = results(f"{line(1, score='5')},11/12/2034", headings=WITH_TIME)
    made = bring_in(intake, to_come, actor=actor)
    assert made.state == "confirmed"
    assert abs(made.taken_at - made.uploaded_at) < timedelta(minutes=1)
    newer = bring_in(intake, results(line(1, score="9"), name="sau.csv"), actor=actor)
    assert newer.outcome["counts"]["better"] == 1
