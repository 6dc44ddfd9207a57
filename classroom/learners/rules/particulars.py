"""Name, phone, e-mail, sex and audience as people write them."""

import enum
import re
import unicodedata
from functools import lru_cache

from classroom.core.legacy_text import convert_legacy, is_syllable, legacy_encoding, legacy_of_font
from classroom.core.names import clean_name, fold, looks_all_caps, looks_all_lower, title_case
from classroom.core.sheets import Cell, CellKind
from classroom.learners.rules.findings import Finding, Parsed, Severity, as_cell, plain_text

_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{8,9}")
_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+")
_ODD = re.compile(r"[\d@#$%*=<>{}\[\]|\\?!;:+]")
_NAME_LENGTH, _EMAIL_LENGTH = 120, 200


class Sex(enum.StrEnum):
    """As on the citizen card."""

    MALE = "male"
    FEMALE = "female"


class Audience(enum.StrEnum):
    """Whom the programme counts a learner among."""

    OFFICIAL = "official"
    CITIZEN = "citizen"
    BUSINESS = "business"


_SEXES = {
    **dict.fromkeys(("nam", "male", "m", "trai", "ong", "anh"), Sex.MALE),
    **dict.fromkeys(("nu", "female", "f", "gai", "ba", "chi"), Sex.FEMALE),
}
_AUDIENCES = (
    (Audience.BUSINESS, re.compile(r"\b(doanh nghiep|dn|hkd|ho kinh doanh|hop tac xa|htx|cong ty|business)\b")),
    (Audience.CITIZEN, re.compile(r"\b(nguoi dan|nhan dan|cong dan|dan|nd|ho gia dinh|citizen)\b")),
    (Audience.OFFICIAL, re.compile(r"\b(cbcc|cbccvc|ccvc|cb|cc|vc|can bo|cong chuc|vien chuc|official)\b")),
)


def parse_name(given: Cell | str) -> Parsed[str]:
    """Give the stored form of a name; capitals and old encodings are only proposed to be rewritten."""
    cell = as_cell(given)
    raw = cell.text
    if not cell.font and _is_flawless(raw):
        return Parsed(raw)
    name = clean_name(raw)
    if not any(c.isalpha() for c in name):
        return Parsed(None, (Finding("name_missing", Severity.ERROR),))
    if len(name) > _NAME_LENGTH:
        return Parsed(None, (Finding("name_too_long", Severity.ERROR, details={"limit": _NAME_LENGTH}),))
    if encoding := legacy_of_font(cell.font) or legacy_encoding(raw):
        meant = title_case(convert_legacy(raw, encoding))
        if meant != name:
            return Parsed(meant, (Finding("name_old_encoding", Severity.CONFIRM, meant),), name)
    findings = _silent_repairs(raw, name)
    if _ODD.search(name):
        findings.append(Finding("name_odd_characters", Severity.WARNING))
    if " " not in name:
        findings.append(Finding("name_one_word", Severity.WARNING))
    if looks_all_caps(name) or looks_all_lower(name):
        code = "name_capitals" if looks_all_caps(name) else "name_no_capitals"
        meant = title_case(name)
        return Parsed(meant, (*findings, Finding(code, Severity.CONFIRM, meant)), name)
    return Parsed(name, tuple(findings))


def _is_flawless(text: str) -> bool:
    """Nearly all names are: what follows would find nothing to say, and take five times as long."""
    syllables = text.split(" ")
    return len(syllables) > 1 and len(text) <= _NAME_LENGTH and all(map(_is_flawless_syllable, syllables))


@lru_cache(maxsize=8192)
def _is_flawless_syllable(text: str) -> bool:
    capital, rest = text[:1], text[1:]
    return capital.isupper() and rest.islower() and text.isalpha() and is_syllable(text)


def _silent_repairs(raw: str, name: str) -> list[Finding]:
    composed = unicodedata.normalize("NFC", raw)
    findings = []
    if composed != raw:
        findings.append(Finding("name_decomposed", Severity.INFO, name))
    if composed != name:
        findings.append(Finding("name_spaces", Severity.INFO, name))
    return findings


def parse_phone(given: Cell | str) -> Parsed[str]:
    """Read a phone number into its +84… form; a zero lost by a spreadsheet is put back and said so."""
    cell = as_cell(given)
    if cell.kind is CellKind.EMPTY:
        return Parsed(None)
    text = plain_text(cell)
    if _MOBILE.fullmatch(text):  # as nearly all are written
        return Parsed(f"+84{text[1:]}")
    several = re.split(r"\s*[/;,|]\s*|\s+(?:hoặc|và|-)\s+", text)
    digits = re.sub(r"[\s.\-()'’]+", "", several[0])
    findings = [Finding("phone_several", Severity.WARNING)] if len(several) > 1 and several[1] else []
    national = re.sub(r"^(?:\+|00)?84(?=\d{9,10}$)0?", "0", digits)
    if re.fullmatch(r"[35789]\d{8}", national):
        national = f"0{national}"
        findings.append(Finding("phone_lost_zero", Severity.INFO, national))
    if _LANDLINE.fullmatch(national):
        findings.append(Finding("phone_not_mobile", Severity.INFO))
    elif not _MOBILE.fullmatch(national):
        return Parsed(None, (Finding("phone_unreadable", Severity.WARNING),))
    return Parsed(f"+84{national[1:]}", tuple(findings))


def show_phone(stored: str) -> str:
    """Write a stored phone number as people dial it: 0912 345 678."""
    national = f"0{stored[3:]}" if stored.startswith("+84") else stored
    return f"{national[:4]} {national[4:7]} {national[7:]}" if len(national) == 10 else national


def parse_email(given: Cell | str) -> Parsed[str]:
    """Take an address that could exist; anything else is left out and said so."""
    text = plain_text(as_cell(given))
    if not text:
        return Parsed(None)
    if _EMAIL.fullmatch(text) and len(text) <= _EMAIL_LENGTH:
        return Parsed(text.lower())
    return Parsed(None, (Finding("email_unreadable", Severity.WARNING),))


def parse_sex(given: Cell | str) -> Parsed[Sex]:
    """Read Nam or Nữ, with or without diacritics, also in English."""
    word = fold(as_cell(given).text).strip(" .")
    if not word:
        return Parsed(None)
    if word in _SEXES:
        return Parsed(_SEXES[word])
    return Parsed(None, (Finding("sex_unreadable", Severity.WARNING),))


def parse_audience(given: Cell | str) -> Parsed[Audience]:
    """Read Đối tượng in the words and abbreviations that offices use."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(as_cell(given).text)).strip()
    if not words:
        return Parsed(None)
    for audience, pattern in _AUDIENCES:
        if pattern.search(words):
            return Parsed(audience)
    return Parsed(None, (Finding("audience_unreadable", Severity.WARNING),))
