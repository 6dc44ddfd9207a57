"""Pictures that people bring: only PNG and JPEG, and only as written anew."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from classroom.core.errors import Invalid
from classroom.core.pictures import LARGEST_FILE, LONGEST_SIDE, encode_anew
from tests.support.drawn import picture

SECRET = b"18.6667N 105.6667E"


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def bare_png(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds nearly none."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_is_written_anew(kind: str, media_type: str) -> None:
    sent = picture(kind, (300, 200)) + b"<script>alert(1)</script>"
    made = encode_anew(sent)
    assert (made.media_type, made.width, made.height) == (media_type, 300, 200)
    assert opened(made.content).format == kind
    assert b"script" not in made.content


def test_a_large_picture_becomes_smaller_and_keeps_its_shape() -> None:
    for kind in ("PNG", "JPEG"):
        made = encode_anew(picture(kind, (3200, 800)))
        assert (made.width, made.height) == (LONGEST_SIDE, 400)
        assert opened(made.content).size == (LONGEST_SIDE, 400)


def test_a_photo_stands_upright_and_tells_nothing_about_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn to the right
    exif[0x010E] = SECRET.decode()
    made = encode_anew(picture("JPEG", (400, 100), exif=exif, comment=SECRET))
    assert (made.width, made.height) == (100, 400)
    assert SECRET not in made.content
    assert not opened(made.content).getexif()
    assert "comment" not in opened(made.content).info


def test_notes_and_profiles_in_a_png_are_left_out() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    made = encode_anew(picture("PNG", (10, 10), pnginfo=notes, icc_profile=SECRET))
    assert SECRET not in made.content
    assert opened(made.content).info == {}


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_can_be_brought(mode: str) -> None:
    made = encode_anew(picture("PNG", (20, 20), mode=mode))
    assert opened(made.content).mode == (
        "RGBA" if mode in ("RGBA", "LA") else "L" if mode in ("1", "L", "I;16") else "RGB"
    )


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    grey = Image.new("I;16", (2, 1))
    grey.putpixel((0, 0), 32768)
    grey.putpixel((1, 0), 65535)
    out = io.BytesIO()
    grey.save(out, "PNG")
    shades = opened(encode_anew(out.getvalue()).content)
    assert abs(shades.getpixel((0, 0)) - 128) <= 1
    assert shades.getpixel((1, 0)) == 255


def test_a_jpeg_in_printers_colours_can_be_brought() -> None:
    assert opened(encode_anew(picture("JPEG", (20, 20), mode="CMYK")).content).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture.empty"),
        (b"\xff\xd8\xff" + bytes(LARGEST_FILE), "picture.too_large"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "picture.svg"),
        (b'\xef\xbb\xbf \n<?xml version="1.0"?><svg/>', "picture.svg"),
        (picture("GIF", (5, 5)), "picture.gif"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture.heic"),
        (b"Just some words", "picture.not_a_picture"),
        (b"<html><img src=x></html>", "picture.not_a_picture"),
        (picture("WEBP", (5, 5)), "picture.not_a_picture"),
        (picture("BMP", (5, 5)), "picture.not_a_picture"),
        (picture("PNG", (200, 200))[:400], "picture.broken"),
        (picture("JPEG", (200, 200))[:800], "picture.broken"),
        (b"\x89PNG\r\n\x1a\nJust some words", "picture.broken"),
        (b"\xff\xd8\xff<svg onload=alert(1)>", "picture.broken"),
        (bare_png(8000, 6000), "picture.too_many_pixels"),
        (bare_png(12_000, 12_000), "picture.too_many_pixels"),
        (bare_png(60_000, 60_000), "picture.too_many_pixels"),
        (bare_png(2_000, 2_000), "picture.broken"),
    ],
)
def test_everything_else_is_refused_in_its_own_words(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        encode_anew(content)
    assert refused.value.code == code


def test_nothing_is_unpacked_before_it_has_been_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(*args: Any) -> None:
        pytest.fail("unpacked")

    monkeypatch.setattr(Image.Image, "load", unpack)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", unpack)
    with pytest.raises(Invalid):
        encode_anew(bare_png(8000, 6000))
