"""The texts that a workbook's cells share."""

import re
import unicodedata

from classroom.core.errors import Refusal
from classroom.core.sheets.package import Attributes, Package
from classroom.core.sheets.xlsx_plain import NotPlain, plain_texts

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MEMBER = "xl/sharedStrings.xml"


def read_shared_texts(package: Package) -> list[str]:
    """All of them in their order; phonetic readings are left out."""
    raw = package.read(_MEMBER)
    limit = package.limits.max_shared_texts
    try:
        texts = plain_texts(raw)
    except NotPlain:
        return _parsed(package, raw)
    if len(texts) > limit:
        raise Refusal("sheet.too_many_cells", limit=limit)
    return [unescape(text) for text in texts]


def _parsed(package: Package, raw: bytes) -> list[str]:
    texts: list[str] = []
    parts: list[str] = []
    inside: list[str] = []

    def start(tag: str, _attributes: Attributes) -> None:
        inside.append(tag)
        if tag == "si":
            parts.clear()

    def end(tag: str) -> None:
        inside.pop()
        if tag == "si":
            if len(texts) >= package.limits.max_shared_texts:
                raise Refusal("sheet.too_many_cells", limit=package.limits.max_shared_texts)
            texts.append(unescape("".join(parts)))

    def text(value: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            parts.append(value)

    package.parse(_MEMBER, start, end, text, raw)
    return texts


def unescape(text: str) -> str:
    """Resolve the format's own escapes of letters, such as _x000D_."""
    return _ESCAPED.sub(_escaped_letter, text) if "_x" in text else text


def _escaped_letter(found: re.Match[str]) -> str:
    """The letter that was escaped; halves of letters and control characters are none, and no database keeps them."""
    letter = chr(int(found[1], 16))
    return letter if letter in "\t\n\r" or unicodedata.category(letter) not in {"Cc", "Cs"} else ""
