"""Badges to be cut out: eight on an A4 page, the name readable at two metres."""

from collections.abc import Sequence
from dataclasses import dataclass

from classroom.core import pdf, qr
from classroom.core.letterhead import Letterhead


@dataclass(frozen=True)
class BadgeFace:
    """What one badge shows; a blank one has a `blank` number in place of name and learner code."""

    link: str
    class_code: str = ""
    name: str = ""
    unit: str = ""
    learner_code: str = ""
    blank: int | None = None


def badges_pdf(letterhead: Letterhead, title: str, faces: Sequence[BadgeFace]) -> bytes:
    """Two columns of four with marks to cut along; raises qr.UnfitLink for an address that is too long."""
    return pdf.render(
        "badges",
        {
            "letterhead": letterhead.as_data(),
            "title": title,
            "badges": [
                {
                    "name": face.name or f"Khách {face.blank:02d}",
                    "blank": face.blank is not None,
                    "unit": face.unit,
                    "code": face.learner_code,
                    "class": face.class_code,
                    "qr": qr.room_code_svg(face.link, face.learner_code or "thẻ"),
                }
                for face in faces
            ],
        },
    )
