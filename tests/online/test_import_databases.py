"""The statements of an import over many rows mean the same on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.jobs.queries import latest_job
from classroom.jobs.services import cancel
from classroom.online.models import Account, Intake
from classroom.online.services import imports
from tests.factories import CourseFactory, LearnerFactory, ProgrammeFactory, make_actor
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


def test_the_day_of_issue_that_an_import_gave_follows_what_the_record_says(any_app: Flask) -> None:
    actor = make_actor("coordinator")
    intake = make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
    by_import, by_hand = make_account(intake, "thu0001"), make_account(intake, "thu0002", day=date(2026, 10, 5))

    def days() -> list[tuple[date | None, str]]:
        db.session.expire_all()
        return [(one.issued_on, one.issued_how) for one in (by_import, by_hand)]

    bring_in(intake, results(line(1, issued=""), line(2, issued="")), actor=actor)
    wrong = bring_in(intake, results(line(1, issued="01/10/2026"), line(2, issued="01/10/2026")), actor=actor)
    assert days() == [(date(2026, 10, 1), "import"), (date(2026, 10, 5), "hand")]
    undo(wrong, actor=actor)
    assert days() == [(None, ""), (date(2026, 10, 5), "hand")]
    bring_in(intake, results(line(1, issued="02/10/2026"), name="2.csv"), actor=actor)
    right = bring_in(intake, results(line(1, issued="13/10/2026"), line(2, issued="13/10/2026")), actor=actor)
    assert days() == [(date(2026, 10, 13), "import"), (date(2026, 10, 5), "hand")]
    undo(right, actor=actor)
    assert days() == [(date(2026, 10, 2), "import"), (date(2026, 10, 5), "hand")]


def test_an_import_whose_job_was_cancelled_is_put_aside(any_app: Flask) -> None:
    actor = make_actor("coordinator")
    intake = make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
    made = upload(intake, results(line(1)), actor=actor)
    imports.start_import(made.public_id, actor=actor)
    with pytest.raises(Refusal, match=r"import\.closed"):
        imports.drop_import(made.public_id, actor=actor)
    job = latest_job(actor.organisation_id, imports.IMPORT, made.id)
    assert job is not None
    cancel(job.public_id, actor)
    imports.drop_import(made.public_id, actor=actor)
    assert bring_in(intake, results(line(1)), actor=actor).state == "confirmed"
    assert set(records(intake)) == {"thu0001"}


def make_account(intake: Intake, name: str, *, day: date | None = None) -> Account:
    learner = LearnerFactory(organisation_id=intake.organisation_id)
    made = Account(
        organisation_id=intake.organisation_id, intake_id=intake.id, learner_id=learner.id, name=name, key=name,
        created_at=now(), issued_on=day, issued_how="hand" if day else "",
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made
