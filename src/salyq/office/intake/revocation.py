"""Whether a certificate was revoked, by the lists that the operator keeps in keys/crls of the data folder (DER or PEM).

Nothing is fetched. Only a list that the certificate's own issuer signed, of this time, is believed; where an issuer of
the chain has none, it is said that revocation was not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

GOOD, REVOKED, UNKNOWN = "signature_good", "signature_certificate_revoked", "signature_revocation_unknown"
FOLDER, MOST, LARGEST = "crls", 100, 100_000_000
Pair = tuple[x509.Certificate, x509.Certificate]  # a certificate and its issuer's
# A list that cannot be understood says nothing of a certificate, neither good nor bad.
_BROKEN = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def lists(roots: Path) -> list[x509.CertificateRevocationList]:
    """The lists beside the roots; a file that is none is left out."""
    folder = roots.with_name(FOLDER)
    paths = sorted(p for p in folder.iterdir() if p.is_file())[:MOST] if folder.is_dir() else []
    read = (_read(p.read_bytes()) for p in paths if p.stat().st_size <= LARGEST)
    return [crl for crl in read if crl is not None]


def _read(data: bytes) -> x509.CertificateRevocationList | None:
    for load in (x509.load_der_x509_crl, x509.load_pem_x509_crl):
        try:
            return load(data)
        except ValueError:
            continue
    return None


def state(chain: Sequence[Pair], roots: Path, at: datetime) -> str:
    """A code of messages.toml: no list knows of it, one does, or an issuer of the chain has no list of this time."""
    known = lists(roots)
    found = [_one(own, issuer, known, at, leaf=n == 0) for n, (own, issuer) in enumerate(chain)]
    return REVOKED if REVOKED in found else UNKNOWN if UNKNOWN in found else GOOD


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
        try:
            said = _says(crl, own, issuer, at, leaf=leaf)
        except _BROKEN:
            continue
        if said == REVOKED:
            return REVOKED
        told = GOOD if said == GOOD else told
    return told


def _says(
    crl: x509.CertificateRevocationList, own: x509.Certificate, issuer: x509.Certificate, at: datetime, *, leaf: bool
) -> str:
    if crl.issuer != own.issuer or not crl.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        return UNKNOWN
    if any(isinstance(e.value, x509.IssuingDistributionPoint) and e.value.indirect_crl for e in crl.extensions):
        return UNKNOWN  # its serial numbers may be of another issuer's certificates
    entry = crl.get_revoked_certificate_by_serial_number(own.serial_number)
    if entry is not None and entry.revocation_date_utc <= at and not _taken_off(entry):
        return REVOKED
    in_force = crl.last_update_utc <= at and (crl.next_update_utc is None or at <= crl.next_update_utc)
    return GOOD if in_force and _whole(crl, own, leaf=leaf) else UNKNOWN


def _taken_off(entry: x509.RevokedCertificate) -> bool:
    """Whether a list of changes says that it is revoked no more."""
    reasons = [e.value.reason for e in entry.extensions if isinstance(e.value, x509.CRLReason)]
    return x509.ReasonFlags.remove_from_crl in reasons


def _whole(crl: x509.CertificateRevocationList, own: x509.Certificate, *, leaf: bool) -> bool:
    """Whether the list would name the certificate if it were revoked: not a list of changes, of some reasons, of other
    kinds or of another part of the issuer's certificates, and with nothing critical in it that is unknown here (RFC
    5280, 6.3.3).
    """
    for extension in crl.extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return False
        if isinstance(value, x509.UnrecognizedExtension) and extension.critical:
            return False
        if isinstance(value, x509.IssuingDistributionPoint):
            other_kind = value.only_contains_ca_certs if leaf else value.only_contains_user_certs
            if value.only_some_reasons or value.only_contains_attribute_certs or other_kind:
                return False
            if not _its_part(value, own):
                return False
    return True


def _its_part(point: x509.IssuingDistributionPoint, own: x509.Certificate) -> bool:
    """Whether a list of a part of the certificates is the one that this certificate names."""
    if point.full_name is None:
        return point.relative_name is None
    points = [p for e in own.extensions if isinstance(e.value, x509.CRLDistributionPoints) for p in e.value]
    named = [name for p in points for name in p.full_name or ()]
    return any(name in named for name in point.full_name)
