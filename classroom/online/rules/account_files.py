"""Files by which platforms create accounts in bulk: which columns each wants."""

from collections.abc import Sequence
from dataclasses import dataclass

from classroom.core.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One account to be created; `born` as dd/mm/yyyy or a year."""

    name: str
    learner_code: str
    full_name: str
    born: str = ""
    email: str = ""
    phone: str = ""
    unit: str = ""


#: Kind of file and how it ends; the words for it are the page's.
FORMATS = {"template": "xlsx", "open_edx": "csv", "moodle": "csv"}
#: Addresses that end so can never belong to anybody (RFC 2606); platforms insist on one.
NO_ADDRESS = "khong-co-email.invalid"


def account_table(file_format: str, group: str, accounts: Sequence[NewAccount]) -> Table:
    """The table for a platform, one row an account. Learners without an e-mail get an address that reaches nobody."""
    make = {"template": _template, "open_edx": _open_edx, "moodle": _moodle}[file_format]
    return make(group, accounts)


def _template(group: str, accounts: Sequence[NewAccount]) -> Table:
    columns = [
        Column("STT", "number", 6),
        Column("Tài khoản", "id", 18),
        Column("Mã học viên", "id", 14),
        Column("Họ và tên", width=28),
        Column("Ngày sinh", width=12),
        Column("Email", width=28),
        Column("Số điện thoại", "id", 16),
        Column("Đơn vị", width=32),
        Column("Đợt", width=14),
        Column("Ngày cấp tài khoản", width=20),
    ]
    rows: list[list[Cell]] = [
        [place, one.name, one.learner_code, one.full_name, one.born, one.email, one.phone, one.unit, group, None]
        for place, one in enumerate(accounts, start=1)
    ]
    return Table("Tài khoản", columns, rows)


def _open_edx(group: str, accounts: Sequence[NewAccount]) -> Table:
    columns = [Column(name, "id") for name in ("email", "username", "name", "cohort")]
    return Table("accounts", columns, [[_email(one), one.name, one.full_name, group] for one in accounts])


def _moodle(group: str, accounts: Sequence[NewAccount]) -> Table:
    """Moodle's "Upload users": the family name stands before the given one, a password is made by the platform."""
    names = ("username", "lastname", "firstname", "email", "idnumber", "phone1", "institution", "cohort1")
    rows: list[list[Cell]] = []
    for one in accounts:
        family, _, given = one.full_name.rpartition(" ")
        known: list[Cell] = [_email(one), one.learner_code, one.phone, one.unit, group]
        rows.append([one.name, family or given, given, *known, 1])
    return Table("users", [*(Column(name, "id") for name in names), Column("createpassword", "number")], rows)


def _email(one: NewAccount) -> str:
    return one.email or f"{one.name}@{NO_ADDRESS}"
