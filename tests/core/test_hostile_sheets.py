"""Files made to cost memory or time: what surrounds the cells is counted too, and refused in words."""

import io
import zipfile

import pytest

from classroom.core.sheets import CellKind, SheetLimits, read_table
from tests.support.packages import MAIN, OFFICE, package, refused, sheet_of

ONE_CELL = sheet_of('<row r="1"><c r="A1" t="str"><v>x</v></c></row>')
SMALL = SheetLimits(max_styles=20, max_number_formats=20, max_shared_texts=20)


def styled(styles: str) -> bytes:
    return package(ONE_CELL, **{"xl__styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>"})


def formats(count: int) -> str:
    return "".join(f'<numFmt numFmtId="{200 + n}" formatCode="0.{n}"/>' for n in range(count))


@pytest.mark.parametrize(
    "many",
    [
        lambda n: f"<numFmts>{formats(n)}</numFmts>",
        lambda n: f"<fonts>{'<font/>' * n}</fonts>",
        lambda n: f"<cellXfs>{'<xf/>' * n}</cellXfs>",
        lambda n: f"<cellStyleXfs>{'<xf/>' * n}</cellStyleXfs><cellXfs>{'<xf/>' * n}</cellXfs>",
    ],
    ids=["formats", "fonts", "cells", "named"],
)
def test_more_styles_than_a_list_needs_are_refused(many):
    assert read_table(styled(many(20)), "lop.xlsx", SMALL)[0].cell(1, 0).text == "x"
    assert refused(styled(many(21)), limits=SMALL) == "sheet.too_many_styles"


def test_what_long_lived_office_files_carry_is_let_through():
    bloated = (
        f"<numFmts>{formats(4_000)}</numFmts><fonts>{'<font/>' * 20_000}</fonts><cellXfs>{'<xf/>' * 64_000}</cellXfs>"
    )
    assert read_table(styled(bloated), "lop.xlsx")[0].cell(1, 0).text == "x"
    assert refused(styled(f"<cellXfs>{'<xf/>' * 70_000}</cellXfs>")) == "sheet.too_many_styles"
    assert refused(styled(f"<numFmts>{formats(6_000)}</numFmts>")) == "sheet.too_many_styles"


def test_a_number_format_longer_than_any_program_takes_is_read_by_its_beginning():
    code = "[" * 3_000_000 + "yyyy"
    styles = (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    sheet = sheet_of('<row r="1"><c r="A1" s="0"><v>45000</v></c></row>')
    assert read_table(package(sheet, **{"xl__styles.xml": styles}), "lop.xlsx")[0].cell(1, 0).kind is CellKind.NUMBER


def test_more_shared_texts_than_cells_could_use_are_refused():
    texts = {"xl__sharedStrings.xml": f"<sst {MAIN}>{'<si/>' * 21}</sst>"}
    assert read_table(package(ONE_CELL, **texts), "lop.xlsx")[0].cell(1, 0).text == "x"
    assert refused(package(ONE_CELL, **texts), limits=SMALL) == "sheet.too_many_cells"
    texts = {"xl__sharedStrings.xml": f"<sst {MAIN}>{'<si/>' * 1_000_001}</sst>"}
    assert refused(package(ONE_CELL, **texts)) == "sheet.too_many_cells"


def test_one_sheet_listed_a_thousand_times_is_too_many_sheets():
    listed = '<sheet name="A" sheetId="1" r:id="r1"/>' * 1_000
    book = f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    assert refused(package(ONE_CELL, **{"xl__workbook.xml": book})) == "sheet.too_many_sheets"


def test_more_relations_than_a_file_may_have_parts_are_refused():
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>' for n in range(501)
    )
    names = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = f'<Relationships xmlns="{names}">{relations}</Relationships>'
    assert refused(package(ONE_CELL, **{"xl___rels__workbook.xml.rels": listed})) == "sheet.too_many_members"


@pytest.mark.parametrize("part", ["xl__worksheets__sheet1.xml", "xl__styles.xml", "xl__sharedStrings.xml"])
def test_elements_nested_beyond_reason_are_refused(part):
    nested = "<a>" * 100 + "</a>" * 100
    assert refused(package(ONE_CELL, **{part: f"<x {MAIN}>{nested}</x>"})) == "sheet.broken"


def test_a_file_that_lists_far_too_many_parts_is_refused_before_they_are_looked_at():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(6_000):
            archive.writestr(str(number), b"")
    cut = target.getvalue()[:-30]  # whoever opened it would call it broken
    assert refused(cut) == "sheet.too_many_members"
