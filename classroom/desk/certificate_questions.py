"""The question that the inbox asks about a certificate whose grounds changed after it was issued."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from classroom.certification.presenters.explaining import reasons_in_words
from classroom.certification.queries.doubts import DOUBT
from classroom.inbox.rules import Decision, Facts, Kind, Way, Wording
from classroom.inbox.services import register_kind
from classroom.learners.queries import names_of
from classroom.web.words.deciding import CAUSE_WORDS, PATH_WORDS

#: Where a certificate is looked at, and revoked by whoever may.
_CERTIFICATE = "certificates.certificate"


def install_certificate_kinds() -> None:
    """Make the kind known to the inbox."""
    keep = Decision("keep", _l("Keep the certificate"), icon="check-lg")
    register_kind(Kind(DOUBT, _l("Certificates whose grounds have changed"), _word, (keep,)))


def _word(asked: Sequence[Facts]) -> list[Wording]:
    names = names_of({str(facts["learner"]) for facts in asked})
    return [_doubt(facts, names) for facts in asked]


def _doubt(facts: Facts, names: dict[str, str]) -> Wording:
    learner = str(facts["learner"])
    title = _("%(name)s, certificate %(number)s", name=names.get(learner) or "–", number=facts["number"])
    said = [str(facts["course_name"]) + ".", str(CAUSE_WORDS.get(facts["cause"], "")), _now(facts)]
    said.append(_("A certificate stays valid until somebody revokes it."))
    ways: tuple[Way, ...] = ()
    if _CERTIFICATE in current_app.view_functions:
        values = {"certificate_id": str(facts["certificate"])}
        ways = (Way(_CERTIFICATE, values, _("Revoke or replace…"), "award"),)
    values = {"course_id": str(facts["course"]), "learner_id": learner}
    return Wording(title, " ".join(filter(None, said)), "certificates.outcome", values, _("See why"), ways)


def _now(facts: Facts) -> str:
    before, now = facts.get("path_before", ""), facts["path"]
    if facts["decision"] != "pass":
        reasons = "; ".join(reasons_in_words(facts["reasons"])) or _("no longer of the course")
        said: str = _("By the rule it would not be issued today: %(reasons)s.", reasons=reasons)
    elif before != now:
        ways = {"now": PATH_WORDS.get(now, now), "before": PATH_WORDS.get(before, before)}
        said = _("It would be issued another way today: %(now)s instead of %(before)s.", **ways)
    else:
        results = {"now": facts.get("result") or "–", "before": facts.get("result_before") or "–"}
        said = _("The result would be %(now)s today; %(before)s is printed.", **results)
    return said
