"""What online learning asks in the inbox."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext

from classroom.inbox.rules import Decision, Facts, Kind, Wording
from classroom.inbox.services import register_kind
from classroom.online.models import OnlineRecord
from classroom.online.queries.imports import records_named
from classroom.online.services import imports
from classroom.online.services.retracting import accept_retraction, restore_result


def _word(asked: Sequence[Facts]) -> list[Wording]:
    keys = [str(facts["record"]) for facts in asked]
    records = records_named(keys)
    return [_wording(records.get(key), facts) for key, facts in zip(keys, asked, strict=True)]


def _wording(record: OnlineRecord | None, facts: Facts) -> Wording:
    if record is None:
        return Wording(gettext("An online result was retracted that is no longer here"))
    reason = str(facts.get("reason", ""))
    title = gettext("The platform retracts the result of %(name)s", name=record.name or record.account)
    older = gettext("this export is older than the result that counts now") if facts.get("older") else ""
    told = [record.intake.name, record.account, reason, older]
    return Wording(title, " · ".join(part for part in told if part))


register_kind(
    Kind(
        imports.RETRACTION,
        lazy_gettext("Retracted online results"),
        _word,
        (
            Decision(
                "accept",
                lazy_gettext("Let it count no more"),
                accept_retraction,
                restore_result,
                tone="danger",
                icon="x-circle-fill",
            ),
            Decision("dismiss", lazy_gettext("Keep the result"), icon="check-lg"),
        ),
    )
)
