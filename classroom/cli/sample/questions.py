"""An invented question bank about digital skills: four topics of six questions, all seven kinds among them."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from classroom.core.actor import Actor
from classroom.exams.models import Question
from classroom.exams.rules.kinds import OPTION_IDS, Content, Kind
from classroom.exams.services.bank import Place, add_question
from classroom.exams.services.pictures import add_picture

SERVICES = "Dịch vụ công và định danh điện tử"
SAFETY = "An toàn thông tin"
SHEETS = "Bảng tính và dữ liệu"
ASSISTANTS = "Trợ lý trí tuệ nhân tạo"
TOPICS = (SERVICES, SAFETY, SHEETS, ASSISTANTS)
#: The question whose key an author got wrong, so that the analysis has something to find; and what is right.
MISTAKEN, TRULY_RIGHT = "Mã OTP", "b"
#: Before an option that is right.
_RIGHT = "*"
#: Digits and plain letters only: the font that Pillow brings along has no others.
_TABLE = (("", "A", "B", "C"), ("1", "T1", "40", "36"), ("2", "T2", "60", "57"), ("3", "T3", "50", "42"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the sample writes it; `hard` is from -2 (nearly everybody knows it) to 2."""

    topic: str
    content: Content
    hard: float


def write_bank(course: str, actor: Actor) -> dict[str, Question]:
    """Write all questions into the bank of a course; by their titles."""
    picture = add_picture(draw_table(), actor=actor).public_id
    return {
        asked.content.title: add_question(asked.content, Place(course, asked.topic), actor=actor)
        for asked in bank(picture)
    }


def draw_table() -> bytes:
    """A piece of a spreadsheet, as PNG."""
    width, height = (60, 130, 130, 130), 52
    image = Image.new("RGB", (sum(width) + 1, height * len(_TABLE) + 1), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=24)
    for row, cells in enumerate(_TABLE):
        for column, text in enumerate(cells):
            left, top = sum(width[:column]), row * height
            heading = row == 0 or column == 0
            box = (left, top, left + width[column], top + height)
            pen.rectangle(box, fill="#e8edf2" if heading else "white", outline="#8a97a6")
            pen.text((left + 14, top + 11), text, fill="#1b2733", font=font)
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def bank(picture: str) -> Iterator[Asked]:
    """The questions, those of a topic together; `picture` is the public id of the drawn table."""
    for topic, questions in zip(TOPICS, (_services(), _safety(), _sheets(picture), _assistants()), strict=True):
        yield from (Asked(topic, content, hard) for content, hard in questions)


_Row = tuple[Content, float]


def _services() -> Sequence[_Row]:
    return (
        (_single("Mức độ định danh", "Công dân được cấp tài khoản định danh điện tử **mức độ 2** bằng cách nào?",
            "Tự đăng ký trên điện thoại tại nhà", "*Đến cơ quan công an để được thu nhận thông tin sinh trắc học",
            "Gọi điện thoại đến tổng đài", "Nhắn tin theo cú pháp có sẵn"), -0.3),
        (_single("Nộp hồ sơ", "Người dân muốn nộp hồ sơ trực tuyến thì bắt đầu ở đâu là an toàn nhất?",
            "Đường dẫn trong tin nhắn của người lạ", "Quảng cáo đầu tiên trong kết quả tìm kiếm",
            "*Tự gõ địa chỉ của Cổng Dịch vụ công vào trình duyệt",
            "Đường dẫn được chia sẻ trong nhóm trò chuyện"), -1.2),
        (_true_false("Giá trị của giấy tờ", "Giấy tờ đã tích hợp trên ứng dụng định danh điện tử có giá trị như bản "
            "giấy khi làm thủ tục mà pháp luật cho phép.", right=True), -0.8),
        (_multiple("Cần chuẩn bị gì", "Để nộp một hồ sơ trực tuyến, người dân thường cần những gì?",
            "*Tài khoản định danh điện tử", "*Bản chụp rõ nét các giấy tờ phải nộp kèm",
            "*Số điện thoại đang dùng để nhận mã",
            "Mật khẩu thư điện tử của cán bộ tiếp nhận"), 0.2),
        (_ordering("Các bước nộp hồ sơ", "Sắp xếp các bước nộp hồ sơ trực tuyến theo đúng trình tự.", "Đăng nhập",
            "Chọn thủ tục", "Điền tờ khai và đính kèm giấy tờ", "Kiểm tra lại và gửi", "Theo dõi bằng mã hồ sơ"), 0.1),
        (_matching("Trạng thái hồ sơ", "Ghép mỗi trạng thái hồ sơ với việc người dân cần làm.",
            ("Yêu cầu bổ sung", "Nộp thêm giấy tờ còn thiếu"), ("Chờ nộp phí", "Thanh toán trực tuyến hoặc tại quầy"),
            ("Đã có kết quả", "Nhận kết quả"), extra="Nộp lại từ đầu"), 0.4),
    )  # fmt: skip


