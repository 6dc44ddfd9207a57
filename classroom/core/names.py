"""Vietnamese names: how they are kept, ordered, searched and written."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# A key is ASCII in rising order: end of a part, tones, digits, letters, characters of other scripts.
_LETTER_CODE = {letter: chr(ord("A") + place) for place, letter in enumerate(_LETTERS)}
_END = " "
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONE_CODE = '!"#$%&'
_SHAPES = {"a\u0306": "ă", "a\u0302": "â", "e\u0302": "ê", "o\u0302": "ô", "o\u031b": "ơ", "u\u031b": "ư"}
_INVISIBLE = ("Cf", "Cs", "Cn", "Co")
_KEY_LENGTH = 800
_ETH = str.maketrans({"ð": "đ", "ɖ": "đ"})


def clean_name(text: str) -> str:
    """Give the form in which names are stored: NFC, single spaces, nothing invisible."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return " ".join(composed.split())
    spaced = (
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in composed
        if unicodedata.category(c) not in _INVISIBLE
    )
    return unicodedata.normalize("NFC", " ".join("".join(spaced).split()))


def fold(text: str) -> str:
    """Reduce text to what a search compares: no case, no diacritics, đ as d, single spaces."""
    return " ".join(filter(None, map(_fold_part, text.split())))


@lru_cache(maxsize=8192)
def _fold_part(part: str) -> str:
    """Few syllables make all names and units, so that a long list works most of them out once."""
    bare = _without_marks(_without_marks(part).casefold()).casefold()
    return " ".join(bare.translate(_ETH).replace("đ", "d").split())


def sort_key(name: str) -> str:
    """Give the stored key that puts names in Vietnamese order by plain byte comparison.

    Given name, then middle names, then family name; within a syllable the letters, then the tone. Hoà and Hòa,
    capitals and decomposed text give one key: lists add the birth date and the id to tell namesakes apart.
    """
    syllables = [code for part in clean_name(name).split() if (code := _syllable_code(part))]
    family, middle, given = syllables[:1], syllables[1:-1], syllables[-1:]
    if len(syllables) == 1:
        family = []
    return _END.join("".join(part) for part in (given, middle, family))[:_KEY_LENGTH]


def title_case(name: str) -> str:
    """Write each syllable with one capital, as in `H'Hen Niê` or `Nguyễn Thị Ánh`."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), clean_name(name))


def looks_all_caps(name: str) -> bool:
    """Tell a name typed in capitals from one that merely has a one-letter syllable."""
    if any(map(str.islower, name)):
        return False
    letters = [c for c in clean_name(name) if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def looks_all_lower(name: str) -> bool:
    """Tell a name typed without any capital."""
    if any(map(str.isupper, name)):
        return False
    letters = [c for c in clean_name(name) if c.isalpha()]
    return bool(letters) and all(c.islower() for c in letters)


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    visible = (c for c in decomposed if unicodedata.category(c) not in (*_INVISIBLE, "Mn", "Mc", "Me"))
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in visible)


@lru_cache(maxsize=8192)
def _syllable_code(syllable: str) -> str:
    """Few syllables make all names, so that a long list works most of them out once."""
    letters: list[str] = []
    tone = 0
    for char in unicodedata.normalize("NFD", syllable.casefold().translate(_ETH)):
        if char in _TONES:
            tone = _TONES[char]
        elif letters and (shaped := _SHAPES.get(letters[-1] + char)):
            letters[-1] = shaped
        elif unicodedata.category(char)[0] in "LN":
            letters.append(char)
    coded = "".join(_letter_code(letter) for letter in letters)
    return coded + _TONE_CODE[tone] if coded else ""


def _letter_code(letter: str) -> str:
    if letter in _LETTER_CODE:
        return _LETTER_CODE[letter]
    return letter if letter in "0123456789" else f"~{ord(letter):06x}"
