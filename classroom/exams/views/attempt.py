"""The pages of one attempt, on the device that holds it: answer, look over, hand in, see the result."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from classroom.core.clock import now
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.markup import picture_ids
from classroom.exams.forms.answers import answer_from_form
from classroom.exams.presenters.results import own_result
from classroom.exams.presenters.showing import PictureUrl, show_texts
from classroom.exams.queries.attempts import ShownItem, items_of, responses_of
from classroom.exams.queries.kiosks import KIOSK_LINGERS
from classroom.exams.queries.pictures import find_picture
from classroom.exams.rules.masks import Mask, names
from classroom.exams.services.answering import Saved, Sent, heartbeat, save, submit
from classroom.exams.views.devices import Held, hold, page, proven_device
from classroom.extensions import csrf
from classroom.web.filters import local_seconds
from classroom.web.guards import public, wants_json
from classroom.web.words import say, say_refusal

bp = Blueprint("attempt", __name__, url_prefix="/t/<attempt_id>")
csrf.exempt(bp)  # each attempt has its own proof
#: More items than one request of our script ever brings.
MOST_AT_ONCE = 200
#: How often a page that waits for the end of the test looks again.
_REFRESH_SECONDS = "20"
#: A little longer than a device of the room may show that an attempt has ended.
_KIOSK_SECONDS = round(KIOSK_LINGERS.total_seconds()) + 5


@bp.errorhandler(Refusal)
def say_no(no: Refusal) -> ResponseReturnValue:
    """Tell the script by its code, a person in words."""
    if wants_json():
        return jsonify(error=no.code, message=say_refusal(no)), no.status
    message = say("attempt.unknown") if isinstance(no, NotFound) else say_refusal(no)
    return page("exam/closed.html", status=no.status, message=message)


@bp.get("")
@public
def show(attempt_id: str) -> ResponseReturnValue:
    """All questions of the attempt, or why there is nothing to answer any more."""
    held = hold(attempt_id)
    if not held.attempt.holder:
        return page("exam/moved.html", held.sitting, status=409)
    told = heartbeat(attempt_id, held.device_hash, held.attempt)
    if told.state != "running":
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    return _questions(held, told)


@bp.post("/save")
@public
def save_answers(attempt_id: str) -> ResponseReturnValue:
    """Answers of the script, or none of them: then only the clock comes back."""
    device = proven_device(attempt_id)
    if device is None:
        held = hold(attempt_id)
        held.check_proof()
        device = held.device_hash
    sent = _sent(_body())
    told = save(attempt_id, device, sent) if sent else heartbeat(attempt_id, device)
    g.time_zone = told.time_zone
    return jsonify(
        state=told.state,
        now=_ms(told.now),
        time=local_seconds(told.now),
        deadline=_ms(told.deadline),
        paused=told.paused,
        saved=told.saved,
        refused=told.refused,
    )


@bp.post("/answer")
@public
def answer(attempt_id: str) -> ResponseReturnValue:
    """One question's form, from a browser without scripts."""
    held = hold(attempt_id)
    held.check_proof()
    items = items_of(held.attempt)
    position = _position(request.form.get("question", ""), len(items))
    asked = items[position]
    try:
        raw = answer_from_form(asked.kind, _named(asked), request.form, position)
        told = save(attempt_id, held.device_hash, [Sent(position, 0, raw, by_name=True)], form_post=True)
    except Invalid as no:
        return _questions(held, heartbeat(attempt_id, held.device_hash), problem=(position, say_refusal(no))), 422
    if told.state != "running":
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    if told.refused:
        problem = (position, say(told.refused[0][1]))
        return _questions(held, told, problem=problem), 422
    after = min(position + 1, len(items) - 1)
    return redirect(url_for(".show", attempt_id=attempt_id, saved=position + 1) + f"#q{after + 1}", 303)


@bp.get("/review")
@public
def review(attempt_id: str) -> ResponseReturnValue:
    """What is answered and what is not, before handing in."""
    held = hold(attempt_id)
    if not held.attempt.holder:
        return page("exam/moved.html", held.sitting, status=409)
    told = heartbeat(attempt_id, held.device_hash, held.attempt)
    if told.state != "running":
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    answered = {position for position, kept in responses_of(held.attempt).items() if kept.answer is not None}
    count = len(items_of(held.attempt))
    shared: dict[str, Any] = {"held": held, "told": told, "count": count, **_clock(told)}
    return page(
        "exam/review.html",
        held.sitting,
        answered=answered,
        missing=[n for n in range(count) if n not in answered],
        **shared,
    )


