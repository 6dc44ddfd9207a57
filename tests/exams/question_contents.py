"""Questions of every kind as Hypothesis makes them, in the form in which an editor would leave them."""

from typing import Any

from hypothesis import strategies as st

from classroom.exams.rules.imports.drafts import canonical
from classroom.exams.rules.kinds import Content, Kind, flaws

#: What GIFT, Markdown, HTML and spreadsheets each have a meaning for, among letters.
SIGNS = [*"aàĐ9 .,;:#=~{}\\%*_`[]()<>!|/-+&\"'?n$@^", "->", "→", "::", "//", "[html]", "%50%", "####", "_x0041_", "T"]


def texts(most: int = 12, *, lines: bool = True) -> st.SearchStrategy[str]:
    """Texts without blanks at their ends, never empty."""
    signs = [*SIGNS, "\n", "\n\n"] if lines else SIGNS
    return (
        st.lists(st.sampled_from(signs), min_size=1, max_size=most)
        .map(lambda parts: "".join(parts).strip())
        .filter(bool)
    )


def lines_of(count: int) -> st.SearchStrategy[list[str]]:
    """Different texts of one line."""
    return st.lists(texts(6, lines=False), min_size=2, max_size=count, unique_by=lambda text: " ".join(text.split()))


@st.composite
def contents(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind)) -> Content:
    """Any question that may be asked."""
    kind = draw(st.sampled_from(kinds))
    body = draw(_BODIES[kind])
    title = draw(st.just("") | texts(4, lines=False).map(lambda text: " ".join(text.split())))
    content = Content(kind, draw(texts()), body, title, draw(st.just("") | texts()))
    return canonical(content)


def good(kinds: tuple[Kind, ...] = tuple(Kind)) -> st.SearchStrategy[Content]:
    """The same, without those that nobody could save."""
    return contents(kinds).filter(lambda content: not flaws(content))


@st.composite
def _choice(draw: st.DrawFn, *, one: bool) -> dict[str, Any]:
    options = [{"id": "x", "text": text, "right": False} for text in draw(lines_of(6))]
    right = draw(st.sets(st.integers(0, len(options) - 1), min_size=1, max_size=1 if one else len(options)))
    for place in right:
        options[place]["right"] = True
    if draw(st.booleans()):
        for option in options:
            option["weight"] = "0" if not option["right"] else "100" if one else str(100 // len(right))
        wrong = [option for option in options if not option["right"]]
        for option in wrong:
            option["weight"] = draw(st.sampled_from(["0", "-50", "-33.33333"] + ["50"] * one))
    for option in options:
        if draw(st.booleans()):
            option["feedback"] = draw(texts(5))
    return {"options": options}


@st.composite
def _numerical(draw: st.DrawFn) -> dict[str, Any]:
    number = st.sampled_from(["0", "-1", "3.14", "1000000", "0.00001", "1e3", "+5"])
    exact = st.fixed_dictionaries({"value": number, "tolerance": st.sampled_from(["0", "0.5", "1"])})
    between = st.sampled_from([{"low": "-1", "high": "2.5"}, {"low": "0", "high": "0"}])
    answers = draw(st.lists(exact | between, min_size=1, max_size=3))
    percents = ["100", *draw(st.lists(st.sampled_from(["0", "33.33333", "50", "100"]), min_size=2, max_size=2))]
    return {"answers": [{**answer, "percent": percent} for answer, percent in zip(answers, percents, strict=False)]}


@st.composite
def _short_answer(draw: st.DrawFn) -> dict[str, Any]:
    percents = ["100", *draw(st.lists(st.sampled_from(["50", "12.5", "100"]), min_size=5, max_size=5))]
    answers = [{"text": text, "percent": per} for text, per in zip(draw(lines_of(5)), percents, strict=False)]
    return {"answers": answers, "diacritics": True, "case": False}


@st.composite
def _matching(draw: st.DrawFn) -> dict[str, Any]:
    lefts = draw(lines_of(4))
    rights = draw(st.lists(texts(4, lines=False), min_size=len(lefts), max_size=len(lefts) + 2))
    pairs = [{"id": "x", "left": left, "right": right} for left, right in zip(lefts, rights, strict=False)]
    return {"pairs": pairs, "extra": [{"id": "x", "text": text} for text in rights[len(lefts) :]]}


_BODIES: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    Kind.SINGLE: _choice(one=True),
    Kind.MULTIPLE: _choice(one=False),
    Kind.TRUE_FALSE: st.booleans().map(lambda right: {"right": right}),
    Kind.NUMERICAL: _numerical(),
    Kind.SHORT_ANSWER: _short_answer(),
    Kind.MATCHING: _matching(),
    Kind.ORDERING: lines_of(5).map(lambda items: {"items": [{"id": "x", "text": text} for text in items]}),
}
