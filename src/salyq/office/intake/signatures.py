"""Detached CMS signatures beside a filing (NCALayer makes them): RSA is checked here, anything else by OpenSSL where it
is installed (GOST with its engine or provider); of what neither can check it is said that it was not checked. A
signature is kept in any case; none is required.

A signature is `valid` only where its certificate comes from one of the office's own roots (keys/roots.pem in the data
folder); without roots it is at most `not_checked`, whatever the mathematics says. Whether the certificate was revoked
is asked of the lists beside the roots (revocation.py); where there is none of this time, that is said.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from salyq.office.intake import openssl, revocation

VALID, INVALID, NOT_CHECKED = "valid", "invalid", "not_checked"
LARGEST, LONGEST_CHAIN = 1_000_000, 5
_STATES = {
    openssl.GOOD: VALID,
    revocation.UNKNOWN: VALID,
    revocation.REVOKED: INVALID,
    "signature_bad": INVALID,
    "signature_of_other_content": INVALID,
    "signature_certificate_over": INVALID,
}
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class Signature(NamedTuple):
    """`reason` is a code of messages.toml; `signer` the subject of the certificate."""

    state: str
    signer: str
    reason: str

    def as_json(self, digest: str) -> dict[str, str]:
        return {"state": self.state, "signer": self.signer, "reason": self.reason, "sha256": digest}


def check(content: bytes, signature: bytes, roots: Path, at: datetime) -> Signature:
    """Whether the signature is of this content, by a certificate of a root, in force at the time."""
    try:
        from asn1crypto import cms
    except ImportError:
        return Signature(NOT_CHECKED, "", "signature_no_verifier")
    try:
        info = cms.ContentInfo.load(signature, strict=True)
        if info["content_type"].native != "signed_data":
            return Signature(INVALID, "", "signature_not_cms")
        signed = info["content"]
        infos, certificates = list(signed["signer_infos"]), _certificates(signed)
        if len(infos) != 1:
            return Signature(NOT_CHECKED, "", "signature_many")
        found = _judged(infos[0], certificates, content, roots, at)
        return found if found.reason != openssl.CANNOT else _by_openssl(found, content, signature, roots, at)
    except (*revocation.BROKEN, KeyError, NotImplementedError):
        return Signature(INVALID, "", "signature_not_cms")


def _by_openssl(found: Signature, content: bytes, signature: bytes, roots: Path, at: datetime) -> Signature:
    reason = openssl.check(content, signature, roots, at)
    return Signature(_STATES.get(reason, NOT_CHECKED), found.signer, reason)


def _certificates(signed: Any) -> list[x509.Certificate]:
    return [
        x509.load_der_x509_certificate(c.chosen.dump()) for c in signed["certificates"] or () if c.name == "certificate"
    ]


def _judged(info: Any, certificates: list[x509.Certificate], content: bytes, roots: Path, at: datetime) -> Signature:
    own = next((c for c in certificates if _is(c, info["sid"])), None)
    if own is None:
        return Signature(NOT_CHECKED, "", "signature_no_certificate")
    signer = own.subject.rfc4514_string()[:200]
    name = info["digest_algorithm"]["algorithm"].native
    scheme = info["signature_algorithm"]["algorithm"].native
    key = _public(own)
    if name not in _HASHES or key is None or scheme not in ("rsassa_pkcs1v15", f"{name}_rsa"):
        return Signature(NOT_CHECKED, signer, "signature_other_algorithm")
    attributes = info["signed_attrs"]
    message = content
    if attributes:
        stated = next((a["values"][0].native for a in attributes if a["type"].native == "message_digest"), b"")
        if stated != hashlib.new(name, content).digest():
            return Signature(INVALID, signer, "signature_of_other_content")
        message = attributes.untag().dump()
    try:
        key.verify(info["signature"].native, message, padding.PKCS1v15(), _HASHES[name])
    except InvalidSignature:
        return Signature(INVALID, signer, "signature_bad")
    if not own.not_valid_before_utc <= at <= own.not_valid_after_utc:
        return Signature(INVALID, signer, "signature_certificate_over")
    if not roots.is_file():
        return Signature(NOT_CHECKED, signer, "signature_no_roots")
    trusted = x509.load_pem_x509_certificates(roots.read_bytes())
    try:
        chain = _leads(own, certificates, trusted, at)
    except UnsupportedAlgorithm:  # an issuer's key
        return Signature(NOT_CHECKED, signer, openssl.CANNOT)
    if not chain:
        return Signature(NOT_CHECKED, signer, "signature_unknown_issuer")
    reason = revocation.state(chain, roots, at)
    return Signature(_STATES[reason], signer, reason)


def _public(own: x509.Certificate) -> rsa.RSAPublicKey | None:
    try:
        key = own.public_key()
    except (ValueError, NotImplementedError, UnsupportedAlgorithm):  # GOST, which the library does not know
        return None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def _is(certificate: x509.Certificate, sid: Any) -> bool:
    """Whether it is the one that the signer names, by issuer and serial number or by the key's identifier."""
    if sid.name == "issuer_and_serial_number":
        same = certificate.serial_number == sid.chosen["serial_number"].native
        return bool(same and certificate.issuer.public_bytes() == sid.chosen["issuer"].dump())
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    return bool(found.value.digest == sid.chosen.native)


def _leads(
    own: x509.Certificate, among: list[x509.Certificate], roots: list[x509.Certificate], at: datetime
) -> list[revocation.Pair]:
    """Each certificate with its issuer, from this one to a root, each in force and allowed to issue; empty where none
    leads there.
    """
    now = own
    chain: list[revocation.Pair] = []
    for _ in range(LONGEST_CHAIN):
        root = next((r for r in roots if _issued(now, r, at)), None)
        if root is not None:
            return [*chain, (now, root)]
        above = next((c for c in among if c != now and _issued(now, c, at) and _may_issue(c)), None)
        if above is None:
            return []
        chain.append((now, above))
        now = above
    return []


def _issued(one: x509.Certificate, by: x509.Certificate, at: datetime) -> bool:
    if not by.not_valid_before_utc <= at <= by.not_valid_after_utc:
        return False
    try:
        one.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False
