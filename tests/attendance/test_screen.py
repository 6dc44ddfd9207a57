"""The screen of a room: pairing by six digits, codes ahead, what it must never show."""

import base64
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.attendance import queries, services
from classroom.attendance.models import Register, Screen
from classroom.attendance.presenters import AHEAD
from classroom.attendance.rules import CodeVerdict, judge_room_code, parse_room_code, typed_code
from classroom.attendance.services.screens import WRONG_DIGITS
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.sessions.models import TrainingClass
from tests.factories import FIRST_DAY, at, make_actor, vietnam
from tests.support.rooms import Room


@pytest.fixture
def room(app: Flask) -> Room:
    return Room(3)


def digits_of(screen: FlaskClient) -> str:
    return str(screen.post("/screen/pairing").json["digits"])


def paired(room: Room, app: Flask) -> FlaskClient:
    screen = app.test_client()
    services.pair_screen(room.session, digits_of(screen), actor=room.actor)
    return screen


def feed(screen: FlaskClient, **query: object) -> dict[str, object]:
    answer = screen.get("/screen/feed", query_string=query)
    return dict(answer.json or {}, status=answer.status_code)


def decode(size: int, bits: str) -> str:
    """Read the symbol as a phone does, from eight pixels a module."""
    packed = base64.b64decode(bits)
    dark = [packed[place // 8] >> (7 - place % 8) & 1 for place in range(size * size)]
    rows = (bytes(0 if dot else 255 for dot in dark[y * size : (y + 1) * size] for _ in range(8)) for y in range(size))
    picture = b"".join(row * 8 for row in rows)
    found = zxingcpp.read_barcodes(memoryview(picture).cast("B", (size * 8, size * 8)))
    return str(found[0].text)


def test_opening_the_screen_writes_nothing(room: Room, client: FlaskClient) -> None:
    assert client.get("/screen").status_code == 200
    assert client.get("/screen/feed").status_code == 401
    assert db.session.scalars(select(Screen)).all() == []


def test_a_screen_is_paired_by_the_digits_it_shows(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        screen = app.test_client()
        digits = digits_of(screen)
        assert re.fullmatch(r"\d{6}", digits)
        assert feed(screen)["state"] == "pairing"
        assert feed(screen)["digits"] == digits
        services.pair_screen(room.session, f"{digits[:3]} {digits[3:]}", actor=room.actor)
        assert feed(screen)["state"] == "open"
        assert screen.post("/screen/pairing").json == {"state": "paired"}
        with pytest.raises(Invalid, match=r"screen\.unknown_digits"):
            services.pair_screen(room.session, digits, actor=room.actor)


def test_digits_run_out_after_ten_minutes(room: Room, app: Flask) -> None:
    screen = app.test_client()
    with at(vietnam(7, 30)):
        digits = digits_of(screen)
    with at(vietnam(7, 40)):
        assert feed(screen)["status"] == 401
        with pytest.raises(Invalid, match=r"screen\.unknown_digits"):
            services.pair_screen(room.session, digits, actor=room.actor)


def test_guessing_digits_is_stopped_for_that_member_of_staff_only(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        screen = app.test_client()
        digits = digits_of(screen)
        wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
        for _ in range(WRONG_DIGITS):
            with pytest.raises(Invalid):
                services.pair_screen(room.session, wrong, actor=room.actor)
        with pytest.raises(Refusal, match=r"screen\.too_many_tries"):
            services.pair_screen(room.session, digits, actor=room.actor)
        services.pair_screen(room.session, digits, actor=room.somebody("coordinator"))


@pytest.mark.parametrize("digits", ["", "12345", "abcdef", "١٢٣٤٥٦", "1234567"])
def test_malformed_digits_are_refused(room: Room, digits: str) -> None:
    with pytest.raises(Invalid, match=r"screen\.unknown_digits"):
        services.pair_screen(room.session, digits, actor=room.actor)


def test_the_supply_has_a_good_code_for_every_moment_of_a_quarter_of_an_hour(room: Room, app: Flask) -> None:
    secret = room.register().secret
    with at(vietnam(7, 30, 3)):
        got = feed(paired(room, app))
    codes: list[list[object]] = got["codes"]  # type: ignore[assignment]
    ends = [code[1] for code in codes[:-1]]
    assert ends == [code[0] for code in codes[1:]]
    assert codes[0][0] <= got["now"] < codes[0][1]  # type: ignore[operator]
    assert codes[-1][1] > got["now"] + AHEAD.total_seconds() * 1000  # type: ignore[operator]
    for shown_from, _until, size, bits in (codes[0], codes[45], codes[-1]):
        link = decode(size, bits)  # type: ignore[arg-type]
        code = parse_room_code(link.rpartition("/")[2])
        moment = datetime.fromtimestamp(int(str(shown_from)) / 1000, UTC)
        assert code is not None
        assert judge_room_code(code, secret, moment, 10) is CodeVerdict.OK
    assert got["typed"][0][2] == typed_code(secret, int(vietnam(7, 30).timestamp()) // 90)  # type: ignore[index]


def test_two_screens_agree(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        one, two = feed(paired(room, app)), feed(paired(room, app))
    assert one["codes"] == two["codes"]
    assert one["typed"] == two["typed"]


def test_a_reload_keeps_the_pairing_and_the_codes(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        screen = paired(room, app)
        first = feed(screen)
        assert screen.get("/screen").status_code == 200
        assert feed(screen)["codes"] == first["codes"]


def test_a_screen_with_enough_codes_is_told_that_nothing_is_new(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        screen = paired(room, app)
        had = feed(screen)
        known = {"v": had["v"], "key": had["key"], "until": had["until"]}
        assert feed(screen, **known)["status"] == 204
    with at(vietnam(7, 31, 30)):
        more = feed(screen, **known)
        assert next(code[0] for code in more["codes"]) == had["until"]  # type: ignore[attr-defined]


def test_counts_reach_the_screen_and_no_name_does(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        screen = paired(room, app)
        had = feed(screen)
        room.mark(0)
        answer = screen.get("/screen/feed", query_string={"v": had["v"], "key": had["key"], "until": had["until"]})
    assert (answer.json["came"], answer.json["expected"]) == (1, 3)
    text = answer.get_data(as_text=True)
    for line in room.lines():
        assert line.name not in text
        assert line.code not in text


def test_a_renewed_secret_replaces_every_code_the_screen_has(room: Room, app: Flask) -> None:
    with at(vietnam(7, 30)):
        screen = paired(room, app)
        had = feed(screen)
        services.renew_secret(room.session, actor=room.actor)
        got = feed(screen, v=had["v"], key=had["key"], until=had["until"])
    assert got["key"] != had["key"]
    assert len(got["codes"]) == len(had["codes"])  # type: ignore[arg-type]
    assert got["codes"] != had["codes"]


def test_codes_end_with_the_register_and_come_back_when_it_is_reopened(room: Room, app: Flask) -> None:
    with at(vietnam(6, 30)):
        screen = paired(room, app)
        assert feed(screen)["state"] == "not_yet"
        assert "codes" not in feed(screen)
    with at(vietnam(8)):
        had = feed(screen)
        services.close_register(room.session, head_count=0, actor=room.actor)
        closed = feed(screen, v=had["v"], key=had["key"], until=had["until"])
        assert (closed["state"], "codes" in closed) == ("closed", False)
        services.reopen_register(room.session, reason="mistake", actor=room.actor)
        assert feed(screen)["state"] == "open"


def test_a_screen_left_on_overnight_has_no_codes(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        screen = paired(room, app)
        had = feed(screen)
    with at(vietnam(0, day=FIRST_DAY + timedelta(days=1))):
        late = feed(screen, v=had["v"], key=had["key"], until=had["until"])
    assert (late["state"], "codes" in late) == ("closed", False)


def test_a_revoked_screen_knows_nothing_more(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        screen = paired(room, app)
        public_id = queries.get_board(room.actor, room.session, vietnam(8)).screens[0].public_id
        services.revoke_screen(room.session, public_id, actor=room.actor)
        assert feed(screen) == {"state": "revoked", "status": 200}
        with pytest.raises(NotFound):
            services.revoke_screen(room.session, public_id, actor=room.actor)


def test_no_typed_code_where_the_class_has_none_or_too_many_were_guessed(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        screen = paired(room, app)
        room.register().typed_failures = 60
        db.session.commit()
        assert feed(screen)["typed"] == []
        register = db.session.scalars(select(Register).where(Register.class_session_id == room.session_id)).one()
        register.typed_failures = 0
        db.session.scalars(select(TrainingClass)).one().typed_code = False
        db.session.commit()
        assert feed(screen)["typed"] == []


def test_a_stranger_pairs_no_screen_with_this_session(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        digits = digits_of(app.test_client())
        with pytest.raises(NotFound):
            services.pair_screen(room.session, digits, actor=make_actor("coordinator"))
        with pytest.raises(NotFound):
            services.pair_screen(room.session, digits, actor=room.somebody("trainer"))


@pytest.mark.parametrize("until", ["", "x", "-1", "1" * 40, "²"])
def test_odd_questions_get_the_whole_supply(room: Room, app: Flask, until: str) -> None:
    with at(vietnam(8)):
        screen = paired(room, app)
        got = feed(screen, v="1.open", key="zzz", until=until)
    assert len(got["codes"]) == 91  # type: ignore[arg-type]


# --- what the screens ask for ---


def letters(got: dict[str, object]) -> list[str]:
    """The purpose of every code, as the first letter after the session says it."""
    codes: list[list[object]] = got["codes"]  # type: ignore[assignment]
    parsed = [parse_room_code(decode(size, bits).rpartition("/")[2]) for _from, _until, size, bits in codes]  # type: ignore[arg-type]
    return [code.purpose.value for code in parsed if code]


def known(had: dict[str, object]) -> dict[str, object]:
    return {"v": had["v"], "key": had["key"], "until": had["until"]}


def test_the_trainer_switches_the_screen_and_all_its_codes_are_replaced(room: Room, app: Flask) -> None:
    room.made.check_out = True
    db.session.commit()
    with at(vietnam(11, 20)):
        screen = paired(room, app)
        had = feed(screen)
        assert (had["purpose"], set(letters(had))) == ("in", {"in"})
        services.show_on_screen(room.session, "out", actor=room.actor)
        got = feed(screen, **known(had))
        assert (got["purpose"], set(letters(got)), len(got["codes"])) == ("out", {"out"}, 91)  # type: ignore[arg-type]
        assert got["key"] != had["key"]
        assert got["typed"] != had["typed"]
        assert feed(screen, **known(got))["status"] == 204
        services.show_on_screen(room.session, "in", actor=room.actor)
        assert feed(screen, **known(got))["key"] == had["key"]


def test_while_going_out_the_screen_counts_who_has_gone(room: Room, app: Flask) -> None:
    room.made.check_out = True
    db.session.commit()
    with at(vietnam(11, 20)):
        screen = paired(room, app)
        room.mark(0, 1)
        services.show_on_screen(room.session, "out", actor=room.actor)
        line = next(line for line in room.lines() if line.inside)
        choice = services.Choice(line.enrolment, line.event)
        services.state_departure(room.session, [choice], services.Departure("goes"), actor=room.actor)
        got = feed(screen)
    assert (got["came"], got["expected"]) == (1, 2)


def test_a_class_that_no_longer_checks_out_shows_codes_for_coming_in(room: Room, app: Flask) -> None:
    room.made.check_out = True
    db.session.commit()
    with at(vietnam(11, 20)):
        screen = paired(room, app)
        services.show_on_screen(room.session, "out", actor=room.actor)
        room.made.check_out = False
        db.session.commit()
        assert feed(screen)["purpose"] == "in"


def test_during_a_spot_check_the_screen_asks_for_a_sign_and_goes_back_by_itself(room: Room, app: Flask) -> None:
    with at(vietnam(9)):
        screen = paired(room, app)
        room.mark(0)
        had = feed(screen)
        services.start_spot(room.session, 3, actor=room.actor)
        got = feed(screen, **known(had))
        shown = letters(got)
        ends = got["purpose_until"]
        assert (got["purpose"], got["purpose_then"], got["came"], got["expected"]) == ("spot", "in", 0, 1)
        assert shown == ["spot"] * 18 + ["in"] * 73
        codes: list[list[int]] = got["codes"]  # type: ignore[assignment]
        assert (codes[17][1], codes[18][0]) == (ends, ends)
        typed: list[list[int]] = got["typed"]  # type: ignore[assignment]
        assert all(one[1] == two[0] for one, two in pairwise(typed))
        assert feed(screen, **known(got))["status"] == 204
    with at(vietnam(9, 3)):
        back = feed(screen, **known(got))
        assert (back["purpose"], back["key"], set(letters(back))) == ("in", had["key"], {"in"})


def test_ending_a_spot_check_early_brings_the_screen_back_at_once(room: Room, app: Flask) -> None:
    with at(vietnam(9)):
        screen = paired(room, app)
        services.start_spot(room.session, 10, actor=room.actor)
        assert feed(screen)["purpose"] == "spot"
        check = queries.get_board(room.actor, room.session, vietnam(9)).spot
        assert check is not None
        services.end_spot(room.session, check.check.public_id, actor=room.actor)
        assert feed(screen)["purpose"] == "in"
