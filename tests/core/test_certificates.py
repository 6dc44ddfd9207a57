"""A certificate of our own: kept while it is good, for the right names, its key readable by nobody else."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from classroom.core.certificates import LIFE, RENEW_BEFORE, ensure_pair, find_pair, own_names
from tests.factories import at, vietnam

NAMES = ("localhost", "127.0.0.1", "lop-hoc.local", "192.0.2.10")


def test_a_pair_is_made_once_and_kept(tmp_path: Path) -> None:
    first, second = ensure_pair(tmp_path, NAMES), ensure_pair(tmp_path, NAMES[:2])
    assert (first.made_now, second.made_now) == (True, False)
    assert first.fingerprint == second.fingerprint
    assert set(second.names) == set(NAMES)


def test_the_key_is_for_the_server_alone_and_no_draft_stays(tmp_path: Path) -> None:
    pair = ensure_pair(tmp_path, NAMES)
    assert stat.S_IMODE(pair.key.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tls-certificate.pem", "tls-key.pem"]


def test_it_is_good_for_names_and_addresses_and_not_longer_than_browsers_allow(tmp_path: Path) -> None:
    with at(vietnam(7)):
        pair = ensure_pair(tmp_path, NAMES)
    read = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    listed = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert listed.get_values_for_type(x509.DNSName) == ["localhost", "lop-hoc.local"]
    assert [str(each) for each in listed.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "192.0.2.10"]
    assert read.not_valid_after_utc - read.not_valid_before_utc <= timedelta(days=398)
    assert read.not_valid_before_utc <= vietnam(7)


@pytest.mark.parametrize(("later", "anew"), [(timedelta(days=300), False), (LIFE - RENEW_BEFORE, True)])
def test_it_is_made_anew_before_it_ends(tmp_path: Path, later: timedelta, anew: bool) -> None:
    with at(vietnam(7)):
        ensure_pair(tmp_path, NAMES)
    with at(vietnam(7) + later):
        assert ensure_pair(tmp_path, NAMES).made_now is anew


def test_another_address_needs_another_certificate(tmp_path: Path) -> None:
    ensure_pair(tmp_path, NAMES)
    assert ensure_pair(tmp_path, [*NAMES, "192.0.2.77"]).made_now


@pytest.mark.parametrize("broken", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_broken_file_is_replaced(tmp_path: Path, broken: str) -> None:
    pair = ensure_pair(tmp_path, NAMES)
    pair.certificate.write_text(broken)
    assert find_pair(tmp_path) is None
    assert ensure_pair(tmp_path, NAMES).made_now


def test_this_machine_knows_itself() -> None:
    assert {"localhost", "127.0.0.1"} <= set(own_names())
