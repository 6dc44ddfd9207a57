"""Who issues an official paper, where and when (Decree 30/2020/NĐ-CP)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Letterhead:
    """The left head and the date line; without `dated_on` the date is left to be written by hand."""

    organisation: str
    authority: str = ""
    place: str = ""
    number: str = ""
    dated_on: date | None = None

    def as_data(self) -> dict[str, object]:
        """Its form in a print template."""
        return {
            "organisation": self.organisation,
            "authority": self.authority,
            "number": self.number,
            "date_line": f"{self.place}, {official_date(self.dated_on)}".removeprefix(", "),
        }


def official_date(day: date | None) -> str:
    """The day in the words of official papers: below 10, days and the months 1 and 2 take a zero."""
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
