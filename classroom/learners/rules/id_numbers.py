"""Citizen ID numbers: twelve digits, the old card's nine, and what spreadsheets make of them."""

import re

from classroom.core.sheets import Cell, CellKind
from classroom.learners.rules.births import Birth
from classroom.learners.rules.findings import Finding, Parsed, Severity, as_cell, plain_text
from classroom.learners.rules.particulars import Sex

# Circular 59/2021/TT-BCA: the province where the birth was registered; numbers of merged provinces stay valid.
_PROVINCES = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 "
    "044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 "
    "089 091 092 093 094 095 096".split()
)
_FOREIGN = range(100, 400)
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_FILLERS = re.compile(r"[\s.\-'’`]+")


def parse_id_number(given: Cell | str, birth: Birth | None = None, sex: Sex | None = None) -> Parsed[str]:
    """Read an ID number without ever repairing it silently.

    A zero lost by a spreadsheet is proposed, to be confirmed; nine digits are an old card's number; whatever else
    is no number at all. The structure only warns: registers contain exceptions.
    """
    cell = as_cell(given)
    if cell.kind is CellKind.EMPTY:
        return Parsed(None)
    text = plain_text(cell)
    if _SCIENTIFIC.fullmatch(text) or isinstance(cell.value, float):
        return _unusable("id_number_scientific")
    digits = _FILLERS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        return _unusable("id_number_not_digits")
    if len(digits) == 12:
        return Parsed(digits, check_id_number(digits, birth, sex))
    if len(digits) == 9:
        return Parsed(digits, (Finding("id_number_old_card", Severity.INFO),))
    return _lost_zeros(digits, birth, sex, was_number=cell.kind is CellKind.NUMBER)


def check_id_number(number: str, birth: Birth | None, sex: Sex | None) -> tuple[Finding, ...]:
    """Compare the structure of twelve digits with what is known of the person; warnings only.

    Three digits province or country, one for century and sex (0/1 male/female 1900s, 2/3 2000s), two for the year.
    """
    findings = []
    if number[:3] not in _PROVINCES and int(number[:3]) not in _FOREIGN:
        findings.append(Finding("id_number_unknown_province", Severity.WARNING, details={"digits": number[:3]}))
    century, said = divmod(int(number[3]), 2)
    year = 1900 + 100 * century + int(number[4:6])
    if birth and birth.year != year:
        findings.append(Finding("id_number_other_birth_year", Severity.WARNING, details={"year": year}))
    elif century > 1:
        findings.append(Finding("id_number_future_century", Severity.WARNING, details={"digit": number[3]}))
    if sex and (sex is Sex.FEMALE) != bool(said):
        findings.append(Finding("id_number_other_sex", Severity.WARNING))
    return tuple(findings)


def mask_id_number(number: str) -> str:
    """Show the last four digits only."""
    return "•" * max(len(number) - 4, 0) + number[-4:] if number else ""


def _lost_zeros(digits: str, birth: Birth | None, sex: Sex | None, *, was_number: bool) -> Parsed[str]:
    """A number cell drops zeros for sure; a text of eleven digits may as well lack any other digit."""
    whole = digits.zfill(12)
    findings = check_id_number(whole, birth, sex)
    sure = len(digits) == 11 and was_number
    fits = len(digits) in (10, 11) and whole[:3] in _PROVINCES and birth is not None and not findings
    if sure or fits:
        return Parsed(whole, (Finding("id_number_lost_zero", Severity.CONFIRM, whole), *findings))
    if len(digits) == 8 and was_number:
        return Parsed(f"0{digits}", (Finding("id_number_lost_zero", Severity.CONFIRM, f"0{digits}"),))
    return Parsed(None, (Finding("id_number_wrong_length", Severity.ERROR, details={"length": len(digits)}),))


def _unusable(code: str) -> Parsed[str]:
    return Parsed(None, (Finding(code, Severity.ERROR),))