def _safety() -> Sequence[_Row]:
    return (
        (_single("Mã OTP", "Một người tự xưng là nhân viên ngân hàng gọi điện, đề nghị đọc mã OTP để “hủy giao dịch "
            "lạ”. Nên làm gì trước hết?", "*Đọc mã để giao dịch được hủy ngay",
            "Dừng cuộc gọi, không cung cấp mã cho bất kỳ ai",
            "Nhắn mã qua tin nhắn thay vì đọc", "Chờ người đó gọi lại lần nữa"), -0.9),
        (_single("Mật khẩu mạnh", "Mật khẩu nào dưới đây **khó đoán nhất**?", "12345678", "matkhau2026",
            "*thuyen-mua-bac-chuong-37", "ngày sinh của mình"), -0.7),
        (_multiple("Dấu hiệu lừa đảo", "Những dấu hiệu nào cho thấy một tin nhắn có thể là lừa đảo?",
            "*Thúc giục phải làm ngay", "*Đường dẫn gần giống tên miền của cơ quan nhà nước",
            "*Yêu cầu cung cấp mật khẩu",
            "Có dấu chấm ở cuối câu"), 0.1),
        (_true_false("Wi-Fi công cộng", "Dùng Wi-Fi công cộng không có mật khẩu để chuyển tiền là an toàn, miễn là "
            "tín hiệu mạnh.", right=False), -1.4),
        (_short("Xác thực hai lớp", "Ngoài mật khẩu còn phải nhập mã gửi về điện thoại. Cách đăng nhập đó gọi là xác "
            "thực mấy *lớp* (yếu tố)? Viết bằng chữ hoặc bằng số.", "hai", "2", "hai lớp", "2 lớp"), -0.5),
        (_ordering("Khi nghi bị lộ mật khẩu", "Sắp xếp các việc cần làm khi nghi mật khẩu thư công vụ đã bị lộ.",
            "Đổi mật khẩu ngay", "Đăng xuất khỏi mọi thiết bị", "Báo cho bộ phận phụ trách công nghệ thông tin"), 0.9),
    )  # fmt: skip


def _sheets(picture: str) -> Sequence[_Row]:
    return (
        (_number("Tổng số hồ sơ", "Trong bảng, cột A là tháng, cột B là số hồ sơ nhận, cột C là số hồ sơ đúng hạn.\n\n"
            f"![Bảng tính: ô B1 là 40, B2 là 60, B3 là 50](picture:{picture})\n\n"
            "Ô B4 có công thức `=SUM(B1:B3)`. Kết quả là bao nhiêu?", "150"), -0.9),
        (_number("Tỷ lệ đúng hạn", "Một xã nhận 60 hồ sơ, giải quyết đúng hạn 57. Tỷ lệ đúng hạn là bao nhiêu **phần "
            "trăm**?", "95", "0.5"), 0.2),
        (_single("Sao chép công thức", "Ô C2 có công thức `=A2*$B$1`. Sao chép xuống ô C3 thì được công thức nào?",
            "`=A2*$B$1`", "*`=A3*$B$1`", "`=A3*$B$2`", "`=A3*B2`"), 0.8),
        (_single("Lọc dữ liệu", "Muốn chỉ xem những dòng của một xã mà không xóa các dòng khác thì dùng chức năng nào?",
            "Sắp xếp", "Gộp ô", "*Bộ lọc", "Định dạng có điều kiện"), -0.2),
        (_matching("Hàm và công dụng", "Ghép mỗi hàm với công dụng của nó.", ("SUM", "Tính tổng"),
            ("AVERAGE", "Tính trung bình cộng"), ("COUNT", "Đếm các ô chứa số"), ("MAX", "Tìm số lớn nhất")), 0.0),
        (_short("Phím tắt hoàn tác", "Viết tổ hợp phím dùng để **hoàn tác** thao tác vừa làm (trên máy tính Windows).",
            "Ctrl+Z", "Ctrl + Z", "Ctrl Z"), -0.1),
    )  # fmt: skip


