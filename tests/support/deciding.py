"""A course whose rule can be tried: a class with marks and a test, an intake with records, whatever a case needs."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.attendance.models import Mark
from classroom.certification.models import Certificate, Evaluation, IssueBatch, Outcome, RuleVersion
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.services.evaluating import ask_to_apply, evaluate_course
from classroom.certification.services.ruling import count_passing, save_rule
from classroom.core.db import db, transaction
from classroom.exams.models import Attempt, Paper
from classroom.exams.services.marking import mark_attempts
from classroom.jobs.services import run_queued
from classroom.learners.models import Learner
from classroom.online.models import Intake, MatchCase, OnlineRecord
from classroom.sessions.models import Course, Enrolment
from tests.exams.making import make_paper, make_question, make_sitting
from tests.exams.marking import make_attempt
from tests.factories import LONG_AGO, CourseFactory, EnrolmentFactory, LearnerFactory, make_actor, make_class, vietnam

#: The last second of day 10 in Việt Nam of an account issued on 1 October.
LAST_SECOND = datetime(2026, 10, 11, 16, 59, 59, tzinfo=UTC)


class Deciding:
    """A course with one class, one paper of two questions, and one intake."""

    def __init__(self, course: Course | None = None) -> None:
        self.course = course or CourseFactory()
        organisation = db.session.get_one(Organisation, self.course.organisation_id)
        self.actor = make_actor("coordinator", organisation=organisation)
        self.training_class = make_class(course=self.course)
        questions = [make_question(self.course, text=f"Câu {number}?") for number in (1, 2)]
        self.paper: Paper = make_paper(self.course, questions)
        self.sitting = make_sitting(self.paper, self.training_class.sessions[5], vietnam(14))
        self.intake = self.another_intake("Đợt 1")
        self._numbers = 0

    @property
    def rule(self) -> CourseRule:
        """Five of six and the test, or online in time with half of the points."""
        return CourseRule(InPerson(5, self.paper.public_id), Online(True, 50))

    def another_intake(self, name: str) -> Intake:
        made = Intake(
            organisation_id=self.course.organisation_id, course_id=self.course.id, name=name, created_at=LONG_AGO
        )
        db.session.add(made)
        db.session.commit()
        return made

    def learner(self, **facts: Any) -> Learner:
        made: Learner = LearnerFactory(organisation_id=self.course.organisation_id, **facts)
        return made

    def in_class(self, attended: int = 6, letters: str = "aa", learner: Learner | None = None) -> Learner:
        """Somebody with so many marks, and a finished attempt with these letters (a is right; empty: none)."""
        learner = learner or self.learner()
        place: Enrolment = EnrolmentFactory(training_class=self.training_class, learner=learner)
        for session in self.training_class.sessions[:attended]:
            db.session.add(
                Mark(
                    organisation_id=place.organisation_id,
                    class_session_id=session.id,
                    enrolment_id=place.id,
                    status="present",
                    updated_at=LONG_AGO,
                )
            )
        db.session.commit()
        if letters:
            self.tested(learner, letters)
        return learner

    def tested(self, learner: Learner, letters: str, number: int = 1) -> Attempt:
        attempt = make_attempt(self.sitting, learner, [{"choice": each} for each in letters], number=number)
        with transaction() as session:
            mark_attempts(session, [session.get_one(Attempt, attempt.id)])
        return attempt

    def online(self, learner: Learner | None = None, intake: Intake | None = None, **facts: Any) -> OnlineRecord:
        """A linked record, fine unless said otherwise; without a learner one is made."""
        self._numbers += 1
        learner = learner or self.learner()
        fine: dict[str, Any] = {
            "account": f"na{self._numbers:05}", "account_key": f"na{self._numbers:05}", "name": learner.name,
            "issued_on": date(2026, 10, 1), "completed_at": LAST_SECOND, "score": Decimal(85),
            "progress": Decimal(100), "taken_at": LONG_AGO, "created_at": LONG_AGO, "updated_at": LONG_AGO,
            "link": "matched", "learner_id": learner.id, "linked_how": "hand",
        }  # fmt: skip
        intake = intake or self.intake
        made = OnlineRecord(organisation_id=self.course.organisation_id, intake_id=intake.id, **{**fine, **facts})
        db.session.add(made)
        db.session.commit()
        return made

    def questioned(self, candidate: Learner) -> MatchCase:
        """An unlinked record of which somebody must say whether it is this learner's."""
        record = self.online(candidate, link="queued", learner_id=None, linked_how="")
        made = MatchCase(
            organisation_id=self.course.organisation_id,
            record_id=record.id,
            reason="name_only",
            candidates=[{"learner": candidate.id, "score": 80, "evidence": [], "against": []}],
            created_at=LONG_AGO,
        )
        db.session.add(made)
        db.session.commit()
        return made

    def saved(self, rule: CourseRule | None = None) -> RuleVersion:
        """The rule in force from now on, also where nobody or everybody passes by it."""
        rule = rule or self.rule
        odd = count_passing(self.course, rule).odd
        return save_rule(self.course.public_id, rule, "", actor=self.actor, confirmed=odd)

    def compared(self) -> Evaluation:
        """A run of the rule in force, compared."""
        run = evaluate_course(self.course.public_id, actor=self.actor)
        run_queued()
        db.session.rollback()
        return db.session.get_one(Evaluation, run.id, populate_existing=True)

    def applied(self) -> Evaluation:
        """A run that was compared and applied."""
        run = self.compared()
        ask_to_apply(run.public_id, actor=self.actor)
        run_queued()
        db.session.rollback()
        return db.session.get_one(Evaluation, run.id, populate_existing=True)

    def outcome(self, learner: Learner) -> Outcome | None:
        return db.session.scalar(
            select(Outcome)
            .where(Outcome.course_id == self.course.id, Outcome.learner_id == learner.id)
            .execution_options(populate_existing=True)
        )

    def certified(self, learner: Learner, **facts: Any) -> Certificate:
        """A living certificate, issued by the rule in force on what was last applied."""
        outcome = self.outcome(learner)
        assert outcome
        made_by = {"organisation_id": self.course.organisation_id, "course_id": self.course.id}
        batch = IssueBatch(**made_by, number=1, prepared_at=LONG_AGO)
        db.session.add(batch)
        db.session.flush()
        self._numbers += 1
        made = Certificate(
            **made_by,
            learner_id=learner.id,
            batch_id=batch.id,
            year=2026,
            serial=self._numbers,
            number=f"{self._numbers:05}/2026/GCN",
            code=f"{self._numbers:013}",
            facts={"name": learner.name, "path": outcome.path, **facts},
            rule_version_id=outcome.rule_version_id,
            issued_on=date(2026, 11, 1),
            issued_at=LONG_AGO,
        )
        db.session.add(made)
        db.session.commit()
        return made
