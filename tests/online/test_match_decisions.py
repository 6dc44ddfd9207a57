"""What a coordinator decides about a question, and how everything of it is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from classroom.core import signals
from classroom.core.db import db, transaction
from classroom.core.errors import Forbidden, Invalid, NotFound
from classroom.learners import services as learners
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.services import foresee_merge
from classroom.online.models import Account, MatchCase, MatchDenial, MatchEvent, OnlineRecord
from classroom.online.services.matching import different, later, link_by_hand, match_records, same, undo, unlink
from tests.factories import EnrolmentFactory, make_actor, make_class
from tests.support.matching import TAKEN, case_of, make_intake, person, record
from tests.support.rosters import refusal

ANH, BORN, PHONE = "Nguyễn Thị Ánh", "1985-03-07", "+84912345678"


@pytest.fixture
def intake(actor):
    return make_intake(actor)


@pytest.fixture
def learner(actor):
    return person(actor, ANH, BORN)


@pytest.fixture
def queued(actor, intake, learner):
    """A record with the name and birth of the learner, and the question about it."""
    made = record(intake, ANH, BORN)
    match(actor)
    return made


def match(actor):
    match_records(actor.organisation_id, actor=actor)
    db.session.expire_all()


def state(made):
    db.session.expire_all()
    case = case_of(made)
    return made.link, made.learner_id, case.state if case else ""


def living():
    return set(db.session.scalars(select(Learner.id).where(Learner.annulled_at.is_(None))))


def denials():
    query = select(MatchDenial.record_id, MatchDenial.learner_id).where(MatchDenial.annulled_at.is_(None))
    return set(db.session.execute(query).tuples())


def test_the_same_person_links_the_record_and_undo_asks_again(actor, queued, learner):
    case = case_of(queued).public_id
    same(case, learner.public_id, actor=actor)
    assert state(queued) == ("matched", learner.id, "same")
    assert same(case, learner.public_id, actor=actor).state == "same"
    with refusal("match.decided"):
        different(case, actor=actor)
    undo(case, actor=actor)
    assert state(queued) == ("queued", None, "open")
    with refusal("match.not_decided"):
        undo(case, actor=actor)
    events = db.session.scalars(select(MatchEvent.kind).order_by(MatchEvent.id)).all()
    assert events == ["queued", "same", "undone"]


def test_different_people_are_remembered_and_undo_forgets_it(actor, queued, learner):
    case = case_of(queued).public_id
    different(case, actor=actor)
    link, made, decided = state(queued)
    assert (link, decided) == ("own", "different")
    assert denials() == {(queued.id, learner.id)}
    undo(case, actor=actor)
    assert state(queued) == ("queued", None, "open")
    assert denials() == set()
    assert living() == {learner.id}
    assert db.session.get_one(Learner, made).annulled_at is not None
    different(case, actor=actor)
    assert denials() == {(queued.id, learner.id)}


def test_a_decision_is_not_taken_back_once_something_hangs_on_it(actor, queued, intake):
    case = case_of(queued).public_id
    different(case, actor=actor)
    db.session.expire_all()
    EnrolmentFactory(training_class=make_class(course=intake.course), learner=queued.learner)
    with refusal("match.changed"):
        undo(case, actor=actor)
    assert state(queued)[0] == "own"


def test_later_goes_to_the_end_and_comes_back_to_its_place(actor, queued, intake):
    other = record(intake, ANH, BORN)
    match(actor)
    first, second = (case_of(one) for one in (queued, other))
    before = first.rank
    later(first.public_id, actor=actor)
    db.session.expire_all()
    assert (first.state, first.rank > second.rank) == ("later", True)
    undo(first.public_id, actor=actor)
    db.session.expire_all()
    assert (first.state, first.rank) == ("open", before)
    later(first.public_id, actor=actor)
    different(first.public_id, actor=actor)
    undo(first.public_id, actor=actor)
    assert state(queued)[2] == "later"


@pytest.fixture
def doubled(actor, intake):
    """A record that became a person, and a learner who came later: the question is whether they are one."""
    made = record(intake, ANH, BORN, phone=PHONE, email="anh@example.vn")
    match(actor)
    made.linked_at = made.linked_at - timedelta(days=400)
    db.session.commit()
    late = person(actor, ANH, BORN, unit="Xã A")
    late.created_at = made.linked_at + timedelta(days=1)
    db.session.commit()
    match(actor)
    return made, made.learner, late


def test_saying_same_joins_the_two_learners_and_undo_restores_both(actor, doubled, intake):
    made, own, late = doubled
    facts = {"organisation_id": actor.organisation_id, "name": "TK", "key": "tk", "created_at": TAKEN}
    db.session.add(Account(intake_id=intake.id, learner_id=own.id, **facts))
    db.session.commit()
    keys = own.id, late.id
    case = case_of(made).public_id
    same(case, late.public_id, actor=actor)
    assert state(made) == ("matched", late.id, "same")
    assert (late.phone, late.unit, db.session.get_one(Learner, own.id).merged_into_id) == (PHONE, "Xã A", late.id)
    assert db.session.scalars(select(Account.learner_id)).one() == late.id
    undo(case, actor=actor)
    assert state(made) == ("own", keys[0], "open")
    assert (made.linked_how, late.phone, own.merged_into_id, own.annulled_at) == ("own", "", None, None)
    assert db.session.scalars(select(Account.learner_id)).one() == keys[0]
    assert denials() == set()


def test_splitting_on_the_page_of_the_learner_is_remembered_and_nothing_joins_them_again(actor, doubled):
    made, own, late = doubled
    same(case_of(made).public_id, late.public_id, actor=actor)
    merge = db.session.scalars(select(LearnerMerge)).one()
    assert learners.split_learners(merge.public_id, "hai người", actor=actor) == []
    db.session.expire_all()
    assert (made.link, made.learner_id) == ("own", own.id)
    assert (made.id, late.id) in denials()
    match(actor)
    assert state(made) == ("own", own.id, "different")
    assert {one.code for one in foresee_merge(late, own)} >= {"said_different", "records_move"}


def test_a_merge_elsewhere_answers_the_question_and_renames_the_candidates_of_others(actor, doubled, intake):
    made, own, late = doubled
    other = record(make_intake(actor, "Đợt 2", intake.course), ANH, BORN)
    match(actor)
    assert {one["learner"] for one in case_of(other).candidates} == {own.id, late.id}
    merge = learners.merge_learners(late.public_id, own.public_id, "một người", actor=actor)
    assert state(made) == ("matched", late.id, "same")
    assert [one["learner"] for one in case_of(other).candidates] == [late.id]
    learners.split_learners(merge.public_id, "nhầm", actor=actor)
    assert state(made) == ("own", own.id, "different")
    assert {one["learner"] for one in case_of(other).candidates} == {own.id, late.id}


def test_unlinking_makes_a_learner_of_its_own_and_needs_a_reason(actor, intake, learner):
    made = record(intake, ANH, BORN)
    link_by_hand(made.public_id, learner.public_id, "hỏi qua điện thoại", actor=actor)
    assert (made.link, made.linked_how, made.learner_id) == ("matched", "hand", learner.id)
    with pytest.raises(Invalid, match=r"reason\.missing"):
        unlink(made.public_id, " ", actor=actor)
    unlink(made.public_id, "nhầm người", actor=actor)
    db.session.expire_all()
    assert (made.link, (made.id, learner.id) in denials()) == ("own", True)
    with refusal("match.not_linked"):
        unlink(made.public_id, "nữa", actor=actor)


def test_unlinking_what_was_joined_parts_the_two(actor, doubled):
    made, own, late = doubled
    same(case_of(made).public_id, late.public_id, actor=actor)
    unlink(made.public_id, "hai người", actor=actor)
    assert state(made) == ("own", own.id, "different")
    assert living() == {own.id, late.id}
    match(actor)
    assert state(made) == ("own", own.id, "different")


def test_unlinking_leaves_alone_who_were_made_one_for_other_reasons(actor, intake, learner):
    made, kept = record(intake, ANH, BORN), person(actor, ANH, BORN)
    link_by_hand(made.public_id, learner.public_id, "", actor=actor)
    merge = learners.merge_learners(kept.public_id, learner.public_id, "một người", actor=actor)
    unlink(made.public_id, "người khác", actor=actor)
    db.session.expire_all()
    assert merge.split_at is None
    assert (made.link, made.learner_id in (kept.id, learner.id)) == ("own", False)
    assert denials() == {(made.id, kept.id), (made.id, learner.id)}
    assert living() == {kept.id, made.learner_id}
    learners.split_learners(merge.public_id, "nhầm", actor=actor)
    match(actor)
    assert (made.link, case_of(made)) == ("own", None)


def test_linking_by_hand_answers_the_question(actor, queued, learner):
    other = person(actor, "Trần Văn Bình")
    link_by_hand(queued.public_id, other.public_id, "", actor=actor)
    assert state(queued) == ("matched", other.id, "same")
    with refusal("match.linked"):
        link_by_hand(queued.public_id, learner.public_id, "", actor=actor)
    undo(case_of(queued).public_id, actor=actor)
    assert state(queued) == ("queued", None, "open")


def test_records_that_vanish_let_go_of_links_people_and_questions(actor, intake, learner, queued):
    alone = record(intake, "Trần Văn Bình", "1979-01-01")
    seated = record(intake, "Hồ Minh Đức", "2001-11-19")
    match(actor)
    gone, stays = alone.learner_id, seated.learner_id
    EnrolmentFactory(training_class=make_class(course=intake.course), learner=seated.learner)
    keys = [queued.id, alone.id, seated.id]
    with transaction():
        signals.online_records_vanishing.send(record_ids=keys, actor=actor)
    assert state(queued) == ("new", None, "gone")
    assert (state(alone)[:2], state(seated)[:2]) == (("new", None), ("new", None))
    assert living() == {learner.id, stays}
    assert db.session.get_one(Learner, gone).annulled_at is not None


def test_two_learners_are_parted_also_when_the_record_that_joined_them_is_gone(actor, doubled):
    made, own, late = doubled
    same(case_of(made).public_id, late.public_id, actor=actor)
    merge = db.session.scalars(select(LearnerMerge)).one()
    with transaction() as session:
        signals.online_records_vanishing.send(record_ids=[made.id], actor=actor)
        for table in (MatchCase, MatchEvent):
            session.execute(delete(table))
        session.execute(delete(OnlineRecord))
    learners.split_learners(merge.public_id, "hai người", actor=actor)
    assert living() == {own.id, late.id}


def test_different_people_are_remembered_through_an_undone_import(actor, queued, learner, intake):
    different(case_of(queued).public_id, actor=actor)
    db.session.expire_all()
    key, account = queued.id, queued.account
    with transaction() as session:
        signals.online_records_vanishing.send(record_ids=[key], actor=actor)
        for table in (MatchCase, MatchEvent):
            session.execute(delete(table))
        session.execute(delete(OnlineRecord))
    assert living() == {learner.id}
    again = record(intake, ANH, BORN, account=account)
    stranger = record(intake, ANH, BORN)
    match(actor)
    assert denials() == {(again.id, learner.id)}
    assert state(again)[0] == "own"
    assert case_of(again) is None
    assert stranger.link == "queued"


def test_certificates_hear_of_decisions_about_their_learners(actor, queued, learner, monkeypatch):
    told = []
    monkeypatch.setattr(
        signals.online_results_changed, "_receivers", [lambda learner_ids, actor: told.append(learner_ids)]
    )
    same(case_of(queued).public_id, learner.public_id, actor=actor)
    undo(case_of(queued).public_id, actor=actor)
    assert told == [[learner.id], [learner.id]]


def test_who_may_only_read_decides_nothing_and_others_find_nothing(actor, queued, learner):
    viewer, stranger = make_actor("viewer"), make_actor("coordinator")
    case = case_of(queued).public_id
    for act in (lambda who: same(case, learner.public_id, actor=who), lambda who: different(case, actor=who)):
        with pytest.raises(Forbidden):
            act(viewer)
        with pytest.raises(NotFound):
            act(stranger)
    assert db.session.scalars(select(MatchCase.state)).one() == "open"
