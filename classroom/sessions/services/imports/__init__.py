"""Bring people in from a file: upload, decide, confirm in one short transaction, undo."""

from classroom.sessions.services.imports.confirming import confirm_import
from classroom.sessions.services.imports.deciding import REPLACED_BY, change_choices, drop_import, set_columns
from classroom.sessions.services.imports.undoing import undo_import
from classroom.sessions.services.imports.uploading import Upload, upload_list

__all__ = [
    "REPLACED_BY",
    "Upload",
    "change_choices",
    "confirm_import",
    "drop_import",
    "set_columns",
    "undo_import",
    "upload_list",
]
