"""What authors of questions may write, a small part of Markdown: the only place that reads it.

Paragraphs, line breaks, **bold**, *italic*, `code`, fenced code, lists, and pictures of our own as
`![words](picture:PUBLICID)`. There are no links, no headings and no HTML: whatever is not of this part shows as it was
typed. A text is first read into values, and only these become HTML or paper, so that nothing a person typed can
become markup.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from classroom.core.ids import is_public_id

LONGEST: Final = 20_000
"""Characters; a longer text is shown as it was typed, so that no text can keep a server busy."""
DEEPEST: Final = 20
"""Levels of nesting; a text with more is shown as it was typed."""
_PICTURE: Final = "picture:"
_BREAKS: Final = ("softbreak", "hardbreak")
_AROUND: Final = (Markup("<code>{}</code>"), Markup("<em>{}</em>"), Markup("<strong>{}</strong>"))
#: Characters that are not seen and turn the direction of what follows, or do nothing at all.
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_MARKS: Final = re.compile(r"([\\`*_!\[\]])")
_LINE_MARKS: Final = re.compile(r"^(\s*)(?:([-+~])|(\d{1,9})([.)]))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text written in one way; a line break is one with the text of a new line."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the bank by its public id, and the words for who does not see it."""

    id: str
    words: str


Inline = tuple[Run | Picture, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs and pictures."""

    inline: Inline


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines that keep their spaces."""

    text: str


@dataclass(frozen=True, slots=True)
class List:
    """Items, each of blocks; `start` is the first number of an ordered one, None for bullets."""

    start: int | None
    items: tuple[tuple["Block", ...], ...]


Block = Paragraph | CodeBlock | List


def clean(text: str) -> str:
    """The form in which a text is kept: NFC, one kind of line end, nothing unseen, nothing that a database refuses."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in _UNSEEN.sub("", lines) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip("\n").rstrip()


def render(text: str, picture_url: Callable[[str], str]) -> Markup:
    """The text as HTML that is safe on any page; `picture_url` gives the address for a picture's public id."""
    return Markup().join(_html(block, picture_url) for block in _read(text))


def render_line(text: str, picture_url: Callable[[str], str]) -> Markup:
    """The same for a text that stands within a line or a label, such as an option: no paragraphs, no lists."""
    return _inline_html(_read_line(text), picture_url)


def plain(text: str) -> str:
    """The words alone in one line, for lists, search and boards; a picture is its words in brackets."""
    return " ".join(" ".join(_words(block) for block in _read(text)).split())


def picture_ids(*texts: str) -> set[str]:
    """The public ids of all pictures in the texts, whether read as blocks or as lines."""
    found = (each for text in texts for each in (*_everything(_read(text)), *_read_line(text)))
    return {each.id for each in found if isinstance(each, Picture)}


def to_typst_blocks(text: str) -> list[dict[str, Any]]:
    r"""The text as JSON for a printed paper, which typesets it as values.

    Blocks: `{"kind": "paragraph", "runs": […]}`, `{"kind": "code", "text"}` and `{"kind": "list", "start": number or
    null, "items": [[blocks]]}`. Runs: `{"text", "bold", "italic", "code"}` (a line break has the text "\n") and
    `{"picture": public id, "words"}`.
    """
    return [_json(block) for block in _read(text)]


def to_typst_runs(text: str) -> list[dict[str, Any]]:
    """The runs of a text that stands within a line, such as an option."""
    return [_run_json(each) for each in _read_line(text)]


def escaped(text: str) -> str:
    """The Markdown that shows exactly this plain text: for what comes from files of other formats."""
    marked = _MARKS.sub(r"\\\1", text)
    return _LINE_MARKS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", marked)


# --- reading ---


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        return url.startswith(_PICTURE) and is_public_id(url.removeprefix(_PICTURE))


def _reader() -> MarkdownIt:
    made = _Reader("zero", {"html": False, "maxNesting": DEEPEST})
    return made.enable(["list", "fence", "newline", "escape", "backticks", "emphasis", "image"])


_READER: Final = _reader()


@lru_cache(maxsize=2048)
def _read(text: str) -> tuple[Block, ...]:
    text = clean(text)
    if len(text) > LONGEST:
        return _as_typed(text)
    tokens = _READER.parse(text)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        return _as_typed(text)
    return tuple(_blocks(iter(tokens)))


@lru_cache(maxsize=4096)
def _read_line(text: str) -> Inline:
    text = clean(text)
    if len(text) > LONGEST:
        return (Run(text),)
    return tuple(_joined(_inline(_READER.parseInline(text)[0].children or [])))


def _as_typed(text: str) -> tuple[Block, ...]:
    return tuple(Paragraph((Run(part.strip("\n")),)) for part in re.split(r"\n{2,}", text) if part.strip())


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    """The blocks up to the end of the one that the caller has opened."""
    for token in tokens:
        if token.nesting < 0 and token.type != "paragraph_close":
            return
        if token.type == "inline":
            yield Paragraph(tuple(_joined(_inline(token.children or []))))
        elif token.type == "fence":
            yield CodeBlock(token.content.rstrip("\n"))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None
            yield List(start, tuple(_items(tokens)))


def _items(tokens: Iterator[Token]) -> Iterator[tuple[Block, ...]]:
    for token in tokens:
        if token.type != "list_item_open":
            return
        yield tuple(_blocks(tokens))


def _inline(tokens: list[Token]) -> Iterator[Run | Picture]:
    bold = italic = 0
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            italic += token.nesting
        elif token.type in _BREAKS:
            yield Run("\n")
        elif token.type == "image":
            yield _picture(token)
        elif token.content:
            yield Run(token.content, bool(bold), bool(italic), token.type == "code_inline")


def _picture(token: Token) -> Run | Picture:
    words = "".join(" " if child.type in _BREAKS else child.content for child in token.children or [])
    found = str(token.attrGet("src") or "").removeprefix(_PICTURE)
    return Picture(found, words) if found else Run(f"![{token.content}]()")


def _joined(parts: Iterator[Run | Picture]) -> Iterator[Run | Picture]:
    """Neighbours that are written alike become one."""
    waiting: Run | None = None
    for part in parts:
        if isinstance(part, Run) and waiting and "\n" not in (part.text, waiting.text) and _alike(part, waiting):
            waiting = Run(waiting.text + part.text, part.bold, part.italic, part.code)
            continue
        if waiting:
            yield waiting
        waiting = part if isinstance(part, Run) else None
        if isinstance(part, Picture):
            yield part
    if waiting:
        yield waiting


def _alike(one: Run, other: Run) -> bool:
    return (one.bold, one.italic, one.code) == (other.bold, other.italic, other.code)


# --- writing ---


def _html(block: Block, picture_url: Callable[[str], str]) -> Markup:
    if isinstance(block, Paragraph):
        return Markup("<p>{}</p>").format(_inline_html(block.inline, picture_url))
    if isinstance(block, CodeBlock):
        return Markup("<pre><code>{}</code></pre>").format(block.text)
    items = Markup().join(Markup("<li>{}</li>").format(_item_html(item, picture_url)) for item in block.items)
    if block.start is None:
        return Markup("<ul>{}</ul>").format(items)
    return Markup('<ol start="{}">{}</ol>').format(block.start, items)


def _item_html(item: tuple[Block, ...], picture_url: Callable[[str], str]) -> Markup:
    """Without a paragraph around the first words, as a short list is written."""
    first, rest = item[:1], item[1:]
    if first and isinstance(first[0], Paragraph):
        return _inline_html(first[0].inline, picture_url) + Markup().join(_html(b, picture_url) for b in rest)
    return Markup().join(_html(block, picture_url) for block in item)


def _inline_html(inline: Inline, picture_url: Callable[[str], str]) -> Markup:
    return Markup().join(_run_html(each, picture_url) for each in inline)


def _run_html(each: Run | Picture, picture_url: Callable[[str], str]) -> Markup:
    if isinstance(each, Picture):
        return Markup('<img class="picture" src="{}" alt="{}">').format(picture_url(each.id), each.words)
    written: Markup = escape(each.text).replace("\n", Markup("<br>"))
    for meant, around in zip((each.code, each.italic, each.bold), _AROUND, strict=True):
        if meant:
            written = around.format(written)
    return written


def _words(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "".join(each.text if isinstance(each, Run) else f"[{each.words}]" for each in block.inline)
    if isinstance(block, CodeBlock):
        return block.text
    return " ".join(_words(inner) for item in block.items for inner in item)


def _everything(blocks: tuple[Block, ...]) -> Iterator[Run | Picture]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.inline
        elif isinstance(block, List):
            for item in block.items:
                yield from _everything(item)


def _json(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": [_run_json(each) for each in block.inline]}
    if isinstance(block, CodeBlock):
        return {"kind": "code", "text": block.text}
    return {"kind": "list", "start": block.start, "items": [[_json(b) for b in item] for item in block.items]}


def _run_json(each: Run | Picture) -> dict[str, Any]:
    if isinstance(each, Picture):
        return {"picture": each.id, "words": each.words}
    return {"text": each.text, "bold": each.bold, "italic": each.italic, "code": each.code}
