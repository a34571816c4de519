"""Whether a certificate was revoked, by the lists that the operator keeps in keys/crls of the data folder (DER or PEM).

Nothing is fetched. Only a list that the certificate's own issuer signed, of this time, is believed; where an issuer of
the chain has none, it is said that revocation was not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509

GOOD, REVOKED, UNKNOWN = "signature_good", "signature_certificate_revoked", "signature_revocation_unknown"
FOLDER, MOST, LARGEST = "crls", 100, 100_000_000
Pair = tuple[x509.Certificate, x509.Certificate]  # a certificate and its issuer's


def lists(roots: Path) -> list[bytes]:
    """The lists beside the roots, each as DER."""
    folder = roots.with_name(FOLDER)
    paths = sorted(p for p in folder.iterdir() if p.is_file())[:MOST] if folder.is_dir() else []
    return [_der(p, p.stat().st_mtime_ns) for p in paths if p.stat().st_size <= LARGEST]


@cache
def _der(path: Path, at: int) -> bytes:  # noqa: ARG001 - another time is another content
    from asn1crypto import pem

    data = path.read_bytes()
    return bytes(pem.unarmor(data)[2]) if pem.detect(data) else data


def state(chain: Sequence[Pair], roots: Path, at: datetime) -> str:
    """A code of messages.toml: no list knows of it, one does, or an issuer of the chain has no list of this time."""
    known = [crl for crl in map(_read, lists(roots)) if crl is not None]
    found = [_one(own, issuer, known, at, leaf=n == 0) for n, (own, issuer) in enumerate(chain)]
    return REVOKED if REVOKED in found else UNKNOWN if UNKNOWN in found else GOOD


def _read(data: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(data)
    except ValueError:
        return None


def _one(
    own: x509.Certificate,
    issuer: x509.Certificate,
    known: Iterable[x509.CertificateRevocationList],
    at: datetime,
    *,
    leaf: bool,
) -> str:
    told = UNKNOWN
    for crl in known:
        if crl.issuer != own.issuer or not _signed(crl, issuer):
            continue
        entry = crl.get_revoked_certificate_by_serial_number(own.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            return REVOKED
        if crl.last_update_utc <= at and (crl.next_update_utc is None or at <= crl.next_update_utc):
            told = GOOD if _whole(crl, leaf=leaf) else told
    return told


def _signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return bool(crl.is_signature_valid(issuer.public_key()))  # type: ignore[arg-type]
    except Exception:
        return False


def _whole(crl: x509.CertificateRevocationList, *, leaf: bool) -> bool:
    """Whether the list speaks of every certificate of its issuer (of this kind), not of changes or some reasons."""
    for extension in crl.extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return False
        if isinstance(value, x509.IssuingDistributionPoint):
            other_kind = value.only_contains_ca_certs if leaf else value.only_contains_user_certs
            if value.indirect_crl or value.only_some_reasons or value.only_contains_attribute_certs or other_kind:
                return False
    return True
