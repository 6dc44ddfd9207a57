"""Matching as jobs: after an import, and when people came by another way."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from classroom.core.actor import system
from classroom.core.db import db
from classroom.core.periodic import periodic
from classroom.core.work import RunningJob, task
from classroom.online.models import Intake, OnlineRecord
from classroom.online.services.matching import match_records


@task("online.match", title=_l("Find out whose the online results are"))
def match_intake(subject_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Match the records of one intake."""
    intake = db.session.get_one(Intake, subject_id)
    counts = match_records(intake.organisation_id, intake_id=intake.id, actor=job.actor, step=job.progress)
    return asdict(counts)


@task("online.rematch", title=_l("Look for people of class lists among online results"))
def match_organisation(subject_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Match whatever waits in an organisation, and look again at people who were made of records."""
    return asdict(match_records(subject_id, actor=job.actor, step=job.progress))


@periodic("online.rematch", timedelta(hours=6))
def match_everywhere() -> None:
    """The same for every organisation: people who walked in are told by no list."""
    for organisation in db.session.scalars(select(OnlineRecord.organisation_id).distinct()).all():
        match_records(organisation, actor=system(organisation, "match"))
