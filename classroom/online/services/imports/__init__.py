"""Use cases of imports of online results."""

from classroom.online.services.imports.checking import check_import, decide, obstacle, set_columns
from classroom.online.services.imports.dating import still_to_come
from classroom.online.services.imports.dropping import drop_import, given_up
from classroom.online.services.imports.keeping import drop_old_files, fetch_original
from classroom.online.services.imports.limits import limits_of
from classroom.online.services.imports.running import IMPORT, RETRACTION, UNDO, run_import, start_import
from classroom.online.services.imports.undoing import call_off_undo, may_be_called_off, run_undo, start_undo
from classroom.online.services.imports.uploading import upload_results

__all__ = [
    "IMPORT",
    "RETRACTION",
    "UNDO",
    "call_off_undo",
    "check_import",
    "decide",
    "drop_import",
    "drop_old_files",
    "fetch_original",
    "given_up",
    "limits_of",
    "may_be_called_off",
    "obstacle",
    "run_import",
    "run_undo",
    "set_columns",
    "start_import",
    "start_undo",
    "still_to_come",
    "upload_results",
]
