"""The steps after a good code: who it is, the mark, the way to the trainer. Each carries the grant."""

from typing import Any

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from classroom.attendance.queries.phones import Person, bound_people, find_mark, find_request, person_in_course
from classroom.attendance.queries.session_facts import SessionFacts, session_facts_by_id
from classroom.attendance.queries.standing import credit_with, planned_in
from classroom.attendance.rules import CAME, Credit, Grant, Purpose, Status
from classroom.attendance.services.identifying import count_look_up, identify, know_browser, not_me
from classroom.attendance.services.requests import ask_trainer
from classroom.attendance.services.scanning import Attempt, ScanAnswer, choose_place, record_scan
from classroom.attendance.services.spots import answer_spot
from classroom.attendance.views.checkin import ask_who, bp, land
from classroom.attendance.views.phone import (
    browser_hash,
    grant_from_form,
    learner_actor,
    opened,
    page,
    refused,
    sealed,
    signed,
)
from classroom.core.clock import now
from classroom.core.doors import Pass, door_for, seal_pass
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.web.context import LANGUAGE_COOKIE, LANGUAGES
from classroom.web.guards import public
from classroom.web.words import say, say_refusal

__all__ = ["bp"]

_TONES = {Status.PRESENT: "success", Status.LATE: "attention"}
_REFRESH_SECONDS = "4"
_YEAR = 31_536_000


@bp.errorhandler(Refusal)
def say_no(no: Refusal) -> ResponseReturnValue:
    """Say it on a page of the phone."""
    if isinstance(no, NotFound):
        return refused("code.unreadable")
    return refused(no.code, details=no.details)


@bp.post("/checkin/start")
@public
def again() -> ResponseReturnValue:
    """The page after the code once more: for another person on this phone, or in another language."""
    grant, facts = grant_from_form()
    other, language = bool(request.form.get("other")), request.form.get("language")
    if language not in LANGUAGES:
        return land(facts, grant, other=other)
    with force_locale(language):
        return _speak(land(facts, grant, other=other), language)


@bp.post("/checkin/identify")
@public
def find_me() -> ResponseReturnValue:
    """Look the learner up; the name is shown after a right answer only."""
    grant, facts = grant_from_form()
    typed = request.form.get("who", "")[:60]
    if not typed.strip():
        return ask_who(facts, grant, status=422, error=say("identify.missing"))
    try:
        people = identify(facts, grant, typed)
    except Refusal as no:
        return ask_who(facts, grant, status=429, error=say_refusal(no), typed=typed, to_trainer=True)
    if not people:
        return ask_who(facts, grant, status=422, error=say("identify.unknown"), typed=typed, to_trainer=True)
    claims = [(each, signed("claim", {"l": each.public_id, "n": grant.nonce}, grant.expires_at)) for each in people]
    return page("checkin/confirm.html", facts, claims=claims, grant=sealed(grant), purpose=grant.purpose.value)


@bp.post("/checkin/confirm")
@public
def confirm() -> ResponseReturnValue:
    """After "yes, that is me": bind the browser and make the mark, in one transaction."""
    grant, facts = grant_from_form()
    claim = opened("claim", request.form.get("claim", ""))
    if claim is None or claim["n"] != grant.nonce:
        raise Refusal("grant.invalid")
    person = person_in_course(facts.organisation_id, facts.course_id, claim["l"])
    if person is None:
        raise Refusal("grant.invalid")
    known = bound_people(grant.browser_hash, facts.organisation_id, facts.course_id)
    bound = known.person(person.public_id)
    return _mark(facts, grant, bound or person, shared=known.served_others(person.learner_id), asked=True)


@bp.post("/checkin/deny")
@public
def deny() -> ResponseReturnValue:
    """Take "not me" before anything was made; it counts as a wrong look-up."""
    grant, facts = grant_from_form()
    count_look_up(grant)
    return ask_who(facts, grant, error=say("identify.denied"))


@bp.post("/checkin/mark")
@public
def mark() -> ResponseReturnValue:
    """Make the mark of the learner whom this browser is bound to."""
    grant, facts = grant_from_form()
    known = bound_people(grant.browser_hash, facts.organisation_id, facts.course_id)
    person = known.person(request.form.get("learner"))
    if person is None:
        return land(facts, grant)
    return _mark(facts, grant, person, shared=known.served_others(person.learner_id), asked=False)


@bp.post("/checkin/not-me")
@public
def part() -> ResponseReturnValue:
    """Take "not me" on a browser that was bound to somebody: forget that, and ask who it is."""
    grant, facts = grant_from_form()
    not_me(facts, grant.browser_hash, request.form.get("learner", ""), actor=learner_actor(facts))
    return ask_who(facts, grant)


