"""Moments of a timeline in words: one sentence, a few notes, and a sign for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from classroom.attendance.presenters import half_day
from classroom.core.clock import local
from classroom.core.tables import Column, Table
from classroom.desk.presenters import status_word
from classroom.desk.queries import Moment
from classroom.web.filters import local_datetime, local_time, own_words, time_zone
from classroom.web.words.actions import say_action
from classroom.web.words.attendance import REFUSED_TITLES
from classroom.web.words.tablets import TABLETS

#: A scan that reached us later than this after it was made says so.
_LATE_SECONDS = 120

GROUPS: dict[str, Any] = {
    "scans": _l("Counted scans"),
    "doubts": _l("In doubt"),
    "people": _l("Decisions"),
    "register": _l("Register"),
}
_SOURCES: dict[str, Any] = {
    "room_code": _l("code on the screen"),
    "typed": _l("typed code"),
    "fixed": _l("code of the poster"),
    "request": _l("named by the trainer"),
    "badge": _l("badge"),
    "card": _l("ID card"),
    "picked": _l("name chosen on the tablet"),
    "paper": _l("paper sheet"),
    "close": _l("closing of the register"),
    "hand": _l("by hand"),
}
_CHANGES: dict[str, Any] = {
    "enrolled": _l("Enrolled"),
    "withdrawn": _l("Taken out of the class"),
    "rejoined": _l("Taken in again"),
    "moved_out": _l("Moved to another class"),
    "moved_in": _l("Moved here from another class"),
    "undone": _l("Import undone"),
    "walked_in": _l("Taken in at the door"),
    "accepted": _l("Walk-in accepted"),
    "removed": _l("Walk-in removed"),
    "merged": _l("Place put together with a merged learner's"),
    "split": _l("Place given back after parting merged learners"),
}
_FLAGS: dict[str, Any] = {
    "second_learner": _l("One phone, two learners: the same phone had checked in %(other)s"),
    "contradicted": _l("A scan says here, a person says not here"),
    "not_signed": _l("Scanned, and did not sign the sheet"),
    "card_name": _l("The card shows another name"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A moment as a page shows it."""

    moment: Moment
    group: str
    tone: str
    icon: str
    text: str
    notes: tuple[str, ...]


def tell(one: Moment) -> Told:
    """Put a moment into words in the reader's language."""
    group, tone, icon, text = _scan(one) or _event(one) or _other(one)
    return Told(one, group, tone, icon, text, tuple(_notes(one)))


def timeline_table(title: str, lines: Sequence[Told]) -> Table:
    """The same for a spreadsheet, the first moment first."""
    columns = (
        Column(_("Time"), width=20),
        Column(_("Learner code"), "id", 13),
        Column(_("Learner"), width=28),
        Column(_("Class"), width=10),
        Column(_("Session"), width=16),
        Column(_("What happened"), width=52),
        Column(_("Mark"), width=14),
        Column(_("By whom"), width=26),
        Column(_("Tablet"), width=16),
        Column(_("Notes"), width=60),
        Column(_("Reached the server at"), width=20),
    )
    return Table(title, columns, [_row(line) for line in lines])


def session_of(one: Moment) -> str:
    """Day 2, morning – or nothing for what belongs to no session."""
    return half_day(one.day_number, one.part) if one.part else ""


def _row(line: Told) -> list[str]:
    one = line.moment
    return [
        _exactly(one.at), one.learner_code, one.learner, one.class_code, session_of(one), line.text,
        status_word(one.status) if one.status else "", one.staff, one.tablet, "; ".join(line.notes),
        _exactly(one.recorded_at),
    ]  # fmt: skip


def _exactly(at: Any) -> str:
    return f"{local(at, time_zone()):%d/%m/%Y %H:%M:%S}"


def _source(name: str) -> str:
    return str(_SOURCES.get(name, _SOURCES["hand"]))


def _scan(one: Moment) -> tuple[str, str, str, str] | None:
    how = _source(one.source)
    if one.kind in {"accepted", "scan"}:
        if one.direction == "out":
            return "scans", "success", "box-arrow-right", _("Went out: %(source)s", source=how)
        late = one.status == "late"
        sign = ("attention", "clock-fill") if late else ("success", "check-circle-fill")
        return "scans", *sign, _("Checked in: %(source)s", source=how)
    if one.kind == "duplicate":
        return "scans", "muted", "arrow-repeat", _("Scanned once more: %(source)s", source=how)
    if one.kind == "refused":
        return "doubts", "danger", "x-circle-fill", _("Not counted: %(source)s", source=how)
    if one.kind == "proposed":
        return "doubts", "attention", "inbox", _("Scanned after sign-off, for the inbox: %(source)s", source=how)
    if one.kind == "quarantined":
        return "doubts", "attention", "inbox", _("Put aside for a coordinator: %(source)s", source=how)
    return None


