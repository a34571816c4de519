"""Whether a certificate was revoked, by the lists that the operator keeps in keys/crls of the data folder (DER or PEM).

Nothing is fetched. Only a list that the certificate's own issuer signed, of this time, is believed; where an issuer of
the chain has none, it is said that revocation was not checked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

GOOD, REVOKED, UNKNOWN = "signature_good", "signature_certificate_revoked", "signature_revocation_unknown"
FOLDER, LARGEST = "crls", 100_000_000
Pair = tuple[x509.Certificate, x509.Certificate]  # a certificate and its issuer's
# A list or a certificate that cannot be understood says nothing, neither good nor bad.
BROKEN = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
log = logging.getLogger("salyq.intake")


def lists(roots: Path) -> Iterator[x509.CertificateRevocationList]:
    """The lists beside the roots, one after the other; a file that is none, or goes away meanwhile, is told in the log
    and left out.
    """
    folder = roots.with_name(FOLDER)
    try:
        paths = sorted(p for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    except OSError as error:
        log.warning("lists of revoked certificates cannot be read: %s", error)
        return
    for path in paths:
        try:
            found = _read(path.read_bytes()) if path.stat().st_size <= LARGEST else None
        except OSError as error:
            log.warning("a list of revoked certificates cannot be read: %s", error)
            continue
        if found is None:
            log.warning("no list of revoked certificates: %s", path)
        else:
            yield found


def _read(data: bytes) -> x509.CertificateRevocationList | None:
    for load in (x509.load_der_x509_crl, x509.load_pem_x509_crl):
        try:
            return load(data)
        except ValueError:
            continue
    return None


def state(chain: Sequence[Pair], roots: Path, at: datetime) -> str:
    """A code of messages.toml: no list knows of it, one does, or an issuer of the chain has no list of this time."""
    told = [_Told() for _ in chain]
    for crl in lists(roots):
        for n, (own, issuer) in enumerate(chain):
            with suppress(*BROKEN):
                told[n].hear(crl, own, issuer, at, leaf=n == 0)
    found = [one.code() for one in told]
    return REVOKED if REVOKED in found else UNKNOWN if UNKNOWN in found else GOOD


@dataclass
class _Told:
    """What the lists say of one certificate. A revocation is for ever; a hold until a later list is without it."""

    revoked: bool = False
    good: bool = False
    held: datetime | None = None
    free: datetime | None = None

    def code(self) -> str:
        held = self.held is not None and (self.free is None or self.free <= self.held)
        return REVOKED if self.revoked or held else GOOD if self.good else UNKNOWN

    def hear(
        self,
        crl: x509.CertificateRevocationList,
        own: x509.Certificate,
        issuer: x509.Certificate,
        at: datetime,
        *,
        leaf: bool,
    ) -> None:
        if crl.issuer != own.issuer or not crl.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
            return
        if any(isinstance(e.value, x509.IssuingDistributionPoint) and e.value.indirect_crl for e in crl.extensions):
            return  # its serial numbers may be of another issuer's certificates
        entry, made = crl.get_revoked_certificate_by_serial_number(own.serial_number), crl.last_update_utc
        reason = None if entry is None else _reason(entry)
        if entry is not None and entry.revocation_date_utc <= at and reason != x509.ReasonFlags.remove_from_crl:
            if reason == x509.ReasonFlags.certificate_hold:
                self.held = max(made, self.held or made)
            else:
                self.revoked = True
        elif made <= at and (reason is not None or _whole(crl, own, leaf=leaf)):
            self.free = max(made, self.free or made)
            in_force = crl.next_update_utc is None or at <= crl.next_update_utc
            self.good |= in_force and _whole(crl, own, leaf=leaf)


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    return next((e.value.reason for e in entry.extensions if isinstance(e.value, x509.CRLReason)), None)


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
