"""Deciding about 37,000 people: the rule by itself, and a whole run from facts to outcomes (SQLite)."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.tables import Row
from classroom.attendance.models import Mark
from classroom.certification.models import Evaluation
from classroom.certification.queries.facts import course_facts
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.rules.evaluation import evaluate
from classroom.certification.rules.facts import facts_hash
from classroom.certification.services.evaluating import apply_evaluation, evaluate_course, run_evaluation
from classroom.certification.services.ruling import save_rule
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.learners.models import Learner
from classroom.online.models import Intake, OnlineRecord
from classroom.sessions.models import Course, Enrolment
from tests.factories import LONG_AGO, CourseFactory, OrganisationFactory, ProgrammeFactory, make_actor, make_class
from tests.support.databases import migrate, opened

TITLE = "Deciding about 37,000 people: the rule alone, and from facts to written outcomes (SQLite)"
ONLINE, IN_CLASS, CLASSES, INTAKES = 36_000, 1_000, 10, 8
GOAL = 5.0
RULE = CourseRule(InPerson(5), Online(True, 50), mixed=True)
ISSUED = datetime(2026, 10, 1, tzinfo=UTC)


def run() -> list[Row]:
    """Seconds of each; beside the rule a loop that only makes as many rows of a dictionary."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        with opened(url, folder / "instance"):
            return _measured()


def _measured() -> list[Row]:
    organisation = OrganisationFactory()
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=organisation.id))
    actor = make_actor("coordinator", organisation=organisation)
    _fill(course)
    gathered, facts = _timed(lambda: course_facts(course, RULE, now()))
    assert len(facts) == ONLINE + IN_CLASS
    floor, _ = _timed(lambda: [{"score": each.online, "sat": each.sat} for each in facts.values() for _ in range(10)])
    judged, _ = _timed(lambda: [evaluate(RULE, each) for each in facts.values()])
    hashed, _ = _timed(lambda: [facts_hash(RULE, each) for each in facts.values()])
    save_rule(course.public_id, RULE, "", actor=actor)
    compared, written = _run(course, actor)
    again, nothing = _run(course, actor)
    return [
        Row("ten dictionaries for each (floor)", f"{floor:.2f} s"),
        Row("the rule alone", f"{judged:.2f} s", f"{judged / floor:.1f} ×", f"< {GOAL:g} s", judged < GOAL),
        Row("hash of the facts", f"{hashed:.2f} s"),
        Row("facts gathered", f"{gathered:.2f} s"),
        Row("facts, rule, hash, comparison", f"{compared:.2f} s", "", f"< {GOAL:g} s", compared < GOAL),
        Row("facts once more, all outcomes written", f"{written:.1f} s"),
        Row("the whole again, nothing to write", f"{again + nothing:.1f} s"),
    ]


def _run(course: Course, actor: Any) -> tuple[float, float]:
    evaluation = evaluate_course(course.public_id, actor=actor)
    compared, _ = _timed(lambda: run_evaluation(evaluation.id))
    written, _ = _timed(lambda: apply_evaluation(evaluation.id, lambda _done, _total: None, actor=actor))
    assert db.session.get_one(Evaluation, evaluation.id, populate_existing=True).state == "applied"
    return compared, written


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begins = time.perf_counter()
    result = act()
    return time.perf_counter() - begins, result


def _fill(course: Course) -> None:
    chance = random.Random(3)
    classes = [make_class(course=course) for _ in range(CLASSES)]
    sessions = {one.id: [each.id for each in one.sessions] for one in classes}
    owner = {"organisation_id": course.organisation_id}
    course_id = course.id
    intakes = [{**owner, "course_id": course_id, "name": f"Đợt {n}", "created_at": LONG_AGO} for n in range(INTAKES)]
    with transaction() as session:
        session.execute(insert(Intake), intakes)
        intake_ids = list(session.scalars(select(Intake.id)))
        session.execute(insert(Learner), list(_learners(owner)))
        learners = list(session.scalars(select(Learner.id).order_by(Learner.id)))
        session.execute(insert(OnlineRecord), list(_records(owner, intake_ids, learners[:ONLINE], chance)))
        session.execute(insert(Enrolment), list(_places(owner, course_id, list(sessions), learners[ONLINE:])))
        marks = [
            {**owner, "class_session_id": each, "enrolment_id": place.id, "status": "present", "updated_at": LONG_AGO}
            for place in session.execute(select(Enrolment.id, Enrolment.class_id))
            for each in sessions[place.class_id]
            if chance.random() < 0.9
        ]
        session.execute(insert(Mark), marks)


def _learners(owner: dict[str, int]) -> Iterator[dict[str, Any]]:
    common = {**owner, "name": "Nguyễn Văn Học", "name_fold": "nguyen van hoc", "sort_key": ""}
    for number in range(ONLINE + IN_CLASS):
        yield {**common, "code": f"{number:08}", "created_at": LONG_AGO, "updated_at": LONG_AGO}


def _places(owner: dict[str, int], course_id: int, classes: list[int], learners: list[int]) -> Iterator[dict[str, Any]]:
    for place, learner_id in enumerate(learners):
        yield {
            **owner, "class_id": classes[place % CLASSES], "course_id": course_id, "learner_id": learner_id,
            "enrolled_at": LONG_AGO, "effective_from": LONG_AGO,
        }  # fmt: skip


def _records(
    owner: dict[str, int], intakes: list[int], learners: list[int], chance: random.Random
) -> Iterator[dict[str, Any]]:
    times = {"taken_at": LONG_AGO, "created_at": LONG_AGO, "updated_at": LONG_AGO}
    for number, learner_id in enumerate(learners):
        account = f"na{number:05}"
        done = ISSUED + timedelta(hours=chance.randint(1, 280)) if chance.random() < 0.9 else None
        yield {
            **owner, **times, "intake_id": intakes[number % INTAKES], "account": account, "account_key": account,
            "issued_on": date(2026, 10, 1), "completed_at": done, "score": Decimal(chance.randint(20, 100)),
            "progress": Decimal(100 if done else 40), "link": "matched", "learner_id": learner_id,
            "linked_how": "account",
        }  # fmt: skip
