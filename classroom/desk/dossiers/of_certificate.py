"""The dossier of one certificate: what it says, by which rule and decision it was given, and on what that rests."""

from classroom.attendance.documents import PARTS, WORDS
from classroom.certification.models import Certificate
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.desk.dossiers import reading, words
from classroom.desk.dossiers.common import (
    batch_section,
    criteria_section,
    head_of_chain,
    head_of_paper,
    history_section,
    log_section,
    number,
    rule_section,
)
from classroom.desk.dossiers.parts import Attachment, Dossier, Section, Zone, known, stored
from classroom.desk.queries import places_of, timeline_of_learner
from classroom.exams.rules.marking import scaled
from classroom.learners import queries as learners
from classroom.learners.models import Learner
from classroom.learners.rules import mask_id_number


def certificate_dossier(actor: Actor, public_id: str) -> Dossier:
    """Everything about a certificate of the actor's organisation; raises NotFound."""
    one, zone = reading.get_certificate(actor, public_id), Zone(actor.time_zone)
    made = Dossier(
        "HỒ SƠ GIẤY CHỨNG NHẬN",
        f"Số {one.number}",
        f"Hồ sơ giấy chứng nhận {one.number.replace('/', '-')}",
        ("certificate", one.id),
        head_of_paper(actor),
        now(),
        head_of_chain(),
    )
    made.sections += [_facts(one, zone), _events(one, zone)]
    made.sections += [rule_section(reading.find_rule(one.rule_version_id), zone), criteria_section(one)]
    made.sections.append(batch_section(one.batch, zone))
    subjects = [("certificate", one.id), ("issue_batch", one.batch_id)]
    if one.learner is not None and one.erased_at is None:
        made.sections += _about(one.learner, zone)
        subjects.append(("learner", one.learner.id))
    made.sections.append(log_section(actor, subjects, zone))
    made.attachments += _files(one)
    return made


def _facts(one: Certificate, zone: Zone) -> Section:
    facts = PrintedFacts.from_json(one.facts)
    before, after = reading.find_certificate(one.replaces_id), reading.find_certificate(one.replaced_by_id)
    erased = f"Dữ liệu cá nhân đã xóa theo yêu cầu ngày {zone.day(one.erased_at)}; sổ gốc giữ phần tối thiểu."
    return Section(
        "Nội dung giấy chứng nhận",
        known(
            ("Số vào sổ", one.number),
            ("Tình trạng", words.STATES[one.state]),
            ("Họ và tên", facts.name),
            ("Ngày sinh", zone.day(facts.born)),
            ("Đơn vị", facts.unit),
            ("Chương trình", facts.programme),
            ("Khóa học", facts.course),
            ("Lớp, đợt", facts.group),
            ("Từ ngày", zone.day(facts.starts_on)),
            ("Đến ngày", zone.day(facts.ends_on)),
            ("Hình thức", words.PATHS.get(facts.path, "")),
            ("Kết quả", facts.result),
            ("Ngày cấp", zone.day(one.issued_on)),
            ("Mã tra cứu", one.code),
            ("Thay cho", before.number if before else ""),
            ("Được thay bằng", after.number if after else ""),
            ("Lý do thu hồi", one.revoke_reason if one.state == "revoked" else ""),
            ("Lý do hỏng số", one.void_reason),
        ),
        note=erased if one.erased_at else "",
    )


def _events(one: Certificate, zone: Zone) -> Section:
    rows = [
        [
            zone.time(event.at),
            words.EVENTS.get(event.kind, event.kind),
            by or "",
            " ".join(filter(None, (event.reason, _decision(event.decision, zone)))),
        ]
        for event, by in reading.events_of(one)
    ]
    return Section(
        "Diễn biến", headings=("Lúc", "Việc", "Người thực hiện", "Lý do, quyết định"), rows=rows, widths=(2, 2, 2, 4)
    )


def _decision(kept: dict[str, object], zone: Zone) -> str:
    said = str(kept.get("number", ""))
    on = zone.day(str(kept.get("decided_on") or kept.get("on") or ""))
    return f"(QĐ {said}{', ' + on if on else ''})" if said else ""


