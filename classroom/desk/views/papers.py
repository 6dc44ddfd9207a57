"""Papers and spreadsheets of a class. Everything is read first; no transaction is held while a paper is made."""

from datetime import date

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts import queries as accounts
from classroom.accounts.models import Organisation
from classroom.attendance import documents as attendance
from classroom.attendance.rules import fixed_code, qr_link
from classroom.core.clock import now, today
from classroom.core.db import release
from classroom.core.errors import NotFound, Refusal
from classroom.core.qr import UnfitLink, qr_png
from classroom.core.tables import Table
from classroom.desk import documents, queries
from classroom.desk.views.blueprint import public_url
from classroom.sessions import documents as rosters
from classroom.sessions import queries as sessions
from classroom.sessions.models import ClassSession, TrainingClass
from classroom.web.files import PNG, send_file, send_pdf, send_table
from classroom.web.guards import current_actor, requires

bp = Blueprint("papers", __name__)


@bp.get("/classes/<class_id>/roster.pdf")
@requires("paper.print")
def roster_pdf(class_id: str) -> ResponseReturnValue:
    """Danh sách học viên."""
    head, lines = _roster(class_id)
    letterhead = documents.letterhead(_organisation(), _today())
    release()
    return send_pdf(rosters.roster_pdf(letterhead, head, lines), f"Danh sách lớp {head.code}.pdf")


@bp.get("/classes/<class_id>/roster.xlsx")
@requires("paper.print")
def roster_xlsx(class_id: str) -> ResponseReturnValue:
    """The same list for Excel."""
    return _sheet(_roster_table(class_id), "Danh sách", "xlsx")


@bp.get("/classes/<class_id>/roster.csv")
@requires("paper.print")
def roster_csv(class_id: str) -> ResponseReturnValue:
    """The same list as plain text."""
    return _sheet(_roster_table(class_id), "Danh sách", "csv")


@bp.get("/sessions/<session_id>/signing-sheet.pdf")
@requires("paper.print")
def signing_sheet_pdf(session_id: str) -> ResponseReturnValue:
    """The sheet to be signed in one class session."""
    one = sessions.get_session(current_actor(), session_id)
    training_class = sessions.get_class_by_id(current_actor(), one.class_id)
    return _signing_sheets(training_class, [one], f"Ký tên lớp {training_class.code} buổi {one.number}.pdf")


@bp.get("/classes/<class_id>/signing-sheets.pdf")
@requires("paper.print")
def signing_sheets_pdf(class_id: str) -> ResponseReturnValue:
    """The sheets of all sessions that are not cancelled."""
    training_class = sessions.get_class(current_actor(), class_id)
    living = [one for one in sessions.sessions_of(training_class) if one.cancelled_at is None]
    if not living:
        raise NotFound("paper.no_session")
    return _signing_sheets(training_class, living, f"Ký tên lớp {training_class.code}.pdf")


@bp.get("/classes/<class_id>/attendance.pdf")
@requires("paper.print")
def attendance_pdf(class_id: str) -> ResponseReturnValue:
    """Bảng điểm danh."""
    head, columns, lines = _attendance(class_id)
    letterhead = documents.letterhead(_organisation(), _today())
    release()
    paper = attendance.attendance_table_pdf(letterhead, head, columns, lines)
    return send_pdf(paper, f"Bảng điểm danh lớp {head.code}.pdf")


@bp.get("/classes/<class_id>/attendance.xlsx")
@requires("paper.print")
def attendance_xlsx(class_id: str) -> ResponseReturnValue:
    """The same table for Excel, with a column for each spot check."""
    return _sheet(_attendance_table(class_id, spots=True), "Bảng điểm danh", "xlsx")


@bp.get("/classes/<class_id>/attendance.csv")
@requires("paper.print")
def attendance_csv(class_id: str) -> ResponseReturnValue:
    """The same table as plain text."""
    return _sheet(_attendance_table(class_id), "Bảng điểm danh", "csv")


