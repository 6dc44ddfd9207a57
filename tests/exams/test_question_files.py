"""Files as they come: in any encoding, of any format, and broken on purpose."""

import random
import re
import unicodedata
from pathlib import Path

import pytest

from classroom.core.errors import Refusal
from classroom.core.sheets import SheetLimits, write_xlsx
from classroom.exams.rules.imports.files import Format, guess_format, read_questions
from classroom.exams.rules.imports.plain_text import to_markdown
from classroom.exams.rules.imports.sheet_writing import template
from classroom.web.words import REFUSALS
from classroom.web.words.question_files import QUESTION_FILES

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "questions"
ROOT = Path(__file__).resolve().parents[2] / "classroom" / "exams"
LIMITS = SheetLimits()
GIFT = "Thủ đô của nước Việt Nam là thành phố nào? {=Hà Nội ~Huế ~Đà Nẵng}"


def texts(data: bytes, file_format: Format = Format.GIFT) -> list[str]:
    parsed = read_questions(data, "a.txt", file_format, LIMITS).parsed
    return [draft.content.text for draft in parsed.drafts]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_comes_in_whatever_its_form(encoding: str, form: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    data = mark + unicodedata.normalize(form, GIFT).encode(encoding)
    assert texts(data) == ["Thủ đô của nước Việt Nam là thành phố nào?"]
    assert read_questions(data, "a.txt", Format.GIFT, LIMITS).guessed == ""


def refused(data: bytes, name: str, file_format: Format) -> str:
    """Why a file is refused, "" when it is read."""
    try:
        read_questions(data, name, file_format, LIMITS)
    except Refusal as refusal:
        return refusal.code
    return ""


def windows(text: str) -> bytes:
    """What Windows of those years wrote: a letter, then its tone."""
    apart = unicodedata.normalize("NFD", text)
    for shape in ("a\u0302", "a\u0306", "e\u0302", "o\u0302", "o\u031b", "u\u031b"):
        for one in (shape, shape.upper()):
            apart = apart.replace(one, unicodedata.normalize("NFC", one))
            for tone in "\u0300\u0301\u0303\u0309\u0323":
                apart = apart.replace(one[0] + tone + one[1], unicodedata.normalize("NFC", one) + tone)
    return apart.encode("cp1258")


def test_old_windows_text_is_read_and_said_to_be_guessed() -> None:
    reading = read_questions(windows(GIFT), "a.txt", Format.GIFT, LIMITS)
    assert [draft.content.text for draft in reading.parsed.drafts] == ["Thủ đô của nước Việt Nam là thành phố nào?"]
    assert reading.guessed == "windows-1258"


def test_old_fonts_are_converted_and_said_to_be_guessed() -> None:
    data = "Hµ Néi lµ thñ ®« cña n­íc nµo? {=ViÖt Nam ~Lµo}".encode("latin-1")
    reading = read_questions(data, "a.txt", Format.GIFT, LIMITS)
    assert [draft.content.text for draft in reading.parsed.drafts] == ["Hà Nội là thủ đô của nước nào?"]
    assert reading.guessed == "tcvn3"


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        ((SAMPLES / "tin-hoc.gift").read_bytes(), "tin-hoc.txt", Format.GIFT),
        ((SAMPLES / "dich-vu-cong.txt").read_bytes(), "x.gift", Format.AIKEN),
        ((SAMPLES / "soan-voi.txt").read_bytes(), "x.txt", Format.AIKEN),
        (write_xlsx(template()), "x.txt", Format.SHEET),
        (b"Lo\xe1\xba\xa1i;C\xc3\xa2u h\xe1\xbb\x8fi\n", "x.csv", Format.SHEET),
    ],
)
def test_the_format_is_told_from_what_is_inside(data: bytes, name: str, expected: Format) -> None:
    assert guess_format(data, name) is expected


def test_a_text_without_answers_is_of_no_format() -> None:
    with pytest.raises(Refusal, match="unknown_format"):
        guess_format("Kính gửi các anh chị".encode(), "thu.txt")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "question_import.empty"),
        (b"\xef\xbb\xbf \r\n", "question_import.empty"),
        (b"x {T}\0", "question_import.binary"),
        (b"x {T}\x1b", "question_import.binary"),
        ("x {T}\ufdd0".encode(), "question_import.binary"),
        ("x {T}\uffff".encode(), "question_import.binary"),
        (b"PK\x03\x04abc", "question_import.binary"),
        (b"\xff\xfe\x00\xd8", "question_import.unknown_encoding"),
        (b"x \x8d\x8e {T}", "question_import.unknown_encoding"),
        (b"x" * 5_000_001, "question_import.too_large"),
        (b"%PDF-1.7\n\x00\x01", "question_import.binary"),
    ],
)
@pytest.mark.parametrize("file_format", [Format.GIFT, Format.AIKEN])
def test_what_is_no_text_is_refused_by_name(data: bytes, code: str, file_format: Format) -> None:
    assert refused(data, "a.txt", file_format) == code


