"""Ask the trainer, when a phone cannot say whose it is; and count what was typed in vain."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import CheckinRequest, Register
from classroom.attendance.queries.phones import count_requests, numbers_in_use
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import (
    WRONG_TYPED_PER_SESSION,
    Grant,
    Purpose,
    Source,
    TypedCandidate,
    TypedMatch,
    check_window,
    machine_numbers,
    match_typed,
    on_screen,
    typed_code_is_on,
)
from classroom.attendance.rules.windows import Phase
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.scanning import record_refused_code
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.ids import public_id
from classroom.core.names import clean_name
from classroom.core.signing import random_token

LONGEST_NAME = 120
#: One phone may ask for a few people who have none.
MOST_REQUESTS = 8


def free_number(facts: SessionFacts, grant: Grant) -> int:
    """The three digits that this page would show now."""
    taken = numbers_in_use(facts.id)
    return next((number for number in machine_numbers(grant.nonce) if number not in taken), grant.machine_number)


def ask_trainer(facts: SessionFacts, grant: Grant, name: str) -> str:
    """Put a person whom the phone could not find before the trainer; returns the request's public id.

    The same grant asks once. The mark will have the time of the scan. Raises Invalid `request.name_missing`,
    Refusal `request.only_in`, `request.too_many`, `request.signed_off` or what `check_window` refuses.
    """
    if grant.purpose is not Purpose.IN:
        raise Refusal("request.only_in")
    wanted = clean_name(name)[:LONGEST_NAME]
    if not any(c.isalpha() for c in wanted):
        raise Invalid("request.name_missing")
    with transaction() as session:
        locked = lock_register(session, facts)
        earlier = session.scalar(
            select(CheckinRequest.public_id).where(
                CheckinRequest.class_session_id == facts.id, CheckinRequest.grant_nonce == grant.nonce
            )
        )
        if earlier:
            return earlier
        if locked.state.signed_off_at is not None:
            raise Refusal("request.signed_off")
        check_window(grant.scanned_at, facts.schedule, facts.policy, locked.state)
        if count_requests(facts.id, grant.browser_hash) >= MOST_REQUESTS:
            raise Refusal("request.too_many")
        return _write(session, facts, grant, wanted, now())


def _write(session: Session, facts: SessionFacts, grant: Grant, name: str, at: datetime) -> str:
    made = public_id()
    values: dict[str, Any] = {
        "public_id": made,
        "organisation_id": facts.organisation_id,
        "class_session_id": facts.id,
        "number": free_number(facts, grant),
        "name": name,
        "grant_nonce": grant.nonce,
        "browser_hash": grant.browser_hash,
        "source": grant.source.value,
        "scanned_at": grant.scanned_at,
        "created_at": at,
        "decision": "",
    }
    session.execute(insert(CheckinRequest.__table__), values)  # type: ignore[arg-type]
    return made


def find_typed(
    text: str, sessions: list[SessionFacts], at: datetime, with_spot: Collection[int] = ()
) -> tuple[SessionFacts, Purpose]:
    """The session whose typed code this is, among those of the day, and what the code is for.

    Codes for coming in are good at any time, others while a screen shows them: a guess should hit little.

    Raises Invalid `code.typed_wrong`, or Refusal `code.typed_none` when no session takes typed codes now. A
    wrong code counts against the session that it begins like, which may switch its typed code off.
    """
    open_ones = {each.public_id: each for each in sessions if _takes_typed(each, at)}
    if not open_ones:
        raise Refusal("code.typed_none")
    candidates = [
        TypedCandidate(each.public_id, each.secret, purpose)
        for each in open_ones.values()
        if each.secret
        for purpose in {Purpose.IN, on_screen(each.showing, check_out=each.check_out, spot_check=each.id in with_spot)}
    ]
    match = match_typed(text, candidates, at)
    if match.session is None:
        _count_wrong(match, open_ones, at)
        raise Invalid("code.typed_wrong")
    return open_ones[match.session], match.purpose


def _takes_typed(facts: SessionFacts, at: datetime) -> bool:
    return facts.phase(at) is Phase.OPEN and typed_code_is_on(facts.typed_failures, allowed=facts.typed_allowed)


def _count_wrong(match: TypedMatch, sessions: dict[str, SessionFacts], at: datetime) -> None:
    for public_id_ in match.counted_against:
        facts = sessions[public_id_]
        with transaction() as session:
            failures = session.execute(
                update(Register)
                .where(Register.class_session_id == facts.id)
                .values(typed_failures=Register.typed_failures + 1)
                .returning(Register.typed_failures)
                .execution_options(synchronize_session=False)
            ).scalar_one()
            if failures == WRONG_TYPED_PER_SESSION:
                session.execute(update(Register).where(Register.class_session_id == facts.id).values(typed_off_at=at))
            record_refused_code(facts, Source.TYPED, random_token(), at, "code.typed_wrong")
