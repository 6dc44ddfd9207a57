"""Print runs: files of hundreds of certificates, beside the request."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.certification.documents.press import Press
from classroom.certification.queries.designs import Chosen
from classroom.certification.services.printing import TASK, make_files
from classroom.core.work import RunningJob, task


@task(TASK, title=_l("Print certificates"))
def print_certificates(run_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Make the files of a run that are not there yet."""
    with Press() as press:

        def make(faces: list[tuple[dict[str, Any], str]], chosen: Chosen, verify_url: str) -> bytes:
            return press.make(faces, chosen.design, chosen.logo, verify_url)

        return make_files(run_id, make, job.progress, actor=job.actor)