def _event(one: Moment) -> tuple[str, str, str, str] | None:
    if one.kind in {"manual", "correction"}:
        words = status_word(one.status) if one.status else "–"
        text = (
            _("Marked from the signed sheet: %(status)s", status=words)
            if one.source == "paper"
            else _("Marked by hand: %(status)s", status=words)
        )
        return "people", "primary", "pencil", text
    if one.kind == "absence":
        return "register", "danger", "x-circle-fill", _("Marked absent when the register closed")
    if one.kind == "undo":
        what = tell(one.undoes).text if one.undoes else "–"
        at = f" ({local_time(one.undoes.at)})" if one.undoes else ""
        return "people", "attention", "arrow-counterclockwise", _("Taken back: %(what)s", what=what + at)
    if one.kind == "exit":
        return "people", "primary", "box-arrow-right", _("Written down as gone: %(source)s", source=_source(one.source))
    if one.kind == "late_release":
        return "people", "primary", "check-lg", _("Allowed to count: %(source)s", source=_source(one.source))
    if one.kind == "merged":
        what = _source(one.source)
        return "people", "primary", "people", _("Carried over from a merged learner: %(source)s", source=what)
    return None


def _other(one: Moment) -> tuple[str, str, str, str]:
    details = one.details
    if one.kind == "asked":
        text = _("Asked with the name “%(name)s”, number %(number)s", **_named(details))
        return "doubts", "attention", "person", text
    if one.kind == "matched":
        return "people", "primary", "person-check", _("“%(name)s” (%(number)s) was recognised", **_named(details))
    if one.kind == "dismissed":
        return "people", "muted", "x-lg", _("The request of “%(name)s” (%(number)s) was put away", **_named(details))
    if one.kind == "flagged":
        return "doubts", "attention", "flag-fill", _flag(details)
    if one.kind == "decided":
        words = _("It is fine: %(flag)s") if details["decision"] == "fine" else _("It does not count: %(flag)s")
        return "people", "primary", "flag-fill", words % {"flag": _flag(details)}
    if one.kind == "spot":
        if one.source == "hand":
            return "people", "primary", "eye", _("Seen by the trainer in the spot check")
        return "scans", "success", "eye", _("Answered the spot check: %(source)s", source=_source(one.source))
    if one.kind == "change":
        return "register", "muted", "person", str(_CHANGES.get(details["change"], details["change"]))
    return "register", "muted", "info-circle-fill", say_action(one.kind, details, {})


def _flag(details: Any) -> str:
    return str(_FLAGS.get(details["flag"], _FLAGS["card_name"])) % {"other": details.get("other") or "–"}


def _named(details: Any) -> dict[str, str]:
    return {"name": str(details["name"]), "number": str(details["number"])}


def _notes(one: Moment) -> list[str]:
    late = (one.recorded_at - one.at).total_seconds() > _LATE_SECONDS
    card = one.details.get("card_name") if one.kind not in {"flagged", "decided"} else ""
    filename = one.details["filename"] if one.kind == "change" else ""
    notes = (
        (_why(one.refusal), one.refusal),
        (own_words(one.reason), one.reason),
        (_("the card says “%(name)s”", name=card), card),
        (_("for “%(name)s”", name=one.details.get("typed")), one.details.get("typed")),
        (_("as of %(time)s", time=local_datetime(one.stated_at)), one.stated_at),
        (_("from the file %(name)s", name=filename), filename),
        (_("reached the server at %(time)s", time=local_datetime(one.recorded_at)), late),
        (_("after sign-off"), one.after_sign_off),
        (_("taken back later"), one.undone),
    )
    return [str(words) for words, shown in notes if shown]


class _Open(dict[str, str]):
    """What a refusal's words ask for and the row does not keep."""

    def __missing__(self, key: str) -> str:
        return "…"


def _why(code: str) -> str:
    words = REFUSED_TITLES.get(code) or TABLETS.get(code)
    return str(words) % _Open() if words is not None else _("for another reason (%(code)s)", code=code)
