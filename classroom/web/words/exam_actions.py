"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

from flask_babel import lazy_gettext as _l

EXAM_ACTIONS: dict[str, Any] = {
    "question.file_uploaded": _l("Uploaded the file with questions %(filename)s"),
    "question.file_read_anew": _l("Read the file %(filename)s in another format"),
    "question.imported": _l(
        "Imported %(good)s questions from %(filename)s; %(there)s were there already, %(bad)s lines were left out"
    ),
    "question.file_dropped": _l("Put the file with questions %(filename)s aside without importing it"),
    "question.exported": _l("Took out %(count)s questions with their answers; %(left_out)s did not fit the format"),
}
