"""How a phone comes into a sitting: from the room's code, past the gate, to an attempt of its own."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from classroom.attendance.queries.phones import person_in_course
from classroom.core.clock import now
from classroom.core.doors import Door, Pass, open_door, read_pass
from classroom.core.errors import NotFound, Refusal
from classroom.core.markup import render
from classroom.core.signing import BadSignature, SignatureExpired, Signer, same, token_hash
from classroom.exams.presenters.practice import practice_question
from classroom.exams.queries.contents import contents_of
from classroom.exams.queries.gates import find_standing
from classroom.exams.queries.holding import is_refused, running_attempt
from classroom.exams.queries.sittings import SittingFacts, find_sitting, open_sittings_at
from classroom.exams.rules.drawing import total
from classroom.exams.rules.gate import entry_hours, gate
from classroom.exams.rules.timing import check_entry
from classroom.exams.services.doors import check_door, count_at_door
from classroom.exams.services.starting import start_attempt
from classroom.exams.views.devices import learner_actor, page, phone_token
from classroom.extensions import csrf
from classroom.web.guards import public
from classroom.web.words import say, say_refusal

bp = Blueprint("test_door", __name__, url_prefix="/t")
csrf.exempt(bp)  # the seat is sealed to the browser: no other site can know it
PURPOSE = "test"
#: From the door to the first question: as long as somebody may wait in front of it.
_SEAT_LIFE = timedelta(hours=12)
_REFRESH_SECONDS = "5"

open_door(PURPOSE, Door(check_door, count_at_door, "test_door.enter"))


@bp.errorhandler(Refusal)
def say_no(no: Refusal) -> ResponseReturnValue:
    """Say it on a page of the phone."""
    if isinstance(no, NotFound):
        return page("exam/closed.html", status=404, message=say("sitting.unknown"))
    return page("exam/closed.html", status=no.status, message=say_refusal(no), again=no.code == "sitting.paused")


@bp.get("/enter")
@public
def enter() -> ResponseReturnValue:
    """Take the pass of the check-in pages; where several tests are open, ask for which one."""
    given = _open_pass(request.args.get("ticket", ""))
    sittings = open_sittings_at(given.session)
    if not sittings:
        raise Refusal("sitting.none_open")
    seats = [(each, seal_seat(each.public_id, given.learner, given.browser_hash)) for each in sittings]
    if len(seats) == 1:
        return redirect(url_for(".ready", seat=seats[0][1]), 303)
    return page("exam/which.html", sittings[0], seats=seats)


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Who one is, what is coming, and the button that begins; or why it cannot begin yet."""
    sitting, learner, seat = _seat()
    return _before(sitting, learner, seat)


@bp.get("/practice")
@bp.post("/practice")
@public
def practice() -> ResponseReturnValue:
    """One question that counts for nothing, so that nobody meets the screen for the first time when it counts."""
    sitting, _, seat = _seat()
    given = request.form.get("i0", "") if request.method == "POST" else ""
    shown = practice_question()
    return page(
        "exam/practice.html", sitting, seat=seat, question=shown.question, given=given, right=given == shown.right
    )


@bp.post("/begin")
@public
def begin() -> ResponseReturnValue:
    """Begin, or go on with what this device has begun already."""
    sitting, learner, seat = _seat()
    token = phone_token() or ""
    try:
        actor = learner_actor(sitting.organisation_id)
        started = start_attempt(sitting.public_id, learner, token_hash(token), actor=actor, known=sitting)
    except Refusal as no:
        if no.code == "attempt.other_device":
            return redirect(url_for(".waiting", seat=seat), 303)
        if no.status == 404:
            raise
        return _before(sitting, learner, seat, refused=no)
    return redirect(url_for("attempt.show", attempt_id=started.attempt_public_id), 303)


@bp.get("/waiting")
@public
def waiting() -> ResponseReturnValue:
    """On a second device: until the trainer lets it take over."""
    sitting, learner, seat = _seat()
    person = _person(sitting, learner)
    running = running_attempt(sitting.id, person.learner_id)
    if running is None:
        return redirect(url_for(".ready", seat=seat), 303)
    device = token_hash(phone_token() or "")
    if running.device_hash == device:
        return redirect(url_for("attempt.show", attempt_id=running.public_id), 303)
    if is_refused(running.public_id, device):
        return page("exam/refused.html", sitting, person=person, seat=seat)
    answer = page("exam/waiting.html", sitting, person=person, seat=seat)
    answer.headers["Refresh"] = _REFRESH_SECONDS
    return answer


def seal_seat(sitting: str, learner: str, browser_hash: bytes) -> str:
    """What lets this browser, and no other, begin as this learner in this sitting; good for twelve hours."""
    return _signer().sign({"s": sitting, "l": learner, "b": browser_hash.hex()}, now() + _SEAT_LIFE)


def _before(sitting: SittingFacts, learner: str, seat: str, refused: Refusal | None = None) -> Response:
    person = _person(sitting, learner)
    standing = find_standing(sitting, person.learner_id).standing
    bars = gate(sitting.terms, standing, retake=sitting.retake)
    reasons = [say(bar.code, bar.details) for bar in bars]
    paused = False
    if not reasons:
        try:
            check_entry(entry_hours(sitting.hours, standing), now())
        except Refusal as no:
            reasons.append(say_refusal(no))
            paused = no.code == "sitting.paused"
    if refused is not None and not reasons:
        reasons.append(say_refusal(refused))
    pool = contents_of(sitting.public_id).pool
    facts = {"count": sum(part.draw for part in pool), "points": total(pool)}
    shared: dict[str, Any] = {"person": person, "seat": seat, **facts}
    if reasons:
        passed = [bar.code for bar in bars] == ["gate.passed_already"]
        shared |= {"reasons": reasons, "paused": paused, "passed": passed}
        answer = page("exam/barred.html", sitting, status=409 if refused else 200, **shared)
        if paused:
            answer.headers["Refresh"] = f"{_REFRESH_SECONDS}; url={url_for('.ready', seat=seat)}"
        return answer
    shared["instructions"] = render(sitting.terms.instructions, _no_picture) if sitting.terms.instructions else ""
    return page("exam/ready.html", sitting, **shared)


def _no_picture(_picture_id: str) -> str:
    """Instructions have none."""
    return ""


def _person(sitting: SittingFacts, learner: str) -> Any:
    person = person_in_course(sitting.organisation_id, sitting.session.course_id, learner)
    if person is None:
        raise NotFound
    return person


def _open_pass(ticket: str) -> Pass:
    try:
        return read_pass(ticket, PURPOSE, _key(), now(), phone_token())
    except SignatureExpired:
        raise Refusal("grant.expired") from None
    except BadSignature:
        raise Refusal("grant.invalid") from None


def _seat() -> tuple[SittingFacts, str, str]:
    """The sitting and the learner that this browser was let to; raises Refusal `grant.*` or NotFound."""
    text = request.values.get("seat", "")
    try:
        value = _signer().open(text, now())
    except SignatureExpired:
        raise Refusal("grant.expired") from None
    except BadSignature:
        raise Refusal("grant.invalid") from None
    token = phone_token()
    if not token or not same(bytes.fromhex(value["b"]), token_hash(token)):
        raise Refusal("grant.other_browser")
    sitting = find_sitting(value["s"])
    if sitting is None or sitting.annulled_at is not None:
        raise NotFound
    return sitting, value["l"], text


def _signer() -> Signer:
    return Signer(_key(), "test.seat")


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
