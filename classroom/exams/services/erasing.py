"""What tests keep of a person who is erased: attempts and marks stay, whose they were does not."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select, update

from classroom.audit.services import erase_about
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.erasing import Traces, scrub_rows
from classroom.core.errors import Refusal
from classroom.exams.models import (
    Adjustment,
    Attempt,
    AttemptDevice,
    GatePass,
    PaperEntry,
    Response,
    Sitting,
    StrayAnswer,
)


@signals.learners_erasing.connect
def count_attempts(
    organisation_id: int, learner_ids: Sequence[int], traces: Traces, *, counting: bool
) -> dict[str, int]:
    """Attempts that stay as numbers; refused while one is being written."""
    own = Attempt.learner_id.in_(learner_ids), Attempt.organisation_id == organisation_id
    if db.session.scalar(select(Attempt.id).where(*own, Attempt.state == "running").limit(1)):
        raise Refusal("erasure.writes_a_test")
    if not counting:
        return {}
    return {"attempts_stay": db.session.scalar(select(func.count(Attempt.id)).where(*own)) or 0}


@signals.learner_erased.connect
def erase_attempts(learner_ids: Sequence[int], traces: Traces, actor: Actor) -> None:
    """Answers and reasons lose names and numbers, devices are forgotten."""
    with transaction() as session:
        attempts = list(session.scalars(select(Attempt.id).where(Attempt.learner_id.in_(learner_ids))))
        session.execute(update(Attempt).where(Attempt.id.in_(attempts)).values(device_hash=None))
        for key in session.scalars(select(AttemptDevice.id).where(AttemptDevice.attempt_id.in_(attempts))).all():
            unknown = secrets.token_bytes(32)
            session.execute(update(AttemptDevice).where(AttemptDevice.id == key).values(device_hash=unknown))
        stray = update(StrayAnswer).where(StrayAnswer.attempt_id.in_(attempts))
        session.execute(stray.values(device_hash=None))
        of_attempts = {"all_rows": True}
        scrub_rows(session, Response, ("answer",), traces, Response.attempt_id.in_(attempts), **of_attempts)
        scrub_rows(session, StrayAnswer, ("answer",), traces, StrayAnswer.attempt_id.in_(attempts), **of_attempts)
        scrub_rows(session, Adjustment, ("reason",), traces, Adjustment.attempt_id.in_(attempts), **of_attempts)
        scrub_rows(session, PaperEntry, ("answers",), traces, PaperEntry.learner_id.in_(learner_ids), **of_attempts)
        session.execute(update(GatePass).where(GatePass.learner_id.in_(learner_ids)).values(reason=""))
        for table in (Attempt, Sitting):
            scrub_rows(session, table, ("annul_reason",), traces, table.organisation_id == actor.organisation_id)
        scrub_rows(session, GatePass, ("reason",), traces, GatePass.organisation_id == actor.organisation_id)
        ours = select(Attempt.id).where(Attempt.organisation_id == actor.organisation_id)
        scrub_rows(session, Adjustment, ("reason",), traces, Adjustment.attempt_id.in_(ours))
        erase_about(session, actor.organisation_id, "attempt", attempts)
