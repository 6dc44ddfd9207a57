"""The analysis of questions as a report on paper, with its charts. In Vietnamese."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from classroom.core import pdf
from classroom.core.letterhead import Letterhead
from classroom.core.markup import plain
from classroom.exams.queries.analysis_blocks import AnalysisPage, AnswerRow, QuestionBlock
from classroom.exams.rules import charts
from classroom.exams.rules.spelling import per_cent, points, rounded

ADVICE: Mapping[str, str] = {
    "advice.key": "Gần như ai cũng chọn phương án sai theo đáp án: đáp án có đúng không?",
    "advice.negative": "Học viên làm bài tốt lại trả lời sai câu này nhiều hơn: xem lại cách hỏi.",
    "advice.too_easy": "Gần như ai cũng đúng: câu hỏi không phân biệt được ai với ai.",
    "advice.too_hard": "Hầu như không ai đúng: đã dạy chưa, câu hỏi có rõ không?",
    "advice.guessing": "Kết quả kém hơn đoán mò: có điều gây hiểu nhầm.",
    "advice.unused_option": "Có phương án không ai chọn: nên thay phương án khác.",
}
RULED = {
    "rekey": "đã chấm theo đáp án của phiên bản khác",
    "full": "mọi học viên được trọn điểm",
    "drop": "không tính điểm",
}
SAID = {"true": "Đúng", "false": "Sai", "others": "Câu trả lời khác", "blank": "Bỏ trống"}
BOX = {
    "width": charts.WIDTH,
    "height": charts.HEIGHT,
    "left": charts.LEFT,
    "right": charts.RIGHT,
    "top": charts.TOP,
    "bottom": charts.BOTTOM,
}


@dataclass(frozen=True)
class ReportHead:
    """What the report is about: label and text of each fact."""

    title: str
    lines: Sequence[Sequence[str]]


def item_analysis_pdf(letterhead: Letterhead, head: ReportHead, page: AnalysisPage) -> bytes:
    """Figures of the whole test, its charts, the table of questions, and what was answered to each."""
    return pdf.render(
        "item_analysis",
        {
            "letterhead": letterhead.as_data(),
            "title": head.title,
            "facts": [list(pair) for pair in head.lines],
            "small": page.figures.small,
            "figures": _figures(page),
            "box": BOX,
            "histogram": _histogram(page.histogram),
            "scatter": _scatter(page.scatter),
            "rows": [_row(block) for block in page.blocks],
            "blocks": [_block(block) for block in page.blocks],
        },
    )


def _figures(page: AnalysisPage) -> list[list[str]]:
    figures = page.figures
    return [
        ["Số bài được tính", str(figures.n)],
        ["Điểm trung bình", rounded(figures.mean)],
        ["Trung vị", rounded(figures.median)],
        ["Độ lệch chuẩn", rounded(figures.deviation)],
        ["Hệ số nhất quán nội tại", per_cent(figures.consistency)],
        ["Tỷ lệ sai số", per_cent(figures.error_ratio)],
        ["Sai số chuẩn", rounded(figures.standard_error)],
        ["Độ lệch (skewness)", rounded(figures.skewness)],
        ["Độ nhọn (kurtosis)", rounded(figures.kurtosis)],
    ]


def _histogram(drawn: charts.Histogram) -> dict[str, Any]:
    return {
        "columns": [
            {
                **{name: getattr(each, name) for name in ("x", "width", "failed_y", "passed_y", "base")},
                "count": each.bin.count,
            }
            for each in drawn.columns
        ],
        "edges": [points(each.low) for each in drawn.bins] + [points(drawn.bins[-1].high)],
        "ticks": [list(tick) for tick in drawn.ticks],
        "pass_x": drawn.pass_x,
        "pass_words": f"đạt từ {points(drawn.pass_at)}",
    }


def _scatter(drawn: charts.Scatter) -> dict[str, Any]:
    spots = [
        {**asdict(spot), "odd": spot.point.odd, "name": f"Câu {spot.point.number}", "point": None}
        for spot in drawn.spots
    ]
    return {"spots": spots, "xs": [list(tick) for tick in drawn.xs], "ys": [list(tick) for tick in drawn.ys]}


def _row(block: QuestionBlock) -> list[str]:
    figures = block.report.figures
    return [
        str(block.number),
        block.label,
        str(figures.n),
        per_cent(figures.facility),
        per_cent(figures.discrimination),
        per_cent(figures.efficiency),
        per_cent(figures.weight),
        " ".join([_ruled(block), *(ADVICE[code] for code in block.report.advice)]).strip(),
    ]


def _ruled(block: QuestionBlock) -> str:
    ruling = block.report.ruling
    words = RULED.get(ruling.action.value, "") if ruling else ""
    return f"Đã quyết định: {words}." if words else ""


def _block(block: QuestionBlock) -> dict[str, Any]:
    return {
        "number": block.number,
        "text": plain(block.report.version.text),
        "rows": [
            [
                f"({row.place}) {_said(row)}" if row.place else _said(row),
                str(row.count),
                per_cent(100 * row.share, 0),
                rounded(row.mean),
            ]
            for row in block.rows
        ],
        "shares": [row.share for row in block.rows],
        "right": [row.right for row in block.rows],
    }


def _said(row: AnswerRow) -> str:
    words = SAID.get(row.code) or plain(row.text)
    return f"{words} → {plain(row.to)}" if row.to else words
