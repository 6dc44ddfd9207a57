"""Pictures drawn for tests."""

import io
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """A picture with shades in it, as a file of this kind."""
    shades = Image.linear_gradient("L").resize(size)
    made = Image.new("I;16", size) if mode == "I;16" else shades.convert(mode)
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()
