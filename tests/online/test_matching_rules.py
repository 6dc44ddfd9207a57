"""The table of evidence, each line both ways."""

import math
from dataclasses import replace
from datetime import date

import pytest

from classroom.core.names import clean_name, fold
from classroom.online.rules.evidence import Doubt, Verdict, best, compare, judge
from classroom.online.rules.faces import Births, Face, Names, Numbers, compare_births, compare_names, compare_numbers
from classroom.online.rules.matching import (
    CANDIDATES,
    Asked,
    Candidate,
    Decision,
    Population,
    decide,
    doubled_accounts,
    rarity_of,
    similarity,
)

NUMBER = "040185012345"
ANH = "Nguyễn Thị Ánh Tuyết"
CROWD = [
    fold(name) for name in ("Nguyễn Thị Lan", "Nguyễn Văn An", "Trần Thị Hoa", "Lê Văn Bình", "Nguyễn Thị Hoa")
] * 20
RARITY = rarity_of([*CROWD, fold("Vừ Y Lỳ")])


def face(name=ANH, born="1985-03-07", **facts):
    year = int(born[:4]) if born else None
    name = clean_name(name)
    day = date.fromisoformat(born) if len(born) > 4 else None
    return Face(name, fold(name), day, year, **facts)


def verdict(one, other, *, account=False):
    return judge(compare(one, other, RARITY, account=account))


def outcome(one, other, *, account=False):
    found = verdict(one, other, account=account)
    return "never" if found.never else found.how or found.doubt


def population(*people):
    made = Population(RARITY)
    for key, one in enumerate(people, 1):
        made.add(key, one)
    return made


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("Nguyễn Thị Ánh", "NGUYỄN  THỊ ÁNH", Names.EQUAL),
        ("Nguyễn Thị Ánh", "Nguyen Thi Anh", Names.EQUAL),
        ("Nguyễn Thị Ánh", "Nguye\u0302\u0303n Thi\u0323 A\u0301nh", Names.EQUAL),
        ("Đặng Văn Đô", "Dang Van Do", Names.EQUAL),
        ("Đặng Văn Đô", "Dặng Văn Dô", Names.EQUAL),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", Names.EQUAL),
        ("Nguyễn Thị Hà", "Nguyễn Thị Hạ", Names.MARKS),
        ("Nguyễn Thị Ánh", "Ánh Nguyễn Thị", Names.ORDER),
        ("Nguyễn Thị Ánh", "Ánh Thị Nguyễn", Names.ORDER),
        ("Lê Thị Mai Anh", "Lê Thị Anh Mai", Names.SIMILAR),
        ("Nguyễn Thị Lan", "Nguyễn Thị Hoa", Names.OTHER),
        ("Vừ Y Lỳ", "Vừ Y Lỳy", Names.SIMILAR),
        ("", "Nguyễn Thị Lan", Names.UNKNOWN),
    ],
)
def test_names_are_told_from_each_other(one, other, relation):
    assert compare_names(face(one), face(other), RARITY) is relation


def test_a_shared_rare_syllable_says_more_than_a_common_one():
    assert RARITY.of("vu") > RARITY.of("nguyen")
    assert RARITY.of_name(fold("Vừ Y Lỳ")) > RARITY.of_name(fold("Nguyễn Thị Hoa"))


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (NUMBER, NUMBER, Numbers.SAME),
        (NUMBER, "040185012346", Numbers.SLIP),
        (NUMBER, "040185012354", Numbers.SLIP),
        (NUMBER, "040185013245", Numbers.SLIP),
        (NUMBER, "040185012356", Numbers.OTHER),
        (NUMBER, "040185512340", Numbers.OTHER),
        (NUMBER, "40185012345", Numbers.SLIP),
        (NUMBER, "186123456", Numbers.UNKNOWN),
        ("186123456", "186123456", Numbers.SAME_OLD),
        ("186123456", "186123999", Numbers.OTHER_ODD),
        ("999999999999", "999999999999", Numbers.SAME_ODD),
        (NUMBER, "040190111222", Numbers.OTHER_ODD),
        (NUMBER, "", Numbers.UNKNOWN),
    ],
)
def test_numbers_are_told_from_each_other(one, other, relation):
    """A number that contradicts its own birth year is no valid one, and parts nobody by itself."""
    assert compare_numbers(face(id_number=one), face(id_number=other)) is relation
    assert compare_numbers(face(id_number=other), face(id_number=one)) is relation


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("1985-03-07", "1985-03-07", Births.SAME),
        ("1985-03-07", "1985-03-08", Births.OTHER),
        ("1985-03-07", "1985", Births.YEAR),
        ("1985", "1985", Births.YEAR),
        ("1985", "1986-03-07", Births.OTHER),
        ("", "1985", Births.UNKNOWN),
    ],
)
def test_a_year_alone_agrees_with_a_date_of_that_year(one, other, relation):
    assert compare_births(face(born=one), face(born=other)) is relation


