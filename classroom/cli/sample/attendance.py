"""Play the sample's past: people come in by file, phones scan, trainers mark, close and sign off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from classroom.accounts import queries as accounts
from classroom.attendance import services as attendance
from classroom.attendance.queries.phones import person_in_course
from classroom.attendance.queries.register import count_session
from classroom.attendance.queries.session_facts import SessionFacts, get_session_facts
from classroom.attendance.rules import Source, Status
from classroom.attendance.services.by_hand import Choice, Decision
from classroom.attendance.services.scanning import Attempt, record_scan
from classroom.cli.sample import people
from classroom.cli.sample.people import Person
from classroom.core.actor import Actor, learner
from classroom.core.clock import pretended
from classroom.core.db import transaction
from classroom.core.sheets import SheetLimits, write_xlsx
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass
from classroom.sessions.queries import imports, roster
from classroom.sessions.services.imports import Upload, confirm_import, upload_list

#: Of a hundred: how many phones scan in time, how many late; the others are asked for by the trainer or missing.
IN_TIME, LATE, BY_HAND, EXCUSED = 84, 6, 4, 2


def import_people(training_class: TrainingClass, invented: list[Person], actor: Actor) -> None:
    """Take a list in as a coordinator would, with every proposal as it stands."""
    content = write_xlsx([people.roster(invented, training_class.code)])
    upload = Upload(f"danh-sach-{training_class.code}.xlsx", content)
    limits = SheetLimits()
    made = upload_list(
        upload,
        course=training_class.course.public_id,
        class_id=training_class.public_id,
        limits=limits,
        actor=actor,
    )
    draft = imports.open_draft(actor, made.public_id, limits)
    confirm_import(made.public_id, draft.plan.digest(), limits=limits, actor=actor)


def play(training_class: TrainingClass, at: datetime, random: Random) -> None:
    """Everything that happened in the class before `at`, session by session."""
    trainer = accounts.actor_of(training_class.trainers[0].staff, at)
    places = roster(training_class.id)
    for class_session in training_class.sessions:
        if class_session.starts_at < at:
            with transaction():
                _play_session(class_session, places, trainer, at, random)


def _play_session(
    class_session: ClassSession, places: Sequence[Enrolment], trainer: Actor, at: datetime, random: Random
) -> None:
    facts = get_session_facts(trainer, class_session.public_id)
    going_on = at < class_session.ends_at
    for place in random.sample(list(places), len(places)):
        dice = random.randrange(100)
        if dice < IN_TIME:
            when = class_session.starts_at + timedelta(seconds=random.randrange(-1300, 600))
            _scan(facts, place, min(when, at - timedelta(seconds=30)))
        elif dice < IN_TIME + LATE:
            when = class_session.starts_at + timedelta(minutes=random.randrange(16, 35))
            if when < at:
                _scan(facts, place, when)
        elif not going_on:
            _decide(class_session, place, dice - IN_TIME - LATE, trainer)
    if not going_on:
        _finish(class_session, facts, trainer)


def _scan(facts: SessionFacts, place: Enrolment, when: datetime) -> None:
    """A phone of the learner's own opens the code at that instant."""
    person = person_in_course(facts.organisation_id, place.course_id, place.learner.public_id)
    if person is None:
        raise LookupError(f"{place.learner.public_id} is not in the course")
    browser = sha256(f"sample phone {place.learner_id}".encode()).digest()
    attempt = Attempt(
        uuid=f"sample-{facts.public_id}-{place.public_id}",
        source=Source.ROOM_CODE,
        scanned_at=when,
        person=person,
        browser_hash=browser,
    )
    with pretended(when):
        record_scan(facts, attempt, actor=learner(facts.organisation_id))


def _decide(class_session: ClassSession, place: Enrolment, dice: int, trainer: Actor) -> None:
    """The trainer marks somebody who has no phone, or has sent an excuse; the others stay unmarked."""
    if dice >= BY_HAND + EXCUSED:
        return
    came = dice < BY_HAND
    decision = Decision(
        Status.PRESENT if came else Status.EXCUSED,
        "Không có điện thoại" if came else "Có giấy xin phép",
        class_session.starts_at if came else None,
    )
    with pretended(class_session.starts_at + timedelta(minutes=20)):
        attendance.mark_by_hand(class_session.public_id, [Choice(place.public_id)], decision, actor=trainer)


def _finish(class_session: ClassSession, facts: SessionFacts, trainer: Actor) -> None:
    with pretended(class_session.ends_at - timedelta(minutes=2)):
        heads = count_session(facts).heads
        attendance.close_register(class_session.public_id, head_count=heads, actor=trainer)
        attendance.sign_off(class_session.public_id, actor=trainer)
