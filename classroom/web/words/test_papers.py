"""How papers say no."""

from typing import Any

from flask_babel import lazy_gettext

_l = lazy_gettext

TEST_PAPERS: dict[str, Any] = {
    "answer.places": _l("Give each line its own place, from 1 to %(number)s, no place twice."),
}
