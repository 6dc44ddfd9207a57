"""HTML as question files carry it, turned into our small Markdown; what would lose its meaning is refused by name."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from classroom.exams.rules.imports.drafts import Unreadable
from classroom.exams.rules.imports.plain_text import escape_inline, escape_lines

#: Something that a browser would take for a tag or a named letter.
LOOKS_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]\w*);")
_BOLD, _ITALIC = {"b", "strong"}, {"i", "em"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {"p", "div"}
_PLAIN = {"span", "font", "u", "small", "big", "center", "s", "strike", "del", "ins", "mark", "abbr", "html", "body"}
#: Decoration whose loss changes what is said.
_MEANT = {"s", "strike", "del"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_DEEPEST = 20
#: A sign that begins no tag is one that was meant; the parser would look for the end of each one to the end of all.
_NO_TAG = re.compile(r"<(?![^<>]*>)")


@dataclass(slots=True)
class _Open:
    """A tag that is not closed yet, and what has been read inside it."""

    tag: str
    parts: list[str] = field(default_factory=list)
    number: int = 0
    address: str = ""


def from_html(html: str) -> tuple[str, list[str]]:
    """Markdown and the names of the decoration that was left out.

    Raises `Unreadable` for pictures, tables and other tags whose content would be lost, and for tags out of order.
    """
    reader = _Reader()
    reader.feed(_NO_TAG.sub("&lt;", html))
    reader.close()
    return reader.text(), sorted(reader.lost)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [_Open("")]
        self.lost: set[str] = set()

    def text(self) -> str:
        while self._open[-1].tag in {"p", "li"}:
            self._shut()
        if len(self._open) > 1:
            raise Unreadable("gift.html_not_closed", tag=self._open[-1].tag)
        lines = (line.rstrip(" \t") for line in "".join(self._open[0].parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attributes}
        if tag in {"br", "wbr"}:
            self._add("\n" if tag == "br" else "")
            return
        if tag == "img":
            raise Unreadable("gift.picture", address=facts.get("src", "")[:80])
        if tag not in _KNOWN or tag in _MEANT:
            raise Unreadable("gift.html_tag", tag=tag[:20])
        if tag in {"p", "li"} and self._open[-1].tag == tag:
            self._shut()
        if len(self._open) > _DEEPEST:
            raise Unreadable("gift.html_tag", tag=tag)
        if {"style", "color", "size", "face", "bgcolor", "align"} & facts.keys():
            self.lost.add("style")
        self._open.append(_Open(tag, address=facts.get("href", "")))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag in _KNOWN:
            self._shut()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"br", "wbr"}:
            return
        while self._open[-1].tag in {"p", "li"} and self._open[-1].tag != tag and len(self._open) > 1:
            self._shut()
        if self._open[-1].tag != tag:
            raise Unreadable("gift.html_not_closed", tag=tag[:20])
        self._shut()

    def handle_data(self, data: str) -> None:
        if any(each.tag in {"code", "pre"} for each in self._open):
            self._open[-1].parts.append(data)
            return
        text = escape_inline(re.sub(r"[ \t\r\n]+", " ", data))
        before = next((part for part in reversed(self._open[-1].parts) if part), "\n")
        if before.endswith("\n"):
            text = escape_lines(text.lstrip(" "))
        self._add(text)

    def handle_comment(self, data: str) -> None:
        """Comments are not shown in a browser either."""

    def _add(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def _shut(self) -> None:
        shut = self._open.pop()
        inside = "".join(shut.parts)
        parent = self._open[-1]
        parent.parts.append(self._closed(shut, inside, parent))

    def _closed(self, shut: _Open, inside: str, parent: _Open) -> str:
        tag = shut.tag
        if tag in _BOLD | _HEADINGS:
            text = _around(inside, "**")
            return f"\n\n{text}\n\n" if tag in _HEADINGS else text
        if tag in _ITALIC:
            return _around(inside, "*")
        if tag in _BLOCKS:
            return f"\n\n{inside.strip()}\n\n"
        if tag in {"ul", "ol"}:
            return f"\n\n{inside.strip(chr(10))}\n\n"
        if tag == "li":
            return self._item(inside, parent)
        if tag in {"sub", "sup"}:
            return _small(inside, tag)
        if tag in {"code", "pre"}:
            return _code(inside, tag)
        if tag == "a":
            return self._link(inside, shut.address)
        if tag in _PLAIN - {"span", "html", "body"}:
            self.lost.add(tag)
        return inside

    def _item(self, inside: str, parent: _Open) -> str:
        parent.number += 1
        mark = f"{parent.number}. " if parent.tag == "ol" else "- "
        lines = re.sub(r"\n{2,}", "\n", inside.strip()).replace("\n", "\n" + " " * len(mark))
        return f"\n{mark}{lines}"

    def _link(self, inside: str, address: str) -> str:
        if not address or address.rstrip("/") == inside.strip().rstrip("/"):
            return inside
        self.lost.add("a")
        return f"{inside} ({escape_inline(address)})"


_KNOWN = _BOLD | _ITALIC | _HEADINGS | _BLOCKS | _PLAIN | {"ul", "ol", "li", "sub", "sup", "code", "pre", "a"}


def _around(inside: str, mark: str) -> str:
    """Emphasis that begins and ends at a letter, as Markdown wants it; signs and spaces at the ends stay outside."""
    letters = [place for place, sign in enumerate(inside) if sign.isalnum()]
    if not letters:
        return inside
    first, last = letters[0], letters[-1] + 1
    if mark in inside[first:last] or "\n\n" in inside[first:last]:
        return inside
    return f"{inside[:first]}{mark}{inside[first:last]}{mark}{inside[last:]}"


def _small(inside: str, tag: str) -> str:
    """x² and H₂O have letters of their own; anything else would read as another number."""
    table = _RAISED if tag == "sup" else _LOWERED
    if any(ord(sign) not in table for sign in inside.strip()):
        raise Unreadable("gift.html_tag", tag=tag)
    return inside.strip().translate(table)


def _code(inside: str, tag: str) -> str:
    if not inside.strip():
        return ""
    if "`" in inside or "\n\n\n" in inside:
        raise Unreadable("gift.html_tag", tag=tag)
    if tag == "pre" or "\n" in inside:
        return f"\n\n```\n{inside.strip(chr(10))}\n```\n\n"
    return f"`{inside}`"
