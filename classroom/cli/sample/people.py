"""Invented learners: drawn from common names, the same for the same seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from classroom.core.tables import Column, Table

FAMILIES = (
    "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Vi Lô Vừ Moong Cao Thái Đinh Hà Chu Lương"
).split()
WOMEN = ("Thị", "Thị Thu", "Thị Ngọc", "Thị Kim", "Phương", "Thị Thanh", "Thị Bích", "Thị Mai", "Khánh")
MEN = ("Văn", "Đức", "Hữu", "Quốc", "Minh", "Trọng", "Xuân", "Tiến", "Viết", "Bá")
HER_NAMES = "Ánh Bích Châu Dung Đào Hà Hạnh Hằng Hoa Hồng Hương Lan Liên Loan Mai My Nga Ngân Nhung Oanh Phúc".split()
HIS_NAMES = "An Bình Cường Dũng Duy Đạt Đức Hải Hiếu Hoàng Hùng Khánh Lâm Long Minh Nam Nghĩa Phúc Quân Sơn".split()
PLACES = (
    "Đô Lương", "Tân Kỳ", "Anh Sơn", "Con Cuông", "Tương Dương", "Quế Phong", "Quỳ Châu", "Quỳ Hợp", "Nghĩa Đàn",
    "Yên Thành", "Diễn Châu", "Quỳnh Lưu", "Nghi Lộc", "Nam Đàn", "Hưng Nguyên", "Thanh Chương",
)  # fmt: skip
BODIES = (
    "UBND xã", "Trạm Y tế xã", "Trường Tiểu học", "Trường THCS", "Hội Liên hiệp Phụ nữ xã", "Đoàn xã", "Công an xã",
    "HTX nông nghiệp", "Trung tâm Phục vụ hành chính công xã",
)  # fmt: skip
POSITIONS = ("Công chức", "Chuyên viên", "Giáo viên", "Kế toán", "Văn thư", "Phó Chủ tịch", "Cán bộ", "")
HEADINGS = (
    ("STT", "number", 6), ("Họ và tên", "text", 28), ("Ngày sinh", "text", 12), ("Giới tính", "text", 9),
    ("Số CCCD", "id", 15), ("Số điện thoại", "id", 13), ("Đối tượng", "text", 12), ("Chức vụ", "text", 14),
    ("Đơn vị công tác", "text", 34), ("Xã/Phường", "text", 16),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented."""

    name: str
    woman: bool
    born_on: date
    id_number: str
    phone: str
    position: str
    unit: str
    commune: str


def invent(count: int, seed: int) -> list[Person]:
    """So many people, nobody twice; another seed invents others."""
    random = Random(seed)  # noqa: S311 - sample data, no secret
    return [_person(random, seed * 1000 + index) for index in range(count)]


def _person(random: Random, serial: int) -> Person:
    woman = random.random() < 0.55
    middles, givens = (WOMEN, HER_NAMES) if woman else (MEN, HIS_NAMES)
    middle, given = random.choice(middles), random.choice(givens)
    born_on = date(1962, 1, 1) + timedelta(days=random.randrange(14_000))
    century = (0 if born_on.year < 2000 else 2) + woman
    commune = random.choice(PLACES)
    return Person(
        name=f"{random.choice(FAMILIES)} {middle} {given}",
        woman=woman,
        born_on=born_on,
        id_number=f"040{century}{born_on:%y}{serial:06d}",
        phone=f"09{serial:08d}",
        position=random.choice(POSITIONS),
        unit=f"{random.choice(BODIES)} {commune}",
        commune=commune,
    )


def roster(people: list[Person], code: str) -> Table:
    """The list as an office would send it."""
    rows = [
        [
            index, one.name, f"{one.born_on:%d/%m/%Y}", "Nữ" if one.woman else "Nam", one.id_number, one.phone, "CBCC",
            one.position or None, one.unit, one.commune,
        ]
        for index, one in enumerate(people, start=1)
    ]  # fmt: skip
    columns = [Column(heading, kind, width) for heading, kind, width in HEADINGS]  # type: ignore[arg-type]
    return Table(f"Danh sách học viên lớp {code}", columns, rows)
