"""An import that is taken back leaves learners as they were before it, also those whom its people were joined with."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from classroom.core.db import db
from classroom.learners import services as learners
from classroom.learners.models import Learner, LearnerMerge
from classroom.online.services.matching import match_records, same
from tests.support.matching import case_of, make_intake, person
from tests.support.online import Upload, bring_in, records, undo
from tests.support.rosters import refusal

NUMBER, PHONE = "040080000001", "+84912345678"
HEADINGS = "Tài khoản,Họ và tên,Số CCCD,Số điện thoại,Ngày sinh,Đơn vị,Điểm kiểm tra,Kết quả"
MAN = "Nguyễn Văn Một"


@pytest.fixture
def intake(actor):
    return make_intake(actor)


def export(*lines):
    return Upload("kq.csv", "\n".join([HEADINGS, *lines]).encode())


FILE = export(f"x1,{MAN},{NUMBER},0912345678,13/02/1980,UBND A,8,Đạt")


def late(actor, intake, **facts):
    """Somebody of a class list that came after the import."""
    learner = person(actor, MAN, **facts)
    learner.created_at = records(intake)["x1"].linked_at + timedelta(days=1)
    db.session.commit()
    match_records(actor.organisation_id, actor=actor)
    db.session.expire_all()
    return learner


def facts_of(learner):
    db.session.expire_all()
    return learner.phone, learner.id_number, learner.born_on, learner.unit


def living():
    return set(db.session.scalars(select(Learner.id).where(Learner.annulled_at.is_(None))))


def test_undo_parts_whom_the_machine_joined_and_takes_its_facts_along(actor, intake):
    made = bring_in(intake, FILE, actor=actor)
    learner = late(actor, intake, phone=PHONE)
    assert learner.id_number == NUMBER
    undo(made, actor=actor)
    assert facts_of(learner) == (PHONE, "", None, "")
    assert living() == {learner.id}
    bring_in(intake, FILE, actor=actor)
    assert records(intake)["x1"].learner_id == learner.id


def test_undo_leaves_joined_whom_a_person_said_to_be_the_same(actor, intake):
    made = bring_in(intake, FILE, actor=actor)
    learner = late(actor, intake, born="1980-02-13")
    same(case_of(records(intake)["x1"]).public_id, learner.public_id, actor=actor)
    undo(made, actor=actor)
    assert db.session.scalars(select(LearnerMerge)).one().split_at is None
    assert living() == {learner.id}


def test_undo_says_when_the_one_who_stays_was_joined_with_another_since(actor, intake):
    made = bring_in(intake, FILE, actor=actor)
    learner, other = late(actor, intake, phone=PHONE), person(actor, MAN)
    merge = learners.merge_learners(other.public_id, learner.public_id, "một người", actor=actor)
    with refusal("merge.later_first"):
        undo(made, actor=actor)
    learners.split_learners(merge.public_id, "nhầm", actor=actor)
    undo(made, actor=actor)
    assert living() == {learner.id, other.id}


def test_undo_leaves_two_joined_who_share_more_than_its_records(actor, intake):
    made = bring_in(intake, FILE, actor=actor)
    bring_in(make_intake(actor, "Đợt 2", intake.course), FILE, actor=actor)
    learner = late(actor, intake, phone=PHONE)
    undo(made, actor=actor)
    assert db.session.scalars(select(LearnerMerge)).one().split_at is None
    assert facts_of(learner)[1] == NUMBER
