"""36,000 online results from one XLSX file: read, judged, written and made to count, beside the least one could do.

The job runs in a process of its own, as in the worker, so that its memory is its own; all collect cycles as seldom. The
floor reads the same file with the same reader, parses and folds, and upserts the twelve columns with one executemany.
"""

import io
import json
import subprocess
import sys
import tempfile
import time
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median

import pysqlite3.dbapi2
from xlsxwriter.workbook import Workbook

from bench.tables import Row, spread
from classroom.core.collecting import collect_less_often
from classroom.core.db import db
from classroom.core.names import fold, sort_key
from classroom.core.sheets import read_table
from classroom.online.models import OnlineRecord
from classroom.online.services import imports
from classroom.sessions.services.imports import Upload
from tests.factories import CourseFactory, ProgrammeFactory, make_actor
from tests.support.databases import migrate, opened
from tests.support.online import LIMITS, NAMES, make_intake, secret

TITLE = "Online results: 36,000 rows × 12 columns by one XLSX file (SQLite)"
ROUNDS, PEOPLE = 5, 36_000
GOAL, MEMORY = 2.0, 250
HEADINGS = (
    "Tài khoản", "Họ và tên", "Ngày sinh", "Số CCCD", "Email", "Số điện thoại", "Đơn vị", "Ngày cấp tài khoản",
    "Ngày hoàn thành", "Tiến độ (%)", "Điểm kiểm tra", "Kết quả",
)  # fmt: skip


def run() -> list[Row]:
    """Seconds and memory of the job, of the dry run before it, and of the floor."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "results.xlsx").write_bytes(workbook())
        migrate(f"sqlite:///{folder / 'template.db'}", folder)
        for number in range(ROUNDS):
            for what in ("floor", "import"):
                command = [sys.executable, "-m", "bench.online_import", what, str(folder), str(number)]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                for key, value in json.loads(out.splitlines()[-1]).items():
                    found.setdefault(key, []).append(value)
    ratios = [job / floor for job, floor in zip(found["job"], found["floor"], strict=True)]
    memory = max(found["memory"])
    return [
        Row("read, judge, write and flip (the job)", f"{spread(found['job'])} s", f"floor {spread(found['floor'])} s"),
        Row("… beside the floor", f"{spread(ratios)} ×", "", f"≤ {GOAL:g} ×", median(ratios) <= GOAL),
        Row("upload, recognise, dry run before it", f"{spread(found['dry'])} s"),
        Row("the longest hold of the writer", f"{spread(found['hold'])} s"),
        Row("memory of the worker", f"{memory:.0f} MB", "", f"≤ {MEMORY} MB", memory <= MEMORY),
    ]


def workbook() -> bytes:
    """The file, as spreadsheet programs write it."""
    target = io.BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for n in range(PEOPLE):
            name = f"Nguyễn {NAMES[n % 10]} {NAMES[n // 10 % 10]} {NAMES[n // 100 % 10]} {NAMES[n // 1000 % 10]}"
            day, done = n % 27 + 1, n % 8 > 0
            sheet.write_row(n + 1, 0, [
                f"thu01{n:06}", name, f"{day:02}/{n % 12 + 1:02}/{1960 + n % 40}", f"0400{60 + n % 40:02}{n:06}",
                f"u{n}@example.vn" if n % 2 else "", f"09{n:08}", f"UBND xã {NAMES[n % 10]} {NAMES[n // 7 % 10]}",
                "13/10/2026", f"{n % 14 + 14}/10/2026 {n % 24:02}:{n % 60:02}:00" if done else "",
                100 if done else n % 100, n % 81 / 10 + 2 if done else "",
                ("Đạt" if n % 81 >= 30 else "Không đạt") if done else "Chưa hoàn thành",
            ])  # fmt: skip
    return target.getvalue()


def once(what: str, folder: Path, number: str) -> dict[str, float]:
    """One round in this process."""
    source = pysqlite3.dbapi2.connect(folder / "template.db")
    path = folder / f"{what}{number}.db"
    target = pysqlite3.dbapi2.connect(path)
    source.backup(target)
    target.close()
    content = (folder / "results.xlsx").read_bytes()
    collect_less_often()
    url = f"sqlite:///{path}"
    with opened(url, folder / "instance"):
        if what == "floor":
            return {"floor": floor(content)}
        dry = ready(content)
    command = [sys.executable, "-m", "bench.import_job", url, str(folder / "instance")]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    with opened(url, folder / "instance"):
        assert db.session.query(OnlineRecord).count() == PEOPLE
    return {"dry": dry, **json.loads(out.splitlines()[-1])}


def floor(content: bytes) -> float:
    """Read the file, check and fold each row in the plainest way, upsert the twelve columns by one executemany."""
    begins = time.perf_counter()
    [sheet] = read_table(content, "a.xlsx", LIMITS)
    rows = [_plainly([cell.text for cell in cells]) for cells in sheet.rows[1:]]
    connection = db.session.connection().connection
    connection.execute(f"CREATE TABLE floor (account PRIMARY KEY, {', '.join(_COLUMNS)})")
    connection.commit()
    connection.execute("BEGIN IMMEDIATE")
    shown, changed = ", ".join(["?"] * (len(_COLUMNS) + 1)), ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
    connection.executemany(f"INSERT INTO floor VALUES ({shown}) ON CONFLICT (account) DO UPDATE SET {changed}", rows)
    connection.commit()
    return time.perf_counter() - begins


_COLUMNS = (
    "name", "name_fold", "sort_key", "born", "id_number", "email", "phone", "unit", "issued", "completed", "progress",
    "score", "said",
)  # fmt: skip


def _plainly(cells: list[str]) -> tuple[str | None, ...]:
    account, name, born, number, email, phone, unit, issued, completed, progress, score, said = cells
    assert account.isalnum()
    assert len(number) == 12
    assert number.isdigit()
    assert not email or "@" in email
    assert phone.isdigit()
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    return (
        account, name, fold(name), sort_key(name), _day(born).isoformat(), number, email, phone, unit,
        _day(issued).isoformat(), _moment(completed).isoformat() if completed else None, str(Decimal(progress)),
        str(Decimal(score)) if score else None, said,
    )  # fmt: skip


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC).date()


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M:%S").replace(tzinfo=UTC)


def ready(content: bytes) -> float:
    """What a coordinator does until the job is asked for; seconds of upload and dry run."""
    actor = make_actor("coordinator")
    intake = make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
    begins = time.perf_counter()
    upload = Upload("results.xlsx", content)
    made = imports.upload_results([upload], intake_id=intake.public_id, limits=LIMITS, secret=secret(), actor=actor)
    imports.check_import(made.public_id, limits=LIMITS, secret=secret(), actor=actor)
    dry = time.perf_counter() - begins
    imports.start_import(made.public_id, actor=actor)
    return dry


if __name__ == "__main__":
    sys.stdout.write(json.dumps(once(sys.argv[1], Path(sys.argv[2]), sys.argv[3])) + "\n")
