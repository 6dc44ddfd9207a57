"""What a column holds, told from its heading."""

import enum
import re

from classroom.core.names import fold


class Field(enum.StrEnum):
    """What a column of a class list can be; IGNORED is a column that we know and do not keep."""

    ORDINAL = "ordinal"
    CODE = "code"
    NAME = "name"
    FAMILY_MIDDLE = "family_middle"
    GIVEN = "given"
    BIRTH = "birth"
    SEX = "sex"
    MALE = "male"
    FEMALE = "female"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMAIL = "email"
    AUDIENCE = "audience"
    POSITION = "position"
    UNIT = "unit"
    COMMUNE = "commune"
    NOTE = "note"
    CLASS = "class"
    IGNORED = "ignored"


_LONGEST_HEADING = 60
_WHOLE_NAME = "ho( va)?( chu dem( va)?)?( dem va)? ten|ten hoc vien|hoc vien|hoten|full ?name|name"
# The first pattern that matches decides; headings are folded, without brackets and punctuation.
_PATTERNS = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.IGNORED, r"((ngay|noi) cap|noi sinh|que quan|chu ky|ky (ten|nhan)|dan toc|ton giao|trinh do|diem)\b.*"),
        (Field.ORDINAL, r"(so )?(stt|tt|thu tu)|no|#|so thu tu"),
        (Field.CODE, r"ma (so )?(hoc vien|hv|nguoi hoc)|learner code"),
        (Field.EMAIL, r".*\b(e ?mail|thu dien tu|hop thu)\b.*"),
        (Field.PHONE, r".*\b(dien thoai|sdt|so dt|dtdd|dt|di dong|phone|mobile|zalo)\b.*"),
        (Field.ID_NUMBER, r".*\b(cccd|cmnd|cmt|cmtnd|can cuoc|dinh danh|chung minh|ddcn|id (number|no)|citizen)\b.*"),
        (Field.BIRTH, r"(ngay|ngay thang|ngay thang nam|nam|thang nam|ntn|nt) sinh.*|ntns|sinh ngay|.*\bbirth\b.*|dob"),
        (Field.SEX, r"gioi( tinh)?|phai|gt|nam nu|sex|gender"),
        (Field.MALE, r"nam|male"),
        (Field.FEMALE, r"nu|female"),
        (Field.FAMILY_MIDDLE, r"ho( va)?( ten| chu)? (dem|lot)|ho|ho dem va ten lot"),
        (Field.NAME, rf"({_WHOLE_NAME})( hoc vien| can bo| cbcc| ccvc| nguoi hoc| day du| khai sinh)?"),
        (Field.GIVEN, r"ten|given name|first name"),
        (Field.AUDIENCE, r"(nhom )?doi tuong.*|audience"),
        (Field.POSITION, r"chuc (vu|danh).*|nghe nghiep|vi tri( cong tac| viec lam)?|position|job title"),
        (Field.CLASS, r"(ma |ten )?lop( hoc)?( so)?|class( code)?|dot lop|lop dot"),
        (Field.UNIT, r"(co quan|don vi|noi cong tac|phong ban|to chuc|unit|organi[sz]ation|workplace).*|ten don vi.*"),
        (Field.COMMUNE, r"(xa|phuong|dia chi|cho o|noi o|thuong tru|ho khau|dia ban|thon|xom|khoi|commune)\b.*"),
        (Field.NOTE, r"ghi chu.*|chu thich|notes?|remarks?"),
    )
)  # fmt: skip


def field_of_heading(heading: str) -> Field | None:
    """Recognise a heading in any case, with or without diacritics, asterisks, brackets and line breaks."""
    if len(heading) > _LONGEST_HEADING:
        return None
    bare = re.sub(r"\([^)]*\)", " ", fold(heading))
    words = " ".join(re.sub(r"[^a-z0-9# ]+", " ", bare).split())
    return next((field for field, pattern in _PATTERNS if pattern.fullmatch(words)), None) if words else None
