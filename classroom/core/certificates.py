"""A certificate of our own making, for tablets in a room that has no other: cameras and offline pages need HTTPS.

Nobody vouches for it: whoever installs it on a tablet compares the fingerprint that the server prints. Browsers take
no certificate that is valid for longer than 398 days (CA/Browser Forum, Baseline Requirements 6.3.2).
"""

import contextlib
import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from classroom.core.clock import now

LIFE = timedelta(days=397)
#: Made anew when less than this is left: a certificate must not end in the middle of a programme.
RENEW_BEFORE = timedelta(days=30)
_CERTIFICATE, _KEY = "tls-certificate.pem", "tls-key.pem"


@dataclass(frozen=True, slots=True)
class Pair:
    """Where certificate and key lie, what the certificate is good for, and how it is recognised."""

    certificate: Path
    key: Path
    names: tuple[str, ...]
    fingerprint: str
    made_now: bool = False


def ensure_pair(folder: Path, names: Sequence[str] | None = None) -> Pair:
    """The pair in this folder: kept while it is good for at least these names, made anew otherwise.

    `names` are host names and addresses; by default those under which this machine is reached.
    """
    wanted = tuple(dict.fromkeys(names or own_names()))
    known = find_pair(folder)
    if known is not None and set(wanted) <= set(known.names) and not _ends_soon(known):
        return known
    return _make(folder, wanted)


def find_pair(folder: Path) -> Pair | None:
    """The pair in this folder, if one was made."""
    certificate, key = folder / _CERTIFICATE, folder / _KEY
    if not certificate.exists() or not key.exists():
        return None
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
        listed = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return None
    names = [str(each) for kind in (x509.DNSName, x509.IPAddress) for each in listed.get_values_for_type(kind)]
    return Pair(certificate, key, tuple(names), _fingerprint(read))


def own_names() -> list[str]:
    """localhost, this machine's name, and the addresses that others reach it by."""
    host = socket.gethostname()
    names = ["localhost", "127.0.0.1", host, f"{host}.local" if "." not in host else host]
    return [*names, *own_addresses()]


def own_addresses() -> list[str]:
    """Addresses of this machine that are not its own loopback, the outgoing one first."""
    found = []
    # no network at all: then there is no such address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # no packet is sent; the system only picks the outgoing address
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):  # a host name that resolves to nothing
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [each for each in dict.fromkeys(found) if not ipaddress.ip_address(each).is_loopback]


def _make(folder: Path, names: Sequence[str]) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Classroom {socket.gethostname()}"[:64])])
    at = now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + LIFE - timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([_name(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _put(folder / _KEY, secret, 0o600)
    _put(folder / _CERTIFICATE, made.public_bytes(serialization.Encoding.PEM), 0o644)
    return Pair(folder / _CERTIFICATE, folder / _KEY, tuple(names), _fingerprint(made), made_now=True)


def _put(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and never readable by others for a moment."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
    draft.replace(path)


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _ends_soon(pair: Pair) -> bool:
    read = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    return read.not_valid_after_utc - now() < RENEW_BEFORE


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
