"""Words of what is wrong with a file."""

from typing import Any

from flask_babel import lazy_gettext as _l

SHEETS: dict[str, Any] = {
    "sheet.empty": _l("The file is empty. Choose the file that holds the list."),
    "sheet.too_large": _l(
        "The file is larger than %(megabytes)s MB. Remove pictures and unneeded sheets, then upload it again."
    ),
    "sheet.encrypted": _l(
        "The file is protected by a password. Open it, remove the password, save it and upload it again."
    ),
    "sheet.old_xls": _l(
        "This is an old Excel file (.xls). Open it in Excel, choose Save As, type “Excel Workbook (.xlsx)”, "
        "and upload the new file."
    ),
    "sheet.has_macros": _l(
        "The file contains macros, which are not accepted. Save it as “Excel Workbook (.xlsx)” without "
        "macros and upload it again."
    ),
    "sheet.name_does_not_match": _l(
        "The file's name ends in %(suffix)s, but its content is something else. Save it from Excel as .xlsx "
        "and upload it again."
    ),
    "sheet.not_a_spreadsheet": _l("This is not an Excel file. Open it in Excel, save it as .xlsx and upload it again."),
    "sheet.unknown_kind": _l("Files of this kind cannot be read. Upload an Excel file (.xlsx) or a CSV file."),
    "sheet.broken": _l(
        "The file is damaged or incomplete. Open it in Excel, save it again as .xlsx and upload the new file."
    ),
    "sheet.unpacks_too_large": _l(
        "The file unpacks to far more than a list needs. Copy the list into a new file and upload that one."
    ),
    "sheet.too_many_members": _l(
        "The file has too many parts for a list. Copy the list into a new file and upload that one."
    ),
    "sheet.too_many_sheets": _l("The file has more than %(limit)s sheets. Keep the sheets with lists only."),
    "sheet.too_many_styles": _l(
        "The file carries more fonts, colours and number formats than a list needs. Copy the list into a new "
        "file (paste values only) and upload that one."
    ),
    "sheet.too_many_rows": _l("The list has more than %(limit)s rows. Split it into several files."),
    "sheet.too_many_empty_rows": _l(
        "The sheet reaches beyond row %(limit)s, nearly all of it empty. Copy only the list into a new file "
        "and upload that one."
    ),
    "sheet.open_quote": _l(
        "Row %(row)s opens a quotation mark that is not closed there, so the rows below it cannot be told apart."
        " Remove the quotation mark, or save the list as XLSX."
    ),
    "sheet.too_many_columns": _l("The sheet has more than %(limit)s columns. Keep the columns of the list only."),
    "sheet.too_many_cells": _l("The file holds too much data for a list. Split it into several files."),
    "sheet.has_entities": _l(
        "The file contains definitions that a spreadsheet never needs, so it is not opened. Save the list "
        "again from Excel."
    ),
    "sheet.binary": _l("This is not a text table. Upload an Excel file (.xlsx) or a CSV file."),
    "sheet.unknown_encoding": _l(
        "The letters in this file cannot be read. In Excel choose Save As, type “CSV UTF-8”, or upload the .xlsx file."
    ),
    "sheet.guessed_encoding": _l(
        "The file does not say how its letters are written; it was read as %(encoding)s. Check a few names "
        "before going on."
    ),
}
