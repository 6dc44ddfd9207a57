"""Rules run over everybody, beside the request; and the clock's look at certificates whose grounds changed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.certification.services.evaluating import APPLY, EVALUATE, apply_evaluation, run_evaluation
from classroom.certification.services.rechecking import look_again
from classroom.core.periodic import periodic
from classroom.core.work import RunningJob, task


@task(EVALUATE, title=_l("Decide by the rule of a course"))
def evaluate(evaluation_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Compare what the rule says now with what was decided before."""
    return run_evaluation(evaluation_id)


@task(APPLY, title=_l("Write down what the rule decided"))
def apply(evaluation_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Write the outcomes that are others than before."""
    return apply_evaluation(evaluation_id, job.progress, actor=job.actor)


@periodic("certification.recheck", every=timedelta(minutes=1))
def recheck() -> int:
    """Look at issued certificates whose grounds may have changed."""
    return look_again()