def _about(learner: Learner, zone: Zone) -> list[Section]:
    people = learners.one_person(learner.id)
    return [
        _person(learner),
        _marks(learner, zone),
        history_section(timeline_of_learner(learner), zone),
        _attempts(people, zone),
        _online(people, zone),
    ]


def _person(learner: Learner) -> Section:
    birth = str(learners.birth_of(learner) or "")
    return Section(
        "Học viên hiện nay",
        known(
            ("Họ và tên", learner.name),
            ("Mã học viên", learner.code),
            ("Ngày sinh", birth),
            ("Số CCCD", mask_id_number(learner.id_number)),
            ("Đơn vị", learner.unit),
        ),
    )


def _marks(learner: Learner, zone: Zone) -> Section:
    rows = [
        [
            place.enrolment.training_class.code,
            f"Ngày {half.class_session.day_number}, {PARTS[half.class_session.part].lower()}",
            zone.day(half.class_session.held_on),
            WORDS.get(half.cell.status, "") if half.class_session.cancelled_at is None else "Buổi học hủy",
            zone.time(half.cell.arrived_at),
            ("Sửa sau khi ký sổ. " if half.cell.corrected else "") + half.cell.reason,
        ]
        for place in places_of(learner, now())
        for half in place.halves
    ]
    headings = ("Lớp", "Buổi", "Ngày", "Điểm danh", "Vào lúc", "Ghi chú")
    empty = "" if rows else "Không học trực tiếp."
    return Section("Điểm danh", headings=headings, rows=rows, widths=(1, 2, 1.6, 2, 2.4, 3), note=empty)


def _attempts(people: list[int], zone: Zone) -> Section:
    rows = []
    for attempt, sitting, held, code in reading.attempts_of(people):
        scale = int(sitting.terms.get("scale", 10))
        score = (
            "" if attempt.mark is None or not attempt.out_of else number(scaled(attempt.mark, attempt.out_of, scale))
        )
        rows.append(
            [
                f"{sitting.terms.get('title', '')} (lớp {code}, {zone.day(held.held_on)})",
                str(attempt.number),
                words.ATTEMPTS[attempt.state],
                f"{score}/{scale}" if score else "",
                words.OUTCOMES[attempt.outcome],
                zone.time(attempt.started_at),
                zone.time(attempt.finished_at),
            ]
        )
    headings = ("Bài kiểm tra", "Lần", "Tình trạng", "Điểm", "Kết quả", "Bắt đầu", "Kết thúc")
    empty = "" if rows else "Không có bài kiểm tra trên lớp."
    return Section("Kiểm tra", headings=headings, rows=rows, widths=(3, 0.8, 1.6, 1.2, 1.4, 2, 2), note=empty)


def _online(people: list[int], zone: Zone) -> Section:
    found = reading.records_of(people)
    files = reading.files_of({brought.id for _, _, _, brought in found if brought})
    rows = []
    for record, intake, row, brought in found:
        its = [one for one in files if brought and one.import_id == brought.id]
        rows.append(
            [
                f"{intake}: {record.account}",
                number(record.progress),
                number(record.score),
                zone.time(record.completed_at),
                "; ".join(f"{one.filename}, SHA-256 {one.sha256}" for one in its) or "Không rõ tệp",
                str(row or ""),
            ]
        )
    headings = ("Đợt, tài khoản", "Tiến độ %", "Điểm %", "Hoàn thành", "Tệp nguồn", "Dòng")
    empty = "" if rows else "Không có kết quả trực tuyến."
    return Section("Kết quả trực tuyến", headings=headings, rows=rows, widths=(2.4, 1.1, 1, 2, 4, 0.9), note=empty)


def _files(one: Certificate) -> list[Attachment]:
    scan = stored(one.batch.decision_file, "Quyết định", "Bản chụp quyết định cấp giấy chứng nhận")
    return [scan] if scan else []
