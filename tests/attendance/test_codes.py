"""Room codes, typed codes, links and grants."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.attendance.rules import (
    CodeVerdict,
    Grant,
    Purpose,
    Source,
    TypedCandidate,
    bucket_of,
    check_identification,
    clean_typed,
    codes_ahead,
    fixed_code,
    fresh_secret,
    judge_room_code,
    machine_numbers,
    match_typed,
    new_grant,
    open_grant,
    parse_room_code,
    qr_link,
    room_code,
    seal_grant,
    typed_code,
    typed_code_is_on,
    typed_codes_ahead,
    typed_prefix,
)
from classroom.attendance.rules.limits import WRONG_PER_GRANT, WRONG_PER_LEARNER, WRONG_TYPED_PER_SESSION
from classroom.core import qr
from classroom.core.errors import Refusal

SESSION = "7KQ2M9XW0ABC"
OTHER = "ZZZZZZZZZZZZ"
SECRET = b"s" * 32
KEY = "the application's secret key"
PERIOD = 10
START = datetime(2026, 10, 14, 0, 30, tzinfo=UTC)
BUCKET = bucket_of(START, PERIOD)


def judged(text: str, at: datetime, purpose: Purpose = Purpose.IN, secret: bytes = SECRET) -> CodeVerdict:
    code = parse_room_code(text)
    assert code is not None
    return judge_room_code(code, secret, at, PERIOD, purpose)


# --- rotating codes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (-0.001, CodeVerdict.FUTURE),
        (0, CodeVerdict.OK),
        (9.999, CodeVerdict.OK),
        (10, CodeVerdict.OK),
        (20, CodeVerdict.OK),
        (29.999, CodeVerdict.OK),
        (30, CodeVerdict.EXPIRED),
        (86400, CodeVerdict.EXPIRED),
    ],
)
def test_a_code_lives_for_its_bucket_and_two_more(seconds: float, verdict: CodeVerdict) -> None:
    code = room_code(SECRET, SESSION, Purpose.IN, BUCKET)
    assert judged(code, START + timedelta(seconds=seconds)) is verdict


@pytest.mark.parametrize("purpose", [Purpose.OUT, Purpose.SPOT, Purpose.TEST])
def test_a_code_of_another_purpose_is_worthless(purpose: Purpose) -> None:
    assert judged(room_code(SECRET, SESSION, purpose, BUCKET), START) is CodeVerdict.WRONG_PURPOSE
    assert judged(room_code(SECRET, SESSION, purpose, BUCKET), START, purpose) is CodeVerdict.OK


def test_relabelling_the_purpose_the_bucket_or_the_session_is_forgery() -> None:
    code = room_code(SECRET, SESSION, Purpose.TEST, BUCKET)
    assert judged(code.replace(".T", ".I"), START) is CodeVerdict.FORGED
    later = room_code(SECRET, SESSION, Purpose.IN, BUCKET + 3).split(".")[1]
    old = room_code(SECRET, SESSION, Purpose.IN, BUCKET).split(".")
    assert judged(".".join([old[0], later, old[2]]), START) is CodeVerdict.FORGED
    assert judged(".".join([OTHER, *old[1:]]), START) is CodeVerdict.FORGED


def test_a_new_secret_kills_every_earlier_code() -> None:
    code = room_code(SECRET, SESSION, Purpose.IN, BUCKET)
    assert judged(code, START, secret=b"t" * 32) is CodeVerdict.FORGED
    assert judged(fixed_code(SECRET, SESSION), START, secret=b"t" * 32) is CodeVerdict.FORGED


def test_two_servers_make_the_same_code() -> None:
    assert room_code(SECRET, SESSION, Purpose.IN, BUCKET) == room_code(SECRET, SESSION, Purpose.IN, BUCKET)


def test_every_verdict_but_ok_has_a_refusal() -> None:
    assert CodeVerdict.OK.refusal is None
    assert CodeVerdict.EXPIRED.refusal == "code.expired"


@given(st.integers(min_value=0, max_value=2**34), st.sampled_from(Purpose))
def test_what_was_made_reads_back_in_any_case(bucket: int, purpose: Purpose) -> None:
    text = room_code(SECRET, SESSION, purpose, bucket)
    code = parse_room_code(text)
    assert code is not None
    assert (code.session, code.purpose, code.bucket, code.is_fixed) == (SESSION, purpose, bucket, False)
    assert parse_room_code(text.lower()) == code


@given(st.text(max_size=100))
def test_any_text_reads_as_a_code_or_as_nothing(text: str) -> None:
    parse_room_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        SESSION,
        f"{SESSION}.I",
        f"{SESSION}.X0000000.{'0' * 16}",
        "https://example.org/",
        "ı" * 40,
        "Đ",
        "0" * 9999,
    ],
)
def test_foreign_and_malformed_codes_are_nothing(text: str) -> None:
    assert parse_room_code(text) is None


def test_a_truncated_code_is_nothing() -> None:
    text = room_code(SECRET, SESSION, Purpose.IN, BUCKET)
    assert all(parse_room_code(text[:length]) is None for length in range(len(text)))


def test_a_screen_gets_a_quarter_of_an_hour_without_a_gap() -> None:
    supply = codes_ahead(SECRET, SESSION, Purpose.IN, START, PERIOD, timedelta(minutes=15))
    assert len(supply) == 91
    assert supply[0].shown_from <= START < supply[0].shown_until
    assert all(one.shown_until == then.shown_from for one, then in pairwise(supply))
    for shown in supply:
        assert judged(shown.text, shown.shown_from) is CodeVerdict.OK


# --- posters and links --------------------------------------------------------------------------------------------


def test_a_poster_is_good_at_any_time_for_coming_in_only() -> None:
    poster = fixed_code(SECRET, SESSION)
    code = parse_room_code(poster.lower())
    assert code is not None
    assert code.is_fixed
    assert judged(poster, START + timedelta(days=400)) is CodeVerdict.OK
    assert judged(poster, START, Purpose.OUT) is CodeVerdict.WRONG_PURPOSE


def test_a_posters_mac_does_not_make_a_rotating_code() -> None:
    poster, rotating = fixed_code(SECRET, SESSION), room_code(SECRET, SESSION, Purpose.IN, BUCKET)
    session, bucket, _ = rotating.split(".")
    assert judged(f"{session}.{bucket}.{poster.split('.')[2]}", START) is CodeVerdict.FORGED


def test_links_are_capitals_behind_the_scheme() -> None:
    code = room_code(SECRET, SESSION, Purpose.IN, BUCKET)
    assert qr_link("HTTPS://lop.nghean.gov.vn/", code) == f"https://LOP.NGHEAN.GOV.VN/A/{code}"
    assert qr_link("http://localhost:8000", fixed_code(SECRET, SESSION)).startswith("http://LOCALHOST:8000/F/")
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")


def test_a_link_with_a_host_of_22_characters_fits_version_4() -> None:
    host = "diemdanh.nghean.gov.vn"
    assert len(host) == 22
    assert qr.version(qr_link(f"https://{host}", room_code(SECRET, SESSION, Purpose.IN, BUCKET))) <= 4


# --- typed codes --------------------------------------------------------------------------------------------------

HERE = TypedCandidate(SESSION, SECRET)
THERE = TypedCandidate(OTHER, b"u" * 32)


@pytest.mark.parametrize(
    ("seconds", "found"), [(-0.001, False), (0, True), (89.9, True), (90, True), (179.9, True), (180, False)]
)
def test_a_typed_code_lives_for_three_minutes_from_its_appearance(seconds: float, found: bool) -> None:
    [shown] = typed_codes_ahead(SECRET, Purpose.IN, START, timedelta(0))
    match = match_typed(shown.text, [THERE, HERE], shown.shown_from + timedelta(seconds=seconds))
    assert match.session == (SESSION if found else None)


def test_a_typed_code_forgives_case_spaces_and_misread_letters() -> None:
    code = typed_code(SECRET, bucket_of(START, 90))
    sloppy = f" {code[:3].lower()}-{code[3:]} ".replace("0", "o").replace("1", "l")
    assert match_typed(sloppy, [HERE], START).session == SESSION


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345U", "12345Ơ", "٣٣٣٣٣٣"])
def test_what_cannot_be_a_typed_code_counts_against_nobody(text: str) -> None:
    assert clean_typed(text) is None
    assert match_typed(text, [HERE], START).counted_against == ()


def test_a_wrong_guess_counts_against_the_session_it_begins_like() -> None:
    code = typed_code(SECRET, bucket_of(START, 90))
    wrong = typed_prefix(SECRET) + code[2:][::-1]
    assert wrong != code
    assert match_typed(wrong, [HERE, THERE], START).counted_against == (SESSION,)


def test_a_guess_that_begins_like_no_session_counts_against_none() -> None:
    prefixes = {typed_prefix(SECRET), typed_prefix(THERE.secret)}
    strange = next(p for p in ("00", "11", "22") if p not in prefixes)
    assert match_typed(strange + "0000", [HERE, THERE], START).counted_against == ()


def test_a_code_that_fits_two_sessions_fits_none_and_blames_none() -> None:
    twin = TypedCandidate(OTHER, SECRET)
    match = match_typed(typed_code(SECRET, bucket_of(START, 90)), [HERE, twin], START)
    assert (match.session, match.counted_against) == (None, ())


def test_a_typed_code_of_another_purpose_does_not_fit() -> None:
    assert match_typed(typed_code(SECRET, bucket_of(START, 90), Purpose.TEST), [HERE], START).session is None


def test_registers_of_one_day_begin_their_codes_differently() -> None:
    taken: set[str] = set()
    for _ in range(200):
        prefix = typed_prefix(fresh_secret(taken))
        assert prefix not in taken
        taken.add(prefix)


# --- grants -------------------------------------------------------------------------------------------------------


@pytest.fixture
def grant() -> Grant:
    return new_grant(SESSION, Purpose.IN, Source.ROOM_CODE, START.replace(microsecond=123456), "cookie")


def test_a_grant_keeps_the_time_of_the_scan_however_slow_its_owner(grant: Grant) -> None:
    opened = open_grant(seal_grant(grant, KEY), KEY, START + timedelta(minutes=3), "cookie")
    assert opened == grant
    assert opened.scanned_at == START.replace(microsecond=123000)


def test_a_grant_is_void_after_ten_minutes(grant: Grant) -> None:
    text = seal_grant(grant, KEY)
    open_grant(text, KEY, grant.expires_at - timedelta(milliseconds=1), "cookie")
    with pytest.raises(Refusal, match=r"grant\.expired"):
        open_grant(text, KEY, grant.expires_at, "cookie")
    assert grant.expires_at - grant.scanned_at == timedelta(minutes=10)


@pytest.mark.parametrize("cookie", [None, "", "another"])
def test_a_grant_is_worthless_in_another_browser(grant: Grant, cookie: str | None) -> None:
    with pytest.raises(Refusal, match=r"grant\.other_browser"):
        open_grant(seal_grant(grant, KEY), KEY, START, cookie)


@pytest.mark.parametrize("text", ["", "x.y", "….…"])
def test_a_grant_we_did_not_seal_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match=r"grant\.invalid"):
        open_grant(text, KEY, START, "cookie")


def test_every_page_has_a_three_digit_number_and_others_in_reserve(grant: Grant) -> None:
    numbers = list(machine_numbers(grant.nonce))
    assert numbers[0] == grant.machine_number
    assert sorted(numbers) == list(range(100, 1000))


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("with_grant", "for_learner"), [(0, 0), (WRONG_PER_GRANT - 1, WRONG_PER_LEARNER - 1), (None, None)]
)
def test_a_few_wrong_tries_or_a_lost_throttle_stop_nobody(with_grant: int | None, for_learner: int | None) -> None:
    check_identification(with_grant, for_learner)


@pytest.mark.parametrize(("with_grant", "for_learner"), [(WRONG_PER_GRANT, 0), (0, WRONG_PER_LEARNER)])
def test_too_many_wrong_tries_lead_to_the_trainer(with_grant: int, for_learner: int) -> None:
    with pytest.raises(Refusal, match=r"identify\.too_many"):
        check_identification(with_grant, for_learner)


def test_the_typed_code_goes_off_after_too_many_wrong_guesses_or_by_the_class() -> None:
    assert typed_code_is_on(WRONG_TYPED_PER_SESSION - 1)
    assert typed_code_is_on(None)
    assert not typed_code_is_on(WRONG_TYPED_PER_SESSION)
    assert not typed_code_is_on(0, allowed=False)