def test_random_bytes_are_refused_or_read_but_never_break() -> None:
    chance = random.Random(7)
    for length in (1, 30, 3000):
        for _ in range(60):
            data = chance.randbytes(length)
            for file_format, name in ((Format.GIFT, "a.txt"), (Format.AIKEN, "a.txt"), (Format.SHEET, "a.csv")):
                assert refused(data, name, file_format).partition(".")[0] in {
                    "", "question_import", "sheet", "sheet_questions",
                }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "{" * 2_000_000,
        "x {" + "=~" * 1_000_000 + "}",
        "::" * 1_000_000,
        "\\" * 2_000_001 + "{T}",
        "[html]" + "<b>" * 13_000 + " {T}",
        "[html]" + "<b>x</b>" * 4_900 + " {T}",
        "[html]" + "<" * 39_000 + " {T}",
        "[html]" + "&" * 39_000 + " {T}",
        "[html]" + "a&lt;" * 7_900 + " {T}",
        "[html]" + "<a " * 13_000 + " {T}",
        "[html]" + '<a x="' * 6_000 + "> {T}",
        "[html]<b>" + "!a" * 19_000 + "</b> {T}",
        "[plain]" + "_ a_" * 9_900 + " {T}",
        "[plain]" + " " * 19_000 + "*" * 19_000 + " {T}",
        "[markdown]" + "![" * 19_900 + " {T}",
        ("x {=" + "%" * 30_000 + "~b}\n\n") * 30,
        "$CATEGORY: " + "/" * 1_000_000 + "\n\nx {T}",
        "x\nA. m\n" + "B. n\n" * 400_000 + "ANSWER: A",
        "A" + " " * 1_000_000 + ". x\nANSWER: A",
        "x\nANSWER:" + " " * 1_000_000 + "A" + " " * 1_000_000 + "B",
        "a" + " \t" * 500_000 + "\nANSWER: A",
    ],
    ids=range(21),
)
def test_texts_made_to_take_long_are_read_in_a_moment(text: str) -> None:
    """Each would take minutes if some step looked at every pair of signs; the test would not end."""
    for file_format in (Format.GIFT, Format.AIKEN):
        assert refused(text.encode(), "a.txt", file_format) in {"", "question_import.too_many"}


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("Hà Nội, 5 > 3 & 2 < 4", "Hà Nội, 5 > 3 & 2 < 4"),
        ("2*3", "2\\*3"),
        ("`x`", "\\`x\\`"),
        ("![a](b)", "\\![a](b)"),
        ("[a](b)", "[a](b)"),
        ("&lt;", "\\&lt;"),
        ("C:\\*", "C:\\\\\\*"),
        ("C:\\x", "C:\\x"),
        ("ten_tep_moi", "ten_tep_moi"),
        ("_____ là thủ đô", "_____ là thủ đô"),
        ("_____", "\\_____"),
        ("_a_", "\\_a\\_"),
        ("# a", "\\# a"),
        ("#a", "#a"),
        ("- a\n+ b\n3) c", "\\- a\n\\+ b\n3\\) c"),
        ("-5", "-5"),
        ("---", "\\---"),
        ("> a", "\\> a"),
    ],
)
def test_plain_text_is_written_so_that_markdown_shows_it(plain: str, markdown: str) -> None:
    assert to_markdown(plain) == markdown


def test_every_word_that_a_reader_may_say_is_in_the_table() -> None:
    folders = [ROOT / "rules" / "imports", ROOT / "services", ROOT / "queries"]
    source = "".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.py"))
    said = set(re.findall(r'"((?:gift|aiken|sheet_questions|question_import)\.[a-z_]+)"', source))
    assert len(said) > 60
    assert said - REFUSALS.keys() == set()
    reached = {"question_import.unknown_encoding", "question_import.guessed_encoding"}
    assert QUESTION_FILES.keys() - said - reached == set()
