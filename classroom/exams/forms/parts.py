"""The table of a paper's parts, as it is posted by each of its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from classroom.core.errors import Refusal
from classroom.exams.models import Paper, PaperPart
from classroom.exams.rules.kinds import number_in
from classroom.exams.rules.papers import MOST_PARTS, check_line, spell_points
from classroom.exams.services.papers import PartLine
from classroom.web.words import say_refusal


@dataclass(slots=True)
class PartRow:
    """One line of the table of parts as it was typed; `kind` is "question" or "topic"."""

    kind: str
    id: str
    draw: str
    points: str
    position: str = ""
    removed: bool = False
    error: str = ""

    @property
    def line(self) -> PartLine:
        """Its value; raises Refusal for what makes no sense."""
        draw = (number_in(self.draw) if self.kind == "topic" else None) or Decimal()
        draw = Decimal(1) if self.kind == "question" else draw if draw == int(draw) else Decimal()
        points = number_in(self.points) or Decimal()
        check_line(int(draw), points)
        question, topic = (self.id, "") if self.kind == "question" else ("", self.id)
        return PartLine(points, question=question, topic=topic, draw=int(draw))


class PartsForm:
    """The table of parts: every button sends it whole, so that nothing typed is lost."""

    def __init__(self, rows: list[PartRow], seen: datetime | None, action: str = "save") -> None:
        self.rows = rows
        self.seen = seen
        self.action = action

    @classmethod
    def of(cls, paper: Paper) -> "PartsForm":
        """The table of a paper as it is."""
        return cls([_row(part) for part in paper.parts], paper.updated_at)

    @classmethod
    def sent(cls, form: MultiDict[str, str]) -> "PartsForm":
        """What was posted: rows in the order of their positions, removed ones left out, one moved if asked for."""
        action = form.get("do", "save")
        names = ("part", "draw", "points", "position")
        columns = [form.getlist(name)[: MOST_PARTS + 1] for name in names]
        gone = set(form.getlist("remove"))
        rows = []
        for place, (part, draw, points, position) in enumerate(zip(*columns, strict=False)):
            kind, _, public_id = part.partition(".")
            rows.append(PartRow(kind, public_id, draw.strip(), points.strip(), position.strip(), str(place) in gone))
        made = cls(_ordered(rows, action), _instant(form.get("seen", "")), action)
        made._add_topic(form)
        return made

    def lines(self) -> list[PartLine] | None:
        """The parts, or None where a row is wrong, which then says so."""
        lines = []
        for row in self.rows:
            try:
                lines.append(row.line)
            except Refusal as refusal:
                row.error = say_refusal(refusal)
        return None if self.has_errors else lines

    @property
    def has_errors(self) -> bool:
        """Whether a row is wrong."""
        return any(row.error for row in self.rows)

    def _add_topic(self, form: MultiDict[str, str]) -> None:
        topic = form.get("new_topic", "")
        if self.action == "topic" and topic:
            draw, points = form.get("new_draw", "").strip(), form.get("new_points", "").strip()
            self.rows.append(PartRow("topic", topic, draw, points))


def added(paper: Paper, chosen: Sequence[str], points: str) -> list[PartLine]:
    """The parts of a paper with these questions at the end; raises Refusal for points that make no sense."""
    rows = [*PartsForm.of(paper).rows, *(PartRow("question", each, "1", points) for each in chosen)]
    return [row.line for row in rows]


def _row(part: PaperPart) -> PartRow:
    kind, of = ("question", part.question) if part.question_id else ("topic", part.topic)
    return PartRow(kind, of.public_id if of else "", str(part.draw_count), spell_points(part.points))


def _ordered(rows: list[PartRow], action: str) -> list[PartRow]:
    """By position; a row without a readable one stays behind the row before it."""
    way, _, moved = action.partition(".")
    shift = {"up": Decimal("-1.5"), "down": Decimal("1.5")}.get(way, Decimal())
    keyed = []
    last = Decimal()
    for place, row in enumerate(rows):
        last = number_in(row.position) or last
        keyed.append((last + (shift if str(place) == moved else 0), place, row))
    return [row for _, _, row in sorted(keyed, key=lambda each: each[:2]) if not row.removed]


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
