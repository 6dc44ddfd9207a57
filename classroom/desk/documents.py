"""Papers of a class, filled from its record. Official papers speak Vietnamese, whatever language the reader chose."""

from collections.abc import Sequence
from datetime import date

from classroom.accounts.models import Organisation
from classroom.attendance.documents import PARTS, AttendanceLine, MarkCell, RegisterColumn, RoomPoster, SpotColumn
from classroom.core.actor import Actor
from classroom.core.clock import local
from classroom.core.letterhead import Letterhead
from classroom.desk import facts
from classroom.desk.queries import ClassRecord, ClassSpot, RosterPlace, SessionRecord
from classroom.learners.models import Learner
from classroom.sessions.documents import BadgeFace, ClassHead, RosterLine, SigningSheet, date_words
from classroom.sessions.models import Badge, ClassSession, Enrolment, TrainingClass
from classroom.sessions.rules.badges import badge_path

#: What official papers say of somebody who was on no list.
WALKED_IN = "ghi danh tại chỗ"


def letterhead(organisation: Organisation, dated_on: date | None) -> Letterhead:
    """The head of every paper of this organisation; without a day, that is left to be written by hand."""
    return Letterhead(
        organisation=organisation.name,
        authority=organisation.parent_name,
        place=organisation.place,
        dated_on=dated_on,
    )


def class_head(training_class: TrainingClass, sessions: Sequence[ClassSession]) -> ClassHead:
    """What stands above the tables of a class."""
    first, last = facts.days(sessions) or (training_class.starts_on, None)
    return ClassHead(
        code=training_class.code,
        course=training_class.course.name,
        title=training_class.title,
        venue=facts.place(training_class.room),
        trainers=tuple(facts.trainer_names(training_class)),
        starts_on=first,
        ends_on=last,
    )


def roster_lines(roster: Sequence[Enrolment], *, whole_phones: bool) -> list[RosterLine]:
    """The learners of a class, in the order given."""
    return [
        RosterLine(
            name=one.learner.name,
            code=one.learner.code,
            born=_born(one.learner),
            sex=one.learner.sex,
            position=one.learner.position,
            unit=one.learner.unit or one.learner.commune,
            phone=facts.phone(one.learner.phone, whole=whole_phones),
            remarks=_roster_remarks(one),
        )
        for one in roster
    ]


def _roster_remarks(one: Enrolment) -> str:
    taken_in = WALKED_IN if one.walk_in in {"pending", "accepted"} else ""
    return "; ".join(filter(None, (one.note, taken_in)))


def signing_sheet(one: ClassSession, training_class: TrainingClass, zone: str, link: str) -> SigningSheet:
    """The paper register of a class session; the QR leads back to the register it belongs to."""
    teaching = one.substitute or one.trainer
    return SigningSheet(
        session=session_words(one),
        held_on=one.held_on,
        times=facts.times(one, zone),
        serial=f"{training_class.code}-{one.number:02}-{one.public_id[-4:]}",
        qr_text=link,
        topic=one.topic,
        trainer=teaching.name if teaching else "",
        room=facts.place(one.room or training_class.room),
    )


def badge_face(badge: Badge, learner: Learner, class_code: str, root: str) -> BadgeFace:
    """A learner's badge as it is printed; `root` is the public address."""
    return BadgeFace(
        link=root + badge_path(badge.code),
        class_code=class_code,
        name=learner.name,
        unit=learner.unit or learner.commune,
        learner_code=learner.code,
    )


def blank_face(badge: Badge, class_code: str, root: str) -> BadgeFace:
    """A badge for whoever walks in."""
    return BadgeFace(link=root + badge_path(badge.code), class_code=class_code, blank=badge.blank_number or 0)


def day_of(badge: Badge, actor: Actor) -> str:
    """The local day on which a badge was made, as in an address: 2026-10-14."""
    return local(badge.issued_at, actor.time_zone).date().isoformat()


def register_columns(record: ClassRecord, zone: str) -> list[RegisterColumn]:
    """The sessions of an attendance table with what became of their registers."""
    return [_column(one, zone) for one in record.sessions]


def spot_columns(spots: Sequence[ClassSpot], zone: str) -> list[SpotColumn]:
    """The spot checks of an attendance table."""
    return [SpotColumn(spot.session, local(spot.opened_at, zone)) for spot in spots]


def attendance_lines(record: ClassRecord, zone: str, spots: Sequence[ClassSpot] = ()) -> list[AttendanceLine]:
    """Everybody who was on the roster of a session, with marks in the order of the sessions."""
    return [
        AttendanceLine(
            name=place.learner.name,
            unit=place.learner.unit or place.learner.commune,
            marks=tuple(
                MarkCell(cell.status, cell.corrected, cell.on_roster, cell.minutes, cell.minutes_estimated)
                for cell in place.cells
            ),
            attended=place.credit.attended,
            code=place.learner.code,
            remarks=_remarks(place, zone),
            spots=tuple(_spot_sign(place, spot) for spot in spots),
        )
        for place in record.recorded
    ]


def poster(
    organisation: Organisation, one: ClassSession, training_class: TrainingClass, zone: str, url: str
) -> RoomPoster:
    """The fixed code of one class session for the wall of its room."""
    return RoomPoster(
        organisation=organisation.name,
        class_code=training_class.code,
        class_title=training_class.title or training_class.course.name,
        session=session_words(one),
        held_on=one.held_on,
        times=facts.times(one, zone),
        url=url,
        room=facts.place(one.room or training_class.room),
    )


def session_words(one: ClassSession) -> str:
    """Ngày 2, sáng"""
    return f"Ngày {one.day_number}, {PARTS[one.part].lower()}"


def _column(record: SessionRecord, zone: str) -> RegisterColumn:
    one, register = record.class_session, record.register
    signed_off_at = register.signed_off_at if register else None
    return RegisterColumn(
        day_number=one.day_number,
        held_on=one.held_on,
        part=one.part,
        closed=bool(register and register.closed_at),
        cancelled=one.cancelled_at is not None,
        signed_off_by=record.signed_off_by,
        signed_off_at=local(signed_off_at, zone) if signed_off_at else None,
        head_count=register.head_count if register else None,
        guests=record.tally.guests,
    )


def _spot_sign(place: RosterPlace, spot: ClassSpot) -> str:
    """An x for who answered, a word for who was asked in vain, nothing for the others."""
    if place.enrolment.id in spot.answered:
        return "x"
    return "chưa trả lời" if place.enrolment.id in spot.silent else ""


def _remarks(place: RosterPlace, zone: str) -> str:
    enrolment = place.enrolment
    left = f"Thôi lớp từ {date_words(local(enrolment.ended_at, zone).date())}" if enrolment.ended_at else ""
    return "; ".join(filter(None, (left, enrolment.note)))


def _born(learner: Learner) -> date | int | None:
    return learner.born_on or learner.birth_year
