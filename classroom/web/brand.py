"""The product's sign as a picture, for home screens that take no drawing."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

BLUE, WHITE = "#0b5cad", "#ffffff"
#: As in favicon.svg, on a field of 16: three of the four squares, and the tick in place of the fourth.
_SQUARES = ((3.5, 3, 6.5, 6), (9.5, 3, 12.5, 6), (3.5, 9.2, 6.5, 12.5))
_TICK = ((12.8, 8.1), (9.1, 11.8), (7.6, 10.3), (6.6, 11.3), (9.1, 13.8), (13.8, 9.1))
#: Home screens cut the corners off as they like: what matters lies within the inner four fifths.
_INNER, _FINER = 0.8, 4


@lru_cache(maxsize=4)
def brand_png(size: int) -> bytes:
    """A square PNG with sides of `size` pixels, blue up to its edges."""
    side = size * _FINER
    picture = Image.new("RGB", (side, side), BLUE)
    pen = ImageDraw.Draw(picture)
    for square in _SQUARES:
        pen.rectangle([_place(each, side) for each in square], fill=WHITE)
    pen.polygon([(_place(x, side), _place(y, side)) for x, y in _TICK], fill=WHITE)
    file = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _place(on_field: float, side: int) -> float:
    return (0.5 + (on_field / 16 - 0.5) * _INNER) * side
