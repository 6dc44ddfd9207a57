"""What a dossier is made of, the same for page, paper and package."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from classroom.core.clock import local
from classroom.core.letterhead import Letterhead
from classroom.core.models import StoredFile

#: A long list says how much is left out, and where the whole of it stands.
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading: facts first, then a table, then a remark. `widths` are shares of the page."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[float] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the dossier; `make` gives its content when the package is made."""

    name: str
    what: str
    make: Callable[[], bytes]


@dataclass(slots=True)
class Dossier:
    """The whole of it; `name` is that of its files, `subject` names it in the log."""

    title: str
    about: str
    name: str
    subject: tuple[str, int]
    letterhead: Letterhead
    made_at: datetime
    chain_head: str
    sections: list[Section] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Zone:
    """Days and times as they are written in the organisation."""

    name: str

    def day(self, value: date | datetime | str | None) -> str:
        """14/10/2026, also for a text such as 2026-10-14; a year alone stays one."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return str(value)
        if isinstance(value, datetime):
            value = local(value, self.name).date()
        return f"{value:%d/%m/%Y}" if value else ""

    def time(self, value: datetime | None) -> str:
        """07:38:04 14/10/2026"""
        return f"{local(value, self.name):%H:%M:%S %d/%m/%Y}" if value else ""


def known(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """The facts of which something is known."""
    return [(label, value) for label, value in pairs if value]


def stored(file: StoredFile | None, name: str, what: str) -> Attachment | None:
    """A file that is kept, unless its content was dropped."""
    if file is None or not file.content:
        return None
    content, ending = bytes(file.content), file.filename.rpartition(".")[2].lower()
    return Attachment(f"{name}.{ending if ending.isalnum() else 'bin'}", what, lambda: content)
