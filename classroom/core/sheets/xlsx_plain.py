"""The short way through a worksheet that is written as plainly as spreadsheet programs write it.

Long lists are read by patterns that know a row, a cell and a shared text in their usual spelling only. Whatever is
spelled otherwise, down to a comment, is none of theirs: then nothing is taken, and the parser reads all of it.
"""

import re
from collections.abc import Callable, Iterator

from classroom.core.sheets.cells import EMPTY, Cell

_ROW = re.compile(rb'<row((?: [A-Za-z0-9:]+="[^"<&]*")*)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(
    rb'(<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]{1,9})")?(?: t="(s|n|str|b|e|inlineStr)")?'
    rb'(?:/>|>(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>))'
)
_TEXT = re.compile(rb'(<si>(?:<t/>|<t(?: xml:space="preserve")?>([^<]*)</t>)</si>)')
_SST = re.compile(rb'(<\?xml [^<>]*\?>\s*)?<sst(?: [A-Za-z:0-9]+="[^"<&]*")*>')
_ROW_NUMBER = re.compile(rb' r="([0-9]{1,9})"')
_ENTITY = re.compile(rb"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {b"amp": "&", b"lt": "<", b"gt": ">", b"quot": '"', b"apos": "'"}
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]|\]\]>")
_UTF8 = re.compile(
    rb'(<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")? ?\?>\r?\n?)?<(?!\?)'
)

#: Makes a cell of a type, a style's number and a text.
Make = Callable[[str, str, str], Cell]


class NotPlain(Exception):
    """The part is spelled in a way that only the parser knows."""


def plain_texts(raw: bytes) -> list[str]:
    """The shared texts in their order, before escapes of the format are resolved; raises NotPlain."""
    head, inside, tail = _parted(raw, b"<si>", b"</sst>")
    if not _SST.fullmatch(head) or tail.strip():
        raise NotPlain
    return [_decoded(text) for _whole, text in _all(_TEXT, inside)]


def without_rows(raw: bytes) -> tuple[bytes, bytes]:
    """Part a worksheet into all that stands around its rows, and the rows; raises NotPlain."""
    head, inside, tail = _parted(raw, b"<sheetData>", b"</sheetData>")
    if raw.count(b"sheetData") != 2:
        raise NotPlain
    return head + b"<sheetData></sheetData>" + tail, inside.removeprefix(b"<sheetData>")


def with_rows(rest: bytes, inside: bytes) -> bytes:
    """What `without_rows` parted, as it was."""
    return rest.replace(b"<sheetData></sheetData>", b"<sheetData>" + inside + b"</sheetData>", 1)


def plain_rows(inside: bytes, make: Make) -> Iterator[tuple[str, list[tuple[bytes, Cell]]]]:
    """Rows with what they say is their number, and their cells that hold something by the letters of their column.

    Raises NotPlain at the first row that is spelled otherwise.
    """
    known: dict[tuple[bytes, bytes, bytes], Cell] = {}
    end = 0
    for found in _ROW.finditer(inside):
        if found.start() != end:
            raise NotPlain
        end = found.end()
        number = _ROW_NUMBER.search(found[1])
        cells = []
        for _whole, letters, style, kind, value, inline in _all(_CELL, found[2] or b""):
            if inline and kind != b"inlineStr":
                raise NotPlain
            text = value or inline
            if not text:
                continue
            key = (text, style, kind)
            cell = known.get(key)
            if cell is None:
                cell = known[key] = make(kind.decode() or "n", style.decode(), _decoded(text))
            if cell is not EMPTY:
                cells.append((letters, cell))
        yield (number[1].decode() if number else "", cells)
    if end != len(inside):
        raise NotPlain


def _parted(raw: bytes, opening: bytes, closing: bytes) -> tuple[bytes, bytes, bytes]:
    end = raw.find(b"\r\n")  # one is common, after the declaration
    if (end >= 0 and _CONTROL.search(raw, 0, end)) or _CONTROL.search(raw, end + 2 if end >= 0 else 0):
        raise NotPlain
    if b"<!" in raw or raw.count(b"<?") > 1 or not _UTF8.match(raw):
        raise NotPlain
    start, end = raw.find(opening), raw.rfind(closing)
    if start < 0 or end < start:
        raise NotPlain
    return raw[:start], raw[start:end], raw[end + len(closing) :]


def _all(pattern: re.Pattern[bytes], text: bytes) -> list[tuple[bytes, ...]]:
    """Everything that the pattern finds, if that is all there is."""
    found = pattern.findall(text)
    if sum(len(one[0]) for one in found) != len(text):
        raise NotPlain
    return found


def _decoded(text: bytes) -> str:
    try:
        if b"&" not in text:
            return text.decode()
        if len(_ENTITY.findall(text)) != text.count(b"&"):
            raise NotPlain
        return _ENTITY.sub(_letter, text).decode()
    except (ValueError, OverflowError) as odd:
        raise NotPlain from odd


def _letter(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return _NAMED[found[1]].encode()
    letter = chr(int(found[2]) if found[2] else int(found[3], 16))
    if letter < " " or letter in "\ufffe\uffff":
        raise NotPlain
    return letter.encode()
