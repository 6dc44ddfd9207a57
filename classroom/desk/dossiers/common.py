"""Parts that dossiers of certificates and of classes share."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import force_locale

from classroom.accounts import queries as accounts
from classroom.accounts.models import Staff
from classroom.audit.queries import last_seal
from classroom.audit.services.sealing import printed
from classroom.certification.models import Certificate, IssueBatch, RuleVersion
from classroom.certification.presenters.explaining import explain
from classroom.certification.presenters.ruling import rule_words
from classroom.certification.rules.course_rules import CourseRule
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.letterhead import Letterhead
from classroom.desk.documents import letterhead
from classroom.desk.dossiers import reading
from classroom.desk.dossiers.parts import MOST_LINES, Section, Zone, known
from classroom.desk.queries import Moment
from classroom.desk.telling import session_of, tell
from classroom.web.words.actions import say_action

#: What the log may tell besides actions: of the ID number its end alone.
_HIDDEN = ("id_number", "old", "new", "changes")


def head_of_chain() -> str:
    """The end of the sealed log as it is printed, so that this paper vouches for what was before it."""
    seal = last_seal()
    return printed(seal) if seal else "chưa niêm phong"


def head_of_paper(actor: Actor) -> Letterhead:
    """Who makes the dossier, where and when."""
    return letterhead(accounts.get_organisation(actor.organisation_id), today(actor.time_zone))


def rule_section(rule: RuleVersion | None, zone: Zone) -> Section:
    """The version of the rule in words."""
    title = "Điều kiện cấp giấy chứng nhận"
    if rule is None:
        return Section(title, note="Không ghi phiên bản điều kiện.")
    by = reading.name_of(rule.created_by)
    made = " – ".join(filter(None, (zone.time(rule.created_at), by)))
    facts = known(("Phiên bản", str(rule.number)), ("Lập lúc", made), ("Ghi chú", rule.note))
    held = CourseRule.from_json(rule.rule)
    with force_locale("vi"):
        words = rule_words(held, rule.course.sessions_planned, reading.titles_of(rule))
    ways = (
        ("Học trực tiếp", words.in_person or ["có tên trong lớp"] if held.in_person else []),
        ("Học trực tuyến", words.online or ["có kết quả"] if held.online else []),
        ("Kết hợp", [words.mixed] if words.mixed else []),
    )
    said = ((way, "; ".join(each.removesuffix(".") for each in those)) for way, those in ways)
    return Section(title, [*facts, *known(*said)])


def criteria_section(certificate: Certificate) -> Section:
    """Each criterion by which the certificate was given: what was asked for, what was there, and where that is from."""
    with force_locale("vi"):
        ways = explain(certificate.explanation, str(certificate.facts.get("path", "")))
    rows = [
        [
            f"{way.name} ★" if way.chosen else way.name,
            line.title,
            line.required,
            line.actual or line.reason,
            "Đạt" if line.met else "Không",
            "; ".join(source.text for source in line.sources),
        ]
        for way in ways
        for line in way.lines
    ]
    note = "★ Cách học được xét cấp." if rows else "Không còn lưu căn cứ."
    headings = ("Hình thức", "Điều kiện", "Yêu cầu", "Thực tế", "Đạt", "Nguồn")
    facts = known(("Người duyệt", reading.name_of(certificate.approved_by)))
    return Section("Căn cứ từng điều kiện", facts, headings, rows, (1.6, 2, 2.2, 2, 1, 3.2), note)


def batch_section(batch: IssueBatch, zone: Zone) -> Section:
    """Who prepared, submitted and approved the batch, and the decision."""
    scan = batch.decision_file
    file = f"{scan.filename}, SHA-256 {scan.sha256}" if scan else ""
    return Section(
        f"Đợt cấp số {batch.number}" + (f" – {batch.title}" if batch.title else ""),
        known(
            ("Lập danh sách", _step(batch.preparer, batch.prepared_at, zone)),
            ("Trình duyệt", _step(batch.submitter, batch.submitted_at, zone)),
            ("Duyệt", _step(batch.approver, batch.approved_at, zone)),
            ("Cấp xong", zone.time(batch.issued_at)),
            ("Quyết định số", batch.decision_number),
            ("Ngày quyết định", zone.day(batch.decision_on)),
            ("Người ký", ", ".join(filter(None, (batch.signer_title, batch.signer_name)))),
            ("Bản chụp quyết định", file),
        ),
    )


def history_section(moments: Sequence[Moment], zone: Zone) -> Section:
    """Marks and their changes: when, what, by whom and why."""
    with force_locale("vi"):
        told = [tell(one) for one in moments[:MOST_LINES]]
        rows = [
            [
                zone.time(line.moment.at),
                " ".join(filter(None, (line.moment.class_code, session_of(line.moment)))),
                line.text,
                line.moment.staff,
                "; ".join(line.notes),
            ]
            for line in told
        ]
    headings = ("Lúc", "Buổi", "Việc", "Người thực hiện", "Ghi chú, lý do")
    return Section(
        "Lịch sử điểm danh", headings=headings, rows=rows, widths=(2.2, 1.6, 3, 2, 3), note=_cut(len(moments))
    )


def log_section(actor: Actor, subjects: Collection[tuple[str, int]], zone: Zone) -> Section:
    """What the log tells of these things, with the head of the chain."""
    lines = reading.log_about(actor.organisation_id, subjects, MOST_LINES + 1)
    with force_locale("vi"):
        rows = []
        for entry, personal in lines[:MOST_LINES]:
            shown = {name: value for name, value in personal.items() if name not in _HIDDEN}
            said = say_action(entry.action, entry.facts, shown)
            rows.append([zone.time(entry.at), said, entry.actor_name or entry.actor_kind])
    return Section(
        "Trích nhật ký hệ thống",
        known(("Đầu chuỗi niêm phong", head_of_chain())),
        ("Lúc", "Việc", "Người thực hiện"),
        rows,
        (2, 5, 2.2),
        _cut(len(lines)),
    )


def number(value: Decimal | None) -> str:
    """A number with a decimal comma and no needless zeros."""
    if value is None:
        return ""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _step(who: Staff | None, at: datetime | None, zone: Zone) -> str:
    return " – ".join(filter(None, (zone.time(at), who.name if who else ""))) if at else ""


def _cut(count: int) -> str:
    if count <= MOST_LINES:
        return ""
    return f"Chỉ in {MOST_LINES} dòng đầu; toàn bộ xem trên hệ thống."
