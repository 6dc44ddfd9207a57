"""Vietnamese words of dossiers: states, kinds of events, a rule and its criteria as they are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from classroom.desk.dossiers.parts import Zone

STATES = {"issued": "Còn hiệu lực", "revoked": "Đã thu hồi", "replaced": "Đã thay bằng giấy khác", "void": "Số hỏng"}
EVENTS = {
    "issued": "Cấp", "revoked": "Thu hồi", "restored": "Khôi phục", "replaced": "Thay bằng giấy khác",
    "voided": "Hủy số", "handed_out": "Trao", "taken_back": "Nhận lại", "erased": "Xóa dữ liệu cá nhân",
    "printed": "In", "learner_changed": "Chuyển hồ sơ học viên",
}  # fmt: skip
PATHS = {"in_person": "Học trực tiếp", "online": "Học trực tuyến", "mixed": "Kết hợp", "listed": "Theo danh sách"}
DECISIONS = {"pass": "Đạt", "fail": "Không đạt", "held": "Chờ xác minh"}
OUTCOMES = {"pass": "Đạt", "fail": "Không đạt", "": ""}
ATTEMPTS = {"running": "Đang làm bài", "finished": "Đã nộp", "annulled": "Đã hủy"}
_CRITERIA = {
    "place": "Có chỗ trong lớp", "attendance": "Số buổi tham dự", "test": "Bài kiểm tra",
    "result": "Kết quả trực tuyến",
    "completion": "Hoàn thành đúng hạn", "online_test": "Bài kiểm tra trực tuyến", "progress": "Tiến độ trực tuyến",
    "allow": "Được cấp theo quyết định riêng", "deny": "Không cấp theo quyết định riêng",
    "match": "Câu hỏi về nhận diện chưa trả lời",
}  # fmt: skip
_FIELDS = {
    "sessions": "số buổi", "of": "trên tổng số buổi", "percent": "phần trăm", "passed": "đạt", "days": "số ngày",
    "issued_on": "ngày cấp tài khoản", "until": "đến hết ngày", "score": "điểm", "outcome": "kết quả",
    "completed_at": "hoàn thành lúc", "note": "ghi chú", "class": "lớp", "paper": "đề", "on": "ngày",
    "account": "tài khoản", "intake_name": "đợt", "file": "tệp", "row": "dòng", "intake": "", "import": "",
    "record": "", "attempt": "", "case": "", "listed": "",
}  # fmt: skip


def rule_lines(rule: Mapping[str, Any]) -> list[str]:
    """A course's rule (as JSON) as sentences; either way is enough."""
    found = []
    if in_person := rule.get("in_person"):
        asked = []
        if in_person.get("sessions"):
            asked.append(f"tham dự ít nhất {in_person['sessions']} buổi")
        if in_person.get("paper"):
            mark = in_person.get("mark")
            asked.append(f"bài kiểm tra đạt ít nhất {mark} %" if mark is not None else "bài kiểm tra đạt")
        found.append("Học trực tiếp: " + (", ".join(asked) or "có tên trong lớp") + ".")
    if online := rule.get("online"):
        asked = ["hoàn thành trong thời hạn của đợt"] if online.get("in_time") else []
        if online.get("score") is not None:
            asked.append(f"bài kiểm tra trực tuyến đạt ít nhất {online['score']} %")
        if online.get("progress") is not None:
            asked.append(f"tiến độ ít nhất {online['progress']} %")
        found.append("Học trực tuyến: " + (", ".join(asked) or "có kết quả") + ".")
    if rule.get("mixed"):
        found.append("Kết hợp: số buổi học trực tiếp cùng bài kiểm tra trực tuyến.")
    return found


def explained(lines: Sequence[Mapping[str, Any]], zone: Zone) -> list[list[str]]:
    """Each criterion as a row: way, criterion, required, actual, whether met, where it comes from."""
    return [
        [
            PATHS.get(str(line.get("path", "")), ""),
            _CRITERIA.get(str(line.get("criterion", "")), str(line.get("criterion", ""))),
            _spelt(line.get("required"), zone),
            _spelt(line.get("actual"), zone),
            "Đạt" if line.get("met") else "Không",
            _spelt(line.get("source", line.get("sources")), zone),
        ]
        for line in lines
    ]


def _spelt(value: Any, zone: Zone) -> str:
    """What a criterion keeps, as words; whichever version of the rules wrote it."""
    if isinstance(value, Mapping):
        if value.get("passed") is True:
            return "đạt"
        parts = [(_FIELDS.get(name, name), _one(name, part, zone)) for name, part in value.items()]
        return "; ".join(f"{label} {text}".strip() for label, text in parts if label and text)
    if isinstance(value, list):
        return ", ".join(filter(None, (_spelt(one, zone) for one in value)))
    return str(value or "")


def _one(name: str, part: Any, zone: Zone) -> str:
    if name == "sessions" and isinstance(part, list):
        return ", ".join(zone.day(one.get("on")) for one in part if isinstance(one, Mapping))
    if name in {"issued_on", "until", "on"}:
        return zone.day(part)
    if name == "outcome":
        return OUTCOMES.get(part, str(part))
    return _spelt(part, zone)
