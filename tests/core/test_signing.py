"""Macs, base 32, tokens and signed values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core import signing
from classroom.core.signing import BadSignature, SignatureExpired, Signer

NOW = datetime(2026, 10, 14, 0, 30, tzinfo=UTC)
SIGNER = Signer("a long enough secret", "test")


@given(st.binary(max_size=40))
def test_base32_gives_back_the_bytes_in_any_case(data: bytes) -> None:
    text = signing.base32_encode(data)
    assert signing.base32_decode(text) == signing.base32_decode(text.lower()) == data


def test_base32_is_crockfords() -> None:
    assert signing.base32_encode(b"foobar") == "CSQPYRK1E8"
    assert signing.base32_decode("csqpyrkie8") == b"foobar"


@pytest.mark.parametrize("text", ["CSQPYRK1E9", "0", "000", "C", "CSQ", "UUUU", "CS PY", "Đ0", "=="])
def test_base32_refuses_what_no_bytes_give(text: str) -> None:
    with pytest.raises(ValueError, match=r"substring not found|whole bytes"):
        signing.base32_decode(text)


def test_a_number_keeps_its_width() -> None:
    assert signing.base32_number(32, 3) == "010"
    with pytest.raises(ValueError, match="does not fit"):
        signing.base32_number(32, 1)


def test_the_mac_is_hmac_sha256_and_keeps_parts_apart() -> None:
    assert len(signing.mac(b"k", "a")) == 32
    assert signing.mac(b"k", "ab", "c") != signing.mac(b"k", "a", "bc")
    assert signing.mac(b"k", "a") != signing.mac(b"j", "a")


def test_tokens_are_long_random_and_kept_as_hashes() -> None:
    one, other = signing.random_token(), signing.random_token()
    assert one != other
    assert len(one) * 6 >= 128
    assert len(signing.token_hash(one)) == 32
    assert signing.token_hash(one) != signing.token_hash(other)


def test_comparing_takes_text_that_is_not_ascii() -> None:
    assert signing.same("Hòa", "Hòa")
    assert not signing.same("Hòa", "\udcff")


def test_a_signed_value_opens_until_it_expires() -> None:
    text = SIGNER.sign({"name": "Ánh"}, NOW + timedelta(minutes=10))
    assert SIGNER.open(text, NOW + timedelta(minutes=10, microseconds=-1)) == {"name": "Ánh"}
    with pytest.raises(SignatureExpired):
        SIGNER.open(text, NOW + timedelta(minutes=10))


def test_another_purpose_or_secret_opens_nothing() -> None:
    text = SIGNER.sign({}, NOW + timedelta(minutes=10))
    for stranger in (Signer("a long enough secret", "other"), Signer("another secret", "test")):
        with pytest.raises(BadSignature):
            stranger.open(text, NOW)


@given(st.integers(min_value=0), st.characters())
def test_a_changed_character_spoils_a_signed_value(place: int, character: str) -> None:
    text = SIGNER.sign({"n": 1}, NOW + timedelta(minutes=10))
    place %= len(text)
    changed = text[:place] + character + text[place + 1 :]
    if changed != text:
        with pytest.raises(BadSignature):
            SIGNER.open(changed, NOW)


@given(st.text())
def test_any_text_at_all_is_refused_calmly(text: str) -> None:
    with pytest.raises(BadSignature):
        SIGNER.open(text, NOW)
