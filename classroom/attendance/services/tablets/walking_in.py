"""A walk-in that a tablet brings, perhaps hours later, or that a coordinator releases."""

from collections.abc import Mapping
from dataclasses import dataclass

from classroom.attendance.models import Scan
from classroom.attendance.queries.kept import held_walk_ins
from classroom.attendance.queries.phones import Person
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.queries.tablets import person_by_place
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name, fold
from classroom.learners.rules import LearnerFacts, Sex, parse_birth, parse_id_number, parse_name, parse_phone
from classroom.sessions import services as sessions
from classroom.sessions.queries import badges
from classroom.sessions.services import TakenIn


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a badge: its public id where it was blank and is now the learner's, else what stood against it.

    `holder` is the public id of the learner whom the trouble is about.
    """

    badge: str = ""
    trouble: Refusal | None = None
    holder: str = ""


def person_of_walk_in(facts: SessionFacts, texts: Mapping[str, str], *, actor: Actor) -> tuple[Person, Refusal | None]:
    """The learner behind a walk-in, taken in now; and what the trainer must know about it.

    That is whose number was typed, where that is somebody of another name, who then gets no badge; else what kept the
    blank badge from being tied, if one was scanned. What was typed and cannot be read is left out: the person is more
    than the number. Raises `item.malformed` for a name without letters, and `class.cancelled`.
    """
    taken, given = _take_in(facts, texts, actor)
    person = person_by_place(facts.organisation_id, facts.course_id, taken.enrolment)
    if person is None:
        raise Refusal("scan.place_unknown")
    return person, given.trouble


def other_name(texts: Mapping[str, str], person: Person) -> str:
    """The name brought along with an ID number, where that number is somebody's of another name."""
    if card_name := texts.get("card_name"):
        return card_name
    brought = clean_name(texts.get("name", ""))
    return brought if "number" in texts and fold(brought) != fold(person.name) else ""


def release_walk_in(scan: Scan, facts: SessionFacts, *, actor: Actor) -> tuple[TakenIn, Given]:
    """Take in whoever a tablet's walk-in was about that had to wait, in the open transaction.

    Raises `walk_in.erased` when what was typed is gone, and `class.cancelled`.
    """
    held = held_walk_ins([scan.id]).get(scan.id)
    if held is None or held.texts is None:
        raise Refusal("walk_in.erased")
    return _take_in(facts, held.texts, actor)


def tie(code: str, learner_id: int, *, actor: Actor) -> Given:
    """Give a blank badge to a learner; what stands against it takes nothing else back."""
    was_blank = not badges.holder_of_badge(actor.organisation_id, code)
    try:
        with db.session.begin_nested():
            badge = sessions.tie_badge(code, learner_id, actor=actor)
    except Refusal as refused:
        return Given(trouble=refused, holder=badges.holder_of_badge(actor.organisation_id, code))
    return Given(badge.public_id if was_blank else "")


def read_walk_in(texts: Mapping[str, str], time_zone: str) -> LearnerFacts:
    """What was typed, as far as it can be read; raises `item.malformed` for a name without letters."""
    name = parse_name(texts["name"]).safe_value
    if not name:
        raise Invalid("item.malformed", part="name")
    birth = parse_birth(texts.get("born", ""), today(time_zone)).value
    sex = Sex(texts["sex"]) if texts.get("sex") in {*Sex} else None
    return LearnerFacts(
        name=name,
        birth=birth,
        sex=sex.value if sex else "",
        id_number=parse_id_number(texts.get("number", ""), birth, sex).value or "",
        phone=parse_phone(texts.get("phone", "")).value or "",
        unit=clean_name(texts.get("unit", "")),
        note=clean_name(texts.get("note", "")),
    )


def _take_in(facts: SessionFacts, texts: Mapping[str, str], actor: Actor) -> tuple[TakenIn, Given]:
    read = read_walk_in(texts, facts.schedule.time_zone)
    taken = sessions.take_in(facts.class_id, read, actor=actor)
    badge = texts.get("badge")
    if not taken.new and texts.get("number") and fold(taken.name) != fold(read.name):
        return taken, Given(trouble=Refusal("walk_in.number_known", name=taken.name), holder=taken.learner)
    return taken, tie(badge, taken.learner_id, actor=actor) if badge else Given()
