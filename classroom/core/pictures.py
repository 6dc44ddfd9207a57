"""Pictures that people bring: the only place that opens them. What is kept is always written anew."""

import io
import struct
import zlib
from dataclasses import dataclass
from threading import Lock
from typing import Final

from PIL import Image, ImageOps

from classroom.core.errors import Invalid

LARGEST_FILE: Final = 8 * 1024 * 1024
LONGEST_SIDE: Final = 1600
MOST_PIXELS: Final = 40_000_000
_QUALITY: Final = 85
#: An unpacked picture may take 160 MB; several at once must not take the machine.
_ONE_AT_A_TIME: Final = Lock()
_KINDS: Final = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"))
_DAMAGE: Final = (OSError, ValueError, SyntaxError, IndexError, TypeError, KeyError, EOFError, struct.error, zlib.error)
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as we wrote it: PNG or JPEG, upright, without anything but its pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def encode_anew(content: bytes) -> Encoded:
    """The same picture, upright, at most 1600 pixels long and without metadata.

    Raises Invalid `picture.*`: only PNG and JPEG are opened, known by their first bytes and not by their names.
    """
    if not content:
        raise Invalid("picture.empty")
    if len(content) > LARGEST_FILE:
        raise Invalid("picture.too_large", megabytes=LARGEST_FILE // 1024 // 1024)
    kind = next((kind for magic, kind in _KINDS if content.startswith(magic)), "")
    if not kind:
        raise Invalid(_complaint(content))
    with _ONE_AT_A_TIME:
        return _write(_read(content, kind), kind)


def _complaint(content: bytes) -> str:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"gif87a", b"gif89a")):
        return "picture.gif"
    if b"<svg" in head or head.startswith(b"<?xml"):
        return "picture.svg"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return "picture.heic"
    return "picture.not_a_picture"


def _read(content: bytes, kind: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(io.BytesIO(content), formats=[kind])
        if image.width * image.height > MOST_PIXELS:
            raise Invalid("picture.too_many_pixels", millions=MOST_PIXELS // 1_000_000)
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # lets the reader of JPEG leave out what will not be kept
        image.load()
        image = ImageOps.exif_transpose(image)
        image = _plain_mode(image, kind)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    except _BOMBS as bomb:
        raise Invalid("picture.too_many_pixels", millions=MOST_PIXELS // 1_000_000) from bomb
    except _DAMAGE as damage:
        raise Invalid("picture.broken") from damage
    return image


def _plain_mode(image: Image.Image, kind: str) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey: converting them directly would clip, not scale
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    see_through = kind == "PNG" and image.has_transparency_data
    wanted = "RGBA" if see_through else "L" if image.mode in ("1", "L") else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _write(image: Image.Image, kind: str) -> Encoded:
    image.info = {}
    out = io.BytesIO()
    if kind == "PNG":
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=_QUALITY)
    return Encoded(out.getvalue(), f"image/{kind.lower()}", image.width, image.height)