@bp.post("/checkin/request")
@public
def ask() -> ResponseReturnValue:
    """Send a name to the trainer's board."""
    grant, facts = grant_from_form()
    name = request.form.get("name", "")[:200]
    try:
        made = ask_trainer(facts, grant, name)
    except Invalid as no:
        return ask_who(facts, grant, status=422, name_error=say_refusal(no), name=name, to_trainer=True)
    return redirect(url_for("checkin.waiting", request_id=made), 303)


@bp.get("/checkin/waiting/<request_id>")
@public
def waiting(request_id: str) -> ResponseReturnValue:
    """The number to show to the trainer; the page renews itself until the trainer has decided."""
    found, browser = None, browser_hash()
    if browser is not None:
        found = find_request(request_id, browser)
    facts = session_facts_by_id(found.class_session_id) if found else None
    if found is None or facts is None:
        raise NotFound
    if found.decision == "matched":
        standing = find_mark(facts.id, found.enrolment_id)
        if standing is not None and standing.status in CAME:
            status = Status(standing.status)
            tone = _TONES.get(status, "attention")
            shown = {"mark_status": status, "at": standing.arrived_at, "guest": standing.guest, "person": standing}
            return page("checkin/done.html", facts, result=tone, **shown)
    response = page("checkin/waiting.html", facts, asked=found)
    if found.decided_at is None:
        response.headers["Refresh"] = _REFRESH_SECONDS
    return response


def _mark(facts: SessionFacts, grant: Grant, person: Person, *, shared: bool, asked: bool) -> ResponseReturnValue:
    if grant.purpose is Purpose.TEST:
        return _go_through(facts, grant, person)
    attempt = Attempt(
        uuid=f"{grant.nonce}.{person.public_id}",
        source=grant.source,
        scanned_at=grant.scanned_at,
        person=person,
        browser_hash=grant.browser_hash,
        shared=shared,
        direction="out" if grant.purpose is Purpose.OUT else "in",
    )
    if grant.purpose is Purpose.SPOT:
        return _give_sign(facts, grant, attempt, asked=asked)
    place, _ = choose_place(facts, person) if grant.purpose is Purpose.IN else (None, "")
    # Read before the mark is written: another transaction after it would keep the answer waiting.
    planned = planned_in(place.class_id, facts.course_id, person.learner_id) if place else []
    answer = record_scan(facts, attempt, actor=learner_actor(facts))
    counts = bool(planned) and answer.outcome != "proposed"
    standing = credit_with(planned, facts.number, answer.status, now()) if counts else None
    return _show(facts, grant, person, answer, asked=asked, credit=standing)


def _go_through(facts: SessionFacts, grant: Grant, person: Person) -> ResponseReturnValue:
    """To the test: whoever was asked for a name is known in this browser from now on."""
    door = door_for(Purpose.TEST)
    if door is None:
        raise Refusal("grant.invalid")
    know_browser(facts, grant, person, actor=learner_actor(facts))
    given = Pass(facts.public_id, person.public_id, grant.browser_hash, now())
    ticket = seal_pass(given, Purpose.TEST, current_app.config["SECRET_KEY"])
    return redirect(url_for(door.endpoint, ticket=ticket), 303)


def _give_sign(facts: SessionFacts, grant: Grant, attempt: Attempt, *, asked: bool) -> ResponseReturnValue:
    reply = answer_spot(facts, attempt, actor=learner_actor(facts))
    shared: dict[str, Any] = {"grant": sealed(grant), "person": attempt.person, "asked": asked, "purpose": "spot"}
    if reply.refusal:
        return refused(reply.refusal, facts, **shared)
    return page("checkin/done.html", facts, result="success", at=reply.at, **shared)


def _show(
    facts: SessionFacts, grant: Grant, person: Person, answer: ScanAnswer, *, asked: bool, credit: Credit | None
) -> ResponseReturnValue:
    shared: dict[str, Any] = {"grant": sealed(grant), "person": person, "asked": asked, "purpose": grant.purpose.value}
    if answer.outcome == "refused":
        return refused(answer.refusal, facts, answer.details, **shared)
    return page(
        "checkin/done.html",
        facts,
        result=_tone(grant, answer),
        mark_status=answer.status,
        at=answer.at,
        guest=answer.guest,
        proposed=answer.outcome == "proposed",
        credit=credit,
        **shared,
    )


def _tone(grant: Grant, answer: ScanAnswer) -> str:
    if answer.outcome == "proposed":
        return "info"
    if grant.purpose is Purpose.OUT:
        return "attention" if answer.status is Status.LEFT_EARLY else "success"
    return _TONES.get(answer.status or Status.PRESENT, "attention")


def _speak(response: Response, language: str) -> Response:
    secure = request.is_secure
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response
