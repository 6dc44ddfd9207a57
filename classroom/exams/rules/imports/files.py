"""A file with questions: what it is, and what it says."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from classroom.core.errors import Refusal
from classroom.core.legacy_text import LegacyEncoding, convert_legacy
from classroom.core.sheets import SheetLimits, read_table
from classroom.core.text_files import decode_text
from classroom.exams.rules.imports.aiken import looks_aiken, parse_aiken
from classroom.exams.rules.imports.drafts import ODD, Parsed
from classroom.exams.rules.imports.gift import parse_gift
from classroom.exams.rules.imports.sheet import parse_sheets

_LONGEST_TEXT = 5_000_000
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
_OLD: tuple[LegacyEncoding, ...] = ("tcvn3", "vni")


class Format(StrEnum):
    """How questions are written in a file."""

    GIFT = "gift"
    AIKEN = "aiken"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave; `guessed` names an encoding that the file did not state."""

    parsed: Parsed
    guessed: str = ""


def guess_format(data: bytes, filename: str) -> Format:
    """The format that a file looks like; raises `question_import.unknown_format` when it looks like none."""
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or PurePath(filename).suffix.lower() in _SHEETS:
        return Format.SHEET
    text, _ = read_text(data)
    if looks_aiken(text):
        return Format.AIKEN
    if "{" in text and "}" in text:
        return Format.GIFT
    raise Refusal("question_import.unknown_format")


def read_questions(data: bytes, filename: str, file_format: Format, limits: SheetLimits) -> Reading:
    """Read a file in this format; raises `sheet.*`, `sheet_questions.*` or `question_import.*` for unusable ones."""
    if file_format is Format.SHEET:
        sheets = read_table(data, filename, limits)
        return Reading(parse_sheets(sheets), next((one.guessed_encoding for one in sheets if one.guessed_encoding), ""))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal("question_import.binary")
    text, guessed = read_text(data)
    return Reading(parse_gift(text) if file_format is Format.GIFT else parse_aiken(text), guessed)


def read_text(data: bytes) -> tuple[str, str]:
    """The text of a file, accents composed and old fonts converted, and the encoding if it had to be guessed."""
    if len(data) > _LONGEST_TEXT:
        raise Refusal("question_import.too_large", megabytes=_LONGEST_TEXT // 1_000_000)
    try:
        text, guessed = decode_text(data)
    except Refusal as refusal:
        raise Refusal(refusal.code.replace("sheet.", "question_import.")) from refusal
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ODD.search(text.replace("\f", "\n")) and guessed not in _OLD:
        raise Refusal("question_import.binary")
    if not text.strip():
        raise Refusal("question_import.empty")
    for encoding in _OLD:
        text = convert_legacy(text, encoding) if guessed == encoding else text
    return unicodedata.normalize("NFC", text), guessed
