"""The dossier of one class: who was there, who tested them, what was decided, and the papers beside it."""

from classroom.attendance import documents as attendance
from classroom.attendance.documents import PARTS
from classroom.core.actor import Actor
from classroom.core.clock import local, now
from classroom.desk import documents, queries
from classroom.desk.dossiers import reading, words
from classroom.desk.dossiers.common import batch_section, head_of_chain, head_of_paper, log_section, rule_section
from classroom.desk.dossiers.parts import MOST_LINES, Attachment, Dossier, Section, Zone, known, stored
from classroom.desk.queries import ClassRecord
from classroom.exams.documents.result_sheet import SheetHead, result_sheet_pdf
from classroom.exams.queries.class_list import class_list
from classroom.exams.queries.class_sittings import sittings_of_class
from classroom.exams.queries.result_lines import result_lines, totals
from classroom.exams.queries.results import results_of_sitting
from classroom.exams.queries.sitting_facts import get_sitting
from classroom.sessions import documents as rosters
from classroom.sessions import queries as sessions
from classroom.sessions.models import TrainingClass


def class_dossier(actor: Actor, class_id: str) -> Dossier:
    """Everything about a class that the actor may see; raises NotFound."""
    training_class, zone = sessions.get_class(actor, class_id), Zone(actor.time_zone)
    record = queries.class_record(training_class, actor.time_zone, now())
    made = Dossier(
        "HỒ SƠ LỚP HỌC",
        " – ".join(filter(None, (f"Lớp {training_class.code}", training_class.title))),
        f"Hồ sơ lớp {training_class.code}",
        ("training_class", training_class.id),
        head_of_paper(actor),
        now(),
        head_of_chain(),
    )
    made.sections += [_facts(record, zone), _lists(training_class, zone), _sessions(record, zone)]
    made.sections += [_attendance(record), _corrections(record, zone), _tests(training_class, zone)]
    batches = _certificates(made, training_class, zone)
    subjects = [
        ("training_class", training_class.id),
        *(("class_session", one.class_session.id) for one in record.sessions),
    ]
    made.sections.append(log_section(actor, [*subjects, *(("issue_batch", key) for key in batches)], zone))
    made.attachments[:0] = _papers(actor, record)
    return made


def _facts(record: ClassRecord, zone: Zone) -> Section:
    head = documents.class_head(record.training_class, [one.class_session for one in record.sessions])
    days = " – ".join(filter(None, (zone.day(head.starts_on), zone.day(head.ends_on))))
    course = record.training_class.course
    return Section(
        "Lớp học",
        known(
            ("Lớp", " – ".join(filter(None, (head.code, head.title)))),
            ("Khóa học", head.course),
            ("Chương trình", course.programme.name),
            ("Thời gian", days),
            ("Địa điểm", head.venue),
            ("Giảng viên", ", ".join(head.trainers)),
            ("Số học viên trong danh sách", str(len(record.roster))),
            ("Thôi học", str(len(record.gone)) if record.gone else ""),
            ("Hủy lớp", record.training_class.cancel_reason if record.training_class.cancelled_at else ""),
        ),
    )


def _lists(training_class: TrainingClass, zone: Zone) -> Section:
    rows = []
    for brought, filename, digest, uploader, confirmer in reading.lists_of_class(training_class.id):
        gone = "Nội dung đã bỏ khi xóa dữ liệu cá nhân" if brought.file.erased_at else ""
        done = "Đã hoàn tác " + zone.time(brought.undone_at) if brought.undone_at else ""
        confirmed = f"Xác nhận {zone.time(brought.confirmed_at)}, {confirmer or ''}"
        rows.append(
            [
                filename,
                digest,
                f"{zone.time(brought.uploaded_at)}, {uploader or ''}",
                "; ".join(filter(None, (confirmed, done, gone))),
            ]
        )
    headings = ("Tệp danh sách", "SHA-256", "Tải lên", "Xử lý")
    note = "" if rows else "Không có tệp danh sách."
    return Section("Danh sách đã nhập", headings=headings, rows=rows, widths=(2.4, 3.4, 2, 3), note=note)


