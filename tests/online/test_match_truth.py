"""An invented truth with the kinds of differences that platforms make: no wrong link, and every pair found."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import event, select

from classroom.core.db import db
from classroom.core.names import fold
from classroom.online.models import Account, MatchCase, OnlineRecord
from classroom.online.queries.facts import held_learners, online_results
from classroom.online.services.matching import match_records
from tests.factories import make_actor
from tests.support.matching import TAKEN, make_intake, person, put_in, row_of

PEOPLE = [
    ("Nguyễn Thị Ánh Tuyết", "1985-03-07", "040185012345"),
    ("Nguyễn Thị Ánh Tuyết", "1985-03-07", "040185099871"),
    ("Nguyễn Thị Ánh Tuyết", "1991-11-02", "040191512345"),
    ("Hồ Minh Đức", "2001-11-19", "040201067890"),
    ("Đặng Văn Đô", "1979-05-30", "040079445566"),
    ("Vừ Y Lỳ", "1990-01-12", "040190778899"),
    ("Lê Thị Hoà", "1966-08-21", "040166223344"),
]
#: What the platform makes of a person: changes of the row, and what may become of it.
KINDS = {
    "exact": ({}, "linked"),
    "no diacritics": ({"bare": True}, "linked"),
    "phone changed": ({"phone": "+84777777777"}, "linked"),
    "name order": ({"turned": True}, "linked"),
    "no id, phone agrees": ({"id_number": ""}, "linked or asked"),
    "id typo, phone agrees": ({"slip": True}, "asked"),
    "name+birth+unit only": ({"id_number": "", "phone": ""}, "asked"),
    "name+birth, other phone": ({"id_number": "", "phone": "+84777777777"}, "asked"),
}


def changed(name, born, facts, change):
    facts, change = dict(facts), dict(change)
    if change.pop("bare", False):
        name = fold(name).title()
    if change.pop("turned", False):
        *others, given = name.split()
        name = " ".join([given, *others])
    if change.pop("slip", False):
        number = facts["id_number"]
        facts["id_number"] = number[:8] + str((int(number[8]) + 5) % 10) + number[9:]
    return row_of(name, born, **{**facts, **change})


@pytest.mark.parametrize("kind", KINDS)
def test_no_pair_is_linked_wrongly_and_every_true_one_is_linked_or_among_the_first_three(app, kind):
    actor = make_actor("coordinator")
    change, expected = KINDS[kind]
    intake, pairs, rows = make_intake(actor), {}, []
    for n, (name, born, number) in enumerate(PEOPLE):
        facts = {"id_number": number, "phone": f"+8491234567{n}", "unit": f"Xã {n}"}
        pairs[f"tk{n}"] = person(actor, name, born, **facts).id
        rows.append({**changed(name, born, facts, change), "account": f"tk{n}"})
    namesakes = [(f"197{n}-03-07", {"id_number": f"04017{n}33445{n}", "account": f"xa{n}"}) for n in range(5)]
    rows += [row_of(PEOPLE[0][0], born, **facts) for born, facts in namesakes]
    put_in(intake, rows)
    match_records(actor.organisation_id, actor=actor)
    cases = db.session.scalars(select(MatchCase))
    asked = {one.record_id: [each["learner"] for each in one.candidates] for one in cases}
    came = Counter()
    for one in db.session.scalars(select(OnlineRecord)):
        true = pairs.get(one.account)
        if one.link == "matched":
            assert one.learner_id == true, f"{one.account} is linked to somebody else"
            came["linked"] += 1
        elif true is not None:
            assert true in asked[one.id][:3], f"{one.account} is not found"
            came["asked"] += 1
        else:
            assert one.link == "own"
    assert set(came) <= set(expected.split(" or "))
    assert came.total() == len(PEOPLE)


def test_the_facts_of_a_course_take_a_few_statements_however_many_there_are(app):
    actor = make_actor("coordinator")
    intake = make_intake(actor)
    counts = []
    for size in (2, 30):
        rows = [row_of(f"Người {n}", f"19{60 + n}-01-0{size % 7 + 1}", account=f"{size}-{n}") for n in range(size)]
        put_in(intake, rows)
        match_records(actor.organisation_id, actor=actor)
        statements = []
        listen = lambda *args, into=statements: into.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        results = online_results(actor.organisation_id, intake.course_id)
        held_learners(actor.organisation_id, intake.course_id)
        event.remove(db.engine, "before_cursor_execute", listen)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5
    assert {one.days for each in results.values() for one in each} == {10}


def test_an_issue_day_set_on_the_account_goes_before_the_platforms(app):
    actor = make_actor("coordinator")
    intake = make_intake(actor)
    learner = person(actor, *PEOPLE[0][:2])
    said = {"TK1": date(2026, 10, 1), "TK2": date(2026, 10, 2)}
    put_in(intake, [row_of("", account=name, issued_on=day) for name, day in said.items()])
    for name, issued in (("TK1", date(2026, 10, 5)), ("TK2", None)):
        facts = {"organisation_id": actor.organisation_id, "name": name, "key": name.lower(), "created_at": TAKEN}
        db.session.add(Account(intake_id=intake.id, learner_id=learner.id, issued_on=issued, **facts))
    db.session.commit()
    match_records(actor.organisation_id, actor=actor)
    results = online_results(actor.organisation_id, intake.course_id)[learner.id]
    assert [(one.account, one.issued_on) for one in results] == [("TK1", date(2026, 10, 5)), ("TK2", date(2026, 10, 2))]
