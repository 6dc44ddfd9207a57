"""Secrets, macs, tokens and signed values."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from classroom.core.ids import ALPHABET

#: How people and phones misread the alphabet (Crockford's own table).
_MISREAD = str.maketrans("OIL", "011")
TOKEN_BYTES = 24
SECRET_BYTES = 32


class BadSignature(Exception):
    """The text was not signed here for this purpose, or it was changed on the way."""


class SignatureExpired(BadSignature):
    """The text was signed here, but its time is over."""


def random_secret() -> bytes:
    """A fresh 256-bit key for macs."""
    return secrets.token_bytes(SECRET_BYTES)


def random_token() -> str:
    """A fresh 192-bit bearer token, safe in URLs, headers and cookies."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored in place of a token: 32 bytes. Tokens are random, so no salt is needed."""
    return hashlib.sha256(_bytes(token)).digest()


def same(one: str | bytes, other: str | bytes) -> bool:
    """Compare in a time that does not tell how much of it was right."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def mac(secret: bytes, *parts: str | int | bytes) -> bytes:
    """HMAC-SHA-256 over the parts; each carries its length, so ("ab", "c") and ("a", "bc") differ."""
    message = bytearray()
    for part in parts:
        data = _bytes(part)
        message += len(data).to_bytes(4, "big") + data
    return hmac.digest(secret, bytes(message), "sha256")


def base32_encode(data: bytes) -> str:
    """Crockford base 32 in upper case, without padding: 5 bits a character, the last filled up with zeros."""
    width = -(-len(data) * 8 // 5)
    return base32_number(int.from_bytes(data, "big") << (width * 5 - len(data) * 8), width)


def base32_decode(text: str) -> bytes:
    """The bytes behind `base32_encode`; O, I, L read as 0, 1, 1. Raises ValueError for anything else."""
    bits = len(text) * 5
    number, spare = base32_value(text), bits % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        raise ValueError("not the base 32 of whole bytes")
    return (number >> spare).to_bytes(bits // 8, "big")


def base32_number(number: int, width: int) -> str:
    """A number in exactly `width` base-32 digits; raises ValueError if it does not fit."""
    if not 0 <= number < 1 << (5 * width):
        raise ValueError("the number does not fit the width")
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(width)))


def base32_value(text: str) -> int:
    """The number behind base-32 digits of any case, misread letters forgiven; raises ValueError otherwise."""
    number = 0
    for digit in base32_clean(text):
        number = number << 5 | ALPHABET.index(digit)
    return number


def base32_clean(text: str) -> str:
    """Upper case, with the letters that people misread put right; other characters stay as they are."""
    return text.upper().translate(_MISREAD)


class Signer:
    """Signs small values for one purpose; what was signed for another purpose does not open here."""

    def __init__(self, secret: str | bytes, purpose: str) -> None:
        self._key = mac(_bytes(secret), "signer", purpose)

    def sign(self, value: Mapping[str, Any], expires_at: datetime) -> str:
        """The value as URL-safe text that opens here until `expires_at`; anybody can read what is in it."""
        body = json.dumps([int(expires_at.timestamp() * 1000), value], separators=(",", ":"), sort_keys=True)
        text = _base64(body.encode())
        return f"{text}.{_base64(mac(self._key, text))}"

    def open(self, text: str, now: datetime) -> dict[str, Any]:
        """The value signed; raises SignatureExpired from `expires_at` on, BadSignature for anything else."""
        body, dot, seal = text.partition(".")
        if not dot or not same(seal, _base64(mac(self._key, body))):
            raise BadSignature
        try:
            expires, value = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValueError, binascii.Error) as damaged:
            raise BadSignature from damaged
        if now >= datetime.fromtimestamp(expires / 1000, UTC):
            raise SignatureExpired
        return dict(value)


def _bytes(value: str | int | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-8", "surrogatepass")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
