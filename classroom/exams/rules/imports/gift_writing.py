"""Questions written as GIFT, each only if it would be read back as it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.exams.rules.imports.drafts import ODD, Draft, Parsed, canonical, usual_weights
from classroom.exams.rules.imports.gift import parse_gift
from classroom.exams.rules.imports.gift_text import escape
from classroom.exams.rules.kinds import Content, Kind

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what it could not take in."""

    text: str
    left_out: Sequence[Content]


def write_gift(drafts: Iterable[Draft], remark: Callable[[Content], str]) -> Written:
    """Write a file; a question that GIFT cannot hold is a comment, `remark` says it in one line."""
    parts: list[str] = []
    left_out: list[Content] = []
    topic: str | None = None
    for draft in drafts:
        if draft.topic != topic:
            topic = draft.topic
            parts.append(f"$CATEGORY: $course$/{escape(topic.replace('/', '//'))}".rstrip())
        block = gift_of(draft.content)
        if block is None:
            left_out.append(draft.content)
            parts.append("// " + " ".join(remark(draft.content).split()))
        else:
            parts.append(block)
    return Written("\n\n".join(parts) + "\n", left_out)


def gift_of(content: Content) -> str | None:
    """One question as GIFT, or None when something of it would be lost or changed on the way back."""
    if content.kind not in _INSIDE:
        return None
    title = f"::{escape(content.title)}::" if content.title else ""
    lines = [*_INSIDE[content.kind](dict(content.body))]
    if content.feedback:
        lines.append("####" + _formatted(content.feedback))
    block = "\n".join([f"{title}[markdown]{escape(content.text)}{{", *lines, "}"])
    read = Parsed([], []) if ODD.search(block) else parse_gift(block)
    same = [canonical(draft.content).digest for draft in read.drafts] == [canonical(content).digest]
    return block if same else None


def _formatted(text: str) -> str:
    """A text whose own beginning is not taken for the name of a format, or for a weight."""
    return escape(f"[markdown]{text}" if text.startswith(("[", "%")) else text)


def _choice(kind: Kind) -> Callable[[Body], Iterable[str]]:
    def lines(body: Body) -> Iterable[str]:
        options = body["options"]
        usual = usual_weights(kind, [option["right"] for option in options])
        for option, weight in zip(options, usual, strict=True):
            per_cent = option.get("weight", weight)
            if kind is Kind.SINGLE and option["right"]:
                mark = "="
            else:
                mark = "~" if kind is Kind.SINGLE and per_cent == "0" else f"~%{per_cent}%"
            feedback = f"#{_formatted(option['feedback'])}" if option.get("feedback") else ""
            yield f"{mark}{_formatted(option['text'])}{feedback}"

    return lines


def _true_false(body: Body) -> Iterable[str]:
    return ["TRUE" if body["right"] else "FALSE"]


def _numerical(body: Body) -> Iterable[str]:
    yield "#"
    for answer in body["answers"]:
        number = f"{answer['low']}..{answer['high']}" if "low" in answer else f"{answer['value']}:{answer['tolerance']}"
        yield f"=%{answer['percent']}%{number}"


def _short_answer(body: Body) -> Iterable[str]:
    for each in body["answers"]:
        text = each["text"].replace("*", "\\*")
        yield f"=%{each['percent']}%" + escape(f"[plain]{text}" if text.startswith("[") else text)


def _matching(body: Body) -> Iterable[str]:
    yield from (f"={_formatted(pair['left'])} -> {escape(pair['right'])}" for pair in body["pairs"])
    yield from (f"= -> {escape(each['text'])}" for each in body.get("extra", ()))


_INSIDE: dict[Kind, Callable[[Body], Iterable[str]]] = {
    Kind.SINGLE: _choice(Kind.SINGLE),
    Kind.MULTIPLE: _choice(Kind.MULTIPLE),
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numerical,
    Kind.SHORT_ANSWER: _short_answer,
    Kind.MATCHING: _matching,
}
