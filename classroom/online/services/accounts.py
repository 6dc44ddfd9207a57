"""Give learners account numbers, ask the platform for them, and note when they were issued."""

from codecs import BOM_UTF8
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now, today
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.ids import public_id
from classroom.core.names import fold
from classroom.core.sheets import write_csv, write_xlsx
from classroom.learners.models import Learner
from classroom.online.models import Account, AccountBatch, Intake
from classroom.online.queries import accounts as queries
from classroom.online.queries import intakes
from classroom.online.rules.account_files import FORMATS, NewAccount, account_table
from classroom.online.rules.intakes import MOST_AT_ONCE, account_key, next_names, propose_prefix
from classroom.online.services.intakes import tell_of_days
from classroom.sessions.services.refusing import check_reason

_AT_ONCE = 500


def give_accounts(intake_id: str, learner_ids: Sequence[int], *, actor: Actor) -> int:
    """Let these learners have an account in the intake; who has one already keeps it. Returns how many are new.

    Raises `intake.closed` and Invalid `intake.too_many`.
    """
    actor.require("online.manage")
    if len(learner_ids) > MOST_AT_ONCE:
        raise Invalid("intake.too_many", most=MOST_AT_ONCE)
    with transaction() as session:
        intake = _hold(session, actor, intake_id)
        wanted = _without_account(session, intake, _living(session, actor, learner_ids))
        prefix = intake.account_prefix or _own_prefix(session, intake)
        names = next_names(prefix, queries.keys_taken(actor.organisation_id, prefix), len(wanted))
        rows = [
            {
                "public_id": public_id(),
                "organisation_id": actor.organisation_id,
                "intake_id": intake.id,
                "learner_id": learner_id,
                "name": name,
                "key": account_key(name),
                "issued_how": "",
                "created_at": now(),
                "created_by": actor.staff_id,
                "annul_reason": "",
            }
            for learner_id, name in zip(wanted, names, strict=True)
        ]
        if rows:
            session.execute(insert(Account), rows)
        record("intake.accounts_given", "intake", intake.id, actor=actor, facts={"count": len(rows)})
        return len(rows)


def make_file(intake_id: str, file_format: str, *, everybody: bool = False, actor: Actor) -> tuple[str, bytes]:
    """The file by which the platform creates accounts: those not yet asked for, or all; its name and its bytes.

    Raises Invalid `intake.file_format` and `intake.nobody_left` where there is nothing to ask for.
    """
    actor.require("online.manage")
    if file_format not in FORMATS:
        raise Invalid("intake.file_format")
    with transaction() as session:
        intake = _hold(session, actor, intake_id)
        chosen = queries.accounts_to_send(intake.id, everybody=everybody)
        if not chosen:
            raise Invalid("intake.nobody_left")
        content = _written(file_format, intake, chosen)
        batch = AccountBatch(
            organisation_id=actor.organisation_id,
            intake_id=intake.id,
            format=file_format,
            count=len(chosen),
            sha256=sha256(content).hexdigest(),
            created_at=now(),
            created_by=actor.staff_id,
        )
        session.add(batch)
        session.flush()
        fresh = [account.id for account, _learner in chosen if account.batch_id is None]
        for some in _chunks(fresh):
            session.execute(update(Account).where(Account.id.in_(some)).values(batch_id=batch.id))
        facts = {"format": file_format, "count": len(chosen), "sha256": batch.sha256}
        record("intake.account_file", "intake", intake.id, actor=actor, facts=facts)
        return f"tai-khoan-{fold(intake.name).replace(' ', '-')}.{FORMATS[file_format]}", content


