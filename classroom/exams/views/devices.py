"""How the pages of an attempt know the device in front of them: a cookie of the browser, or of the room's device."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, current_app, g, make_response, render_template, request

from classroom.core import actor as actors
from classroom.core.actor import Actor
from classroom.core.errors import Forbidden, NotFound
from classroom.core.signing import base32_encode, mac, same, token_hash
from classroom.exams.queries.attempts import AttemptFacts, find_attempt
from classroom.exams.queries.sittings import SittingFacts
from classroom.web import cookies

PHONE_COOKIE = "phone"
KIOSK_COOKIE = "kiosk"
_PROOF_BYTES = 15


@dataclass(frozen=True, slots=True)
class Held:
    """An attempt as the device in front of us may see it."""

    attempt: AttemptFacts
    device_hash: bytes
    kiosk: bool

    @property
    def sitting(self) -> SittingFacts:
        """The sitting it belongs to."""
        return self.attempt.sitting

    @property
    def proof(self) -> str:
        """What every form and request of the attempt carries: another site's page cannot know it."""
        return _proof(self.attempt.public_id, self.device_hash)

    def check_proof(self) -> None:
        """Refuse what was not sent by a page of this attempt."""
        given = request.headers.get("X-Proof", "") or request.form.get("proof", "")
        if not same(given, self.proof):
            raise Forbidden("attempt.proof")


def hold(attempt_id: str) -> Held:
    """The attempt, if this device holds it or held it before; raises NotFound for anybody else."""
    for name, token in _tokens():
        device_hash = token_hash(token)
        attempt = find_attempt(attempt_id, device_hash)
        if attempt and (attempt.holder or attempt.former):
            g.time_zone = attempt.sitting.session.schedule.time_zone
            return Held(attempt, device_hash, name == KIOSK_COOKIE)
    raise NotFound


def proven_device(attempt_id: str) -> bytes | None:
    """The device, if the request carries the proof that only one which held this attempt was ever given.

    With it nothing needs to be read before a service looks by itself whether the device holds the attempt still: what a
    device sends that has lost it is kept as evidence, also where it shows nothing of the attempt any more. None for
    whoever is to be looked at by `hold`.
    """
    given = request.headers.get("X-Proof", "")
    hashes = (token_hash(token) for _, token in _tokens())
    return next((each for each in hashes if same(given, _proof(attempt_id, each))), None)


def phone_token() -> str | None:
    """The random value that this browser has kept."""
    return request.cookies.get(cookies.guarded(PHONE_COOKIE)) or None


def kiosk_token() -> str | None:
    """The value of a device of the room."""
    return request.cookies.get(cookies.guarded(KIOSK_COOKIE)) or None


def learner_actor(organisation_id: int) -> Actor:
    """The device that acts: it holds no permission."""
    return actors.learner(organisation_id, (request.remote_addr or "")[:64])


def page(template: str, sitting: SittingFacts | None = None, *, status: int = 200, **values: object) -> Response:
    """A page for a learner, in the time zone and under the name of the organisation; no cache keeps it."""
    if sitting is not None:
        g.time_zone = sitting.session.schedule.time_zone
        values |= {"sitting": sitting, "facts": sitting.session, "organisation_name": sitting.session.organisation}
    answer = make_response(render_template(template, **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _proof(attempt_id: str, device_hash: bytes) -> str:
    key = mac(str(current_app.config["SECRET_KEY"]).encode(), "attempt proof")
    return base32_encode(mac(key, attempt_id, device_hash)[:_PROOF_BYTES])


def _tokens() -> Iterator[tuple[str, str]]:
    for name in (KIOSK_COOKIE, PHONE_COOKIE):
        if token := request.cookies.get(cookies.guarded(name)):
            yield name, token
