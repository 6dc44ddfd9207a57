"""What changes after a certificate was issued is asked about; nothing is revoked, and check-in pays nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from classroom.attendance.models import Event, Mark
from classroom.certification.models import Certificate, CertificateRecheck
from classroom.certification.services.listing import list_learner
from classroom.certification.services.rechecking import SETTLED, look_again
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.periodic import tasks
from classroom.core.signals import mark_changed, result_changed
from classroom.exams.models import Attempt
from classroom.inbox.models import InboxItem
from classroom.inbox.services import decide
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.services.merging import merge_learners, split_learners
from classroom.online.models import Account, MatchEvent, OnlineRecord
from classroom.online.queries.facts import online_results
from classroom.online.services.accounts import set_issue_day
from classroom.online.services.intakes import IntakeFacts, update_intake
from classroom.online.services.retracting import accept_retraction
from classroom.sessions.models import Enrolment
from classroom.sessions.services.enrolments import rejoin, withdraw
from classroom.sessions.services.half_days import cancel_session, restore_session
from tests.factories import LONG_AGO, at
from tests.support.deciding import Deciding
from tests.support.issueroom import issued, numbered


@pytest.fixture
def here(app: Flask) -> Deciding:
    return Deciding()


@pytest.fixture
def there(any_app: Flask) -> Deciding:
    return Deciding()


def decided(here: Deciding) -> None:
    here.saved()
    here.applied()
    look_again()


def later() -> None:
    """The clock looks once what was written has settled."""
    with at(now() + 2 * SETTLED):
        look_again()
    db.session.rollback()


def doubts() -> list[dict[str, Any]]:
    query = select(InboxItem).where(InboxItem.kind == "certification.doubt", InboxItem.decided_at.is_(None))
    return [
        one.facts for one in db.session.scalars(query.order_by(InboxItem.id).execution_options(populate_existing=True))
    ]


def noted() -> int:
    return db.session.scalar(select(func.count(CertificateRecheck.id))) or 0


def told(here: Deciding, learner: Learner) -> None:
    """What `append_event` writes when attendance is corrected: an event, and the mark that follows."""
    place = db.session.scalars(select(Enrolment).where(Enrolment.learner_id == learner.id)).one()
    session = here.training_class.sessions[0]
    written = {"class_session_id": session.id, "enrolment_id": place.id}
    db.session.add(Event(**written, kind="correction", status="absent", at=now(), recorded_at=now()))
    for each in here.training_class.sessions[:3]:
        db.session.execute(
            update(Mark).where(Mark.class_session_id == each.id, Mark.enrolment_id == place.id).values(status="absent")
        )
    db.session.commit()


def test_a_regrade_that_turns_pass_to_fail_flags_the_certificate_and_revokes_nothing(there: Deciding) -> None:
    learner, other = there.in_class(), there.in_class()
    decided(there)
    held = there.certified(learner)
    there.certified(other)
    with transaction() as session:
        for each in session.scalars(select(Attempt)).all():
            if each.learner_id == learner.id:
                each.mark, each.outcome = Decimal(0), "fail"
            result_changed.send(learner_id=each.learner_id, paper_id=0, attempt_id=each.id, before="pass", after="fail")
    assert noted() == 2
    look_again()
    (doubt,) = doubts()
    assert (doubt["number"], doubt["learner"], doubt["cause"]) == (held.number, learner.public_id, "result")
    assert (doubt["decision"], doubt["reasons"]) == ("fail", ["test.failed"])
    assert noted() == 0
    assert db.session.get_one(Certificate, held.id).state == "issued"


def test_many_results_of_one_transaction_are_noted_in_one_statement(here: Deciding) -> None:
    learners = [here.in_class() for _ in range(3)]
    decided(here)
    for each in learners:
        here.certified(each)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with transaction():
        for each in learners:
            result_changed.send(learner_id=each.id, paper_id=0, attempt_id=0, before="", after="")
    assert [each for each in statements if "certificate" in each and "recheck" in each].__len__() == 1
    assert noted() == 3


def test_who_holds_no_certificate_is_not_noted(here: Deciding) -> None:
    learner = here.in_class()
    with transaction():
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="", after="")
    assert noted() == 0


def test_attendance_that_is_edited_flags_the_certificate_by_the_clock(there: Deciding) -> None:
    learner = there.in_class()
    decided(there)
    there.certified(learner)
    told(there, learner)
    look_again()
    assert doubts() == []
    later()
    (doubt,) = doubts()
    assert (doubt["cause"], doubt["reasons"]) == ("attendance", ["attendance.short"])


def test_a_mark_costs_no_statement_of_this_room(here: Deciding) -> None:
    place = db.session.scalars(select(Enrolment.id).where(Enrolment.learner_id == here.in_class().id)).one()
    session_id = here.training_class.sessions[0].id
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    mark_changed.send(class_session_id=session_id, enrolment_id=place, status="present")
    assert statements == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"retracted_at": now()}, "online.retracted"), ({"score": Decimal(10)}, "online.low_score")],
)
def test_an_import_that_takes_back_or_worsens_a_result_flags_the_certificate(
    here: Deciding, changed: dict[str, Any], reason: str
) -> None:
    record = here.online()
    learner = db.session.get_one(Learner, record.learner_id)
    decided(here)
    here.certified(learner)
    db.session.execute(update(OnlineRecord).values(updated_at=now(), **changed))
    db.session.commit()
    later()
    (doubt,) = doubts()
    assert (doubt["cause"], doubt["reasons"]) == ("online", [reason])


def test_a_record_that_turns_out_to_be_somebody_elses_flags_the_certificate(here: Deciding) -> None:
    record = here.online()
    learner = db.session.get_one(Learner, record.learner_id)
    decided(here)
    here.certified(learner)
    other = here.learner()
    db.session.add(
        MatchEvent(
            organisation_id=record.organisation_id,
            record_id=record.id,
            learner_id=learner.id,
            kind="unlinked",
            at=now(),
        )
    )
    db.session.execute(update(OnlineRecord).values(learner_id=other.id))
    db.session.commit()
    later()
    (doubt,) = doubts()
    assert (doubt["learner"], doubt["decision"]) == (learner.public_id, "fail")


def test_leaving_the_class_flags_and_coming_back_withdraws_the_question(here: Deciding) -> None:
    learner = here.in_class()
    decided(here)
    here.certified(learner)
    place = db.session.scalars(select(Enrolment).where(Enrolment.learner_id == learner.id)).one()
    withdraw(place.public_id, "Chuyển công tác", actor=here.actor)
    look_again()
    assert [each["reasons"] for each in doubts()] == [["attendance.withdrawn"]]
    rejoin(place.public_id, actor=here.actor)
    look_again()
    assert doubts() == []


def test_a_cancelled_half_day_that_is_held_after_all_flags_who_missed_it(there: Deciding) -> None:
    half_day = there.training_class.sessions[4].public_id
    cancel_session(half_day, "Bão số 6", actor=there.actor)
    needed, spare = there.in_class(4), there.in_class(5)
    decided(there)
    there.certified(needed)
    there.certified(spare)
    restore_session(half_day, actor=there.actor)
    look_again()
    assert [(each["learner"], each["reasons"]) for each in doubts()] == [(needed.public_id, ["attendance.short"])]
    cancel_session(half_day, "Bão số 6", actor=there.actor)
    look_again()
    assert doubts() == []


def test_a_merge_and_a_split_are_looked_at(here: Deciding) -> None:
    kept, gone = here.learner(), here.in_class(letters="")
    here.online(kept)
    decided(here)
    here.certified(kept)
    merge_learners(kept.public_id, gone.public_id, "Cùng một người", actor=here.actor)
    assert noted() == 1
    look_again()
    assert doubts() == []
    list_learner(here.course.public_id, kept.public_id, "deny", "Gian lận", actor=here.actor)
    look_again()
    assert [each["reasons"] for each in doubts()] == [["listed.deny"]]
    split_learners(db.session.scalars(select(LearnerMerge.public_id)).one(), "Nhầm", actor=here.actor)
    assert noted() == 1


def test_another_way_and_another_result_are_doubts_too(here: Deciding) -> None:
    learner = here.in_class(letters="ab")
    decided(here)
    here.certified(learner, result="9/10")
    with transaction():
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="", after="")
    look_again()
    (doubt,) = doubts()
    assert (doubt["decision"], doubt["result"], doubt["result_before"]) == ("pass", "5/10", "9/10")
    held = db.session.scalars(select(Certificate)).one()
    held.facts = {**held.facts, "path": "online", "result": "5/10"}
    db.session.commit()
    with transaction():
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="", after="")
    look_again()
    (doubt,) = doubts()
    assert (doubt["path"], doubt["path_before"]) == ("in_person", "online")


def test_what_was_decided_to_keep_is_not_asked_again(here: Deciding) -> None:
    learner = here.in_class()
    decided(here)
    here.certified(learner)

    def worsen() -> None:
        with transaction() as session:
            session.execute(update(Attempt).values(mark=Decimal(0), outcome="fail"))
            result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="pass", after="fail")
        look_again()

    worsen()
    item = db.session.scalars(select(InboxItem).where(InboxItem.kind == "certification.doubt")).one()
    decide(item.public_id, "keep", actor=here.actor)
    worsen()
    assert doubts() == []
    told(here, learner)
    later()
    assert [each["reasons"] for each in doubts()] == [["attendance.short", "test.failed"]]


def test_a_later_rule_casts_no_doubt_on_what_an_earlier_one_gave(here: Deciding) -> None:
    from classroom.certification.rules.course_rules import CourseRule, InPerson

    learner = here.in_class(letters="ab")
    decided(here)
    here.certified(learner)
    here.saved(CourseRule(InPerson(6, here.paper.public_id, 90)))
    with transaction():
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="", after="")
    look_again()
    assert doubts() == []


def test_an_open_match_is_no_doubt(here: Deciding) -> None:
    learner = here.in_class()
    decided(here)
    here.certified(learner)
    here.questioned(learner)
    with transaction():
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="", after="")
    look_again()
    assert doubts() == []


def test_a_revoked_certificate_is_asked_about_no_more(here: Deciding) -> None:
    learner = here.in_class()
    decided(here)
    held = here.certified(learner)
    list_learner(here.course.public_id, learner.public_id, "deny", "Gian lận", actor=here.actor)
    held.state = "revoked"
    db.session.commit()
    look_again()
    assert (doubts(), noted()) == ([], 0)


def test_the_clock_looks_every_minute() -> None:
    (task,) = [each for each in tasks() if each.name == "certification.recheck"]
    assert task.every == timedelta(minutes=1)


def test_the_question_says_what_changed_and_where_to_look(app: Flask, here: Deciding) -> None:
    from tests.certification.test_deciding_pages import visitor

    learner = here.in_class()
    decided(here)
    held = here.certified(learner)
    list_learner(here.course.public_id, learner.public_id, "deny", "Gian lận", actor=here.actor)
    look_again()
    page = visitor(app, here).get("/inbox").text
    assert held.number in page
    assert learner.name in page
    assert "Thuộc danh sách không cấp" in page
    assert f"/certificates/courses/{here.course.public_id}/people/{learner.public_id}" in page


def test_a_retraction_that_is_accepted_flags_the_certificate(there: Deciding) -> None:
    record = there.online()
    learner = db.session.get_one(Learner, record.learner_id)
    decided(there)
    there.certified(learner)
    accept_retraction({"record": record.public_id, "reason": "nhầm"}, there.actor)
    look_again()
    (doubt,) = doubts()
    assert (doubt["cause"], doubt["reasons"]) == ("online", ["online.retracted"])


def test_one_learners_page_reads_no_other_learners_results(here: Deciding) -> None:
    records = [here.online() for _ in range(3)]
    found = online_results(here.course.organisation_id, here.course.id, {records[1].learner_id or 0})
    assert [[each.record for each in theirs] for theirs in found.values()] == [[records[1].public_id]]


def test_what_changed_between_the_decision_and_the_issue_flags_the_certificate(here: Deciding) -> None:
    numbered(here.actor)
    learner = here.in_class()
    here.saved()
    here.applied()
    told(here, learner)
    later()
    issued(here.course, here.actor)
    look_again()
    (doubt,) = doubts()
    assert (doubt["cause"], doubt["reasons"]) == ("since", ["attendance.short"])


def test_an_account_that_turns_out_to_be_older_flags_the_certificate(here: Deciding) -> None:
    record = here.online()
    learner = db.session.get_one(Learner, record.learner_id)
    given = {"name": record.account, "key": record.account_key, "issued_on": date(2026, 10, 1), "created_at": LONG_AGO}
    account = Account(organisation_id=record.organisation_id, intake_id=here.intake.id, learner_id=learner.id, **given)
    db.session.add(account)
    db.session.commit()
    decided(here)
    here.certified(learner)
    set_issue_day(here.intake.public_id, date(2026, 9, 28), account_id=account.public_id, actor=here.actor)
    look_again()
    assert [each["reasons"] for each in doubts()] == [["online.late"]]
    set_issue_day(here.intake.public_id, date(2026, 10, 1), account_id=account.public_id, actor=here.actor)
    look_again()
    assert doubts() == []
    update_intake(here.intake.public_id, IntakeFacts("Đợt 1", days=5), actor=here.actor)
    look_again()
    assert [each["reasons"] for each in doubts()] == [["online.late"]]
