"""The statements of an import over many rows mean the same on both databases."""

from decimal import Decimal

from flask import Flask

from classroom.online.services import imports
from tests.factories import CourseFactory, ProgrammeFactory, make_actor
from tests.support.online import bring_in, line, make_intake, records, results, undo, upload


def test_an_import_and_its_undo(any_app: Flask) -> None:
    actor = make_actor("coordinator")
    intake = make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
    first = bring_in(intake, results(line(1), line(2, done="")), actor=actor)
    second = bring_in(intake, results(line(2, score="9"), line(3)), actor=actor)
    assert {key: one.score for key, one in records(intake).items()} == {
        "thu0001": Decimal(85),
        "thu0002": Decimal(90),
        "thu0003": Decimal(85),
    }
    undo(second, actor=actor)
    assert {key: one.score for key, one in records(intake).items()} == {"thu0001": Decimal(85), "thu0002": None}
    undo(first, actor=actor)
    assert records(intake) == {}


def test_an_account_that_grows_when_it_is_casefolded_is_named_as_too_long(any_app: Flask) -> None:
    actor = make_actor("coordinator")
    intake = make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
    longest, too_long = "ß" * 60, "ß" * 100
    made = upload(intake, results(line(1, account=longest), line(2, account=too_long)), actor=actor)
    assert [(kind["code"], kind["count"]) for kind in made.outcome["kinds"]] == [("online.account_too_long", 1)]
    imports.decide(made.public_id, "leave", "online.account_too_long", actor=actor)
    made = bring_in(intake, results(line(1, account=longest), line(2, account=too_long)), actor=actor)
    assert (made.state, set(records(intake))) == ("confirmed", {"ss" * 60})