def _sessions(record: ClassRecord, zone: Zone) -> Section:
    rows = []
    for one in record.sessions:
        held, register = one.class_session, one.register
        state = "Hủy" if held.cancelled_at else ""
        signed = (
            f"{zone.time(register.signed_off_at)}, {one.signed_off_by}" if register and register.signed_off_at else ""
        )
        count = "" if register is None or register.head_count is None else str(register.head_count)
        rows.append(
            [
                f"Ngày {held.day_number}, {PARTS[held.part].lower()}",
                zone.day(held.held_on),
                zone.time(register.opened_at) if register else "",
                (zone.time(register.closed_at) if register else "") or state,
                signed,
                count,
                str(one.corrections or ""),
                register.notes if register else "",
            ]
        )
    headings = ("Buổi", "Ngày", "Mở sổ", "Đóng sổ", "Ký sổ", "Đếm", "Sửa sau ký", "Ghi chú của giảng viên")
    return Section("Sổ điểm danh", headings=headings, rows=rows, widths=(1.6, 1.5, 1.7, 1.7, 2.4, 0.8, 0.9, 2))


def _attendance(record: ClassRecord) -> Section:
    letters = attendance.LETTERS
    headings = ["STT", "Họ và tên", "Mã", "Đơn vị"]
    headings += [str(number) for number in range(1, len(record.sessions) + 1)] + ["Tổng"]
    rows = [
        [
            str(number), place.learner.name, place.learner.code, place.learner.unit,
            *(letters[cell.status] + ("*" if cell.corrected else "") if cell.on_roster else "" for cell in place.cells),
            str(place.credit.attended),
        ]
        for number, place in enumerate(record.recorded, 1)
    ]  # fmt: skip
    widths = (0.8, 3, 1.6, 3, *(0.7 for _ in record.sessions), 0.9)
    legend = "x có mặt, M muộn, S về sớm, P vắng có phép, K vắng không phép, – chưa vào lớp, * sửa sau khi ký sổ."
    return Section("Điểm danh", headings=headings, rows=rows, widths=widths, note=legend)


def _corrections(record: ClassRecord, zone: Zone) -> Section:
    """What people decided after the register was signed: when, who and why."""
    rows: list[list[str]] = []
    for one in record.sessions:
        if not one.corrections:
            continue
        for moment in queries.timeline_of_session(one.class_session):
            if moment.after_sign_off and len(rows) < MOST_LINES:
                half = f"Ngày {moment.day_number}, {PARTS.get(moment.part, '').lower()}"
                who = f"{moment.learner} ({moment.learner_code})"
                rows.append([zone.time(moment.recorded_at), half, who, moment.staff, moment.reason])
    headings = ("Lúc", "Buổi", "Học viên", "Người sửa", "Lý do")
    note = "" if rows else "Không có sửa đổi sau khi ký sổ."
    return Section("Sửa sau khi ký sổ", headings=headings, rows=rows, widths=(2, 1.6, 3, 2, 3), note=note)


def _tests(training_class: TrainingClass, zone: Zone) -> Section:
    states = {"running": "Đang làm bài", "paused": "Tạm dừng", "ended": "Đã kết thúc", "annulled": "Đã hủy"}
    rows = [
        [
            one.title + (" (thi lại)" if one.retake else ""), zone.day(one.held_on), zone.time(one.opened_at),
            zone.time(one.ended_at), states.get(one.state, one.state),
            *(str(count) for count in (one.began, one.finished, one.passed)),
        ]
        for one in reversed(sittings_of_class(training_class.id))
    ]  # fmt: skip
    headings = ("Bài kiểm tra", "Ngày", "Mở", "Kết thúc", "Tình trạng", "Dự", "Nộp", "Đạt")
    note = "" if rows else "Lớp không có bài kiểm tra."
    return Section("Kiểm tra", headings=headings, rows=rows, widths=(3, 1.5, 1.7, 1.7, 1.6, 0.7, 0.7, 0.7), note=note)


