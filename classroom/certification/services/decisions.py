"""Scans of decisions: looked at before they are kept, since anybody may be sent a file."""

import hashlib
import re
from pathlib import PurePath
from typing import Final

from sqlalchemy.orm import Session

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.errors import Invalid
from classroom.core.models import StoredFile
from classroom.core.names import clean_name
from classroom.core.pictures import encode_anew

LARGEST: Final = 10 * 1024 * 1024
PDF: Final = "application/pdf"
#: What a scan has no need of: it runs, opens something else, carries other files, or cannot be read.
_UNWANTED: Final = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|Encrypt)\b")
_ENDINGS: Final = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


def check_scan(content: bytes) -> tuple[bytes, str]:
    """The scan as it is kept, and its media type: pictures are written anew, a PDF is looked through.

    Raises Invalid `decision.file_*` and `picture.*`.
    """
    if not content:
        raise Invalid("decision.file_empty")
    if len(content) > LARGEST:
        raise Invalid("decision.file_large", megabytes=LARGEST // 1024 // 1024)
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        picture = encode_anew(content)
        return picture.content, picture.media_type
    if not content.startswith(b"%PDF-"):
        raise Invalid("decision.file_kind")
    if b"%%EOF" not in content[-2048:]:
        raise Invalid("decision.file_broken")
    if _UNWANTED.search(content):
        raise Invalid("decision.file_active")
    return content, PDF


def keep_scan(session: Session, filename: str, content: bytes, *, actor: Actor) -> StoredFile:
    """The scan as a row; its name ends as its content says."""
    kept, media_type = check_scan(content)
    stem = clean_name(PurePath(filename.replace("\\", "/")).stem)[:200] or "quyet-dinh"
    file = StoredFile(
        organisation_id=actor.organisation_id,
        purpose="decision",
        filename=stem + _ENDINGS[media_type],
        media_type=media_type,
        sha256=hashlib.sha256(kept).hexdigest(),
        size=len(kept),
        content=kept,
        created_at=now(),
    )
    session.add(file)
    session.flush()
    return file
