"""How an organisation numbers and approves: changed only so that no number can come twice."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import Certificate, CertificateSettings, Counter, IssueBatch
from classroom.certification.rules.numbers import DEFAULT, Numbering
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal


@dataclass(frozen=True, slots=True)
class NewSettings:
    """What was typed."""

    pattern: str
    organisation_code: str
    four_eyes: bool
    verify_url: str


def hold_settings(session: Session, organisation_id: int) -> CertificateSettings:
    """The organisation's settings, locked; made if there are none yet."""
    own = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = {
        "organisation_id": organisation_id,
        "number_pattern": DEFAULT,
        "organisation_code": "",
        "four_eyes": False,
        "verify_url": "",
        "updated_at": now(),
    }
    session.execute(own(CertificateSettings).on_conflict_do_nothing(), fresh)
    query = select(CertificateSettings).where(CertificateSettings.organisation_id == organisation_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def change_settings(new: NewSettings, *, actor: Actor) -> bool:
    """Keep other settings; False when nothing is other than before.

    Raises Invalid `number.*`; `number.four_eyes_administrator` where somebody else lets one person do what two did,
    and `number.four_eyes_waits` while a batch waits for the second one; `number.issuing` while a batch is being
    issued; `number.clash` when the new pattern would some day give a number that a certificate already has.
    """
    actor.require("certificate.approve")
    numbering = Numbering.checked(new.pattern, new.organisation_code)
    verify_url = check_address(new.verify_url)
    with transaction() as session:
        kept = hold_settings(session, actor.organisation_id)
        before = {
            "number_pattern": kept.number_pattern,
            "organisation_code": kept.organisation_code,
            "four_eyes": kept.four_eyes,
            "verify_url": kept.verify_url,
        }
        after = {
            "number_pattern": numbering.pattern,
            "organisation_code": numbering.organisation,
            "four_eyes": new.four_eyes,
            "verify_url": verify_url,
        }
        changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
        if not changed:
            return False
        if changed.keys() & {"number_pattern", "organisation_code"}:
            _check_series(session, numbering, actor.organisation_id)
        if before["four_eyes"] and not new.four_eyes:
            if not actor.may("organisation.manage"):
                raise Refusal("number.four_eyes_administrator")
            _check_none_waits(session, actor.organisation_id)
        for name, value in after.items():
            setattr(kept, name, value)
        kept.updated_at = now()
        record("certificates.settings_changed", "certificate_settings", kept.id, actor=actor, facts=changed)
        return True


def _check_none_waits(session: Session, organisation_id: int) -> None:
    """Who submitted a batch does not become free to approve it by a setting."""
    waits = IssueBatch.organisation_id == organisation_id, IssueBatch.state == "submitted"
    if session.scalar(select(IssueBatch.id).where(*waits).limit(1)) is not None:
        raise Refusal("number.four_eyes_waits")


def _check_series(session: Session, numbering: Numbering, organisation_id: int) -> None:
    going_on = select(IssueBatch.id).where(
        IssueBatch.organisation_id == organisation_id, IssueBatch.state.in_(["approved", "issuing"])
    )
    if session.scalar(going_on.limit(1)) is not None:
        raise Refusal("number.issuing")
    last = {
        row.year: row.last
        for row in session.execute(select(Counter.year, Counter.last).where(Counter.organisation_id == organisation_id))
    }
    numbers = session.scalars(
        select(Certificate.number)
        .where(Certificate.organisation_id == organisation_id)
        .order_by(Certificate.year, Certificate.serial)
        .execution_options(yield_per=5000)
    )
    if clash := numbering.clash(numbers, last):
        raise Refusal("number.clash", number=clash)


def check_address(text: str) -> str:
    """The address of the verification page without a slash at its end, or ""; raises Invalid `verify.address`."""
    text = text.strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fine = (
            parts.scheme in {"https", "http"} and parts.hostname and not (parts.query or parts.fragment or "@" in text)
        )
    except ValueError:
        fine = False
    if not fine or len(text) > 200 or any(c.isspace() for c in text):
        raise Invalid("verify.address")
    return text