def _certificates(made: Dossier, training_class: TrainingClass, zone: Zone) -> list[int]:
    """The rule, the decisions by which certificates were given, and the register's lines of this class."""
    found = reading.certificates_of_class(training_class.id)
    outcomes = reading.outcomes_of_class(training_class.id)
    rules = {one.rule_version_id for one in found if one.rule_version_id}
    for key in sorted(rules | {one.rule_version_id for one in outcomes}):
        made.sections.append(rule_section(reading.find_rule(key), zone))
    counts = [(word, str(sum(one.decision == name for one in outcomes))) for name, word in words.DECISIONS.items()]
    unsaid = "" if outcomes else "Chưa xét điều kiện cho lớp này."
    made.sections.append(Section("Kết luận xét cấp", counts if outcomes else (), note=unsaid))
    batches = {one.batch_id: one.batch for one in found}
    for batch in batches.values():
        made.sections.append(batch_section(batch, zone))
        scan = stored(batch.decision_file, f"Quyết định đợt {batch.number}", "Bản chụp quyết định")
        made.attachments += [scan] if scan else []
    rows = [
        [one.number, str(one.facts.get("name", "")), zone.day(str(one.facts.get("born", ""))), zone.day(one.issued_on),
         words.STATES[one.state], one.revoke_reason or one.void_reason]
        for one in found
    ]  # fmt: skip
    headings = ("Số vào sổ", "Họ và tên", "Ngày sinh", "Ngày cấp", "Tình trạng", "Lý do")
    note = "" if rows else "Chưa cấp giấy chứng nhận cho lớp này."
    made.sections.append(
        Section("Giấy chứng nhận", headings=headings, rows=rows, widths=(2.6, 3, 1.6, 1.6, 2, 2), note=note)
    )
    return list(batches)


def _papers(actor: Actor, record: ClassRecord) -> list[Attachment]:
    """The official tables, made when the package is."""
    head = documents.class_head(record.training_class, [one.class_session for one in record.sessions])
    columns = documents.register_columns(record, actor.time_zone)
    lines = documents.attendance_lines(record, actor.time_zone)
    paper = head_of_paper(actor)
    found = [
        Attachment(
            "Bảng điểm danh.pdf",
            "Bảng điểm danh",
            lambda: attendance.attendance_table_pdf(paper, head, columns, lines),
        )
    ]
    for number, one in enumerate(reversed(sittings_of_class(record.training_class.id)), 1):
        if one.state != "annulled":
            found.append(_result_sheet(actor, record.training_class, head, one.public_id, f"Kết quả kiểm tra {number}"))
    return found


def _result_sheet(
    actor: Actor, training_class: TrainingClass, head: rosters.ClassHead, sitting_id: str, name: str
) -> Attachment:
    facts, zone = get_sitting(actor, sitting_id), actor.time_zone
    lines = result_lines(results_of_sitting(actor, sitting_id), class_list(facts))
    sheet = SheetHead(
        paper=facts.title, course=head.course, code=head.code, title=training_class.title,
        held_on=facts.session.held_on,
        session=f"Ngày {facts.session.day_number}, {PARTS[facts.session.part].lower()}",
        opened_at=local(facts.opened_at, zone), ended_at=local(facts.ended_at, zone) if facts.ended_at else None,
        made_at=local(now(), zone), venue=head.venue, scale=facts.terms.scale, pass_percent=facts.terms.pass_percent,
        zone=zone,
    )  # fmt: skip
    paper = head_of_paper(actor)
    return Attachment(
        f"{name}.pdf",
        f"Bảng tổng hợp kết quả: {facts.title}",
        lambda: result_sheet_pdf(paper, sheet, lines, totals(lines), []),
    )
