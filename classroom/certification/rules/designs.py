"""How a certificate looks: what a coordinator may choose, within bounds in which every page still fits."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.errors import Invalid

MOST_LINES: Final = 4
LONGEST: Final = {
    "authority": 120,
    "organisation": 160,
    "title": 60,
    "salutation": 60,
    "wording": 240,
    "place": 60,
    "signer_title": 160,
    "signer_name": 80,
}
"""The most letters of each text; a line of wording is counted before its places are filled."""
PLACES: Final = (
    "name", "born", "unit", "programme", "course", "group", "from", "to", "path", "result", "decision", "decision_date",
)  # fmt: skip
"""What may stand in curly brackets in a line of wording."""
LEAST_CONTRAST: Final = {"main": 4.5, "accent": 2.0}
"""Against white paper: words are printed in the main colour (WCAG 1.4.3), only ornaments in the other."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PLACE = re.compile(r"\{([^{}]*)\}")
_PATHS = {
    "in_person": "trực tiếp",
    "online": "trực tuyến",
    "mixed": "trực tiếp kết hợp trực tuyến",
    "listed": "",
    "": "",
}


class Frame(StrEnum):
    """What is drawn around the page."""

    GUILLOCHE = "guilloche"
    CLASSIC = "classic"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Design:
    """The look of a certificate; empty heads are those of the certificate's own facts."""

    authority: str = ""
    organisation: str = ""
    title: str = "GIẤY CHỨNG NHẬN"
    salutation: str = "Chứng nhận Ông (Bà):"
    wording: tuple[str, ...] = field(
        default=("Đã hoàn thành khóa bồi dưỡng “{course}”", "Từ ngày {from} đến ngày {to}"),
    )
    place: str = ""
    signer_title: str = "GIÁM ĐỐC"
    signer_name: str = ""
    show_born: bool = True
    show_unit: bool = True
    show_result: bool = False
    seal_space: bool = True
    frame: Frame = Frame.GUILLOCHE
    main: str = "#7a1020"
    accent: str = "#b08d3c"

    def as_json(self) -> dict[str, Any]:
        """What is kept in a template and in a batch."""
        return {**asdict(self), "wording": list(self.wording), "frame": self.frame.value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Design":
        """The design of a row; what an older version did not know has its default."""
        known = {each.name: kept[each.name] for each in fields(cls) if each.name in kept}
        if "wording" in known:
            known["wording"] = tuple(str(line) for line in known["wording"])
        if "frame" in known:
            known["frame"] = Frame(known["frame"])
        return cls(**known)

    def checked(self) -> "Design":
        """The design as it may be kept; raises Invalid `design.*` with the field that is wrong."""
        lines = tuple(line for line in self.wording if line)
        if len(lines) > MOST_LINES:
            raise Invalid("design.too_many_lines", field="wording", most=MOST_LINES)
        for name, most in LONGEST.items():
            texts = lines if name == "wording" else (getattr(self, name),)
            if any(len(text) > most for text in texts):
                raise Invalid("design.too_long", field=name, most=most)
        if not self.title:
            raise Invalid("design.no_title", field="title")
        for line in lines:
            _check_places(line)
        for name, least in LEAST_CONTRAST.items():
            _check_colour(name, getattr(self, name), least)
        return Design.from_json({**self.as_json(), "wording": lines})


def wording_of(design: Design, facts: PrintedFacts) -> list[str]:
    """The lines with their places filled; a line that needs a fact which is not known is left out."""
    known = _known(facts)
    lines = []
    for line in design.wording:
        wanted = _PLACE.findall(line)
        if all(known.get(place) for place in wanted):
            lines.append(_PLACE.sub(lambda found: known[found[1]], line))
    if design.show_result and facts.result:
        lines.append(f"Kết quả: {facts.result}")
    return lines


def person_lines(design: Design, facts: PrintedFacts) -> list[tuple[str, str]]:
    """Birth and unit under the name, each with its label, as far as they are shown and known."""
    lines = []
    if design.show_born and facts.born:
        label = "Sinh năm" if len(facts.born) == len("1985") else "Sinh ngày"
        lines.append((label, shown_day(facts.born)))
    if design.show_unit and facts.unit:
        lines.append(("Đơn vị", facts.unit))
    return lines


def shown_day(kept: str) -> str:
    """An ISO day as dd/mm/yyyy; a year alone, or what is no day, as it is."""
    try:
        day = date.fromisoformat(kept)
    except ValueError:
        return kept
    return f"{day:%d/%m}/{day.year:04}"


def contrast(colour: str) -> float:
    """The contrast of #rrggbb against white, 1 to 21 (WCAG 2.2, relative luminance)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _known(facts: PrintedFacts) -> dict[str, str]:
    return {
        "name": facts.name,
        "born": shown_day(facts.born),
        "unit": facts.unit,
        "programme": facts.programme,
        "course": facts.course,
        "group": facts.group,
        "from": shown_day(facts.starts_on),
        "to": shown_day(facts.ends_on),
        "path": _PATHS.get(facts.path, ""),
        "result": facts.result,
        "decision": facts.decision_number,
        "decision_date": shown_day(facts.decision_on),
    }


def _check_places(line: str) -> None:
    for place in _PLACE.findall(line):
        if place not in PLACES:
            raise Invalid("design.unknown_place", field="wording", place=place[:40], line=line)
    if set("{}") & set(_PLACE.sub("", line)):
        raise Invalid("design.lone_bracket", field="wording", line=line)


def _check_colour(name: str, colour: str, least: float) -> None:
    if not _COLOUR.fullmatch(colour):
        raise Invalid("design.no_colour", field=name)
    if contrast(colour) < least:
        raise Invalid("design.too_pale", field=name)
