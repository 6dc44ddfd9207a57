"""Text files in the encodings that Vietnamese offices' programs write."""

import re
import unicodedata

from classroom.core.errors import Refusal
from classroom.core.legacy_text import legacy_encoding

#: Between these stand pieces short enough to be recognised as Vietnamese or not.
#: UTF-16 of a platform that leaves its mark away: plain letters with a zero after each.
_NO_MARK = re.compile(rb"(?:[\x09\x20-\x7e]\x00){8}")
_PIECES = re.compile(r"[,;\t\r\n\"?!{}=~#%]+")


def decode_text(data: bytes) -> tuple[str, str]:
    """The text, and how it was read when it does not say so itself (`windows-1258`, `tcvn3`, `vni`); else "".

    Text in an old font comes as it stands: converting it is for whoever can show what comes of it. Raises `Refusal`
    `sheet.binary` or `sheet.unknown_encoding` for what is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError as error:
            raise Refusal("sheet.unknown_encoding") from error
    if _NO_MARK.match(data):
        try:
            return data.decode("utf-16-le"), ""
        except UnicodeDecodeError as error:
            raise Refusal("sheet.unknown_encoding") from error
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return _guess(data)


def _guess(data: bytes) -> tuple[str, str]:
    """Try what old Vietnamese Windows programs write; binary files are no text in any of these."""
    if re.search(rb"[\x00-\x08\x0e-\x1f]", data[:100_000]):
        raise Refusal("sheet.binary")
    latin = data.decode("latin-1")
    pieces = [piece for piece in _PIECES.split(latin[:50_000]) if not piece.isascii()]
    found = [encoding for piece in pieces if (encoding := legacy_encoding(piece))]
    if pieces and len(found) > len(pieces) / 2:
        return latin, max(set(found), key=found.count)
    try:
        return unicodedata.normalize("NFC", data.decode("cp1258")), "windows-1258"
    except UnicodeDecodeError as error:
        raise Refusal("sheet.unknown_encoding") from error
