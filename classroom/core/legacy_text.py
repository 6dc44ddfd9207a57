"""Vietnamese text of the years before Unicode: recognised and converted, never without being told to."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

LegacyEncoding = Literal["tcvn3", "vni"]

_TCVN3_PAIRS = (
    "µà ¸á ¶ả ·ã ¹ạ ¨ă »ằ ¾ắ ¼ẳ ½ẵ Æặ ©â Çầ Êấ Èẩ Éẫ Ëậ ®đ Ìè Ðé Îẻ Ïẽ Ñẹ ªê Òề Õế Óể Ôễ Öệ ×ì Ýí Øỉ Üĩ Þị ßò "
    "ãó áỏ âõ äọ «ô åồ èố æổ çỗ éộ ¬ơ êờ íớ "
    "ëở ìỡ îợ ïù óú ñủ òũ ôụ \u00adư õừ øứ öử ÷ữ ùự úỳ ýý ûỷ üỹ þỵ ¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ"
)
_TCVN3 = str.maketrans({pair[0]: pair[1] for pair in _TCVN3_PAIRS.split(" ")})
_VNI_PAIRS = (
    "aùá aøà aûả aõã aïạ aââ aáấ aàầ aåẩ aãẫ aäậ aêă aéắ aèằ aúẳ aüẵ aëặ eùé eøè eûẻ eõẽ eïẹ eâê eáế eàề eåể eãễ eäệ "
    "oùó oøò oûỏ oõõ oïọ oâô oáố oàồ oåổ oãỗ oäộ ôùớ ôøờ ôûở ôõỡ ôïợ uùú uøù uûủ uõũ uïụ öùứ öøừ öûử öõữ öïự "
    "yùý yøỳ yûỷ yõỹ"
)
_VNI_SINGLES = "íí ìì æỉ óĩ òị ôơ öư îỵ ñđ"
_INITIALS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x|"
_NUCLEI = (
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iêu|iu|oa|oai|oao|oay|oă|oe|oeo|oi|oo|ôi|ơi|ua|uâ|uây|uê|ui|"
    "uô|uôi|uơ|uy|uya|uyê|uyu|ưa|ưi|ươ|ươi|ươu|ưu|yê|yêu"
)
_SYLLABLE = re.compile(rf"(?:{_INITIALS})(?:{_NUCLEI})(?:ch|c|m|ng|nh|n|p|t)?")
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"


def _vni_table() -> dict[str, str]:
    table = {}
    for pair in _VNI_PAIRS.split(" ") + _VNI_SINGLES.split(" "):
        written, meant = pair[:-1], pair[-1]
        table[written] = meant
        table[written.upper()] = meant.upper()
        table[written[:1].upper() + written[1:]] = meant.upper()
        table[written[:1] + written[1:].upper()] = meant
    return table


_VNI = _vni_table()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def convert_legacy(text: str, encoding: LegacyEncoding) -> str:
    """Read text typed with a TCVN3 (`.Vn…`) or VNI font as Unicode; the caller has been told that it is such text."""
    if encoding == "tcvn3":
        return text.translate(_TCVN3)
    return _VNI_PATTERN.sub(lambda found: _VNI[found[0]], unicodedata.normalize("NFC", text))


def legacy_encoding(text: str) -> LegacyEncoding | None:
    """Recognise legacy text only if it is no Vietnamese as it stands and all of it becomes Vietnamese."""
    words = _words(text)
    if all(is_syllable(word) for word in words):
        return None
    for encoding in ("tcvn3", "vni"):
        if _turns_vietnamese(words, encoding):
            return encoding
    return None


def legacy_of_font(font: str) -> LegacyEncoding | None:
    """Name the encoding that a spreadsheet font stands for."""
    if font.lower().startswith(".vn"):
        return "tcvn3"
    return "vni" if font.lower().startswith("vni-") else None


def _turns_vietnamese(words: list[str], encoding: LegacyEncoding) -> bool:
    converted = [convert_legacy(word, encoding) for word in words]
    changed = any(old != new for old, new in zip(words, converted, strict=True) if not is_syllable(old))
    return changed and all(is_syllable(word) for word in converted)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,.;:()/\d-]+", unicodedata.normalize("NFC", text)) if word]


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word is spelt as Vietnamese syllables are, tone or no tone."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = sum(c in _TONE_MARKS for c in decomposed)
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONE_MARKS))
    return tones <= 1 and _SYLLABLE.fullmatch(letters) is not None
