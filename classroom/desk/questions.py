"""The kinds of questions that the inbox can ask about attendance: their words, and what each answer does."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from classroom.attendance.presenters import half_day
from classroom.attendance.queries.kept import HeldWalkIn, held_walk_ins
from classroom.core.names import clean_name
from classroom.desk import queries, services
from classroom.desk.certificate_questions import install_certificate_kinds
from classroom.desk.erasure_questions import install_erasure_kind
from classroom.desk.exam_questions import install_exam_kinds
from classroom.inbox.rules import Decision, Facts, Kind, Way, Wording
from classroom.inbox.services import register_kind
from classroom.web.filters import local_date, local_datetime
from classroom.web.words import say
from classroom.web.words.learners import SEX_WORDS

LATE_SCAN = "attendance.late_scan"
AUTO_CLOSED = "attendance.auto_closed"
WALK_IN = "sessions.walk_in"
QUARANTINED = "attendance.quarantined"


def install_kinds() -> None:
    """Make the kinds known to the inbox."""
    register_kind(
        Kind(
            LATE_SCAN,
            _l("Check-ins that came after sign-off"),
            _word_late_scans,
            (
                Decision(
                    "accept",
                    _l("Let it count"),
                    services.release_late_scan,
                    services.unrelease_late_scan,
                    tone="primary",
                    icon="check-lg",
                ),
                Decision("dismiss", _l("Leave it as it is")),
            ),
        )
    )
    register_kind(
        Kind(
            AUTO_CLOSED,
            _l("Registers that nobody closed"),
            _word_auto_closed,
            (Decision("seen", _l("I have seen this"), icon="check-lg"),),
        )
    )
    _install_walk_ins()
    _install_quarantined()
    install_exam_kinds()
    install_erasure_kind()
    install_certificate_kinds()


def _install_quarantined() -> None:
    register_kind(
        Kind(
            QUARANTINED,
            _l("Scans of tablets that cannot be right by themselves"),
            _word_quarantined,
            (
                Decision(
                    "release",
                    _l("Let it count"),
                    services.release_quarantined,
                    services.unrelease_late_scan,
                    _tell_released,
                    tone="primary",
                    icon="check-lg",
                ),
                Decision("dismiss", _l("Leave it out"), icon="x-lg"),
            ),
        )
    )


def _install_walk_ins() -> None:
    register_kind(
        Kind(
            WALK_IN,
            _l("Walk-ins"),
            _word_walk_ins,
            (
                Decision(
                    "accept",
                    _l("Accept the place"),
                    services.accept_walk_in,
                    services.unaccept_walk_in,
                    tone="primary",
                    icon="person-check",
                ),
                Decision("remove", _l("Remove"), services.remove_walk_in, services.unremove_walk_in, icon="x-lg"),
            ),
        )
    )


def _word_walk_ins(asked: Sequence[Facts]) -> list[Wording]:
    found = queries.walk_ins({facts["enrolment"] for facts in asked})
    return [_walk_in(found.get(facts["enrolment"])) for facts in asked]


def _walk_in(one: queries.WalkIn | None) -> Wording:
    if one is None:
        return Wording(_("This learner is no longer kept."))
    known = _("known from before") if one.known else _("new")
    facts = [_("Class %(code)s", code=one.class_code), known, one.birth, one.unit]
    marks = ngettext("%(num)s mark stays with the place.", "%(num)s marks stay with the place.", one.marks)
    merge = Way("desk.merge", {"learner_id": one.learner, "keep": "other"}, _("Merge with a known learner…"), "people")
    return Wording(
        one.name,
        " · ".join(filter(None, facts)) + ". " + marks,
        "desk.learner_page",
        {"learner_id": one.learner},
        _("Open the learner"),
        () if one.known else (merge,),
    )


def _word_late_scans(asked: Sequence[Facts]) -> list[Wording]:
    found = queries.late_scans({facts["scan_id"] for facts in asked})
    return [_late_scan(found.get(facts["scan_id"])) for facts in asked]


def _late_scan(scan: queries.LateScan | None) -> Wording:
    if scan is None:
        return Wording(_("This learner is no longer kept."))
    facts = {
        "code": scan.class_code,
        "half": half_day(scan.day_number, scan.part),
        "at": local_datetime(scan.scanned_at),
    }
    said = _("Class %(code)s, %(half)s; scanned at %(at)s, when the register was signed off already.", **facts)
    if scan.going:
        said = _("Class %(code)s, %(half)s; went out at %(at)s, when the register was signed off already.", **facts)
    return Wording(
        f"{scan.name} – {scan.unit}" if scan.unit else scan.name,
        said,
        "attendance.board",
        {"session_id": scan.session},
        _("Open the register"),
    )


def _word_quarantined(asked: Sequence[Facts]) -> list[Wording]:
    scans = {facts["scan_id"] for facts in asked}
    found, held = queries.late_scans(scans), held_walk_ins(scans)
    return [_quarantined(found.get(facts["scan_id"]), held.get(facts["scan_id"]), facts) for facts in asked]


def _quarantined(scan: queries.LateScan | None, held: HeldWalkIn | None, facts: Facts) -> Wording:
    if scan is not None:
        who = f"{scan.name} – {scan.unit}" if scan.unit else scan.name
        return Wording(who, _why_and_where(scan, facts), *_register(scan.session))
    if held is None:
        return Wording(_("This learner is no longer kept."))
    note = _why_and_where(held, facts)
    if held.texts is None:
        return Wording(_("What was typed about this walk-in has been erased."), note, *_register(held.session))
    who = _("%(name)s (walk-in)", name=clean_name(held.texts.get("name", "")))
    until = _("What was typed is erased by itself 14 days after the class: decide before that.")
    return Wording(who, " ".join(filter(None, (note, _typed(held.texts), until))), *_register(held.session))


def _tell_released(_facts: Facts, done: Facts) -> str:
    """What became of the blank badge, if one was scanned, and of a number that is somebody else's."""
    if done.get("badge"):
        return str(_("The blank badge is now this learner's."))
    trouble = str(done.get("trouble", ""))
    if not trouble:
        return ""
    why = say(trouble, {"name": queries.name_of(str(done.get("holder", ""))) or "–"})
    if not trouble.startswith("badge."):
        return why
    return str(_("The scan counts, but the blank badge could not be given. %(why)s", why=why))


