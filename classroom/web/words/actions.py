"""What the log says: one sentence for each action, filled from the entry; each room adds its own part."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

#: The first part of an action's name, as a heading.
KINDS: dict[str, Any] = {
    "account": _l("Sign-in"),
    "staff": _l("Staff"),
    "organisation": _l("Organisation"),
}
ACTIONS: dict[str, Any] = {
    "account.signed_in": _l("Signed in"),
    "account.signed_out": _l("Signed out"),
    "account.sign_in_paused": _l("Sign-in paused after too many wrong passwords"),
    "account.others_signed_out": _l("Ended %(count)s other sign-ins"),
    "account.edited": _l("Changed own particulars: %(name)s"),
    "staff.created": _l("Made the account %(username)s for %(name)s (%(roles)s)"),
    "staff.edited": _l("Changed the account of %(name)s: %(roles_before)s became %(roles)s"),
    "staff.link_made": _l("Made a one-time link for %(name)s"),
    "staff.password_set": _l("Set a new password"),
    "staff.switched_off": _l("Switched off the account of %(name)s: %(reason)s"),
    "staff.switched_on": _l("Switched the account of %(name)s on again"),
    "organisation.created": _l("Made the organisation %(name)s"),
    "organisation.edited": _l("Changed the organisation: %(name)s, %(place)s"),
    "organisation.switched_off": _l("Switched off the organisation %(name)s"),
    "organisation.switched_on": _l("Switched the organisation %(name)s on again"),
}
_VALUES: dict[str, Any] = {
    "administrator": _l("Administrator"),
    "coordinator": _l("Coordinator"),
    "trainer": _l("Trainer"),
    "viewer": _l("Viewer"),
}


class _Filled(dict[str, str]):
    """What a sentence asks for; a part that was erased, or never was, shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def say_action(action: str, facts: Mapping[str, Any], personal: Mapping[str, Any]) -> str:
    """The sentence for an entry of the log; an action without words shows its name."""
    words = ACTIONS.get(action)
    if words is None:
        return gettext("Did something (%(action)s)", action=action)
    sentence: str = str(words) % _Filled({key: _spell(value) for key, value in {**facts, **personal}.items()})
    return sentence


def kinds() -> dict[str, Any]:
    """The kinds of entries that can be asked for, with their words."""
    present = {action.partition(".")[0] for action in ACTIONS}
    return {kind: words for kind, words in KINDS.items() if kind in present}


def _spell(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(map(_spell, value))
    known, _, rest = str(value).partition(" → ")
    word = str(_VALUES.get(known, known))
    return f"{word} → {rest}" if rest else word
