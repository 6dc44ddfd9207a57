"""One person across room and online platform: what the machine does by itself, and what it asks."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.online.models import Account, MatchCase, MatchEvent, OnlineRecord
from classroom.online.queries.facts import held_learners, online_results, unlinked
from classroom.online.services.matching import different, match_records, same, unlink
from classroom.sessions.services import imports as rosters
from tests.factories import CourseFactory, ProgrammeFactory, make_actor
from tests.support.matching import TAKEN, case_of, make_intake, person, put_in, record, row_of
from tests.support.rosters import bring_in as bring_list
from tests.support.rosters import class_list, make_roster_class

NUMBER, OTHER = "040185012345", "040185777777"
ANH, BORN = "Nguyễn Thị Ánh", "1985-03-07"
PHONE = "+84912345678"


@pytest.fixture
def intake(actor):
    return make_intake(actor)


def match(actor, intake=None):
    counts = match_records(actor.organisation_id, intake_id=intake.id if intake else None, actor=actor)
    db.session.expire_all()
    return counts


def test_the_same_number_links_and_says_why(actor, intake):
    learner = person(actor, ANH, BORN, id_number=NUMBER)
    made = record(intake, "NGUYEN THI ANH", BORN, id_number=NUMBER)
    counts = match(actor, intake)
    assert (counts.linked, counts.own, counts.queued) == (1, 0, 0)
    assert (made.learner_id, made.link, made.linked_how) == (learner.id, "matched", "id_number")
    assert "id_number" in made.evidence
    event = db.session.scalars(select(MatchEvent)).one()
    assert (event.kind, event.how, event.learner_id) == ("linked", "id_number", learner.id)


def test_name_and_birth_alone_wait_for_a_person(actor, intake):
    learner = person(actor, ANH, BORN, id_number=NUMBER, phone=PHONE)
    made = record(intake, ANH, BORN, phone="+84999999999")
    assert match(actor).queued == 1
    assert (made.link, made.learner_id) == ("queued", None)
    case = case_of(made)
    assert (case.state, case.reason, [one["learner"] for one in case.candidates]) == (
        "open",
        "name_birth",
        [learner.id],
    )
    assert held_learners(actor.organisation_id, intake.course_id) == {learner.id: case.public_id}
    assert unlinked(actor.organisation_id, intake.course_id).queued == 1


def test_a_record_without_candidates_becomes_a_learner_of_its_own(actor, intake):
    made = record(intake, ANH, BORN, id_number=NUMBER, phone=PHONE, unit="Xã A")
    assert match(actor).own == 1
    assert (made.link, made.linked_how) == ("own", "own")
    assert (made.learner.name, made.learner.id_number, made.learner.unit) == (ANH, NUMBER, "Xã A")
    assert match(actor).own == 0
    assert db.session.scalar(select(func.count(Learner.id))) == 1


def test_two_rows_of_one_person_in_one_file_are_one_learner(actor, intake):
    put_in(intake, [row_of(ANH, BORN, id_number=NUMBER, phone=PHONE)] * 2)
    counts = match(actor)
    assert (counts.own, counts.linked, counts.queued) == (1, 1, 0)
    assert len(set(db.session.scalars(select(OnlineRecord.learner_id)))) == 1


def test_two_rows_of_one_file_with_one_phone_and_no_number_are_asked_about(actor, intake):
    put_in(intake, [row_of(ANH, BORN, phone=PHONE)] * 2)
    counts = match(actor)
    assert (counts.own, counts.linked, counts.queued) == (1, 0, 1)
    case = db.session.scalars(select(MatchCase)).one()
    own = db.session.scalars(select(OnlineRecord).where(OnlineRecord.link == "own")).one()
    assert (case.reason, case.candidates[0]["learner"]) == ("second_account", own.learner_id)


def test_a_record_of_another_intake_finds_the_learner_made_of_the_first(actor, intake):
    second = make_intake(actor, "Đợt 2", intake.course)
    first = record(intake, ANH, BORN, phone=PHONE)
    match(actor, intake)
    other = record(second, ANH, BORN, phone=PHONE)
    assert match(actor, second).linked == 1
    assert other.learner_id == first.learner_id
    results = online_results(actor.organisation_id, intake.course_id)[first.learner_id]
    assert [one.intake_name for one in results] == ["Đợt 1", "Đợt 2"]


def test_what_a_linked_record_shows_is_evidence_for_the_next(actor, intake):
    learner = person(actor, ANH, BORN, id_number=NUMBER, phone="+84900000000")
    record(intake, ANH, BORN, id_number=NUMBER, phone=PHONE)
    match(actor)
    later = record(make_intake(actor, "Đợt 2", intake.course), ANH, BORN, phone=PHONE)
    match(actor)
    assert (later.learner_id, later.linked_how) == (learner.id, "phone")


def test_twins_with_numbers_stay_two_and_twins_without_are_asked_about(actor, intake):
    one, two = person(actor, ANH, BORN, id_number=NUMBER), person(actor, ANH, BORN, id_number=OTHER)
    ones, twos = record(intake, ANH, BORN, id_number=NUMBER), record(intake, ANH, BORN, id_number=OTHER)
    third = record(intake, ANH, BORN)
    match(actor)
    assert (ones.learner_id, twos.learner_id) == (one.id, two.id)
    assert {each["learner"] for each in case_of(third).candidates} == {one.id, two.id}


def test_a_one_digit_typo_is_asked_about_when_all_else_agrees(actor, intake):
    learner = person(actor, ANH, BORN, id_number=NUMBER, phone=PHONE)
    made = record(intake, ANH, BORN, id_number="040185012346", phone=PHONE)
    match(actor)
    assert (case_of(made).reason, case_of(made).candidates[0]["learner"]) == ("number_slip", learner.id)


def test_a_number_that_lost_its_zero_is_asked_about(actor, intake):
    person(actor, ANH, BORN, id_number=NUMBER)
    made = record(intake, ANH, BORN, id_number=NUMBER[1:])
    match(actor)
    assert case_of(made).reason == "number_slip"


def test_a_nine_digit_old_number_links_with_name_and_birth(actor, intake):
    learner = person(actor, ANH, BORN, id_number="186123456")
    made = record(intake, ANH, BORN, id_number="186123456")
    unlike = record(make_intake(actor, "Đợt 2"), "Trần Văn Bình", "1979-01-01", id_number="186123456")
    match(actor)
    assert made.learner_id == learner.id
    assert case_of(unlike).reason == "number_other_name"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Nguyễn Thị Ánh", "Nguye\u0302\u0303n Thi\u0323 A\u0301nh"),
        ("Đặng Văn Đức", "DANG VAN DUC"),
        ("Đặng Văn Đức", "Dặng Văn Dức"),
        ("Nguyễn Thị Ánh", "Ánh Nguyễn Thị"),
    ],
)
def test_decomposed_text_missing_marks_and_another_order_are_the_same_name(actor, intake, here, there):
    learner = person(actor, here, BORN, phone=PHONE)
    made = record(intake, there, BORN, phone=PHONE)
    match(actor)
    assert made.learner_id == learner.id


def test_a_number_of_somebody_else_is_asked_about(actor, intake):
    person(actor, "Trần Văn Bình", "1979-01-01", id_number=NUMBER)
    made = record(intake, ANH, BORN, id_number=NUMBER)
    match(actor)
    assert case_of(made).reason == "number_other_name"


def test_an_account_counts_in_its_own_intake_only(actor, intake):
    """The same number was given out again in another intake, to somebody else."""
    second = make_intake(actor, "Đợt 2", intake.course)
    one, two = person(actor, ANH, BORN), person(actor, "Trần Văn Bình", "1979-01-01")
    for where, who in ((intake, one), (second, two)):
        facts = {"organisation_id": actor.organisation_id, "name": "TK1", "key": "tk1", "created_at": TAKEN}
        db.session.add(Account(intake_id=where.id, learner_id=who.id, **facts))
    db.session.commit()
    put_in(intake, [row_of("", "", account="TK1")])
    put_in(second, [row_of("", "", account="TK1")])
    match(actor)
    links = select(OnlineRecord.learner_id, OnlineRecord.linked_how).order_by(OnlineRecord.intake_id)
    assert db.session.execute(links).all() == [(one.id, "account"), (two.id, "account")]


def test_an_annulled_account_links_nothing(actor, intake):
    one = person(actor, ANH, BORN)
    facts = {"organisation_id": actor.organisation_id, "name": "TK1", "key": "tk1", "created_at": TAKEN}
    db.session.add(Account(intake_id=intake.id, learner_id=one.id, annulled_at=TAKEN, **facts))
    db.session.commit()
    put_in(intake, [row_of("", "", account="TK1")])
    assert match(actor).own == 1


def test_the_learner_who_stands_for_the_holder_of_a_number_is_found(actor, intake):
    kept, gone = person(actor, ANH, BORN), person(actor, ANH, BORN, id_number=NUMBER)
    learners.merge_learners(kept.public_id, gone.public_id, "một người", actor=actor)
    made = record(intake, ANH, BORN, id_number=NUMBER)
    match(actor)
    assert made.learner_id == kept.id


def test_people_of_another_organisation_are_nobody_here(actor, intake):
    person(make_actor("coordinator"), ANH, BORN, id_number=NUMBER)
    record(intake, ANH, BORN, id_number=NUMBER)
    assert match(actor).own == 1


def late(actor, made, name, born, **facts):
    """Somebody who came by another way after the record had become a person."""
    learner = person(actor, name, born, **facts)
    learner.created_at = made.linked_at + timedelta(days=1)
    db.session.commit()
    return learner


def test_somebody_who_comes_later_takes_in_the_person_made_of_a_record(actor, intake):
    """The one who came by the class list stays; the learner made of the record becomes part of it."""
    made = record(intake, ANH, BORN, id_number=NUMBER, phone=PHONE)
    match(actor)
    own = made.learner_id
    learner = late(actor, made, ANH, BORN, phone=PHONE)
    assert match(actor).merged == 1
    assert (made.link, made.linked_how, made.learner_id) == ("matched", "phone", learner.id)
    assert db.session.get_one(Learner, own).merged_into_id == learner.id
    assert learner.id_number == NUMBER
    assert match(actor).merged == 0


def test_a_learner_who_comes_later_and_only_shares_name_and_birth_is_asked_about_once(actor, intake):
    made = record(intake, ANH, BORN, phone=PHONE)
    match(actor)
    own = made.learner_id
    learner = late(actor, made, ANH, BORN)
    assert match(actor).asked_again == 1
    case = case_of(made)
    assert (made.link, made.learner_id, case.candidates[0]["learner"]) == ("own", own, learner.id)
    assert set(held_learners(actor.organisation_id, intake.course_id)) == {own, learner.id}
    assert match(actor).asked_again == 0
    different(case.public_id, actor=actor)
    assert match(actor).asked_again == 0
    assert made.learner_id == own


def test_of_two_accounts_of_one_name_and_phone_neither_is_joined_with_who_comes_later(actor, intake):
    """As when that one had been there first: whose of the two it is, the machine cannot know."""
    put_in(intake, [row_of(ANH, phone=PHONE)] * 2)
    match(actor)
    own, queued = db.session.scalars(select(OnlineRecord).order_by(OnlineRecord.link.desc(), OnlineRecord.id)).all()[
        ::-1
    ]
    learner = late(actor, own, ANH, "", phone=PHONE)
    counts = match(actor)
    assert (counts.merged, counts.asked_again) == (0, 1)
    assert (own.link, queued.link) == ("own", "queued")
    case = case_of(own)
    assert (case.reason, [one["learner"] for one in case.candidates]) == ("second_account", [learner.id])


def test_who_comes_later_with_an_account_of_the_intake_is_not_given_a_second_one_by_phone(actor, intake):
    made = record(intake, ANH, "", phone=PHONE)
    match(actor)
    learner = late(actor, made, ANH, BORN, phone=PHONE, id_number=NUMBER)
    other = record(intake, ANH, BORN, id_number=NUMBER)
    counts = match(actor)
    assert (other.learner_id, counts.merged, counts.asked_again) == (learner.id, 0, 1)
    assert case_of(made).reason == "second_account"


def test_different_is_remembered_and_a_number_that_is_taken_stays_with_its_holder(actor, intake):
    holder = person(actor, "Trần Văn Bình", "1979-01-01", id_number=NUMBER)
    made = record(intake, ANH, BORN, id_number=NUMBER)
    match(actor)
    different(case_of(made).public_id, actor=actor)
    db.session.expire_all()
    assert (made.link, made.learner.id_number, holder.id_number) == ("own", "", NUMBER)
    made.link, made.learner_id = "new", None
    db.session.commit()
    match(actor)
    assert holder.id not in {one["learner"] for one in case_of(made).candidates}


def test_split_and_import_again_does_not_link_anew(actor, intake):
    learner = person(actor, ANH, BORN, phone=PHONE)
    made = record(intake, ANH, BORN, phone=PHONE)
    match(actor)
    assert made.learner_id == learner.id
    unlink(made.public_id, "hai người", actor=actor)
    db.session.expire_all()
    apart = made.learner_id
    assert apart not in (None, learner.id)
    made.updated_at = TAKEN.replace(year=2027)
    db.session.commit()
    match(actor)
    assert made.learner_id == apart


def test_a_class_list_that_is_taken_back_lets_go_of_its_people(actor, intake):
    here = make_roster_class(actor)
    brought = bring_list(class_list((ANH, "07/03/1985", "Nữ", NUMBER, "0912345678", "Xã A")), actor=actor, to=here)
    made = record(intake, ANH, BORN, id_number=NUMBER)
    match(actor)
    listed = made.learner_id
    rosters.undo_import(brought.public_id, "nhầm", actor=actor)
    db.session.expire_all()
    assert (made.link, made.learner_id) == ("new", None)
    match(actor)
    assert made.link == "own"
    assert made.learner_id != listed


def test_a_learner_in_two_classes_is_one_candidate(actor, intake):
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    row = (ANH, "07/03/1985", "Nữ", NUMBER, "0912345678", "Xã A")
    for code in ("L01", "L02"):
        bring_list(class_list(row), actor=actor, to=make_roster_class(actor, code))
    assert course is not None
    made = record(intake, ANH, BORN, id_number=NUMBER)
    assert match(actor).linked == 1
    assert same_person(made)


def same_person(made):
    return db.session.scalars(select(Learner.id).where(Learner.annulled_at.is_(None))).all() == [made.learner_id]


def test_a_decision_survives_the_next_run(actor, intake):
    learner = person(actor, ANH, BORN)
    made = record(intake, ANH, BORN)
    match(actor)
    same(case_of(made).public_id, learner.public_id, actor=actor)
    match(actor)
    assert (made.learner_id, case_of(made).state) == (learner.id, "same")