def _assistants() -> Sequence[_Row]:
    return (
        (_single("Dữ liệu đưa vào", "Nội dung nào **không được** đưa vào một trợ lý trí tuệ nhân tạo công cộng?",
            "Một đoạn thông báo đã công khai", "*Danh sách người dân kèm số căn cước", "Câu hỏi về cách dùng bảng tính",
            "Dàn ý của một bài tuyên truyền"), -0.9),
        (_true_false("Kiểm tra lại", "Câu trả lời của trợ lý trí tuệ nhân tạo luôn đúng nên không cần kiểm tra lại.",
            right=False), -1.6),
        (_multiple("Câu lệnh tốt", "Một câu lệnh tốt cho trợ lý trí tuệ nhân tạo thường nêu rõ những gì?",
            "*Việc cần làm", "*Người đọc văn bản", "*Độ dài và hình thức mong muốn", "Mật khẩu của người viết"), -0.1),
        (_single("Số liệu bịa", "Trợ lý đưa ra một số liệu thống kê nhưng không ghi nguồn. Nên làm gì?",
            "Dùng ngay vì trông hợp lý", "Làm tròn rồi dùng", "*Đối chiếu với nguồn chính thức trước khi dùng",
            "Hỏi lại lần nữa, nếu giống nhau thì dùng"), -0.6),
        (_ordering("Soạn thông báo", "Sắp xếp các bước soạn thông báo với sự hỗ trợ của trợ lý trí tuệ nhân tạo.",
            "Xác định mục đích và người đọc", "Viết câu lệnh", "Kiểm tra và sửa bản nháp",
            "Trình người có thẩm quyền duyệt"), 0.3),
        (_single("Trách nhiệm", "Ai chịu trách nhiệm về nội dung văn bản được soạn với sự hỗ trợ của trợ lý?",
            "Công ty cung cấp trợ lý", "Không ai cả", "*Người soạn và người ký văn bản",
            "Bộ phận công nghệ thông tin"), -0.4),
    )  # fmt: skip


def _choice(kind: Kind) -> Callable[..., Content]:
    def make(title: str, text: str, *options: str) -> Content:
        rows = [
            {"id": key, "text": option.removeprefix(_RIGHT), "right": option.startswith(_RIGHT)}
            for key, option in zip(OPTION_IDS, options, strict=False)
        ]
        return Content(kind, text, {"options": rows}, title)

    return make


_single, _multiple = _choice(Kind.SINGLE), _choice(Kind.MULTIPLE)


def _true_false(title: str, text: str, *, right: bool) -> Content:
    return Content(Kind.TRUE_FALSE, text, {"right": right}, title)


def _number(title: str, text: str, value: str, tolerance: str = "0") -> Content:
    return Content(
        Kind.NUMERICAL, text, {"answers": [{"value": value, "tolerance": tolerance, "percent": "100"}]}, title
    )


def _short(title: str, text: str, *answers: str) -> Content:
    body = {"answers": [{"text": one, "percent": "100"} for one in answers], "diacritics": False, "case": False}
    return Content(Kind.SHORT_ANSWER, text, body, title)


def _ordering(title: str, text: str, *items: str) -> Content:
    rows: list[dict[str, Any]] = [{"id": key, "text": item} for key, item in zip(OPTION_IDS, items, strict=False)]
    return Content(Kind.ORDERING, text, {"items": rows}, title)


def _matching(title: str, text: str, *pairs: tuple[str, str], extra: str = "") -> Content:
    rows = [{"id": key, "left": left, "right": right} for key, (left, right) in zip(OPTION_IDS, pairs, strict=False)]
    return Content(Kind.MATCHING, text, {"pairs": rows, "extra": [{"id": "x", "text": extra}] if extra else []}, title)
