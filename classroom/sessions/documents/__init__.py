"""Papers of a class before anybody has come: roster, sheets to be signed, badges."""

from classroom.sessions.documents.badges import BadgeFace, badges_pdf
from classroom.sessions.documents.rosters import (
    BLANK_ROWS,
    ClassHead,
    RosterLine,
    SigningSheet,
    date_words,
    national_phone,
    roster_pdf,
    roster_table,
    signing_sheets_pdf,
)

__all__ = [
    "BLANK_ROWS",
    "BadgeFace",
    "ClassHead",
    "RosterLine",
    "SigningSheet",
    "badges_pdf",
    "date_words",
    "national_phone",
    "roster_pdf",
    "roster_table",
    "signing_sheets_pdf",
]
