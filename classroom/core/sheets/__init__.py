"""Tables in and out of files: XLSX and CSV. Nothing else in the house opens or writes a spreadsheet."""

from pathlib import PurePath

from classroom.core.errors import Refusal
from classroom.core.sheets.cells import EMPTY, Cell, CellKind, Sheet, SheetLimits, column_letter
from classroom.core.sheets.csv_files import read_csv
from classroom.core.sheets.writing import write_csv, write_xlsx
from classroom.core.sheets.xlsx_files import read_xlsx

__all__ = [
    "EMPTY",
    "Cell",
    "CellKind",
    "Sheet",
    "SheetLimits",
    "column_letter",
    "read_table",
    "write_csv",
    "write_xlsx",
]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")


def read_table(data: bytes, filename: str, limits: SheetLimits | None = None) -> list[Sheet]:
    """Read every sheet of an XLSX or CSV file, judged by its content and not by its name.

    Raises `Refusal` with a code `sheet.*` for anything else, before any part of it is unpacked.
    """
    limits = limits or SheetLimits()
    suffix = PurePath(filename).suffix.lower()
    if not data.strip(b"\0 \t\r\n"):
        raise Refusal("sheet.empty")
    if len(data) > limits.max_bytes:
        raise Refusal("sheet.too_large", megabytes=round(limits.max_bytes / 1_000_000, 1))
    if data.startswith(_OLE):
        raise Refusal("sheet.encrypted" if _ENCRYPTED_PACKAGE in data else "sheet.old_xls")
    if suffix == ".xlsm":
        raise Refusal("sheet.has_macros")
    if data.startswith(b"PK"):
        if suffix in _TEXT_SUFFIXES:
            raise Refusal("sheet.name_does_not_match", suffix=suffix)
        return read_xlsx(data, limits)
    if suffix in (".xlsx", ".xls", ".ods") or _looks_like_markup(data):
        raise Refusal("sheet.not_a_spreadsheet", suffix=suffix)
    if suffix not in _TEXT_SUFFIXES:
        raise Refusal("sheet.unknown_kind", suffix=suffix)
    return [read_csv(data, PurePath(filename).stem, limits)]


def _looks_like_markup(data: bytes) -> bool:
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<?xml", b"<html", b"<!doctype", b"<table", b"%pdf", b"{\\rtf"))