def set_issue_day(
    intake_id: str, day: date, *, account_id: str = "", batch_id: str = "", overwrite: bool = False, actor: Actor
) -> int:
    """Say on which local day accounts were issued: one, those of a file, or all of the intake; how many were set.

    Days that are known stay, unless one account is named or `overwrite` says so. Raises Invalid `intake.issue_day` for
    a day that is not yet, or a year ago.
    """
    actor.require("online.manage")
    present = today(actor.time_zone)
    if not present - timedelta(days=365) <= day <= present:
        raise Invalid("intake.issue_day")
    with transaction() as session:
        intake = _hold(session, actor, intake_id)
        change = update(Account).where(Account.intake_id == intake.id, Account.annulled_at.is_(None))
        if account_id:
            change = change.where(Account.id == queries.get_account(actor, intake, account_id).id)
        elif not overwrite:
            change = change.where(Account.issued_on.is_(None))
        if batch_id:
            change = change.where(Account.batch_id == queries.get_batch(intake, batch_id).id)
        changed = session.scalars(change.values(issued_on=day, issued_how="hand").returning(Account.key)).all()
        tell_of_days(session, intake.id, actor, changed)
        facts = {"day": day.isoformat(), "count": len(changed), "account": account_id, "overwrite": overwrite}
        record("intake.issue_day", "intake", intake.id, actor=actor, facts=facts)
        return len(changed)


def annul_account(intake_id: str, account_id: str, reason: str, *, actor: Actor) -> None:
    """The account counts no longer, such as one given to the wrong person; raises Invalid `reason.missing`."""
    actor.require("online.manage")
    why = check_reason(reason)
    with transaction() as session:
        account = queries.get_account(actor, _hold(session, actor, intake_id), account_id)
        if account.annulled_at is not None:
            raise Refusal("account.annulled")
        account.annulled_at, account.annul_reason = now(), why
        tell_of_days(session, account.intake_id, actor, [account.key])
        facts = {"account": account.name}
        record("intake.account_annulled", "learner", account.learner_id, actor=actor, facts=facts)


def _written(file_format: str, intake: Intake, chosen: Sequence[tuple[Account, Learner]]) -> bytes:
    """Platforms stumble over the mark that Excel wants at the head of a CSV."""
    wanted = [
        NewAccount(
            name=account.name,
            learner_code=learner.code,
            full_name=learner.name,
            born=f"{learner.born_on:%d/%m/%Y}" if learner.born_on else str(learner.birth_year or ""),
            email=learner.email,
            phone=f"0{learner.phone.removeprefix('+84')}" if learner.phone.startswith("+84") else learner.phone,
            unit=learner.unit,
        )
        for account, learner in chosen
    ]
    table = account_table(file_format, intake.name, wanted)
    return write_xlsx([table]) if FORMATS[file_format] == "xlsx" else write_csv(table).removeprefix(BOM_UTF8)


def _hold(session: Session, actor: Actor, intake_id: str) -> Intake:
    """Two who number accounts of one intake follow each other."""
    found = session.scalar(
        select(Intake)
        .where(Intake.organisation_id == actor.organisation_id, Intake.public_id == intake_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.closed_at is not None:
        raise Refusal("intake.closed")
    return found


def _living(session: Session, actor: Actor, learner_ids: Sequence[int]) -> list[int]:
    """Those of the organisation, in the given order, each once."""
    living: set[int] = set()
    for some in _chunks(learner_ids):
        query = select(Learner.id).where(
            Learner.organisation_id == actor.organisation_id, Learner.id.in_(some), Learner.annulled_at.is_(None)
        )
        living |= set(session.scalars(query))
    return [each for each in dict.fromkeys(learner_ids) if each in living]


def _without_account(session: Session, intake: Intake, learner_ids: Collection[int]) -> list[int]:
    query = select(Account.learner_id).where(Account.intake_id == intake.id, Account.annulled_at.is_(None))
    have = set(session.scalars(query))
    return [each for each in learner_ids if each not in have]


def _own_prefix(session: Session, intake: Intake) -> str:
    intake.account_prefix = propose_prefix(*intakes.name_and_number(intake))
    session.flush()
    return intake.account_prefix


def _chunks(keys: Sequence[int]) -> list[Sequence[int]]:
    return [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]
