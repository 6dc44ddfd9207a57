"""What every page knows: the reader's language, the person signed in, the way to the other pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale, get_translations
from flask_babel import lazy_gettext as _l

from classroom.core.actor import Actor
from classroom.web.guards import find_actor
from classroom.web.headers import nonce

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
LANGUAGE_COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Destination:
    """An entry of the staff navigation, shown to those who hold the permission."""

    endpoint: str
    label: Any
    icon: str
    permission: str
    #: Other parts of the address that belong to this entry.
    covers: tuple[str, ...] = ()


DESTINATIONS = (
    Destination("desk.today", _l("Today"), "calendar-check", "class.read", ("/sessions/",)),
    Destination("desk.inbox", _l("Inbox"), "inbox", "inbox.read", ("/inbox",)),
    Destination(
        "sessions.programmes", _l("Programmes"), "collection", "programme.read", ("/programmes", "/classes", "/imports")
    ),
    Destination("learners.people", _l("People"), "people", "learner.read", ("/people",)),
    Destination("questions.bank", _l("Tests"), "card-checklist", "question.manage", ("/questions", "/exam-papers")),
    Destination("online.intakes", _l("Online"), "globe", "online.read", ("/online",)),
    Destination("certificates.overview", _l("Certificates"), "award", "certificate.read", ("/certificates",)),
    Destination("sessions.venues", _l("Venues"), "building", "programme.manage", ("/venues",)),
    Destination("accounts.tablets", _l("Tablets"), "tablet", "tablet.manage", ("/tablets",)),
    Destination("accounts.staff", _l("Administration"), "gear", "staff.manage", ("/admin",)),
)


def choose_language() -> str:
    """The reader's own choice first, then the account's, then Vietnamese."""
    if not has_request_context():
        return "vi"
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    actor: Actor | None = g.get("actor")
    return actor.language if actor and actor.language in LANGUAGES else "vi"


def speak(app: Flask) -> None:
    """Keep the words of each language at hand for templates: they are asked for a hundred times a page."""
    known: dict[str, Any] = {}

    def words() -> Any:
        locale = get_locale()
        language = locale.language if locale else ""
        found = known.get(language)
        if found is None:
            found = known[language] = get_translations()
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda one: words().ugettext(one),
        ngettext=lambda one, many, count: words().ungettext(one, many, count),
        newstyle=True,
    )


def install(app: Flask) -> None:
    """Give templates what they share. Rooms may add a lookup for the inbox's count."""
    speak(app)
    app.extensions.setdefault("classroom_inbox_count", lambda actor: 0)
    app.extensions.setdefault("classroom_programmes", lambda actor: [])
    app.context_processor(_shared)


def offer_programmes_by(app: Flask, find: Callable[[Actor], list[tuple[str, str]]]) -> None:
    """Let the sessions room name the programmes (name and address) for the switcher in the top bar."""
    app.extensions["classroom_programmes"] = find


def count_inbox_by(app: Flask, count: Callable[[Actor], int]) -> None:
    """Let the desk say how many things wait for a decision."""
    app.extensions["classroom_inbox_count"] = count


def _shared() -> dict[str, Any]:
    actor = find_actor()
    shared: dict[str, Any] = {
        "csp_nonce": nonce(),
        "languages": LANGUAGES,
        "language": str(get_locale() or "vi"),
        "current_staff": None,
    }
    if actor:
        shared |= {
            "current_staff": g.get("current_staff"),
            "actor": actor,
            "nav": _navigation(actor),
            "inbox_count": current_app.extensions["classroom_inbox_count"](actor) if actor.may("inbox.read") else 0,
            "programmes": _programmes(actor),
            **_frame_links(actor),
        }
    return shared


#: What the top bar links to: variable, endpoint, permission ("" for everybody who is signed in).
_FRAME_LINKS = (
    ("search_url", "learners.people", "learner.read"),
    ("inbox_url", "desk.inbox", "inbox.read"),
    ("account_url", "accounts.account", ""),
    ("sign_out_url", "accounts.sign_out", ""),
)


def _frame_links(actor: Actor) -> dict[str, str]:
    known = current_app.view_functions
    return {
        name: url_for(endpoint)
        for name, endpoint, permission in _FRAME_LINKS
        if endpoint in known and (not permission or actor.may(permission))
    }


def _programmes(actor: Actor) -> list[dict[str, Any]]:
    if not actor.may("programme.read"):
        return []
    found = current_app.extensions["classroom_programmes"](actor)
    return [{"label": label, "url": url, "active": request.path.startswith(url)} for label, url in found]


def _navigation(actor: Actor) -> list[dict[str, Any]]:
    known = current_app.view_functions
    return [
        {
            "label": entry.label,
            "url": url_for(entry.endpoint),
            "icon": entry.icon,
            "active": request.endpoint == entry.endpoint or request.path.startswith(entry.covers or ("\0",)),
        }
        for entry in DESTINATIONS
        if actor.may(entry.permission) and entry.endpoint in known
    ]
