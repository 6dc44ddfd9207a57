"""Why somebody got a certificate, criterion by criterion, as the certificate kept it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _

from classroom.web.words.issuing import CRITERIA


class Criterion(NamedTuple):
    """One criterion in words."""

    name: str
    met: bool
    required: str
    actual: str
    source: str


def explained(lines: Sequence[Mapping[str, Any]], path: str) -> list[Criterion]:
    """The lines of the way that was taken, or all where no line says which way it belongs to."""
    own = [line for line in lines if line.get("path", "") in {"", path}] or list(lines)
    return [
        Criterion(
            str(CRITERIA.get(str(line.get("criterion", "")), line.get("criterion", ""))),
            bool(line.get("met")),
            _values(line.get("required")),
            str(line.get("score") or "") or _values(line.get("actual")),
            _source(line.get("source") or {}),
        )
        for line in own
    ]


def _values(said: Any) -> str:
    """What is required or there, in a few words."""
    if not isinstance(said, Mapping):
        return str(said or "")
    if "sessions" in said:
        of = said.get("of")
        count = {"count": said["sessions"], "of": of or ""}
        return str(_("%(count)s of %(of)s half-days", **count) if of else _("%(count)s half-days", **count))
    if "percent" in said:
        return str(_("%(percent)s per cent", percent=said["percent"]))
    if "days" in said:
        until = _day(str(said.get("until", "")))
        return str(_("%(days)s days from issue, until %(until)s", days=said["days"], until=until))
    if "passed" in said:
        return str(_("passed"))
    return ", ".join(_day(str(value)) for value in said.values() if value)


def _source(said: Mapping[str, Any]) -> str:
    """Where it comes from: the class, the paper, the row of a file."""
    parts = []
    if said.get("class"):
        parts.append(_("class %(code)s", code=said["class"]))
    if said.get("on"):
        parts.append(_day(str(said["on"])))
    if said.get("intake_name"):
        parts.append(str(said["intake_name"]))
    if said.get("file"):
        parts.append(_("%(file)s, row %(row)s", file=said["file"], row=said.get("row", "")))
    return " · ".join(parts)


def _day(text: str) -> str:
    """An ISO day or instant as 07/03/2026."""
    day = text[:10]
    if len(day) == 10 and day[4] == day[7] == "-":
        return "/".join(reversed(day.split("-"))) + (f" {text[11:16]}" if len(text) > 15 else "")
    return text
