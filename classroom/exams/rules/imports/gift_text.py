"""The letters of GIFT: what is escaped, how a text says its format, and how both are written.

Escaped signs are kept as signs that no file may contain, so that what bounds an answer is found by looking for it.
"""

import re

from classroom.exams.rules.imports.drafts import Unreadable
from classroom.exams.rules.imports.html_text import LOOKS_HTML, from_html
from classroom.exams.rules.imports.plain_text import to_markdown

_SIGNS = ":#={}~"
_HIDDEN = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)} | {"n": "\ufdd8", "\\": "\ufdd9"}
_SHOWN = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()})
_ESCAPED = re.compile(r"\\([:#={}~n\\])")
_MUST_ESCAPE = re.compile(r"[:#={}~\n\\]")
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
#: What Moodle trims at the ends of texts.
BLANK = " \t\n\r\v"
_FOREIGN_PICTURE = re.compile(r"!\[[^\[\]]*\]\((?!picture:)([^)\s]*)")


def hide(text: str) -> str:
    r"""Put a stand-in for each of `\: \# \= \{ \} \~ \n \\`; a backslash before anything else is a backslash."""
    return _ESCAPED.sub(lambda found: _HIDDEN[found[1]], text)


def show(text: str) -> str:
    """The text that was meant, without blanks at its ends."""
    return text.translate(_SHOWN).strip(BLANK)


def escape(text: str) -> str:
    """What `hide` and `show` give back, on one line."""
    return _MUST_ESCAPE.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def format_of(hidden: str, otherwise: str) -> tuple[str, str]:
    """The format that a text names at its beginning, or that of its question, and the text after it."""
    hidden = hidden.strip(BLANK)
    found = _FORMAT.match(hidden)
    return (found[1], hidden[found.end() :]) if found else (otherwise, hidden)


def markdown_of(hidden: str, otherwise: str, lost: set[str]) -> str:
    """A text of the file as our Markdown; names of left-out decoration are added to `lost`.

    Raises `Unreadable` for what our Markdown cannot say.
    """
    name, rest = format_of(hidden, otherwise)
    text = show(rest)
    if name == "markdown":
        if LOOKS_HTML.search(text):
            lost.add("markdown")
        if found := _FOREIGN_PICTURE.search(text):
            raise Unreadable("gift.picture", address=found[1][:80])
        return text
    if name == "html" or (name == "moodle" and LOOKS_HTML.search(text)):
        markdown, decoration = from_html(text if name == "html" else text.replace("\n", "<br>"))
        lost.update(decoration)
        return markdown
    return to_markdown(text)


def plain_of(hidden: str, name: str) -> str:
    """A text that Moodle never formats, as Markdown; that of a question in Markdown is Markdown already."""
    text = show(hidden)
    return text if name == "markdown" else to_markdown(text)
