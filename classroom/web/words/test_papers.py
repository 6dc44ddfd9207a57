"""How papers say no."""

from typing import Any

from flask_babel import lazy_gettext

_l = lazy_gettext

TEST_PAPERS: dict[str, Any] = {
    "answer.places": _l("Give each line its own place, from 1 to %(number)s, no place twice."),
    "pen.letter": _l("One letter from A to %(last)s is expected here."),
    "pen.letters": _l("Letters from A to %(last)s are expected here, none twice."),
    "pen.true_false": _l("Đ (true) or S (false) is expected here."),
    "pen.number": _l("A number is expected here; leave it empty where no number is written."),
    "pen.too_long": _l("At most %(most)s letters."),
    "pen.matching": _l(
        "Pairs such as 1C 2A are expected here, or %(count)s letters from A to %(last)s in a row, with a dash for none."
    ),
    "pen.places": _l("The numbers from 1 to %(count)s are expected here, each once, in the order of the lines."),
}
