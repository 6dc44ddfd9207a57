"""XLSX files written by hand, part by part, as no spreadsheet program would write them."""

import io
import zipfile

import pytest

from classroom.core.errors import Refusal
from classroom.core.sheets import SheetLimits, read_table

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
BOOK = f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'


def package(sheet: str, **more: str) -> bytes:
    """Zip a hand-written sheet; `more` replaces or adds members (`__` for /)."""
    members = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    members.update({name.replace("__", "/"): text for name, text in more.items()})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def sheet_of(rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def refused(data: bytes, filename: str = "lop.xlsx", limits: SheetLimits | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        read_table(data, filename, limits)
    return caught.value.code
