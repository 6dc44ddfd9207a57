"""A learner who asked to be erased is found nowhere; numbers and the register's minimum stay."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Organisation, Staff
from classroom.audit import services as audit
from classroom.audit.models import AuditPayload
from classroom.certification.models import Certificate
from classroom.core.db import db
from classroom.core.erasing import NEUTRAL, Traces
from classroom.core.errors import Forbidden, Invalid, Refusal
from classroom.core.models import StoredFile
from classroom.core.sheets import SheetLimits
from classroom.exams.models import Attempt
from classroom.inbox import queries as inbox
from classroom.inbox.models import InboxItem
from classroom.learners import queries, services
from classroom.learners.models import ErasureRequest, Learner
from classroom.learners.rules import LearnerFacts
from classroom.learners.rules.erasure import AskedErasure, due_day
from classroom.online.models import Account, ImportRow, MatchCase, OnlineImport, OnlineImportFile, OnlineRecord
from classroom.sessions.models import RosterImport
from classroom.sessions.services import imports
from classroom.sessions.services.imports import Upload
from tests.exams.making import make_paper, make_question, make_sitting
from tests.exams.marking import make_attempt
from tests.factories import EnrolmentFactory, at, make_actor, make_class, sign_in, vietnam
from tests.support.erasures import EMAIL, FORMER, ID_NUMBER, NAME, PHONE, UNIT, leave_traces, left, marked

ASKED = AskedErasure(f"{NAME}, số {ID_NUMBER}", f"Đã xem CCCD {ID_NUMBER}", f"{NAME} không muốn nữa")
#: What the register must keep by law: the name that was printed, and nothing else of the person.
MINIMUM = {("certificate", "facts")}


class Everywhere:
    """Somebody with a trace in every room, and a colleague in the same class."""

    def __init__(self) -> None:
        self.taught = make_class()
        organisation = db.session.get_one(Organisation, self.taught.organisation_id)
        self.actor = make_actor("coordinator", organisation=organisation)
        place, other = EnrolmentFactory(training_class=self.taught), EnrolmentFactory(training_class=self.taught)
        self.place, self.learner, self.other = place, marked(place.learner), other.learner
        held = self.taught.sessions[0]
        paper = make_paper(self.taught.course, [make_question(self.taught.course)])
        attempt = make_attempt(make_sitting(paper, held, held.starts_at), self.learner, [{"choice": "b"}])
        self.list = self._list()
        leave_traces(place, held, db.session.get_one(Attempt, attempt.id), self.actor)
        self.learner_id, self.public_id, self.code = self.learner.id, self.learner.public_id, self.learner.code

    def _list(self) -> RosterImport:
        said = f"Họ và tên,Số CCCD\n{NAME},{ID_NUMBER}\n".encode()
        return imports.upload_list(
            Upload("danh-sach.csv", said), course=self.taught.course.public_id, class_id=self.taught.public_id,
            limits=SheetLimits(), actor=self.actor,
        )  # fmt: skip

    def ask(self) -> ErasureRequest:
        return services.ask_erasure(self.public_id, ASKED, working_days=2, actor=self.actor)

    def erase(self) -> None:
        services.erase_learner(self.ask().public_id, f"{NAME} có quyền", actor=self.actor)
        db.session.rollback()


def test_nothing_in_the_database_speaks_of_whoever_was_erased(any_app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        told = {each.split(":")[0] for each in left()}
        assert len(told) > 40, sorted(told)  # the walk finds what is there
        person.erase()
    assert left(MINIMUM) == []
    one = db.session.scalars(select(Certificate)).one()
    assert one.facts == {
        "name": NAME, "number": "00001/2026/GCN-X", "decision_number": "12/QĐ", "issued_on": "2026-11-20",
        "course": "Khóa", "programme": "CT", "starts_on": "", "ends_on": "", "organisation": "",
        "parent_organisation": "", "place": "", "decision_on": "", "signer_title": "", "signer_name": "",
    }  # fmt: skip
    assert one.erased_at is not None


def test_numbers_stay_and_the_log_is_still_whole(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        audit.seal_pending()
        entries = db.session.scalar(select(func.count(AuditPayload.entry_id))) or 0
        person.erase()
        audit.seal_pending()
        report = audit.verify()
    assert report.intact, str(report)
    assert report.erased >= 5
    assert (db.session.scalar(select(func.count(AuditPayload.entry_id))) or 0) < entries
    learner = db.session.get_one(Learner, person.learner_id)
    assert (learner.name, learner.born_on, learner.sex, learner.id_number) == (NEUTRAL, None, "", "")
    assert learner.code != person.code
    assert db.session.scalars(select(Attempt.learner_id)).all() == [learner.id]
    record = db.session.scalars(select(OnlineRecord).where(OnlineRecord.learner_id == learner.id)).one()
    assert (record.score, record.account_key) == (80, f"xoa-{record.public_id.casefold()}")
    assert db.session.scalars(select(ImportRow.values).where(ImportRow.number == 2)).one() == {"score": "80"}
    account = db.session.scalars(select(Account)).one()
    assert (account.name, account.annulled_at is not None) == ("hv0001", True)
    assert db.session.scalars(select(MatchCase.candidates)).all() == [[]]


def test_files_that_named_the_person_keep_their_hash_and_nothing_else(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        digest = person.list.file.sha256
        person.erase()
    kept = db.session.scalars(select(StoredFile).where(StoredFile.sha256 == digest)).one()
    assert (kept.content, kept.erased_at is not None) == (b"", True)
    assert db.session.scalars(select(RosterImport.state)).all() == ["dropped"]
    online = db.session.scalars(select(OnlineImportFile)).one()
    assert (online.file_id, online.dropped_at is not None, online.sha256) == (None, True, "b" * 64)


def test_a_file_that_was_put_aside_goes_with_whoever_it_may_name(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        brought = db.session.scalars(select(OnlineImport)).one()
        told = {"sha256": "c" * 64, "size": 9}
        content = StoredFile(
            organisation_id=brought.organisation_id, purpose="online_import", filename=f"{NAME}.csv",
            media_type="text/csv", content=NAME.encode(), created_at=brought.uploaded_at, **told,
        )  # fmt: skip
        aside, gone = (
            OnlineImport(
                organisation_id=brought.organisation_id, intake_id=brought.intake_id, kind="template", state="dropped",
                taken_at=brought.taken_at, uploaded_at=brought.uploaded_at,
            )
            for _each in range(2)
        )  # fmt: skip
        db.session.add_all([content, aside, gone])
        db.session.flush()
        for one, file_id in ((aside, content.id), (gone, None)):
            one.files.append(
                OnlineImportFile(
                    organisation_id=one.organisation_id, role="results", filename=f"{NAME}.csv", file_id=file_id, **told
                )
            )
        db.session.commit()
        person.erase()
    assert left(MINIMUM) == []
    assert {(one.file_id, one.sha256) for one in db.session.scalars(select(OnlineImportFile))} == {
        (None, "b" * 64),
        (None, "c" * 64),
    }


def test_nobody_finds_the_erased_and_whoever_comes_later_is_a_new_person(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        person.erase()
        organisation_id = person.actor.organisation_id
        for text in (NAME, FORMER, UNIT, ID_NUMBER, PHONE, "1122", person.code, NEUTRAL):
            assert [one.id for one in queries.search(organisation_id, text) if one.id == person.learner_id] == []
        services.create_learner(LearnerFacts(NAME, id_number=ID_NUMBER, phone=PHONE), actor=person.actor)
    again = queries.find_by_id_number(organisation_id, ID_NUMBER)
    assert again is not None
    assert again.id != person.learner_id


def test_whoever_shares_a_phone_or_a_name_keeps_theirs(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        facts = queries.facts_of(person.other)
        services.update_learner(
            person.other.public_id, replace(facts, name=NAME, phone=PHONE, unit="Khác"), actor=person.actor
        )
        person.erase()
    db.session.rollback()
    other = db.session.get_one(Learner, person.other.id)
    assert (other.name, other.phone, other.unit) == (NAME, PHONE, "Khác")
    told = db.session.scalars(select(AuditPayload.details)).all()
    assert any(each.get("new", {}).get("phone") == PHONE for each in told)


def test_a_request_waits_in_the_inbox_until_it_is_decided_once(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        asked = person.ask()
        with pytest.raises(Refusal, match=r"erasure\.open"):
            person.ask()
        kinds = [one.kind for one in inbox.open_items(person.actor.organisation_id)]
        assert "learners.erasure" in kinds
        facts = db.session.scalars(select(InboxItem.facts).where(InboxItem.kind == "learners.erasure")).one()
        assert facts == {"request": asked.public_id}
        with pytest.raises(Invalid, match=r"reason\.missing"):
            services.refuse_erasure(asked.public_id, " ", actor=person.actor)
        services.refuse_erasure(asked.public_id, "không phải người này", actor=person.actor)
        with pytest.raises(Refusal, match=r"erasure\.decided"):
            services.erase_learner(asked.public_id, "có", actor=person.actor)
        assert queries.find_open_erasure(person.learner_id) is None
        assert queries.search(person.actor.organisation_id, NAME)


def test_only_who_may_erase_decides(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        asked = person.ask()
        organisation = db.session.get_one(Organisation, person.actor.organisation_id)
        for role in ("trainer", "viewer"):
            with pytest.raises(Forbidden):
                services.erase_learner(asked.public_id, "có", actor=make_actor(role, organisation=organisation))


def test_what_nobody_can_judge_yet_holds_the_erasure_up(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        asked = person.ask()
        brought = db.session.scalars(select(OnlineImport)).one()
        brought.state = "uploaded"
        db.session.commit()
        with pytest.raises(Refusal, match=r"erasure\.import_waits"):
            services.erase_learner(asked.public_id, "có", actor=person.actor)


def test_pages_show_numbers_before_and_no_name_after(app: Flask) -> None:
    with at(vietnam(8)):
        person = Everywhere()
        client = sign_in(app.test_client(), db.session.get_one(Staff, person.actor.staff_id))
        form = {"asked_by": "chính bà ấy", "identity": "xem thẻ", "received_on": "12/10/2026"}
        assert client.post(f"/people/{person.public_id}/erase", data=form).status_code == 303
        request_id = db.session.scalars(select(ErasureRequest.public_id)).one()
        page = client.get(f"/erasures/{request_id}").text
        for count in ("2 dòng", "1 tệp"):
            assert count in page
        answer = client.post(f"/erasures/{request_id}/erase", data={"reason": "có quyền"})
        assert answer.status_code == 303
        for path in ("/erasures", f"/erasures/{request_id}", f"/people/{person.public_id}", "/inbox",
                     f"/classes/{person.taught.public_id}", f"/classes/{person.taught.public_id}?tab=attendance",
                     f"/classes/{person.taught.public_id}/attendance.csv", "/people/export.csv",
                     f"/imports/{person.list.public_id}", f"/imports/{person.list.public_id}/result",
                     f"/sessions/{person.taught.sessions[0].public_id}/history"):  # fmt: skip
            shown = client.get(path)
            assert shown.status_code < 500, path
            assert NAME not in shown.text, path
            assert ID_NUMBER not in shown.text, path


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2026, 10, 12), 2, date(2026, 10, 14)),
        (date(2026, 10, 15), 2, date(2026, 10, 19)),
        (date(2026, 10, 16), 2, date(2026, 10, 20)),
        (date(2026, 10, 17), 1, date(2026, 10, 19)),
        (date(2026, 10, 12), 0, date(2026, 10, 12)),
    ],
)
def test_the_answer_is_due_after_so_many_working_days(received: date, days: int, due: date) -> None:
    assert due_day(received, days) == due


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Bà quach thi  zyxwvut nghỉ", "Bà [đã xóa] nghỉ"),
        ("gọi 0987 001 122", "gọi [đã xóa]"),
        ("+84987001122", "[đã xóa]"),
        (f"số {ID_NUMBER}, {EMAIL}", "số [đã xóa], [đã xóa]"),
        ("Quách Thị Zyxwvuts", "Quách Thị Zyxwvuts"),
        ("10409870011229", "10409870011229"),
    ],
)
def test_a_name_is_found_however_it_is_typed(text: str, scrubbed: str) -> None:
    assert Traces.of([NAME], [PHONE], [ID_NUMBER, EMAIL]).scrub(text) == scrubbed