PHONE, MAIL = {"phone": "+84912345678"}, {"email": "anh@example.vn"}


@pytest.mark.parametrize(
    ("record", "learner", "expected"),
    [
        # the same valid citizen number
        (face(id_number=NUMBER), face(id_number=NUMBER), "id_number"),
        (face("Nguyen Thi Anh Tuyet", id_number=NUMBER), face(id_number=NUMBER), "id_number"),
        (face("Nguyễn Ánh Tuyết", "", id_number=NUMBER), face(id_number=NUMBER), "id_number"),
        (face("Trần Văn Bình", id_number=NUMBER), face(id_number=NUMBER), Doubt.NUMBER_OTHER_NAME),
        (face(id_number="999999999999"), face(id_number="999999999999"), Doubt.ODD_NUMBER),
        # the old card's
        (face(id_number="186123456"), face(id_number="186123456"), "id_number"),
        (face(born="", id_number="186123456"), face(id_number="186123456"), Doubt.OLD_NUMBER),
        (face("Trần Văn Bình", id_number="186123456"), face(id_number="186123456"), Doubt.NUMBER_OTHER_NAME),
        (face(id_number="186123456", **PHONE), face(id_number=NUMBER, **PHONE), "phone"),
        # phone or e-mail
        (face(**PHONE), face(**PHONE), "phone"),
        (face(born="", **PHONE), face(**PHONE), "phone"),
        (face(born="1985", **PHONE), face(**PHONE), "phone"),
        (face(born="1985-03-08", **PHONE), face(**PHONE), Doubt.CONTACT),
        (face("Trần Văn Bình", **PHONE), face(**PHONE), Doubt.CONTACT),
        (face("Tuyết Nguyễn Thị Ánh", **PHONE), face(**PHONE), "phone"),
        (face("Tuyết Nguyễn Thị Ánh", "", **PHONE), face(**PHONE), Doubt.CONTACT),
        (face("Nguyễn Thị Ánh Tuyệt", **PHONE), face(**PHONE), Doubt.CONTACT),
        (face(**MAIL), face(**MAIL), "email"),
        (face("Trần Văn Bình", **MAIL), face(**MAIL), Doubt.CONTACT),
        (face(**MAIL), face(**MAIL, **PHONE), Doubt.NAME_BIRTH),
        (face(**MAIL, phone="+84999999999"), face(**MAIL, **PHONE), Doubt.NAME_BIRTH),
        (face(**MAIL, **PHONE), face(**MAIL, **PHONE), "phone"),
        # name and birth
        (face(), face(), Doubt.NAME_BIRTH),
        (face(unit_fold="xa a"), face(unit_fold="xa a"), Doubt.NAME_BIRTH),
        (face(), face(phone="+84912345678", id_number=NUMBER), Doubt.NAME_BIRTH),
        (face(born="1985-03-08"), face(), None),
        (face("Trần Văn Bình"), face(), None),
        (face("Nguyễn Thị Lan", "1985"), face("Nguyễn Thị Lan"), None),
        (face("Nguyễn Thị Lan", "1985", unit_fold="xa a"), face("Nguyễn Thị Lan", unit_fold="xa a"), Doubt.NAME_BIRTH),
        (face("Vừ Y Lỳ", "1985"), face("Vừ Y Lỳ"), Doubt.NAME_BIRTH),
        # two numbers
        (face(id_number=NUMBER, **PHONE), face(id_number="040185999999", **PHONE), "never"),
        (face(id_number=NUMBER, **PHONE), face(id_number="040185012346", **PHONE), Doubt.NUMBER_SLIP),
        (face(id_number=NUMBER), face(id_number="040185012346"), Doubt.NUMBER_SLIP),
        (face(id_number=NUMBER), face("Trần Văn Bình", id_number="040185012346"), "never"),
        (face(id_number=NUMBER), face(born="1985-03-09", id_number="040185012346"), "never"),
        (face(id_number=NUMBER), face(born="", id_number="040185012346"), "never"),
        (face(id_number=NUMBER, **PHONE), face(id_number="040185012346", phone="+84999999999"), "never"),
        (face(id_number=NUMBER, **PHONE), face(id_number="040190999999", **PHONE), Doubt.ODD_NUMBER),
    ],
)  # fmt: skip
def test_the_table_of_evidence(record, learner, expected):
    assert outcome(record, learner) == expected


