"""Lists of learners as spreadsheets, in the official column order."""

from collections.abc import Sequence

from classroom.core.sheets import write_csv, write_xlsx
from classroom.core.tables import Column, Table
from classroom.learners.models import Learner
from classroom.learners.queries import birth_of
from classroom.learners.rules import Audience, Sex, mask_id_number, show_phone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEXES = {Sex.MALE.value: "Nam", Sex.FEMALE.value: "Nữ"}
_AUDIENCES = {
    Audience.OFFICIAL.value: "CBCC",
    Audience.CITIZEN.value: "Người dân",
    Audience.BUSINESS.value: "Doanh nghiệp",
}
#: The columns of the list that offices fill in; headings are the same in every language.
COLUMNS = (
    Column("STT", "number", 6),
    Column("Mã học viên", "id", 12),
    Column("Họ và tên", width=28),
    Column("Ngày sinh", "date", 12),
    Column("Giới tính", width=10),
    Column("Số CCCD", "id", 16),
    Column("Số điện thoại", "id", 14),
    Column("Email", width=26),
    Column("Đối tượng", width=14),
    Column("Chức vụ", width=18),
    Column("Đơn vị công tác", width=32),
    Column("Xã/Phường", width=18),
    Column("Ghi chú", width=24),
)


def learner_table(learners: Sequence[Learner], *, whole_id_numbers: bool) -> Table:
    """The list; ID numbers show their last four digits unless whole ones are allowed."""
    rows = []
    for place, learner in enumerate(learners, start=1):
        birth = birth_of(learner)
        row = (
            place,
            learner.code,
            learner.name,
            birth.on or birth.year if birth else None,
            _SEXES.get(learner.sex, ""),
            learner.id_number if whole_id_numbers else mask_id_number(learner.id_number),
            show_phone(learner.phone),
            learner.email,
            _AUDIENCES.get(learner.audience, ""),
            learner.position,
            learner.unit,
            learner.commune,
            learner.note,
        )
        rows.append(row)
    return Table("Danh sách học viên", COLUMNS, rows)


def write(table: Table, kind: str) -> tuple[bytes, str]:
    """The file's content and media type; `kind` is "xlsx" or "csv"."""
    return (write_xlsx([table]), XLSX) if kind == "xlsx" else (write_csv(table), "text/csv; charset=utf-8")
