"""A newer import says something else of the person: the record is matched again, and what a person decided stays."""

import pytest
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.online.models import MatchCase, OnlineImport
from classroom.online.services.matching import different, link_by_hand, match_records, same, undo
from tests.support.matching import case_of, make_intake, person
from tests.support.online import Upload, bring_in, records
from tests.support.online import undo as undo_import

MAN, BORN, NUMBER, OTHER = "Nguyễn Văn Một", "1980-02-13", "040080000001", "040180000777"
HEADINGS = "Tài khoản,Họ và tên,Số CCCD,Số điện thoại,Ngày sinh,Điểm kiểm tra,Kết quả"


@pytest.fixture
def intake(actor):
    return make_intake(actor)


@pytest.fixture
def bring(actor, intake):
    """Imports one row of the account x1; its record, as it stands then."""

    def bring(name=MAN, number="", phone="", born="13/02/1980", score="5"):
        row = f"x1,{name},{number},{phone},{born},{score},Đạt"
        bring_in(intake, Upload("kq.csv", f"{HEADINGS}\n{row}".encode()), actor=actor)
        return records(intake)["x1"]

    return bring


def people():
    return db.session.scalar(select(func.count(Learner.id)).where(Learner.annulled_at.is_(None)))


def asked(made):
    db.session.expire_all()
    case = case_of(made)
    return case.state, case.reason, [one["learner"] for one in case.candidates]


def test_a_question_is_answered_by_a_number_that_comes_later(actor, bring):
    learner = person(actor, MAN, BORN, id_number=NUMBER)
    assert bring().link == "queued"
    made = bring(number=NUMBER, score="9")
    assert (made.link, made.linked_how, made.learner_id) == ("matched", "id_number", learner.id)
    assert case_of(made).state == "gone"


def test_a_question_stays_as_it_is_while_only_the_result_changes(actor, bring):
    person(actor, MAN, BORN)
    case = case_of(bring())
    case.state = "later"
    db.session.commit()
    assert case_of(bring(score="9")).state == "later"


def test_a_learner_made_of_an_account_alone_is_joined_with_who_is_known_by_number_since(actor, bring):
    learner = person(actor, "Lê Thị Ánh", "1985", id_number="040185012345")
    made = bring("", born="")
    assert (made.link, made.learner.name) == ("own", "x1")
    made = bring("Lê Thị Ánh", "040185012345", born="", score="9")
    assert (made.link, made.linked_how, made.learner_id) == ("matched", "id_number", learner.id)
    assert (people(), learner.name) == (1, "Lê Thị Ánh")


def test_a_number_that_was_spoilt_at_first_joins_when_it_is_whole(actor, bring):
    learner = person(actor, MAN, id_number=NUMBER)
    assert bring(number="4.01E+10").link == "own"
    assert bring(number=NUMBER).learner_id == learner.id
    assert people() == 1


def test_a_learner_of_its_own_takes_over_what_is_said_now(actor, bring):
    made = bring("", born="")
    key = made.learner_id
    made = bring(MAN, NUMBER, "0912345678")
    learner = db.session.get_one(Learner, key)
    assert (made.link, made.learner_id) == ("own", key)
    assert (learner.name, learner.id_number, learner.phone) == (MAN, NUMBER, "+84912345678")
    assert f"{learner.born_on}" == BORN


def test_what_somebody_wrote_of_a_learner_is_not_written_over(actor, bring):
    learner = bring("Nguyễn Văn Mốt").learner
    learner.name, learner.name_fold = "Nguyễn Văn Mười", "nguyen van muoi"
    db.session.commit()
    made = bring(MAN, NUMBER)
    assert (made.learner.name, made.learner.id_number) == ("Nguyễn Văn Mười", NUMBER)


def test_a_learner_of_its_own_who_may_be_somebody_is_asked_about_once(actor, bring):
    learner = person(actor, MAN, BORN)
    made = bring("", born="")
    own = made.learner_id
    made = bring()
    assert (made.link, made.learner_id, asked(made)) == ("own", own, ("open", "name_birth", [learner.id]))
    different(case_of(made).public_id, actor=actor)
    made = bring(score="9")
    match_records(actor.organisation_id, actor=actor)
    assert asked(made)[0] == "different"
    assert asked(bring(phone="0912345678"))[0] == "different"


def test_an_account_that_says_it_is_somebody_else_is_asked_about(actor, bring):
    learner = person(actor, MAN, BORN, id_number=NUMBER)
    assert bring(number=NUMBER).learner_id == learner.id
    made = bring("Trần Thị Bưởi", OTHER, born="01/01/1980", score="9")
    assert (made.link, made.learner_id, asked(made)) == ("queued", None, ("open", "changed", [learner.id]))
    case = case_of(made).public_id
    same(case, learner.public_id, actor=actor)
    assert bring("Trần Thị Bưởi", OTHER, born="01/01/1980", score="9.5").learner_id == learner.id
    undo(case, actor=actor)
    different(case, actor=actor)
    db.session.expire_all()
    assert (made.link, made.learner.name) == ("own", "Trần Thị Bưởi")


def test_an_account_that_shows_the_number_of_another_learner_asks_about_both(actor, bring):
    one, two = person(actor, MAN, BORN, id_number=NUMBER), person(actor, "Trần Thị Bưởi", id_number=OTHER)
    assert bring(number=NUMBER).learner_id == one.id
    made = bring("Trần Thị Bưởi", OTHER, born="01/01/1980")
    assert asked(made) == ("open", "changed", [one.id, two.id])


def test_what_an_undone_import_said_is_forgotten_again(actor, bring, intake):
    learner = person(actor, "Trần Thị Bưởi", "1980-01-01", id_number=OTHER)
    own = bring(phone="0912345678").learner_id
    assert bring("Trần Thị Bưởi", OTHER, born="01/01/1980").learner_id == learner.id
    undo_import(db.session.scalars(select(OnlineImport).order_by(OnlineImport.id.desc())).first(), actor=actor)
    match_records(actor.organisation_id, actor=actor)
    made = records(intake)["x1"]
    assert (made.link, asked(made)) == ("queued", ("open", "changed", [learner.id]))
    assert db.session.get_one(Learner, own).merged_into_id == learner.id


def test_a_learner_of_its_own_is_called_as_before_after_an_undo(actor, bring, intake):
    bring(phone="0912345678")
    assert bring("Trần Thị Bưởi", OTHER, born="01/01/1980").learner.name == "Trần Thị Bưởi"
    undo_import(db.session.scalars(select(OnlineImport).order_by(OnlineImport.id.desc())).first(), actor=actor)
    learner = records(intake)["x1"].learner
    assert (learner.name, learner.id_number, f"{learner.born_on}") == (MAN, "", BORN)


def test_a_link_that_would_be_made_again_stays(actor, bring):
    learner = person(actor, MAN, BORN, id_number=NUMBER)
    bring(number=NUMBER)
    made = bring("Nguyen Van Mot", number=NUMBER, phone="0912345678")
    assert (made.link, made.learner_id, case_of(made)) == ("matched", learner.id, None)


def test_what_a_person_linked_stays_whatever_is_said_later(actor, bring):
    learner = person(actor, MAN, BORN, id_number=NUMBER)
    made = bring("Ai Đó", born="")
    link_by_hand(made.public_id, learner.public_id, "hỏi qua điện thoại", actor=actor)
    made = bring("Trần Thị Bưởi", OTHER, born="01/01/1980")
    assert (made.link, made.learner_id) == ("matched", learner.id)
    assert db.session.scalars(select(MatchCase)).all() == []
