"""An analysis as it is shown: charts, questions by number, every answer. For eyes that may see the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.core.markup import escaped, plain
from classroom.exams.queries.analysis import ItemReport, Report
from classroom.exams.queries.result_lines import histogram_of
from classroom.exams.queries.results import Results
from classroom.exams.rules.analysis import Figures
from classroom.exams.rules.charts import Histogram, Point, Scatter, draw_scatter
from classroom.exams.rules.distribution import Chosen
from classroom.exams.rules.kinds import Kind, choices, shown_texts

#: Letters of a question that stand for it in a table.
LONGEST_LABEL = 90
#: Advice that alone makes no question worth a name in the scatter.
MILD = frozenset({"advice.unused_option"})


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer with who gave it. `share` is of all attempts, `mean` in points.

    `text` and `to` (what it was matched with) are of the Markdown subset; `place` is that of an ordering. A `code`
    stands for words: true, false, others (typed something less common), blank.
    """

    text: str
    right: bool
    count: int
    share: float
    mean: float | None = None
    to: str = ""
    place: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """One question; `question` is its public id, `number` its place in this analysis from 1."""

    number: int
    question: str
    label: str
    report: ItemReport
    rows: Sequence[AnswerRow]


@dataclass(frozen=True, slots=True)
class AnalysisPage:
    """Everything about one sitting, or one paper."""

    figures: Figures
    histogram: Histogram
    scatter: Scatter
    blocks: Sequence[QuestionBlock]

    @property
    def undrawn(self) -> Sequence[int]:
        """Numbers of questions without a place in the scatter: a figure of theirs is undefined."""
        drawn = {spot.point.number for spot in self.scatter.spots}
        return [block.number for block in self.blocks if block.number not in drawn]


def present_analysis(
    results: Results, report: Report, public_ids: Mapping[int, str], scale: int, pass_percent: int
) -> AnalysisPage:
    """The page of a report."""
    blocks = [_block(number, item, public_ids) for number, item in enumerate(report.items, start=1)]
    return AnalysisPage(
        report.figures, histogram_of(results.counted, scale, pass_percent), draw_scatter(_points(blocks)), blocks
    )


def _points(blocks: Sequence[QuestionBlock]) -> list[Point]:
    points = []
    for block in blocks:
        figures = block.report.figures
        if figures.facility is not None and figures.discrimination is not None:
            odd = not MILD.issuperset(block.report.advice)
            points.append(Point(block.number, figures.facility, figures.discrimination, odd))
    return points


def _block(number: int, item: ItemReport, public_ids: Mapping[int, str]) -> QuestionBlock:
    version = item.version
    words = version.title or plain(version.text)
    label = words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1].rstrip() + "…"
    names = _names(version.kind, version.body)
    rows = [_row(version.kind, names, each) for each in item.answers.chosen]
    rows += _rest(item)
    return QuestionBlock(number, public_ids[version.question_id], label, item, rows)


def _row(kind: Kind, names: Mapping[str, str], each: Chosen) -> AnswerRow:
    return AnswerRow(
        text=names.get(each.id, escaped(each.id)),
        right=each.right,
        count=each.count,
        share=each.share,
        mean=each.mean,
        to=names.get(f"to {each.to}", "") if kind is Kind.MATCHING else "",
        place=each.to if kind is Kind.ORDERING else "",
        code=each.id if kind is Kind.TRUE_FALSE else "",
    )


def _rest(item: ItemReport) -> list[AnswerRow]:
    answers = item.answers
    share = 1 / answers.n if answers.n else 0.0
    more = (("others", answers.others), ("blank", answers.blank))
    return [AnswerRow("", False, count, count * share, code=code) for code, count in more if count]


def _names(kind: Kind, body: Mapping[str, Any]) -> dict[str, str]:
    """Texts by id; of what is matched, by "to " and the id."""
    if kind is Kind.MATCHING:
        lefts = {pair["id"]: pair["left"] for pair in body["pairs"]}
        return lefts | {f"to {key}": text for key, text in choices(body).items()}
    return shown_texts(kind, body)
