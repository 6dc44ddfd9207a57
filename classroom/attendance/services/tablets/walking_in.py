"""A walk-in that a tablet brings, perhaps hours later."""

from classroom.attendance.queries.phones import Person
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.queries.tablets import person_by_place
from classroom.attendance.rules import Item
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.learners.rules import LearnerFacts, Sex, parse_birth, parse_id_number, parse_name, parse_phone
from classroom.sessions import services as sessions


def person_of_walk_in(facts: SessionFacts, item: Item, *, actor: Actor) -> tuple[Person, Refusal | None]:
    """The learner behind a walk-in, taken in now; and what kept the blank badge from being tied, if one was scanned.

    What was typed and cannot be read is left out: the person is more than the number. Raises `item.malformed` for a
    name without letters, and `class.cancelled`.
    """
    taken = sessions.take_in(facts.class_id, _facts(item, facts.schedule.time_zone), actor=actor)
    trouble = None
    if badge := item.texts.get("badge"):
        try:
            with db.session.begin_nested():
                sessions.tie_badge(badge, taken.learner_id, actor=actor)
        except Refusal as refused:
            trouble = refused
    person = person_by_place(facts.organisation_id, facts.course_id, taken.enrolment)
    if person is None:
        raise Refusal("scan.place_unknown")
    return person, trouble


def _facts(item: Item, time_zone: str) -> LearnerFacts:
    texts = item.texts
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
    )
