"""The self-signed certificate: what it says, who may read its key, and when it is made anew."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from snowmelt.proxy.certificate import LIFETIME, Certificate

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> Certificate:
    certificate = Certificate(tmp_path / "tls")
    assert certificate.ensure(NOW, "laptop.local")
    return certificate


def loaded(certificate: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate.file.read_bytes())


def test_it_names_this_machine(made: Certificate):
    names = loaded(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "laptop.local"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1"), ip_address("::1")]


def test_it_is_for_servers_on_a_short_key_and_signs_no_other(made: Certificate):
    certificate = loaded(made)
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert certificate.not_valid_before_utc < NOW
    assert certificate.not_valid_after_utc == NOW + LIFETIME


def test_only_its_owner_reads_the_key(made: Certificate):
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.key.parent.stat().st_mode) == 0o700


def test_key_and_certificate_belong_together(made: Certificate):
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made.file, made.key)


@pytest.mark.parametrize(("days", "anew"), [(0, False), (334, False), (335, True), (366, True), (-1, True)])
def test_it_is_kept_until_a_month_before_its_end(made: Certificate, days: int, anew: bool):
    before = made.file.read_bytes(), made.key.read_bytes()
    assert made.ensure(NOW + timedelta(days=days)) is anew
    assert ((made.file.read_bytes(), made.key.read_bytes()) == before) is not anew


@pytest.mark.parametrize("broken", ["no certificate", "no key", "half a certificate", "half a key", "another key"])
def test_a_pair_that_a_crash_left_broken_is_made_anew(made: Certificate, tmp_path: Path, broken: str):
    match broken.split():
        case ["no", "certificate"]:
            made.file.unlink()
        case ["no", "key"]:
            made.key.unlink()
        case ["half", "a", "certificate"]:
            made.file.write_bytes(made.file.read_bytes()[:200])
        case ["half", "a", "key"]:
            made.key.write_bytes(made.key.read_bytes()[:100])
        case _:
            other = Certificate(tmp_path / "other")
            other.ensure(NOW)
            made.key.write_bytes(other.key.read_bytes())
    assert made.ensure(NOW)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made.file, made.key)
    assert sorted(file.name for file in made.key.parent.iterdir()) == ["certificate.pem", "key.pem"]


def test_a_key_that_lay_open_is_not_written_into(made: Certificate):
    made.key.chmod(0o644)
    made.file.unlink()
    assert made.ensure(NOW)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_a_machine_called_localhost_is_named_once(tmp_path: Path):
    certificate = Certificate(tmp_path)
    certificate.ensure(NOW, "localhost")
    names = loaded(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


@pytest.mark.parametrize("host", ["büro.local", "my laptop", "a" * 64 + ".local", ""])
def test_a_machine_with_a_name_that_no_certificate_can_hold_is_left_out(tmp_path: Path, host: str):
    certificate = Certificate(tmp_path)
    certificate.ensure(NOW, host)
    names = loaded(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
