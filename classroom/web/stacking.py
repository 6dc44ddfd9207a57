"""Tables that a phone shows as blocks: every cell carries its own heading and keeps its role."""

import re
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

ROLES = {"td": "cell", "th": "rowheader"}
_OPENING = re.compile(r"<(tr|td|th)\b")


def labelled(rows: Markup, columns: Sequence[Mapping[str, object]], chosen: bool = False) -> Markup:
    """The rows of a table with the name of its column at each cell but the first, which heads the block.

    A hidden name is an empty one: such a column holds actions. `chosen` says that every row begins with a cell for
    choosing it. What people typed is escaped, so a bare `<td` can only be a cell.
    """
    names = [None] * chosen + [None] + ["" if column.get("hidden") else column["label"] for column in columns[1:]]
    place = 0

    def open_cell(found: re.Match[str]) -> str:
        nonlocal place
        if found[1] == "tr":
            place = 0
            return '<tr role="row"'
        name, place = names[place], place + 1
        label = "" if name is None else f' data-label="{escape(name)}"'
        return f'{found[0]} role="{ROLES[found[1]]}"{label}'

    return Markup(_OPENING.sub(open_cell, rows))  # noqa: S704 -- safe before, and what is added is escaped
