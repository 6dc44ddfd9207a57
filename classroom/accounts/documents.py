"""The slip that hands a staff member a way in."""

from dataclasses import dataclass
from datetime import datetime

from classroom.core import pdf, qr


@dataclass(frozen=True)
class StaffLink:
    """A one-time link and whom it is for; `expires_at` is local to the organisation."""

    organisation: str
    name: str
    role: str
    url: str
    expires_at: datetime


def staff_link_pdf(link: StaffLink) -> bytes:
    """A slip to be cut out, with the link as text and as a QR code."""
    return pdf.render(
        "staff_link",
        {
            "organisation": link.organisation,
            "name": link.name,
            "role": link.role,
            "url": link.url,
            "expires": f"{link.expires_at:%H:%M ngày %d/%m/%Y}",
            "qr": qr.qr_svg(link.url, link.name),
        },
    )
