"""When a platform wrote a file, as far as its rows say so: by that, exports are told older or newer."""

from datetime import datetime

from classroom.core.clock import now, zone
from classroom.online.models import OnlineImport
from classroom.online.queries.imports import Draft
from classroom.online.rules.headings import Meaning
from classroom.online.rules.values import lies_ahead, parse_moment


def taken_at(draft: Draft, time_zone: str) -> datetime | None:
    """The latest of the rows' times that is not still to come; None where no row says one."""
    at = now()
    return max((moment for moment in _said(draft, time_zone) if not lies_ahead(moment, at)), default=None)


def still_to_come(found: OnlineImport, draft: Draft, time_zone: str) -> datetime | None:
    """What the rows say, where all of it is still to come and the time of the upload stands in for it."""
    said, at = _said(draft, time_zone), now()
    stands_in = _same_minute(found.taken_at, found.uploaded_at) and all(lies_ahead(moment, at) for moment in said)
    return max(said, default=None) if stands_in else None


def dated_anew(found: OnlineImport, typed: datetime | None, before: Draft, after: Draft, time_zone: str) -> datetime:
    """The time of an export whose file is read otherwise now: what a person typed, else what the rows say by now."""
    shown = taken_at(before, time_zone) or found.uploaded_at
    chosen = typed or found.taken_at
    if not _same_minute(chosen, shown):
        return chosen
    said = taken_at(after, time_zone) or found.uploaded_at
    return chosen if _same_minute(chosen, said) else said


def _said(draft: Draft, time_zone: str) -> set[datetime]:
    place = draft.mapping.column(Meaning.TAKEN)
    if place is None:
        return set()
    cells = {draft.table.cell(cells, place) for _number, cells in draft.table.rows}
    read = (parse_moment(cell, zone(time_zone), draft.order or "dmy").value for cell in cells)
    return {moment for moment in read if moment}


def _same_minute(one: datetime, other: datetime) -> bool:
    """Pages show and take minutes."""
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
