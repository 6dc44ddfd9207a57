"""A camera made of a file: what a tablet's lens would see of codes, cards and screens."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import qrcode
from PIL import Image

SIZE = (1280, 720)
WALL = (120, 132, 140)


def picture_of(text: str, *, side: int = 420, turned: float = 0, level: str = "M") -> Image.Image:
    """A QR code held in front of the camera."""
    code = qrcode.QRCode(error_correction=getattr(qrcode.constants, f"ERROR_CORRECT_{level}"), box_size=10, border=4)
    code.add_data(text)
    code.make(fit=True)
    drawn = code.make_image().convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    if turned:
        drawn = drawn.rotate(turned, expand=True, fillcolor=WALL, resample=Image.Resampling.BICUBIC)
    frame = Image.new("RGB", SIZE, WALL)
    frame.paste(drawn, ((SIZE[0] - drawn.width) // 2, (SIZE[1] - drawn.height) // 2))
    return frame


def nothing() -> Image.Image:
    """A room in which nobody shows anything."""
    return Image.new("RGB", SIZE, WALL)


class FakeCamera:
    """The file that Chromium plays as its camera; it is opened anew whenever a page starts the camera.

    Written beside and put in place at once, so that nobody reads half of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.show(nothing())

    def show(self, *frames: Image.Image, rate: int = 10) -> None:
        """Play these pictures over and over."""
        descriptor, draft = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(descriptor, "wb") as out:
            out.write(_y4m(frames, rate))
        Path(draft).replace(self.path)


def _y4m(frames: Sequence[Image.Image], rate: int) -> bytes:
    """YUV4MPEG2 with 4:2:0 colour; every side is even."""
    width, height = frames[0].size
    parts = [f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode()]
    for frame in frames:
        light, blue, red = frame.convert("YCbCr").split()
        half = (width // 2, height // 2)
        box = Image.Resampling.BOX
        parts += [b"FRAME\n", light.tobytes(), blue.resize(half, box).tobytes(), red.resize(half, box).tobytes()]
    return b"".join(parts)
