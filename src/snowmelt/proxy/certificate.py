"""A self-signed certificate for a machine that no authority knows."""

import os
import re
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=30)

_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")


class Certificate:
    """A key and its certificate in one folder, made where they are missing, broken or about to expire."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "certificate.pem"
        self.key = folder / "key.pem"

    def ensure(self, now: datetime | None = None, host: str | None = None) -> bool:
        """Makes both anew unless they serve for another month; tells whether it did. Raises OSError.

        A browser that trusts the certificate goes on doing so until then.
        """
        now = now or datetime.now(UTC)
        if self._serves(now):
            return False
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed(key, socket.gethostname() if host is None else host, now)
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
        # A crash between the two leaves a pair that does not fit, which the next start sees.
        _write(self.file, certificate.public_bytes(Encoding.PEM), 0o644)
        return True

    def _serves(self, now: datetime) -> bool:
        try:
            certificate = x509.load_pem_x509_certificate(self.file.read_bytes())
            key = load_pem_private_key(self.key.read_bytes(), None)
        except (OSError, ValueError, TypeError):
            return False
        public = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        fits = certificate.public_key().public_bytes(*public) == key.public_key().public_bytes(*public)
        return fits and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE


def _signed(key: ec.EllipticCurvePrivateKey, host: str, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = dict.fromkeys(("localhost", host) if _NAME.fullmatch(host) else ("localhost",))  # each once
    addresses = [x509.IPAddress(ip_address(text)) for text in ("127.0.0.1", "::1")]
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # for clocks that are a little behind
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName([*map(x509.DNSName, names), *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _write(file: Path, content: bytes, mode: int) -> None:
    """Writes a file whole or not at all, and never with more rights than ``mode``."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
