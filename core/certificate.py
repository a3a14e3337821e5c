"""A self-made certificate for this machine, with an authority of its own to check it by."""

import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAYS: Final = 825
_RENEW_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: the authority to trust, and the server's chain and key."""

    authority: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server."""
        return server_context(self.chain, self.key)


def server_context(chain: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or newer for a server (PCI DSS 4.2.1); a chain that is loaded again serves from then on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(chain, key)
    return context


def certificate_in(folder: Path, authority: str = "Tellerline sandbox authority") -> Certificate:
    """The folder's certificate for localhost, 127.0.0.1 and ::1; made when there is none, or a month is left.

    The authority's key is thrown away after signing, so that nothing else can ever be signed with it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = Certificate(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    if not _good(found):
        _make(found, authority)
    return found


def _good(found: Certificate) -> bool:
    if not all(path.exists() for path in (found.authority, found.chain, found.key)):
        return False
    until = x509.load_pem_x509_certificate(found.chain.read_bytes()).not_valid_after_utc
    return until > datetime.now(UTC) + timedelta(days=_RENEW_DAYS)


def _make(wanted: Certificate, authority_name: str) -> None:
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = _name(authority_name)
    authority = (
        _begun(name, name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    leaf = (
        _begun(_name("localhost"), name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("localhost"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                    x509.IPAddress(ipaddress.ip_address("::1")),
                ]
            ),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    wanted.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    wanted.chain.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    _write_private(
        wanted.key,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
    )


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
