"""What coordinators send with files of questions, and which questions they want to take out."""

from werkzeug.datastructures import FileStorage, MultiDict

from classroom.exams.queries.question_imports import Chosen
from classroom.exams.rules.imports.files import Format
from classroom.exams.rules.kinds import Kind

Form = MultiDict[str, str]
_MOST = 5000


def sent_file(sent: FileStorage | None) -> tuple[str, bytes]:
    """Name and bytes of the file, both empty when there is none."""
    return (sent.filename or "", sent.read()) if sent else ("", b"")


def sent_format(form: Form) -> str:
    """The format that was chosen, "" to let it be guessed."""
    wanted = form.get("format", "")
    return wanted if wanted in {*Format} else ""


def chosen_questions(form: Form) -> Chosen:
    """The questions that were ticked, or what the filter of the bank says."""
    kind = form.get("kind", "")
    return Chosen(
        ids=form.getlist("chosen")[:_MOST],
        course=form.get("course", "")[:40],
        topic=form.get("topic", "")[:40],
        kind=kind if kind in {*Kind} else "",
        text=form.get("q", "")[:200],
    )