def _typed(texts: Mapping[str, str]) -> str:
    """What was typed about somebody who walked in; of the ID number its end."""
    number = texts.get("number", "")
    parts = [
        texts.get("born", ""),
        str(SEX_WORDS.get(texts.get("sex", ""), "")),
        _("ID number …%(digits)s", digits=number[-4:]) if number else "",
        texts.get("phone", ""),
        texts.get("unit", ""),
        _("with a blank badge") if texts.get("badge") else "",
        texts.get("note", ""),
    ]
    return " · ".join(clean_name(part) for part in parts if part)


def _register(session: str) -> tuple[str, dict[str, str], str]:
    return "attendance.board", {"session_id": session}, _("Open the register")


def _why_and_where(scan: queries.LateScan | HeldWalkIn, facts: Facts) -> str:
    where = _(
        "Class %(code)s, %(half)s; by the clock of %(tablet)s at %(at)s.",
        code=scan.class_code,
        half=half_day(scan.day_number, scan.part),
        tablet=facts.get("tablet", ""),
        at=local_datetime(scan.scanned_at),
    )
    said = f"{say(str(facts.get('why', '')))} {where}"
    if facts.get("badge"):
        said += " " + _("A blank badge was scanned for this learner; letting it count gives it to them.")
    if card_name := facts.get("card_name"):
        said += " " + _("The name brought with the number is %(name)s.", name=card_name)
    return said


def _word_auto_closed(asked: Sequence[Facts]) -> list[Wording]:
    found = queries.asked_sessions({facts["session"] for facts in asked})
    return [_auto_closed(found.get(facts["session"]), facts) for facts in asked]


def _auto_closed(one: queries.AskedSession | None, facts: Facts) -> Wording:
    if one is None:
        return Wording(_("This session is no longer planned."))
    absent = int(facts.get("absent", 0))
    return Wording(
        _(
            "Class %(code)s, %(half)s, %(day)s",
            code=one.class_code,
            half=half_day(one.day_number, one.part),
            day=local_date(one.held_on),
        ),
        _("It closed by itself at the end of the day.")
        + " "
        + ngettext("%(num)s learner was marked absent.", "%(num)s learners were marked absent.", absent),
        "attendance.board",
        {"session_id": one.session},
        _("Open the register"),
    )