@pytest.mark.parametrize(
    ("record", "learner", "expected"),
    [
        (face(), face(), "account"),
        (face("Trần Văn Bình"), face(), "account"),
        (face("Trần Văn Bình", "1979-01-01"), face(), Doubt.ACCOUNT),
        (face(id_number=NUMBER), face(id_number="040185999999"), Doubt.ACCOUNT),
        (face(id_number=NUMBER), face(id_number="040185012346"), Doubt.ACCOUNT),
    ],
)
def test_an_account_of_ours_links_unless_it_was_plainly_somebody_else(record, learner, expected):
    assert outcome(record, learner, account=True) == expected


def test_another_face_of_a_learner_may_part_people_or_bring_them_together():
    record = face(id_number=NUMBER, **PHONE)
    without, other, same = face(**PHONE), face(id_number="040185999999"), face(id_number=NUMBER)
    assert best([verdict(record, without)]).how == "phone"
    assert best([verdict(record, without), verdict(record, other)]).never
    assert best([verdict(record, other), verdict(record, same)]).how == "id_number"


def test_twins_with_numbers_are_never_asked_about_and_twins_without_are_never_linked():
    twins = population(face(id_number=NUMBER, **PHONE), face(id_number="040185777777", **PHONE))
    assert decide(Asked(face(id_number="040185777777", **PHONE), 1), twins).learner == 2
    asked = decide(Asked(face(**PHONE), 1), twins)
    assert (asked.learner, asked.doubt, len(asked.candidates)) == (None, Doubt.SEVERAL, 2)
    one_here = population(face(id_number=NUMBER, **PHONE))
    assert decide(Asked(face(id_number="040185777777", **PHONE), 1), one_here) == decide(Asked(face("Ai"), 1), one_here)


def test_a_namesake_without_contact_turns_a_link_by_phone_into_a_question():
    both = population(face(**PHONE), face())
    assert decide(Asked(face(**PHONE), 1), both).doubt is Doubt.SEVERAL
    apart = population(face(**PHONE), face(born="1990-01-01"))
    assert decide(Asked(face(**PHONE), 1), apart).learner == 1


def test_a_family_on_the_same_phone_does_not_hinder_the_one_of_that_name():
    family = population(face(**PHONE), face("Trần Văn Bình", "1979-01-01", **PHONE))
    assert decide(Asked(face(**PHONE), 1), family).learner == 1


def test_a_second_account_of_an_intake_by_phone_alone_is_asked_about():
    people = population(face(**PHONE))
    record = Asked(face(**PHONE), 1)
    assert decide(record, people).learner == 1
    assert decide(replace(record, doubled=True), people).doubt is Doubt.SECOND_ACCOUNT
    people.intakes[1].add(1)
    assert decide(record, people).doubt is Doubt.SECOND_ACCOUNT
    assert decide(replace(record, intake=2), people).learner == 1
    people.add(1, face(id_number=NUMBER))
    assert decide(Asked(face(id_number=NUMBER), 1), people).learner == 1


def test_number_and_account_of_two_people_are_asked_about():
    people = population(face(id_number=NUMBER), face("Trần Văn Bình", "1979-01-01"))
    assert decide(Asked(face(id_number=NUMBER), 1, account_of=2), people).doubt is Doubt.SEVERAL


def test_who_was_denied_is_neither_linked_nor_asked_about():
    people = population(face(id_number=NUMBER))
    assert decide(Asked(face(id_number=NUMBER), 1, denied={1}), people).candidates == ()


def test_candidates_are_ranked_by_evidence():
    people = population(face(born="1985"), face(**PHONE), face("Nguyễn Thị Ánh Tuyến", id_number=""))
    found = decide(Asked(face(), 1), people)
    assert found.candidates[0].learner == 2
    assert [one.verdict.score for one in found.candidates] == sorted(
        (one.verdict.score for one in found.candidates), reverse=True
    )


def test_removed_people_are_found_no_longer():
    people = population(face(id_number=NUMBER), face(**PHONE))
    people.remove(1)
    assert people.near(face(id_number=NUMBER, born="")) == set()
    assert not people.holder(NUMBER)
    assert people.near(face("Ai", "", **PHONE)) == {2}


def test_accounts_of_one_name_and_contact_are_doubled_only_within_an_intake():
    one = face(**PHONE)
    assert doubled_accounts({1: (1, one), 2: (1, one), 3: (2, one), 4: (1, face("Ai", **PHONE))}) == {1, 2}


