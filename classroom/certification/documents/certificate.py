"""Certificates as they are printed: one a page, the frame drawn once for all of them. Always in Vietnamese."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.codes import shown_code
from classroom.certification.rules.designs import Design, person_lines, shown_day, wording_of
from classroom.core import pdf, qr
from classroom.core.letterhead import official_date
from classroom.core.names import fold

ACROSS: Final[Mapping[str, str]] = {"revoked": "ĐÃ THU HỒI", "replaced": "ĐÃ ĐƯỢC THAY THẾ", "sample": "BẢN MẪU"}
"""What is printed across a certificate that must not be taken for a valid one."""
_NAME_SIZE, _LINE_SIZE, _WORDING_SIZE, _NUMBER_SIZE = 34, 15.5, 17, 13
"""Sizes of the template, in points."""
_WIDTH, _NUMBER_WIDTH = 249 / 25.4 * 72, 82 / 25.4 * 72
"""What a line may take, in points."""
_WORDING_LINES: Final = 3
_LONG_WORD: Final = 15
_SLIM = frozenset("ilItjfr")
_SEAL_SPACE, _NO_SEAL_SPACE = 15, 9
"""Millimetres between the signer's title and name."""


@dataclass(frozen=True, slots=True)
class Printable:
    """What is printed of one certificate: its frozen facts, and the code by which it is verified."""

    facts: PrintedFacts
    code: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is the same on every page: the design, its logo (PNG or JPEG as written by us), where one verifies."""

    design: Design
    logo: bytes = b""
    verify_url: str = ""
    across: str = ""


def render(certificates: Sequence[Printable], look: Look) -> bytes:
    """The certificates as one PDF, a page each, in the order given; a single one is tagged for screen readers."""
    data, files = _filled(certificates, look)
    return pdf.render("certificate", data, files, tags=len(certificates) == 1)


def picture(certificate: Printable, look: Look, dots: int = 80) -> bytes:
    """One certificate as PNG, for a preview."""
    data, files = _filled([certificate], look)
    return pdf.render_picture("certificate", data, files, dots=dots)


def verify_address(verify_url: str, code: str) -> str:
    """What the QR code holds: short, so that its squares are large."""
    return f"{verify_url.rstrip('/')}/v/{code}"


@lru_cache(maxsize=32)
def _frame(frame: str, main: str, accent: str) -> bytes:
    return pdf.render("certificate_frame", {"frame": frame, "main": main, "accent": accent}, tags=False)


@lru_cache(maxsize=16)
def _sheet(data: str, logo: bytes) -> bytes:
    """What lies under every page, as a PDF of its own: a file of many pages then holds it once."""
    said = json.loads(data)
    files = {"frame.pdf": _frame(said["frame"], said["main"], said["accent"])}
    return pdf.render("certificate_sheet", said, files | ({_logo_name(logo): logo} if logo else {}), tags=False)


def _logo_name(logo: bytes) -> str:
    return "logo.png" if logo.startswith(b"\x89PNG") else "logo.jpg"


def _filled(certificates: Sequence[Printable], look: Look) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the template is filled with, and its files: sheets, and the squares of all QR codes as they are most."""
    design, codes, faces = look.design, bytearray(), []
    sheets: dict[str, str] = {}
    for each in certificates:
        shared = json.dumps(_shared(each.facts, look), ensure_ascii=False)
        sheet = sheets.setdefault(shared, f"sheet-{len(sheets)}.pdf")
        pixels = qr.qr_pixels(verify_address(look.verify_url, each.code), level="M")
        faces.append({**_face(each, design), "sheet": sheet, "qr": len(codes), "side": pixels.size})
        codes += pixels.luma8
    files = {name: _sheet(shared, look.logo) for shared, name in sheets.items()}
    first = certificates[0].facts
    single = f" – {first.name} – {first.number}" if len(certificates) == 1 else ""
    data = {
        "title": f"{design.title.capitalize()}{single}",
        "author": design.organisation or first.organisation,
        "main": design.main,
        "across": ACROSS.get(look.across, ""),
        "shared": {name: _alternative(json.loads(shared)) for shared, name in sheets.items()},
        "faces": faces,
    }
    return data, {**files, "codes.bin": bytes(codes)}


def _shared(facts: PrintedFacts, look: Look) -> dict[str, Any]:
    """What stands on the sheet under the certificate: the same for all of one decision."""
    design = look.design
    return {
        "frame": design.frame.value,
        "main": design.main,
        "accent": design.accent,
        "logo": _logo_name(look.logo) if look.logo else "",
        "authority": design.authority or facts.parent_organisation,
        "organisation": design.organisation or facts.organisation,
        "heading": design.title,
        "salutation": design.salutation,
        "decision": _decision(facts),
        "address": _shown_address(look.verify_url),
        "date_line": _date_line(design.place or facts.place, facts.issued_on),
        "signer_title": facts.signer_title or design.signer_title,
        "signer_name": facts.signer_name or design.signer_name,
        "seal": _SEAL_SPACE if design.seal_space else _NO_SEAL_SPACE,
    }


def _alternative(shared: Mapping[str, Any]) -> str:
    """The same in words, for those who have the paper read to them."""
    spoken = ("authority", "organisation", "heading", "salutation", "decision", "date_line", "signer_title")
    return ". ".join(str(shared[name]) for name in (*spoken, "signer_name") if shared[name])


def _face(certificate: Printable, design: Design) -> dict[str, Any]:
    facts = certificate.facts
    lines, wording = person_lines(design, facts), wording_of(design, facts)
    return {
        "name": facts.name,
        "lines": lines,
        "wording": wording,
        "number": facts.number,
        "code": shown_code(certificate.code),
        "short": _surely_short(facts.name, lines, wording, facts.number),
    }


def _surely_short(name: str, lines: Sequence[tuple[str, str]], wording: Sequence[str], number: str) -> bool:
    """Whether everything fits in any case, so that nothing has to be measured: that would take ten times as long."""
    return (
        _most_wide(name) * _NAME_SIZE <= _WIDTH
        and all(_most_wide(f"{label}: {value}") * _LINE_SIZE <= _WIDTH for label, value in lines)
        and sum(math.ceil(_most_wide(line) * _WORDING_SIZE / (_WIDTH * 0.85)) for line in wording) <= _WORDING_LINES
        and _most_wide(number) * _NUMBER_SIZE <= _NUMBER_WIDTH
        and not any(len(word) >= _LONG_WORD for text in (name, *wording) for word in text.split())
    )


@lru_cache(maxsize=4096)
def _most_wide(text: str) -> float:
    """No less than the width of the text in bold, in ems."""
    return sum(_width(letter) for letter in text)


@lru_cache(maxsize=1024)
def _width(letter: str) -> float:
    plain = fold(letter)[:1]
    if letter in " .,:;'/-()" or plain in _SLIM:
        return 0.45
    return 0.72 if letter in "ơƠưƯ" else 0.6 if (letter.islower() and plain not in "mw") or letter.isdigit() else 1.0


def _decision(facts: PrintedFacts) -> str:
    if not facts.decision_number:
        return ""
    day = f" ngày {shown_day(facts.decision_on)}" if facts.decision_on else ""
    return f"Quyết định số {facts.decision_number}{day}"


def _date_line(place: str, day: str) -> str:
    words = official_date(date.fromisoformat(day) if day else None)
    return f"{place}, {words}".removeprefix(", ")


def _shown_address(verify_url: str) -> str:
    parts = urlsplit(verify_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/v"
