"""Vietnamese words of dossiers: states, kinds of events, decisions."""

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
