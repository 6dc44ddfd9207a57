"""What a column of an export means, told from its heading and, where that leaves a choice, from its values."""

import enum
import re
from collections.abc import Mapping, Sequence

from classroom.core.names import fold
from classroom.sessions.rules.roster import Field, field_of_heading


class Meaning(enum.StrEnum):
    """What a column of an export can hold; IGNORED is one that is known and not kept."""

    ACCOUNT = "account"
    USER_ID = "user_id"
    NAME = "name"
    FAMILY_MIDDLE = "family_middle"
    GIVEN = "given"
    BIRTH = "birth"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMAIL = "email"
    UNIT = "unit"
    ISSUED = "issued"
    COMPLETED = "completed"
    PROGRESS = "progress"
    SCORE = "score"
    SAID = "said"
    RETRACTED = "retracted"
    TAKEN = "taken"
    #: An activity's state, and beside it the day it was reached (Moodle's report of completion).
    ACTIVITY = "activity"
    ACTIVITY_DAY = "activity_day"
    IGNORED = "ignored"


#: Meanings that more than one column may have.
MANY = frozenset({Meaning.ACTIVITY, Meaning.ACTIVITY_DAY, Meaning.IGNORED})
#: Columns that hold a day or an instant.
MOMENTS = (Meaning.BIRTH, Meaning.ISSUED, Meaning.COMPLETED, Meaning.TAKEN, Meaning.ACTIVITY_DAY)
_LONGEST_HEADING = 80
_PERSONAL = {
    Field.NAME: Meaning.NAME,
    Field.FAMILY_MIDDLE: Meaning.FAMILY_MIDDLE,
    Field.GIVEN: Meaning.GIVEN,
    Field.BIRTH: Meaning.BIRTH,
    Field.ID_NUMBER: Meaning.ID_NUMBER,
    Field.PHONE: Meaning.PHONE,
    Field.EMAIL: Meaning.EMAIL,
    Field.UNIT: Meaning.UNIT,
}
# The first pattern that matches decides; headings are folded, without brackets and punctuation.
_PATTERNS = tuple(
    (meaning, re.compile(pattern))
    for meaning, pattern in (
        (Meaning.IGNORED, r"(enrol(l)?ment|verification|cohort|team|certificate (delivered|type))\b.*|homework.*"),
        (Meaning.TAKEN, r"(tai ve lan cuoi|last downloaded|thoi diem lay|ngay (lay|xuat) |exported at|snapshot).*"),
        (Meaning.RETRACTED, r"(da )?thu hoi.*|(ket qua )?bi (thu hoi|huy)|retract(ed|ion).*|revoked|withdrawn result"),
        (Meaning.ISSUED, (r"(ngay|thoi (diem|gian)) (cap|tao|kich hoat|dang ky) (tai khoan|tk|account)?.*"
                         r"|ngay cap|account (issued|created).*|created( at| on)?|date joined|issued( on| at)?")),
        (Meaning.COMPLETED, (r"(ngay|thoi (diem|gian)|tg) (hoan thanh|ket thuc).*|(date )?completed( at| on| date)?"
                            r"|completion (date|time).*|finish(ed)? (date|time|at|on)")),
        (Meaning.PROGRESS, (r"(tien do|(muc do|ty le|phan tram) hoan thanh|hoan thanh)( hoc( tap)?)?"
                           r"( khoa hoc)?( percent)?|(course )?(progress|completion)( percent(age)?)?")),
        (Meaning.SAID, (r"(ket qua|ket luan|xep loai|trang thai|tinh trang)( (khoa hoc|hoan thanh|hoc tap|cuoi cung))?"
                       r"|dat|certificate eligible|pass(ed)?|status|result|verdict")),
        (Meaning.SCORE, (r"(final |course )?(grade|score|mark)s?|diem.*|tong (diem|khoa hoc|ket).*|course total.*"
                        r"|final exam.*|(bai )?(kiem tra|thi|quiz|test)\b.*")),
        (Meaning.ACCOUNT, r"((ma|so|ten) )?tai khoan.*|ten (dang nhap|nguoi dung)|user ?name|account.*|log ?in"),
        (Meaning.USER_ID, r"(student |user )?id|ma nguoi dung"),
        (Meaning.FAMILY_MIDDLE, r"surname|last name|family name"),
        (Meaning.ID_NUMBER, r"ma so|id number|citizen id|so dinh danh.*"),
        (Meaning.UNIT, r"institution|department|khoa phong|phong ban|to chuc"),
    )
)  # fmt: skip
#: Among several columns of one meaning, a heading that says it outright goes first.
_OUTRIGHT: Mapping[Meaning, re.Pattern[str]] = {
    Meaning.SCORE: re.compile(r"grade|(tong (diem|khoa hoc|ket)|course total|diem (kiem tra|thi|tong|cuoi)).*"),
    Meaning.BIRTH: re.compile(r"(ngay|date)\b.*"),
    Meaning.SAID: re.compile(r"(ket qua|ket luan|certificate|pass).*"),
    Meaning.ACCOUNT: re.compile(r"(ten )?(tai khoan|dang nhap)|user ?name"),
}


def bare(heading: str) -> str:
    """A heading as it is compared and remembered: folded, without brackets, signs and line breaks."""
    without = re.sub(r"\([^)]*\)", " ", fold(heading[: _LONGEST_HEADING * 2]).replace("%", " percent "))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", without).split())


def meaning_of(heading: str) -> Meaning | None:
    """Recognise a heading, English or Vietnamese, in any case."""
    words = bare(heading)
    if not words or len(words) > _LONGEST_HEADING:
        return None
    if found := next((meaning for meaning, pattern in _PATTERNS if pattern.fullmatch(words)), None):
        return found
    personal = field_of_heading(heading.replace("_", " "))
    return _PERSONAL.get(personal) if personal else None


def choose(
    meanings: Mapping[int, Meaning], headings: Mapping[int, str], filled: Mapping[int, int]
) -> dict[int, Meaning]:
    """Keep one column a meaning: the one that says it outright, then the one with more in it, then the first."""

    def rank(column: int) -> tuple[bool, bool, int, int]:
        pattern = _OUTRIGHT.get(meanings[column])
        outright = bool(pattern and pattern.fullmatch(bare(headings[column])))
        return filled[column] > 0, outright, filled[column], -column

    best: dict[Meaning, int] = {}
    for column, meaning in meanings.items():
        if meaning not in MANY and (meaning not in best or rank(column) > rank(best[meaning])):
            best[meaning] = column
    return {
        column: meaning if meaning in MANY or best[meaning] == column else Meaning.IGNORED
        for column, meaning in meanings.items()
    }


def keys(headings: Sequence[str]) -> list[str]:
    """Under what each column is remembered; a heading that comes again carries its number."""
    seen: dict[str, int] = {}
    named = []
    for heading in headings:
        word = bare(heading)
        seen[word] = seen.get(word, 0) + 1
        named.append(word if seen[word] == 1 else f"{word} #{seen[word]}")
    return named
