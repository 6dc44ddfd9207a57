"""A decision in words, criterion by criterion: required, actual, and where that comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from classroom.web.filters import local_date
from classroom.web.ways import way
from classroom.web.words.deciding import PATH_WORDS, REASON_WORDS

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: words, and the page that shows it, where there is one for this reader."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """One criterion in words."""

    title: str
    met: bool
    required: str = ""
    actual: str = ""
    reason: str = ""
    sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the certificate with its criteria; `name` is empty for what was decided beside the rule."""

    name: str
    chosen: bool
    met: bool
    lines: list[Explained]


def explain(lines: Iterable[Line], path: str) -> list[Way]:
    """The ways in the order in which they were tried, the one by which the learner passes marked."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(str(line["path"]), []).append(line)
    return [
        Way(
            str(PATH_WORDS.get(name, "")),
            bool(name) and name == path,
            all(bool(line["met"]) for line in those),
            [_explained(line) for line in those],
        )
        for name, those in found.items()
    ]


def criteria_in_words(lines: Iterable[Line]) -> str:
    """Every criterion in one text, without its sources."""
    return "; ".join(_in_one(line) for line in lines)


def _in_one(line: Line) -> str:
    title, required, actual = _SAID[str(line["criterion"])](line["required"], line["actual"])
    asked = " " + _("(required: %(required)s)", required=required) if required else ""
    return f"{title}: {actual or '–'}{asked}"


def reasons_in_words(codes: Iterable[str]) -> list[str]:
    """Why somebody does not pass."""
    return [str(REASON_WORDS.get(code, code)) for code in codes]


def _explained(line: Line) -> Explained:
    criterion = str(line["criterion"])
    title, required, actual = _SAID[criterion](line["required"], line["actual"])
    return Explained(
        title,
        bool(line["met"]),
        required,
        actual,
        str(REASON_WORDS.get(line["reason"], "")) if line["reason"] else "",
        list(_sources(line["source"])),
    )


def _place(_required: Line, _actual: Line) -> tuple[str, str, str]:
    return _("Place in a class"), _("a place in a class of the course"), ""


def _attendance(required: Line, actual: Line) -> tuple[str, str, str]:
    asked = _("at least %(sessions)s of %(of)s half-days", sessions=required["sessions"], of=required["of"])
    return _("Half-days attended"), asked, str(actual["sessions"])


def _test(required: Line, actual: Line) -> tuple[str, str, str]:
    asked = _("passed") if required.get("passed") else _("at least %(mark)s%%", mark=required.get("percent"))
    outcome = actual.get("outcome")
    verdict = _("passed") if outcome == "pass" else _("not passed") if outcome == "fail" else ""
    return _("Test"), asked, " · ".join(filter(None, (str(actual.get("score", "")), verdict)))


def _result(_required: Line, _actual: Line) -> tuple[str, str, str]:
    return _("Online result"), _("a result that counts"), ""


def _completion(required: Line, actual: Line) -> tuple[str, str, str]:
    asked = _("within %(days)s days of the account's issue", days=required["days"])
    if until := required.get("until"):
        asked = _(
            "issued on %(issued)s, by the end of %(until)s (day %(days)s)",
            issued=local_date(date.fromisoformat(required["issued_on"])),
            until=local_date(date.fromisoformat(until)),
            days=required["days"],
        )
    done = actual.get("completed_at")
    return _("Completed in time"), asked, f"{datetime.fromisoformat(done):%d/%m/%Y %H:%M:%S}" if done else ""


def _percent(title: str) -> Any:
    def said(required: Line, actual: Line) -> tuple[str, str, str]:
        there = actual.get("percent", "")
        return _said_title(title), _("at least %(mark)s%%", mark=required["percent"]), f"{there}%" if there else ""

    return said


def _said_title(name: str) -> str:
    return str(_("Online test") if name == "online_test" else _("Progress online"))


def _listed(kind: str) -> Any:
    def said(_required: Line, actual: Line) -> tuple[str, str, str]:
        title = _("To be certified by decision") if kind == "allow" else _("Not to be certified by decision")
        return title, "", str(actual.get("note", ""))

    return said


def _match(_required: Line, _actual: Line) -> tuple[str, str, str]:
    return _("An open question of matching"), _("decided whose the online record is"), ""


_SAID: dict[str, Any] = {
    "place": _place,
    "attendance": _attendance,
    "test": _test,
    "result": _result,
    "completion": _completion,
    "online_test": _percent("online_test"),
    "progress": _percent("progress"),
    "allow": _listed("allow"),
    "deny": _listed("deny"),
    "match": _match,
}


def _sources(source: Line) -> Iterable[Source]:
    if code := source.get("class"):
        yield Source(_("Class %(code)s", code=code))
    for each in source.get("sessions", ()):
        yield Source(_half_day(each))
    if attempt := source.get("attempt"):
        day = local_date(date.fromisoformat(source["on"])) if source.get("on") else ""
        text = _("Attempt of %(day)s, “%(title)s”", day=day, title=source.get("paper", ""))
        yield Source(text, way("results.attempt", attempt_id=attempt))
    if account := source.get("account"):
        yield _account(str(account), source)
    if source.get("case"):
        yield Source(_("The queue of matches"), way("online.matching", case=source["case"]))


def _account(account: str, source: Line) -> Source:
    said = [_("Account %(account)s", account=account), str(source.get("intake_name", ""))]
    if source.get("row"):
        said.append(_("file %(name)s, row %(row)s", name=source.get("file") or "–", row=source["row"]))
    record = source.get("record")
    return Source(", ".join(filter(None, said)), way("online.record", record_id=record) if record else "")


def _half_day(each: Line) -> str:
    part = {"morning": _("morning"), "afternoon": _("afternoon")}.get(str(each["part"]), _("evening"))
    said = f"{local_date(date.fromisoformat(each['on']))} {part}"
    if each["status"] == "late":
        said = _("%(half)s (late)", half=said)
    return str(_("%(half)s in class %(code)s", half=said, code=each["class"])) if each.get("class") else said
