"""Marking 36,000 attempts of 30 questions, deciding about one of them for all, and analysing 5,000 (SQLite)."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.tables import Row
from classroom.accounts.models import Organisation
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.exams.models import Attempt, Paper, Response, Sitting
from classroom.exams.rules.analysis import analyse
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.regrading import apply_ruling, preview_ruling, remark
from classroom.jobs.models import Job
from classroom.jobs.services import run_queued
from classroom.learners.models import Learner
from tests.exams.making import RIGHT, make_paper, make_question, make_sitting
from tests.factories import LONG_AGO, CourseFactory, make_actor, make_class, vietnam
from tests.support.databases import migrate, opened

TITLE = "Tests: 36,000 attempts of 30 questions marked, one question decided for all, 5,000 analysed (SQLite)"
ATTEMPTS, ITEMS, SITTINGS, ANALYSED = 36_000, 30, 36, 5_000
GOAL, ANALYSIS_GOAL = 60.0, 2.0
OPENED = vietnam(10, 30)
#: For each kind what else people answer than what is right.
WRONG: dict[Kind, list[Any]] = {
    Kind.SINGLE: [{"choice": "b"}, {"choice": "c"}, None],
    Kind.MULTIPLE: [{"choices": ["a"]}, {"choices": ["a", "c"]}, {"choices": ["c", "d"]}],
    Kind.TRUE_FALSE: [{"value": False}, None],
    Kind.NUMERICAL: [{"text": "3.1"}, {"text": "22/7"}, {"text": "3,139"}],
    Kind.SHORT_ANSWER: [{"text": "Huế"}, {"text": "ha noi"}, {"text": "Thăng Long"}],
    Kind.MATCHING: [{"pairs": {"a": "a", "b": "x"}}, {"pairs": {"c": "c"}}],
    Kind.ORDERING: [{"order": ["b", "a", "c"]}, {"order": ["c", "b", "a"]}],
}


def run() -> list[Row]:
    """Seconds of each, once: the whole takes minutes to prepare."""
    rows = [_analysis()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        with opened(url, folder / "instance"):
            paper, question = _prepare()
            organisation = db.session.get_one(Organisation, paper.organisation_id)
            actor, asked = make_actor("coordinator", organisation=organisation), paper.public_id
            first, done = _timed(lambda: remark(asked, actor=actor))
            assert done.changed == ATTEMPTS
            again, done = _timed(lambda: remark(asked, actor=actor))
            assert done.nothing
            seen, diff = _timed(lambda: preview_ruling(asked, question, "full", actor=actor))
            ruled, jobs = _timed(lambda: _decide(asked, question, actor))
            assert [job.state for job in jobs] == ["done"]
            assert not preview_ruling(asked, question, "full", actor=actor).changed
    return [
        Row("all marked for the first time", f"{first:.1f} s", "", f"< {GOAL:g} s", first < GOAL),
        Row("all marked again, nothing to change", f"{again:.1f} s"),
        Row(f"who would change by a decision: {len(diff.changed):,}", f"{seen:.1f} s"),
        Row("the decision applied, all marked anew", f"{ruled:.1f} s", "", f"< {GOAL:g} s", ruled < GOAL),
        *rows,
    ]


def _decide(paper: str, question: str, actor: Actor) -> list[Job]:
    """The decision, and the job that marks so many anew."""
    apply_ruling(paper, question, "full", reason="bench", actor=actor)
    return run_queued()


def _analysis() -> Row:
    chance = random.Random(1)
    marks = [[Decimal(chance.randint(0, 4)) / 4 for _ in range(ITEMS)] for _ in range(ANALYSED)]
    spent, _ = _timed(lambda: analyse(marks, [1] * ITEMS))
    what = f"figures of {ANALYSED:,} attempts of {ITEMS} questions"
    return Row(what, f"{spent:.2f} s", "", f"< {ANALYSIS_GOAL:g} s", spent < ANALYSIS_GOAL)


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begins = time.perf_counter()
    result = act()
    return time.perf_counter() - begins, result


def _prepare() -> tuple[Paper, str]:
    """A paper sat by everybody; the public id of its first question, of single choice."""
    course = CourseFactory()
    kinds = list(islice(cycle(Kind), ITEMS))
    questions = [make_question(course, kind, text=f"Câu {place}?") for place, kind in enumerate(kinds, start=1)]
    paper = make_paper(course, questions)
    sittings = [make_sitting(paper, make_class(course=course, days=1).sessions[0], OPENED) for _ in range(SITTINGS)]
    items = [
        {"q": each.id, "v": each.versions[0].id, "p": "1.00000", "o": [], "part": place}
        for place, each in enumerate(questions)
    ]
    organisation_id, sitting_ids, first = course.organisation_id, [each.id for each in sittings], questions[0].public_id
    learners = _learners(organisation_id)
    chance = random.Random(2)
    for start in range(0, ATTEMPTS, 1000):
        _sit(organisation_id, sitting_ids[start // 1000], learners[start : start + 1000], items, kinds, chance)
    return paper, first


def _learners(organisation_id: int) -> list[int]:
    common = {"organisation_id": organisation_id, "name": "Nguyễn Văn Học", "name_fold": "nguyen van hoc"}
    rows = [
        {**common, "sort_key": "", "code": f"{n:08d}", "created_at": LONG_AGO, "updated_at": LONG_AGO}
        for n in range(ATTEMPTS)
    ]
    with transaction() as session:
        session.execute(insert(Learner), rows)
        return list(session.scalars(select(Learner.id).where(Learner.organisation_id == organisation_id)))


def _sit(
    organisation_id: int,
    sitting_id: int,
    learners: list[int],
    items: list[Any],
    kinds: list[Kind],
    chance: random.Random,
) -> None:
    common = {
        "organisation_id": organisation_id,
        "sitting_id": sitting_id,
        "number": 1,
        "source": "phone",
        "state": "finished",
        "seed": b"0" * 16,
        "items": items,
        "started_at": OPENED,
        "deadline_at": OPENED + timedelta(minutes=45),
        "finished_at": OPENED + timedelta(minutes=30),
        "finished_how": "submitted",
    }
    with transaction() as session:
        session.execute(insert(Attempt), [{**common, "learner_id": each} for each in learners])
        ids = session.scalars(select(Attempt.id).join(Sitting).where(Sitting.id == sitting_id)).all()
        session.execute(insert(Response), [row for each in ids for row in _answers(each, kinds, chance)])


def _answers(attempt_id: int, kinds: list[Kind], chance: random.Random) -> Iterator[dict[str, Any]]:
    for position, kind in enumerate(kinds):
        answer = RIGHT[kind] if chance.random() < 0.6 else chance.choice(WRONG[kind])
        yield {"attempt_id": attempt_id, "position": position, "answer": answer, "sequence": 1, "saved_at": OPENED}
