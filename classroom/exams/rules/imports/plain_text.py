"""Text that is no Markdown, written so that our Markdown shows it as it is."""

import re

#: What would be read as Markdown anywhere in a line.
_INLINE = re.compile(r"\\(?=[!-/:-@\[-`{-~\n])|[*`]|!(?=\[)|&(?=#?\w{1,32};)")
_UNDERSCORES = re.compile(r"_+")
#: What would begin a list, a heading, a quotation or a rule.
_LINE_STARTS = re.compile(r"^( *)(?=[-+](?:\s|$)|(?:-{2,}|=+) *$|(?:_ *){3,}$|#{1,6}(?:\s|$)|>|~~~)", re.MULTILINE)
_NUMBERED = re.compile(r"^( *\d{1,9})(?=[.)](?:\s|$))", re.MULTILINE)


def to_markdown(text: str) -> str:
    """The Markdown that shows exactly this text; text without special signs stays as it is."""
    return escape_lines(escape_inline(text))


def escape_inline(text: str) -> str:
    """Take the meaning from every sign that would have one within a line."""
    text = _INLINE.sub(lambda found: "\\" + found[0], text)
    if sum(_joins(text, found) for found in _UNDERSCORES.finditer(text)) > 1:
        text = _UNDERSCORES.sub(lambda found: found[0].replace("_", "\\_") if _joins(text, found) else found[0], text)
    return text


def escape_lines(text: str) -> str:
    """Take the meaning from what would begin a list, a heading or the like."""
    return _NUMBERED.sub(r"\1\\", _LINE_STARTS.sub(r"\1\\", text))


def _joins(text: str, found: re.Match[str]) -> bool:
    """Whether these underscores could begin or end something emphasised: neither within a word nor alone."""
    start, end = found.span()
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    alone = (not before or before.isspace()) and (not after or after.isspace())
    return not alone and not (before.isalnum() and after.isalnum())
