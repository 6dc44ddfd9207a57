"""Certificates as PDF in files of 500, from a press beside the process, against pages without data."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typst

from bench.tables import Row, spread
from classroom.certification.documents.press import Press
from classroom.certification.rules.codes import new_code
from classroom.certification.rules.designs import Design
from classroom.certification.rules.printing import CHUNK
from classroom.core import pdf
from tests.support.printroom import facts

TITLE = "31,000 certificates as PDF, in files of 500"
COUNT = 31_000
GOAL_RATE, GOAL_MEMORY = 450, 400
NAMES = (
    "Nguyễn Thị Ánh Tuyết",
    "Lê Hoàng Anh",
    "Phạm Văn Ẩn",
    "Đặng Thị Đào",
    "Lô Thị Ước",
    "Vừ Y",
    "Nguyễn Tiến Dũng",
)
UNITS = ("UBND xã Đô Lương", "Sở Khoa học và Công nghệ", "Trường THPT Mẫu", "Khối 3, phường Vinh Phú")


def run() -> list[Row]:
    """Certificates a second file by file, megabytes of the press, and the floor."""
    rates, sizes = [], 0
    with Press() as press, _watching(press) as most:
        press.make(_faces(0, 10), Design(), b"", "https://chungnhan.example.vn")
        begins = time.perf_counter()
        for start in range(0, COUNT, CHUNK):
            count = min(CHUNK, COUNT - start)
            at = time.perf_counter()
            paper = press.make(_faces(start, count), Design(), b"", "https://chungnhan.example.vn")
            rates.append(count / (time.perf_counter() - at))
            sizes += len(paper)
        seconds = time.perf_counter() - begins
    rate, floor = COUNT / seconds, _floor()
    held = max(most)
    return [
        Row(
            "certificates a second, all of them",
            f"{rate:.0f}",
            f"by file: {spread(rates, 0)}",
            f"≥ {GOAL_RATE}",
            rate >= GOAL_RATE,
        ),
        Row("the same against pages with one word", f"{rate / floor:.2f}", f"{floor:.0f} pages a second"),
        Row("most memory of the press", f"{held:.0f} MB", "", f"< {GOAL_MEMORY} MB", held < GOAL_MEMORY),
        Row("size of all files", f"{sizes / 1e6:.0f} MB"),
    ]


def _faces(start: int, count: int) -> list[tuple[dict[str, str], str]]:
    return [
        (
            facts(
                name=NAMES[number % len(NAMES)],
                unit=f"{UNITS[number % len(UNITS)]} {number % 97}",
                number=f"{number + 1:05}/2026/GCN-SKHCN",
            ).as_json(),
            new_code(),
        )
        for number in range(start, start + count)
    ]


def _floor() -> float:
    """Pages a second of the typesetter with nothing but the number on them."""
    source = (
        f"#set page(width: 297mm, height: 210mm)\n#for n in range({CHUNK}) {{ if n > 0 {{ pagebreak() }}; str(n) }}"
    )
    best = 0.0
    for _ in range(3):
        at = time.perf_counter()
        typst.compile(source.encode(), font_paths=pdf.fonts(), ignore_system_fonts=True)
        best = max(best, CHUNK / (time.perf_counter() - at))
    return best


@contextmanager
def _watching(press: Press) -> Iterator[list[float]]:
    """Megabytes that the press holds, looked at twenty times a second."""
    seen, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            for key in press.process_ids():
                status = Path(f"/proc/{key}/status")
                if status.exists():
                    lines = status.read_text().splitlines()
                    held = next((line for line in lines if line.startswith("VmRSS")), "VmRSS: 0 kB")
                    seen.append(int(held.split()[1]) / 1024)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