@bp.post("/submit")
@public
def hand_in(attempt_id: str) -> ResponseReturnValue:
    """The learner is done."""
    held = hold(attempt_id)
    held.check_proof()
    submit(attempt_id, held.device_hash)
    return redirect(url_for(".result", attempt_id=attempt_id), 303)


@bp.get("/result")
@public
def result(attempt_id: str) -> ResponseReturnValue:
    """Points, pass or fail, as soon as the paper lets them be seen."""
    held = hold(attempt_id)
    told = heartbeat(attempt_id, held.device_hash, held.attempt) if held.attempt.holder else None
    if told is not None and told.state == "running":
        return redirect(url_for(".show", attempt_id=attempt_id), 303)
    if held.attempt.state == "annulled":
        raise Refusal("attempt.annulled")
    if told is None and held.attempt.state == "running":
        return page("exam/moved.html", held.sitting, status=409)
    shown = own_result(held.sitting, attempt_id, now(), _picture_url(held))
    answer = page("exam/result.html", held.sitting, held=held, shown=shown)
    if held.kiosk:  # a device of the room shows nobody's result for long
        answer.headers["Refresh"] = f"{_KIOSK_SECONDS}; url={url_for('kiosk.show')}"
    elif shown.waits:
        answer.headers["Refresh"] = _REFRESH_SECONDS
    return answer


@bp.get("/pictures/<picture_id>")
@public
def picture(attempt_id: str, picture_id: str) -> ResponseReturnValue:
    """A picture of one of the attempt's own questions."""
    held = hold(attempt_id)
    shown = picture_ids(*(text for item in items_of(held.attempt) for text in _texts(item)))
    found = find_picture(held.sitting.organisation_id, picture_id) if picture_id in shown else None
    if found is None:
        raise NotFound
    answer = send_file(BytesIO(found.file.content), mimetype=found.file.media_type)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _questions(held: Held, told: Saved, problem: tuple[int, str] | None = None) -> Response:
    responses = responses_of(held.attempt)
    address = _picture_url(held)
    shown = []
    for place, item in enumerate(items_of(held.attempt)):
        kept = responses.get(place)
        answer = _mask(item).hide(kept.answer) if kept else None
        sequence = kept.sequence if kept else 0
        options, lefts = _under_names(item.options), _under_names(item.lefts)
        shown.append((show_texts(place, item.kind, item.text, options, lefts, address), answer, sequence))
    return page(
        "exam/attempt.html",
        held.sitting,
        held=held,
        told=told,
        questions=shown,
        answered=sum(1 for _, answer, _ in shown if answer is not None),
        problem=problem,
        just_saved=request.args.get("saved", ""),
        **_clock(told),
    )


def _named(item: ShownItem) -> dict[str, Any]:
    """The names of a question's parts, which is all that reading a form needs."""
    options = [{"id": name} for name in names(item.options)]
    return {"options": options, "items": options, "pairs": [{"id": name} for name in names(item.lefts)]}


def _under_names(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(zip(names(parts), (text for _, text in parts), strict=True))


def _texts(item: ShownItem) -> list[str]:
    return [item.text, *(text for _, text in item.options), *(text for _, text in item.lefts)]


def _picture_url(held: Held) -> PictureUrl:
    return lambda picture_id: url_for("attempt.picture", attempt_id=held.attempt.public_id, picture_id=picture_id)


def _body() -> object:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # thousands of brackets, one in another
        raise Invalid("answer.shape") from None


def _sent(body: object) -> list[Sent]:
    answers = body.get("answers") if isinstance(body, Mapping) else None
    if not isinstance(answers, list) or len(answers) > MOST_AT_ONCE:
        raise Invalid("answer.shape")
    return [_one(each) for each in answers]


def _one(each: object) -> Sent:
    if not isinstance(each, Mapping):
        raise Invalid("answer.shape")
    position, sequence = each.get("i"), each.get("s")
    if type(position) is not int or type(sequence) is not int:
        raise Invalid("answer.shape")
    return Sent(position, sequence, each.get("a"), by_name=True)


def _mask(item: ShownItem) -> Mask:
    """The ids behind the names under which the page shows the parts of a question."""
    return Mask([key for key, _ in item.options], [key for key, _ in item.lefts])


def _position(text: str, count: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) >= count:
        raise Invalid("answer.shape")
    return int(text)


def _clock(told: Saved) -> dict[str, Any]:
    return {"now_ms": _ms(told.now), "deadline_ms": _ms(told.deadline), "left": told.deadline - told.now}


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
