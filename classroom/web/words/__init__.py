"""What refusals say: one table from code to words, a part for each room."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from classroom.core.errors import Refusal
from classroom.web.filters import local_date, local_datetime
from classroom.web.words.accounts import ACCOUNTS
from classroom.web.words.attendance import ATTENDANCE
from classroom.web.words.by_pen import BY_PEN
from classroom.web.words.certificates import CERTIFICATES
from classroom.web.words.deciding import DECIDING
from classroom.web.words.desk import DESK
from classroom.web.words.erasure import ERASURE
from classroom.web.words.intakes import INTAKES
from classroom.web.words.issuing import ISSUING
from classroom.web.words.jobs import JOBS
from classroom.web.words.learners import LEARNERS
from classroom.web.words.matching import MATCHING
from classroom.web.words.online import ONLINE
from classroom.web.words.pages import PAGES
from classroom.web.words.printing import PRINTING
from classroom.web.words.questions import QUESTIONS
from classroom.web.words.results import RESULTS
from classroom.web.words.rosters import ROSTERS
from classroom.web.words.sessions import SESSIONS
from classroom.web.words.sheets import SHEETS
from classroom.web.words.sittings import SITTINGS
from classroom.web.words.tablets import TABLETS, TO_TRAINERS
from classroom.web.words.test_papers import TEST_PAPERS

_l = lazy_gettext

REFUSALS: dict[str, Any] = {
    **PAGES,
    **ACCOUNTS,
    **LEARNERS,
    **SESSIONS,
    **ATTENDANCE,
    **SHEETS,
    **ROSTERS,
    **DESK,
    **ERASURE,
    **JOBS,
    **TABLETS,
    **QUESTIONS,
    **TEST_PAPERS,
    **SITTINGS,
    **BY_PEN,
    **RESULTS,
    **ONLINE,
    **INTAKES,
    **MATCHING,
    **CERTIFICATES,
    **DECIDING,
    **ISSUING,
    **PRINTING,
}


def say(code: str, details: Mapping[str, object] | None = None) -> str:
    """The words for a code in the reader's language, with details as a person writes them."""
    words = REFUSALS.get(code)
    if words is None:
        return str(gettext("This cannot be done (%(code)s).", code=code))
    shown = spell(details or {})
    text: str = str(words)
    return text % shown if shown else text


def say_to_trainer(code: str, details: Mapping[str, object]) -> str:
    """The words for a code on a tablet, which is in the trainer's hands."""
    words = TO_TRAINERS.get(code)
    return str(words) % spell(details) if words is not None else say(code, details)


def spell(details: Mapping[str, object]) -> dict[str, object]:
    """Details as a person writes them."""
    return {name: _spell(value) for name, value in details.items()}


def say_refusal(refusal: Refusal) -> str:
    """The words for a refusal."""
    return say(refusal.code, refusal.details)


def _spell(value: object) -> object:
    if isinstance(value, datetime):
        return local_datetime(value)
    if isinstance(value, date):
        return local_date(value)
    return value