def test_two_accounts_of_one_name_without_a_contact_are_not_doubled():
    assert doubled_accounts({1: (1, face()), 2: (1, face())}) == set()
    by_mail = face(email="an@example.vn")
    assert doubled_accounts({1: (1, by_mail), 2: (1, by_mail)}) == {1, 2}


@pytest.mark.parametrize(
    ("known", "sought", "near"),
    [
        ({"id_number": NUMBER}, {"id_number": NUMBER}, True),
        ({"phone": "+84912345678"}, {"phone": "+84912345678"}, True),
        ({"email": "An@Example.vn"}, {"email": "an@example.VN"}, True),
        ({"born": "1985-03-07"}, {"born": "1985-03-07"}, True),
        ({"name": ANH}, {"name": "Tuyết Ánh Thị Nguyễn"}, True),
        ({"name": ANH, "born": "1985"}, {"name": ANH, "born": "1985"}, True),
        ({"name": ANH, "born": "1985"}, {"name": ANH, "born": "1986"}, False),
        ({"name": ANH}, {"name": ANH, "born": "1986"}, True),
        ({"name": ANH, "born": "1985", "unit_fold": "xa do luong"}, {"name": ANH, "unit_fold": "xa do luong"}, True),
        ({"name": ANH, "born": "1985", "unit_fold": "xa do luong"}, {"name": ANH, "unit_fold": "xa khac"}, False),
        ({}, {}, False),
    ],
)
def test_people_are_found_by_what_they_share_and_by_nothing_that_is_missing(known, sought, near):
    people = population(face(**{"name": "", "born": "", **known}))
    assert people.near(face(**{"name": "", "born": "", **sought})) == ({1} if near else set())


def test_an_account_of_ours_is_looked_at_although_nothing_else_agrees_and_a_stranger_is_not():
    people = population(face("Trần Văn Bình", "1979-01-01"))
    assert decide(Asked(face(), 1), people).candidates == ()
    assert decide(Asked(face(), 1, account_of=1), people).candidates
    assert decide(Asked(face(), 1, account_of=99), people).candidates == ()


def test_only_those_who_are_named_may_be_meant():
    people = population(face(id_number=NUMBER), face(id_number=NUMBER))
    assert decide(Asked(face(id_number=NUMBER), 1), people).doubt is Doubt.SEVERAL
    assert decide(Asked(face(id_number=NUMBER), 1), people, only={2}).learner == 2


def test_a_case_shows_ten_candidates_at_most_and_those_that_would_link_come_first():
    namesakes = [face() for _ in range(CANDIDATES + 3)]
    people = population(*namesakes, face(id_number=NUMBER), face(id_number=NUMBER))
    shown = decide(Asked(face(id_number=NUMBER), 1), people).candidates
    assert [one.learner for one in shown[:2]] == [CANDIDATES + 4, CANDIDATES + 5]
    assert len(shown) == CANDIDATES
    assert [one.learner for one in shown[2:]] == list(range(1, CANDIDATES - 1))
    assert len(similarity(face(), people)) == CANDIDATES
    assert similarity(face(), people)[0].learner == 1


def case(doubt, *scores):
    return Decision(doubt=doubt, candidates=tuple(Candidate(n, Verdict(score=one)) for n, one in enumerate(scores, 1)))


def test_quick_cases_come_first_by_reason_then_by_candidates_then_by_score():
    in_order = [
        case(Doubt.NUMBER_SLIP, 90),
        case(Doubt.NUMBER_SLIP, 60),
        case(Doubt.NUMBER_SLIP, 90, 10),
        case(Doubt.NUMBER_SLIP, *[20] * 9),
        case(Doubt.NAME_BIRTH, 500),
        case(Doubt.NAME_BIRTH, 0),
        case(Doubt.SEVERAL, 90, 80),
    ]
    ranks = [one.rank for one in in_order]
    assert ranks == sorted(set(ranks))
    assert ranks[0] == 100 + 9
    assert ranks[3] == case(Doubt.NUMBER_SLIP, *[20] * 12).rank
    nothing_to_ask = Decision(), Decision(doubt=Doubt.SEVERAL), Decision(candidates=in_order[0].candidates)
    assert [one.rank for one in nothing_to_ask] == [0, 0, 0]


def test_a_syllable_weighs_the_more_the_fewer_names_have_it():
    rarity = rarity_of(["nguyen van an", "nguyen thi lan", "vu y ly", "nguyen nguyen"])
    assert rarity.of("nguyen") == pytest.approx(1 + math.log(4 / 3))
    assert rarity.of("vu") == rarity.of("never seen") == pytest.approx(1 + math.log(4))
    assert rarity_of([]).of("an") == rarity_of(["mot"]).of("mot") == pytest.approx(1 + math.log(2))
