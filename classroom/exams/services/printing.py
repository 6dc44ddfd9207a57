"""Printed forms of a paper (mã đề): drawn once and for all, annulled but never lost."""

from collections.abc import Mapping, Sequence
from secrets import token_bytes

from sqlalchemy import select

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.exams.models import Paper, PrintedForm
from classroom.exams.queries.papers import get_paper, plan_of, pool_of, shown_versions
from classroom.exams.queries.printed import forms_of, get_form
from classroom.exams.rules.drawing import SEED_BYTES, PoolPart, Shown, draw
from classroom.exams.rules.papers import check_ready
from classroom.sessions.services.refusing import check_reason

MOST_AT_ONCE = 8
FIRST_CODE = 101


def print_forms(paper_id: str, count: int, *, actor: Actor) -> Sequence[PrintedForm]:
    """So many new forms with the next codes; a code that was annulled is never given again.

    Raises `paper.not_ready` for a paper that cannot be sat.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid("paper.form_count", most=MOST_AT_ONCE)
    with transaction() as session:
        found = get_paper(actor, paper_id)
        session.execute(select(Paper.id).where(Paper.id == found.id).with_for_update()).all()  # codes come in turn
        if found.retired_at is not None:
            raise Refusal("paper.is_retired")
        plan = plan_of(found)
        check_ready(plan)
        pool = pool_of(plan)
        shown = shown_versions(version for part in pool for _, version in part.versions)
        next_code = max([FIRST_CODE, *(int(form.code) + 1 for form in forms_of(found))])
        made = [_drawn(found, str(code), pool, shown, actor) for code in range(next_code, next_code + count)]
        session.add_all(made)
        session.flush()
        facts = {"title": found.title, "codes": ", ".join(form.code for form in made)}
        record("paper.printed", "paper", found.id, actor=actor, facts=facts)
        return made


def annul_form(paper_id: str, form_id: str, reason: str, *, actor: Actor) -> PrintedForm:
    """Take a printed form out of use: nothing more is keyed in from it; what was keyed in stays."""
    reason = check_reason(reason)
    with transaction():
        found = get_paper(actor, paper_id)
        form = get_form(actor, found, form_id)
        if form.annulled_at is None:
            form.annulled_at = now()
            facts = {"title": found.title, "code": form.code, "reason": reason}
            record("paper.form_annulled", "paper", found.id, actor=actor, facts=facts)
        return form


def _drawn(paper: Paper, code: str, pool: Sequence[PoolPart], shown: Mapping[int, Shown], actor: Actor) -> PrintedForm:
    items = draw(
        pool,
        token_bytes(SEED_BYTES),
        shown,
        shuffle_questions=paper.shuffle_questions,
        shuffle_options=paper.shuffle_options,
    )
    return PrintedForm(
        organisation_id=actor.organisation_id,
        paper_id=paper.id,
        code=code,
        items=[item.to_json() for item in items],
        created_at=now(),
        created_by=actor.staff_id,
    )
