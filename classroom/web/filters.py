"""How values are written for people: local time, dd/mm/yyyy, thousands with a point."""

from datetime import date, datetime

from flask import Flask, g, has_request_context
from flask_babel import gettext as _

from classroom.core.clock import local
from classroom.core.reasons import MERGED, WALK_IN_REMOVED, uncoded
from classroom.web.stacking import labelled

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


def time_zone() -> str:
    """The zone of the organisation that the page is about."""
    if not has_request_context():
        return DEFAULT_ZONE
    zone: str = g.get("time_zone", DEFAULT_ZONE)
    return zone


def local_time(at: datetime | None) -> str:
    """07:38"""
    return f"{local(at, time_zone()):%H:%M}" if at else ""


def local_seconds(at: datetime | None) -> str:
    """07:38:04"""
    return f"{local(at, time_zone()):%H:%M:%S}" if at else ""


def local_date(day: date | datetime | None) -> str:
    """14/10/2026; an instant is first taken to the organisation's zone."""
    if isinstance(day, datetime):
        day = local(day, time_zone())
    return f"{day:%d/%m/%Y}" if day else ""


def local_datetime(at: datetime | None) -> str:
    """07:38 14/10/2026"""
    return f"{local(at, time_zone()):%H:%M %d/%m/%Y}" if at else ""


def day_month(day: date | datetime | None) -> str:
    """14/10"""
    return local_date(day)[:5]


def number(value: int | None) -> str:
    """36.000, as Vietnamese readers group thousands."""
    return f"{value:,}".replace(",", ".") if value is not None else ""


def own_words(reason: str) -> str:
    """A reason as it is kept, with what the machine added said in the reader's language."""
    code, said = uncoded(reason)
    if code == WALK_IN_REMOVED:
        said = _("walk-in not accepted")
    return _("records merged: %(reason)s", reason=said) if code == MERGED else said


def install(app: Flask) -> None:
    """Offer the filters to templates."""
    for spell in (local_time, local_seconds, local_date, local_datetime, day_month, number, labelled, own_words):
        app.add_template_filter(spell)
