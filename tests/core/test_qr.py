import io
import string
import xml.etree.ElementTree as ElementTree

import pytest
import zxingcpp
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from classroom.core import qr

CODE = "/A/K7M2P9QRSTVW.I6QKX2B1.0123456789ABCDEF"
LINK = f"https://LOP.NGHEAN.GOV.VN{CODE}"
ALPHABET = string.printable[:95] + "ăâđêôơưạảầệịộờửỹĂÂĐÊÔƠƯẬỂỖỢỰỲ😀"
SVG = "{http://www.w3.org/2000/svg}"


def read(picture: Image.Image) -> zxingcpp.Barcode:
    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode, text_mode=zxingcpp.TextMode.Plain)
    return found


def paint(svg: str, scale: int = 6) -> Image.Image:
    """The dark runs of the SVG as a browser would draw them."""
    root = ElementTree.fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (size * scale, size * scale), 255)
    for run in root.findall(f"{SVG}path")[1].attrib["d"].split("z")[:-1]:
        x, y = (int(number) for number in run[1:].split("h")[0].split())
        width = int(run.split("h")[1].split("v")[0])
        box = (x * scale, y * scale, (x + width) * scale - 1, (y + 1) * scale - 1)
        ImageDraw.Draw(picture).rectangle(box, fill=0)
    return picture


def test_a_room_code_is_read_back_from_its_picture():
    assert read(paint(qr.room_code_svg(LINK, "Mã điểm danh"))).text == LINK


@pytest.mark.parametrize("length", range(9, 23))
def test_a_host_name_of_9_to_22_characters_stays_within_version_4_at_level_m(length):
    link = f"https://{'X' * (length - 3)}.VN{CODE}"
    found = read(paint(qr.room_code_svg(link, "")))
    assert (qr.version(link) <= 4, found.ec_level in {"M", "Q", "H"}) == (True, True)


def test_capitals_take_less_room_than_small_letters():
    assert qr.version(LINK) < qr.version(LINK.lower())


def test_a_link_that_needs_a_finer_pattern_is_refused():
    with pytest.raises(qr.UnfitLink):
        qr.room_code_svg(LINK.replace("LOP.", "DIEM-DANH.CAC-LOP-HOC.KY-NANG-SO."), "")


def test_a_better_correction_level_is_taken_where_it_costs_nothing():
    link = f"https://LOP.NGHEAN.VN{CODE}"
    assert read(paint(qr.room_code_svg(link, ""))).ec_level == "Q"
    assert qr.version(link, "Q") == qr.version(link, "M") == 4


def test_the_picture_keeps_four_light_modules_around():
    pixels = qr.qr_pixels(LINK)
    rows = [pixels.luma8[at : at + pixels.size] for at in range(0, len(pixels.luma8), pixels.size)]
    assert len(rows) == pixels.size == 17 + 4 * qr.version(LINK) + 8
    edges = [*rows[:4], *rows[-4:], *(row[:4] for row in rows), *(row[-4:] for row in rows)]
    assert set(b"".join(edges)) == {255}
    assert rows[4][4] == 0


def test_the_svg_is_crisp_titled_and_free_of_inline_style():
    root = ElementTree.fromstring(qr.qr_svg(LINK, "Lớp <L03> & bạn"))
    assert root.attrib["shape-rendering"] == "crispEdges"
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "Lớp <L03> & bạn"
    assert not any("style" in element.attrib for element in root.iter())


def test_a_png_is_read_back_and_has_whole_modules():
    picture = Image.open(io.BytesIO(qr.qr_png(LINK, scale=3)))
    modules, rest = divmod(picture.width, 3)
    assert (picture.width, rest, (modules - 8 - 17) % 4) == (picture.height, 0, 0)
    assert read(picture).text == LINK


@example("ÂÂ")
@given(st.text(st.sampled_from(ALPHABET), min_size=1, max_size=120))
def test_any_vietnamese_text_comes_back_as_it_was(text):
    pixels = qr.qr_pixels(text)
    picture = Image.frombytes("L", (pixels.size, pixels.size), pixels.luma8).resize((pixels.size * 4,) * 2, 0)
    assert read(picture).text == text