@bp.get("/classes/<class_id>/poster.pdf")
@requires("paper.print")
def poster_pdf(class_id: str) -> ResponseReturnValue:
    """The poster with the fixed code of one session: the one asked for, else the next."""
    training_class, one, url = _fixed_code(class_id)
    poster = documents.poster(_organisation(), one, training_class, current_actor().time_zone, url)
    filename = f"Mã điểm danh lớp {training_class.code} buổi {one.number}.pdf"
    release()  # what was read is expired by this: nothing of it may be touched below
    try:
        paper = attendance.room_poster_pdf(poster)
    except UnfitLink as too_long:
        raise Refusal("paper.address_too_long") from too_long
    return send_pdf(paper, filename)


@bp.get("/classes/<class_id>/poster.png")
@requires("paper.print")
def poster_png(class_id: str) -> ResponseReturnValue:
    """The fixed code alone as a picture, for slides of one's own."""
    training_class, one, url = _fixed_code(class_id)
    filename = f"Mã điểm danh lớp {training_class.code} buổi {one.number}.png"
    release()
    return send_file(qr_png(url), PNG, filename)


def _fixed_code(class_id: str) -> tuple[TrainingClass, ClassSession, str]:
    actor = current_actor()
    training_class = sessions.get_class(actor, class_id)
    one = _session_for_poster(training_class, request.args.get("session", ""))
    secret = queries.poster_secret(actor, one.public_id)
    return training_class, one, qr_link(public_url(), fixed_code(secret, one.public_id))


def _organisation() -> Organisation:
    return accounts.get_organisation(current_actor().organisation_id)


def _today() -> date:
    return today(current_actor().time_zone)


def _roster(class_id: str) -> tuple[rosters.ClassHead, list[rosters.RosterLine]]:
    actor = current_actor()
    training_class = sessions.get_class(actor, class_id)
    head = documents.class_head(training_class, sessions.sessions_of(training_class))
    whole = not actor.classes_taught_only
    return head, documents.roster_lines(sessions.roster(training_class.id), whole_phones=whole)


def _roster_table(class_id: str) -> tuple[Table, str]:
    head, lines = _roster(class_id)
    return rosters.roster_table(head, lines), head.code


def _signing_sheets(training_class: TrainingClass, held: list[ClassSession], filename: str) -> Response:
    zone = current_actor().time_zone
    head = documents.class_head(training_class, sessions.sessions_of(training_class))
    sheets = [documents.signing_sheet(one, training_class, zone, _register_address(one)) for one in held]
    lines = documents.roster_lines(sessions.roster(training_class.id), whole_phones=False)
    letterhead = documents.letterhead(_organisation(), None)
    release()
    return send_pdf(rosters.signing_sheets_pdf(letterhead, head, sheets, lines), filename)


def _register_address(one: ClassSession) -> str:
    """Where a signed sheet is entered; a tablet knows the session by it, too."""
    return public_url() + url_for("attendance.sheet", session_id=one.public_id)


def _attendance(
    class_id: str,
) -> tuple[rosters.ClassHead, list[attendance.RegisterColumn], list[attendance.AttendanceLine]]:
    record = _record(class_id)
    zone = current_actor().time_zone
    return _head(record), documents.register_columns(record, zone), documents.attendance_lines(record, zone)


def _attendance_table(class_id: str, *, spots: bool = False) -> tuple[Table, str]:
    record, zone = _record(class_id), current_actor().time_zone
    head, checks = _head(record), queries.class_spots(record) if spots else []
    table = attendance.attendance_table(
        head,
        documents.register_columns(record, zone),
        documents.attendance_lines(record, zone, checks),
        minutes=record.training_class.check_out,
        spots=documents.spot_columns(checks, zone),
    )
    return table, head.code


def _record(class_id: str) -> queries.ClassRecord:
    actor = current_actor()
    return queries.class_record(sessions.get_class(actor, class_id), actor.time_zone, now())


def _head(record: queries.ClassRecord) -> rosters.ClassHead:
    return documents.class_head(record.training_class, [one.class_session for one in record.sessions])


def _session_for_poster(training_class: TrainingClass, wanted: str) -> ClassSession:
    living = [one for one in sessions.sessions_of(training_class) if one.cancelled_at is None]
    if wanted:
        chosen = next((one for one in living if one.public_id == wanted), None)
    else:
        chosen = next((one for one in living if one.ends_at > now()), living[-1] if living else None)
    if chosen is None:
        raise NotFound("paper.no_session")
    return chosen


def _sheet(made: tuple[Table, str], name: str, kind: str) -> Response:
    table, code = made
    return send_table(table, f"{name} lớp {code}", kind)
