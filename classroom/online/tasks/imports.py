"""Imports and their undoing as jobs; files whose time is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from classroom.core.periodic import periodic
from classroom.core.work import RunningJob, task
from classroom.online.services import imports


@task(imports.IMPORT, title=_l("Import of online results"))
def import_results(subject_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Write what the dry run showed."""
    config = current_app.config
    limits, secret = imports.limits_of(config), str(config["SECRET_KEY"])
    return imports.run_import(subject_id, job, limits=limits, secret=secret, time_zone=job.actor.time_zone)


@task(imports.UNDO, title=_l("Undoing an import of online results"))
def undo_import(subject_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Restore what was before it."""
    return imports.run_undo(subject_id, job)


@periodic("online.drop_files", every=timedelta(hours=6))
def drop_files() -> int:
    """Drop the files of imports once the retention time is over."""
    return imports.drop_old_files(int(current_app.config["IMPORT_FILE_DAYS"]))
