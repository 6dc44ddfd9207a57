"""What tablets get, as JSON: instants are milliseconds since 1970, bytes are base 64."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from classroom.attendance.presenters.boards import half_day
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import ROUNDS, closes_at, late_from, opens_at
from classroom.attendance.services.tablets import Final, Handed
from classroom.core.clock import now
from classroom.web.words import say_to_trainer


def session(one: SessionFacts, at: datetime) -> dict[str, Any]:
    """A class session with the instants by which a tablet judges on its own."""
    schedule, policy = one.schedule, one.policy
    return {
        "id": one.public_id,
        "class_id": one.class_public_id,
        "class_code": one.class_code,
        "course": one.course,
        "number": one.number,
        "day": one.day_number,
        "part": one.part,
        "label": half_day(one.day_number, one.part),
        "held_on": one.held_on.isoformat(),
        "starts_at": milliseconds(schedule.starts_at),
        "ends_at": milliseconds(schedule.ends_at),
        "opens_at": milliseconds(opens_at(schedule, policy, one.state)),
        "closes_at": milliseconds(closes_at(schedule, one.state)),
        "late_from": milliseconds(late_from(schedule, policy)),
        "check_out": one.check_out,
        "state": one.phase(at).value,
    }


def roster(one: Handed) -> dict[str, Any]:
    """A class with its learners: no number, no birth, the end of the phone only."""
    at = now()
    badges: dict[str, dict[str, list[str]]] = {}
    for badge in one.badges:
        if badge.enrolment:
            badges.setdefault(badge.enrolment, {}).setdefault(badge.state, []).append(badge.code)
    return {
        "id": one.public_id,
        "code": one.code,
        "course": one.course,
        "salt": base64_text(one.salt),
        "rounds": ROUNDS,
        "expires_at": milliseconds(one.expires_at),
        "sessions": [session(each, at) for each in one.sessions],
        "learners": [
            {
                "enrolment": line.enrolment,
                "code": line.code,
                "name": line.name,
                "fold": line.name_fold,
                "unit": line.unit,
                "phone_end": line.phone_end,
                "walk_in": line.walk_in,
                "badges": badges.get(line.enrolment, {}).get("living", []),
                "old_badges": badges.get(line.enrolment, {}).get("replaced", []),
                "id_hash": base64_text(one.hashes[line.enrolment]) if line.enrolment in one.hashes else None,
            }
            for line in one.roster
        ],
        "hashes_missing": sum(bool(line.id_number) and line.enrolment not in one.hashes for line in one.roster),
        "blanks": [badge.code for badge in one.badges if badge.state == "blank"],
        "marks": one.marks,
    }


def answer(one: Final) -> dict[str, Any]:
    """What became of an item, with words in the reader's language."""
    return {
        "uuid": one.uuid,
        "final": one.final,
        "outcome": one.outcome,
        "code": one.code,
        "words": say_to_trainer(one.code, _spelt(one.details)) if one.code else "",
        "name": one.name,
        "unit": one.unit,
        "enrolment": one.enrolment,
        "status": one.status or None,
        "at": milliseconds(one.at) if one.at else None,
        "guest": one.guest,
        "direction": one.direction,
    }


def milliseconds(at: datetime) -> int:
    """An instant as scripts count it."""
    return round(at.timestamp() * 1000)


def base64_text(data: bytes) -> str:
    """Bytes as text."""
    return base64.b64encode(data).decode()


def _spelt(details: Mapping[str, str]) -> dict[str, object]:
    """Instants were kept as text; they are said as times."""
    return {name: datetime.fromisoformat(text) if name.endswith("_at") else text for name, text in details.items()}
