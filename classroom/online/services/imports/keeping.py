"""The files behind imports: given out to whoever may see them, and dropped when their time is over."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.models import StoredFile
from classroom.online.models import OnlineImportFile
from classroom.online.queries import imports

_AT_ONCE = 20


def fetch_original(file_id: str, *, secret: str, actor: Actor) -> tuple[OnlineImportFile, bytes]:
    """A file byte for byte as it came, and a line in the log that says who took it."""
    actor.require("online.manage")
    with transaction():
        file = imports.get_file(actor, file_id)
        content = imports.content_of(file, secret)
        facts = {"file": file.public_id, "sha256": file.sha256}
        record("online_import.file_fetched", "online_import", file.import_id, actor=actor, facts=facts)
        return file, content


def drop_old_files(days: int) -> int:
    """Drop the content of files older than so many days; name, size and hash stay."""
    before, dropped = now() - timedelta(days=days), 0
    while True:
        with transaction() as session:
            files = imports.files_past(before, _AT_ONCE)
            drop_content(session, files)
            dropped += len(files)
        if len(files) < _AT_ONCE:
            return dropped


def drop_content(session: Session, files: Sequence[OnlineImportFile]) -> None:
    """Of these files only name, size and hash stay."""
    keys = [file.file_id for file in files if file.file_id is not None]
    for file in files:
        file.file_id, file.file, file.dropped_at = None, None, file.dropped_at or now()
    session.flush()
    session.execute(delete(StoredFile).where(StoredFile.id.in_(keys)))
