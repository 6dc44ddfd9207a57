"""The inbox's question about a person who asked to be erased; it is decided on a page that shows what will happen."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from classroom.inbox.rules import Facts, Kind, Wording
from classroom.inbox.services import register_kind
from classroom.learners.models import ErasureRequest
from classroom.learners.queries import erasures_named
from classroom.learners.services.erasing import KIND
from classroom.web.filters import local_date


def install_erasure_kind() -> None:
    """Make the kind known to the inbox."""
    register_kind(Kind(KIND, _l("Requests to be erased"), _word, ()))


def _word(asked: Sequence[Facts]) -> list[Wording]:
    found = erasures_named({str(facts["request"]) for facts in asked})
    return [_one(found.get(str(facts["request"]))) for facts in asked]


def _one(asked: ErasureRequest | None) -> Wording:
    if asked is None:
        return Wording(_("This learner is no longer kept."))
    learner = asked.learner
    days = {"received": local_date(asked.received_on), "due": local_date(asked.due_on)}
    return Wording(
        f"{learner.name} ({learner.code})",
        _("Came in on %(received)s, to be answered by %(due)s.", **days),
        "desk.erasure",
        {"erasure_id": asked.public_id},
        _("Look and decide"),
    )
