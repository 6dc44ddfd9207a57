"""Files at rest that only this installation can open, by a key that follows from its secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from classroom.core.errors import Refusal
from classroom.core.signing import mac


def lock_up(content: bytes, secret: str) -> bytes:
    """Encrypt and authenticate what shall be kept."""
    return _fernet(secret).encrypt(content)


def unlock(kept: bytes, secret: str) -> bytes:
    """Give back what was locked up; raises Refusal `vault.closed` under another secret or for damaged bytes."""
    try:
        return _fernet(secret).decrypt(kept)
    except InvalidToken as wrong:
        raise Refusal("vault.closed") from wrong


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(mac(secret.encode(), "vault")))
