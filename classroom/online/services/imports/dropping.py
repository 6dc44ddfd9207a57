"""Put aside what was not imported, be it that it only waits or that its job was given up."""

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.jobs.queries import latest_job
from classroom.jobs.rules import LIVING
from classroom.online.models import Intake, OnlineImport
from classroom.online.queries import imports
from classroom.online.services.imports.keeping import drop_content
from classroom.online.services.imports.running import IMPORT
from classroom.online.services.imports.staging import clear


def drop_import(import_id: str, *, actor: Actor) -> Intake:
    """Put a file aside that was not imported: what was staged of it and its content go, name, size and hash stay.

    Raises `import.closed` once it counts, and while its job is under way.
    """
    actor.require("online.manage")
    with transaction() as session:
        found = imports.get_import(actor, import_id, lock=True)
        if found.state != "uploaded" and not given_up(found, lock=True):
            raise Refusal("import.closed")
        clear(found.id)
        found.state = "dropped"
        drop_content(session, found.files)
        record("online_import.dropped", "online_import", found.id, actor=actor, facts={})
        return found.intake


def given_up(found: OnlineImport, *, lock: bool = False) -> bool:
    """Whether the job of an import failed or was cancelled before anything counted."""
    if found.state != "running":
        return False
    job = latest_job(found.organisation_id, IMPORT, found.id, lock=lock)
    return job is None or job.state not in LIVING
