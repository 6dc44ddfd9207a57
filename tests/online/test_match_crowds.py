"""What more people share than can be looked at one by one: a birth date that a form wants filled in, a unit's phone."""

import pytest

from classroom.online.rules.blocks import CROWD, FEW
from classroom.online.rules.evidence import Doubt
from classroom.online.rules.matching import Asked, decide
from tests.online.test_matching_rules import MAIL, PHONE, face, population

GIVEN = "An Bách Chi Diệp Giang Hạnh Khánh Linh Mai Nga Oanh Phúc Quỳnh Sơn Thảo Uyên Vinh Yến Đức Tú".split()


def crowd(size, **facts):
    """People of many names who all show one birth date."""
    names = [f"{a} {b} {c} {d}" for a in ("Nguyễn", "Trần", "Lê") for b in GIVEN for c in GIVEN for d in GIVEN]
    return [face(name, "1990-01-01", **facts) for name in names[:size]]


@pytest.mark.parametrize("shared", [{}, PHONE, MAIL])
def test_what_a_crowd_shares_leads_to_those_whose_names_are_near(shared):
    people = crowd(CROWD + 60, **shared)
    known = population(*people, face("Vừ Y Lỳ", "1990-01-01", **shared), face("Vừ Y Lỳy", "", **shared))
    met = known.near(face("Lỳ Vừ Y", "1990-01-01", **shared))
    assert CROWD + 61 in met
    assert (CROWD + 62 in met) == bool(shared)
    assert known.near(face("Vừ A Páo", "1990-01-01", **shared)) >= {CROWD + 61}
    assert known.near(face("Hồ Ai Đó", "1990-01-01", **shared)) == set()
    assert len(known.near(people[7])) <= FEW
    assert 8 in known.near(people[7])


def test_a_similar_name_in_a_crowd_is_still_asked_about():
    known = population(*crowd(CROWD * 3), face("Vừ Thị Lỳ", "1990-01-01"))
    asked = decide(Asked(face("Vừ Thị Lỳy", "1990-01-01"), 1), known)
    assert (asked.doubt, [one.learner for one in asked.candidates]) == (Doubt.SIMILAR, [CROWD * 3 + 1])


def test_who_goes_out_of_a_crowd_is_found_no_longer():
    known = population(*crowd(CROWD + 5))
    one = face("Vừ Y Lỳ", "1990-01-01", **PHONE)
    known.add(900, one)
    known.remove(900)
    assert known.near(one) == set()
    known.remove(1)
    assert 1 not in known.near(crowd(1)[0])


def test_up_to_a_crowd_everybody_of_a_birth_date_is_looked_at():
    known = population(*crowd(CROWD))
    assert len(known.near(face("Hồ Ai Đó", "1990-01-01"))) == CROWD
