"""A hall in which some answer by pen."""

from sqlalchemy import select

from classroom.core.db import db
from classroom.exams.models import Attempt, Paper, PrintedForm
from classroom.exams.queries.by_pen import pen_rows
from classroom.exams.queries.contents import described
from classroom.exams.rules.drawing import PoolPart, draw
from classroom.exams.services.by_pen import Entered, Sheet, enter
from tests.exams.front import SOON
from tests.exams.hall import MINUTE, OPENED, Hall
from tests.factories import at

#: What stands on a paper where everything is right.
GOOD = ("A", "AB", "Đ", "3,14", "Hà Nội", "1A 2B 3C", "123")
LATER = SOON + MINUTE


class PenHall(Hall):
    """A hall with printed forms 101 and 102; on 102 the options of the first question stand the other way round."""

    def __init__(self, learners: int = 3) -> None:
        super().__init__(learners)
        paper = db.session.get_one(Paper, self.paper.id)
        pool = [
            PoolPart(1, part.points, ((part.question_id, part.question.versions[-1].id),))
            for part in paper.parts
            if part.question_id and part.question
        ]
        _, shown = described(version for part in pool for _, version in part.versions)
        items = [
            item.to_json() for item in draw(pool, b"0" * 16, shown, shuffle_questions=False, shuffle_options=False)
        ]
        items[5]["o"], items[6]["o"] = ["a", "b", "c", "x"], ["a", "b", "c"]
        turned = [{**items[0], "o": items[0]["o"][::-1]}, *items[1:]]
        for code, asked in (("101", items), ("102", turned)):
            form = PrintedForm(organisation_id=paper.organisation_id, paper_id=paper.id, code=code, items=asked)
            form.created_at = OPENED
            db.session.add(form)
        db.session.commit()

    def key_in(self, which: int, *answers: str, code: str = "101", place: int = 0) -> Entered:
        with at(LATER):
            return enter(self.sitting, self.learners[place], Sheet(code, answers or GOOD), which, actor=self.actor)

    def attempts(self) -> list[Attempt]:
        db.session.rollback()
        return list(db.session.scalars(select(Attempt).order_by(Attempt.id)))

    def state(self, place: int = 0) -> str:
        db.session.rollback()
        return next(row.state for row in pen_rows(self.facts()) if row.learner == self.learners[place])


def instead(**places: str) -> tuple[str, ...]:
    """A good paper with other answers at some places: p0="B"."""
    return tuple(places.get(f"p{place}", text) for place, text in enumerate(GOOD))
