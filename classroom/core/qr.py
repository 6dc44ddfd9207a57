"""QR codes for screens and paper: the only place that knows how they are made.

Symbols for screens and papers, often ninety at once, come from zxing-cpp; a single picture file from qrcode and Pillow.
"""

import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from xml.sax.saxutils import escape

import qrcode
import qrcode.constants
import zxingcpp
from qrcode.image.pil import PilImage

if TYPE_CHECKING:
    from typing_extensions import Buffer

ROOM_CODE_VERSION: Final = 4
"""The largest QR version that a cheap phone reads from the back row."""


class UnfitLink(ValueError):
    """The link cannot become a room code that is readable from the back row."""


@dataclass(frozen=True)
class Pixels:
    """A square picture, one byte a pixel and one pixel a module: 0 is dark, 255 is light."""

    luma8: bytes
    size: int


def version(text: str, level: str = "M") -> int:
    """The smallest QR version (1-40) that holds the text at the error correction level L, M, Q or H."""
    return (_symbol(text, level, quiet_zone=False).size - 17) // 4


def room_code_svg(url: str, title: str) -> str:
    """An SVG of a room code: level M or better, at most version 4; raises UnfitLink if the link is too long.

    The text is cut into segments: capitals, digits and . / - : take 5.5 bits each, the scheme in lower case 8.
    """
    if version(url) > ROOM_CODE_VERSION:
        raise UnfitLink(f"too long for a QR code of version {ROOM_CODE_VERSION}: {url!r}")
    return qr_svg(url, title)


def qr_svg(text: str, title: str) -> str:
    """An SVG of any text with its quiet zone; scales crisply and is announced by its title."""
    pixels = qr_pixels(text)
    size = pixels.size
    runs = "".join(
        f"M{match.start()} {y}h{match.end() - match.start()}v1h-{match.end() - match.start()}z"
        for y in range(size)
        for match in re.finditer(b"\x00+", pixels.luma8[y * size : (y + 1) * size])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
        f' shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{runs}"/></svg>'
    )


def qr_png(text: str, scale: int = 24) -> bytes:
    """A picture of one code to be put into slides or messages: level M, `scale` pixels a module, quiet zone 4."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=scale, border=4)
    code.add_data(text, optimize=4)
    target = io.BytesIO()
    code.make_image(image_factory=PilImage).save(target, format="PNG")
    return target.getvalue()


def qr_pixels(text: str, level: str = "") -> Pixels:
    """The symbol with its quiet zone, at level M or at a better level that costs no larger symbol; or at `level`."""
    if level:
        return _symbol(text, level, quiet_zone=True)
    smallest = version(text)
    best = next(level for level in "HQM" if _fits(text, level, smallest))
    return _symbol(text, best, quiet_zone=True)


def _fits(text: str, level: str, most: int) -> bool:
    try:
        return version(text, level) <= most
    except ValueError:
        return False


def _symbol(text: str, level: str, *, quiet_zone: bool) -> Pixels:
    # Without a word on it, readers take a few letters beyond ASCII for Japanese; old ones stumble over the word itself.
    said = {} if text.isascii() else {"eci": "UTF-8"}
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, **said)
    # The image lends its memory as a buffer, which its type stub forgets to say.
    luma8 = bytes(cast("Buffer", code.to_image(scale=1, add_quiet_zones=quiet_zone)))
    return Pixels(luma8, math.isqrt(len(luma8)))
