"""Words of refusals that any page may answer with."""

from typing import Any

from flask_babel import lazy_gettext as _l

PAGES: dict[str, Any] = {
    "page.not_found": _l("There is no such page here. Check the address, or start again from the first page."),
    "page.forbidden": _l("Your account may not do this. Ask your administrator if you need it."),
    "page.method": _l("This address cannot be opened like this. Go back and use the button on the page."),
    "page.bad_request": _l("The browser sent something that cannot be read. Go back, reload the page and try again."),
    "page.csrf": _l("This page had been open for too long, or cookies are blocked. Reload it and try again."),
    "page.too_large": _l(
        "The file is larger than %(limit)s MB. Go back, copy the list alone into a new file, and upload that."
    ),
    "page.too_many": _l("Too many requests in a short time. Please wait a minute and try again."),
    "page.busy": _l("The server is very busy. Please try again in a few seconds; nothing was lost."),
    "page.error": _l("Something went wrong on our side. It has been recorded; please try again."),
    "page.stale": _l("Somebody else has changed this in the meantime. Look at the new state and try again."),
}
