"""Words of the desk's and the inbox's refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

DESK: dict[str, Any] = {
    "portal.too_many": _l("Too many tries for this code. Please wait an hour, or ask the organisers."),
    "portal.too_many_today": _l(
        "Too many tries for this code today. Please come back tomorrow, or ask the organisers."
    ),
    "portal.too_many_here": _l(
        "Too many tries from this network. Please come back later or use another one, or ask the organisers."
    ),
    "inbox.decided": _l("Somebody else has decided this already. Look at the inbox again."),
    "inbox.unknown_decision": _l("This cannot be decided like that. Use one of the buttons beside the question."),
    "inbox.not_yours": _l("Only the person who decided this can take it back."),
    "inbox.too_late_to_undo": _l("It is too late to take this back. Correct it in the register."),
    "inbox.something_followed": _l("The mark has been changed since. Correct it in the register."),
    "paper.no_session": _l("This class has no session to print for. Plan one first."),
    "paper.address_too_long": _l(
        "The address of this server is too long for a code that can be read from the back row."
        " Ask your administrator to give it a shorter name."
    ),
}
