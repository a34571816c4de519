"""Signatures that our library cannot check (GOST, elliptic curves) are shown to OpenSSL where it is installed, with
its engine or provider for GOST where there is one.

OpenSSL is asked twice: whether the signature is of this content (without the certificate), then whether the certificate
leads to one of the office's own roots at that time. What it cannot judge is `not_checked`, never `invalid`.
SALYQ_OPENSSL names another program; empty, none is asked.
"""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

from salyq.office.intake import revocation
from salyq.office.store import outside

SECONDS = 20.0
GOOD, CANNOT = "signature_good", "signature_other_algorithm"
# What it says when it did check and the answer is no; without any of these words it could not check.
_OTHER_CONTENT = (":content verify error:", ":messagedigest wrong length:")
_BAD = (":verification failure:", ":bad signature:", ":digest failure:")
_NO_TRUST = {
    "certificate has expired": "signature_certificate_over",
    "certificate is not yet valid": "signature_certificate_over",
    "self-signed certificate": "signature_unknown_issuer",
    "self signed certificate": "signature_unknown_issuer",
    "unable to get local issuer certificate": "signature_unknown_issuer",
    "unable to verify the first certificate": "signature_unknown_issuer",
    "invalid CA certificate": "signature_unknown_issuer",
    "certificate chain too long": "signature_unknown_issuer",
}
_GOST = (("engine", "gost"), ("list", "-providers", "-provider", "gostprov", "-provider", "default"))
_WITH_GOST = (["-engine", "gost"], ["-provider", "gostprov", "-provider", "default"])


def program() -> str | None:
    """OpenSSL's program, where one is installed and not turned off."""
    named = os.environ.get("SALYQ_OPENSSL", "openssl")
    return outside.find(named) if named else None


def knows_gost(found: str) -> bool:
    """Whether an engine or a provider for GOST stands beside this program."""
    return len(_ways(found, *_place())) > 1


def check(content: bytes, signature: bytes, roots: Path, at: datetime) -> str:
    """A code of messages.toml: `signature_good`, what is wrong, or why it was not checked."""
    found = program()
    if found is None:
        return CANNOT
    with tempfile.TemporaryDirectory(prefix="salyq-") as folder:
        data, mark = Path(folder, "content"), Path(folder, "signature")
        data.write_bytes(content)
        mark.write_bytes(signature)
        asked = [found, "cms", "-verify", "-binary", "-inform", "DER", "-in", str(mark), "-content", str(data)]
        asked += ["-out", os.devnull]
        for way in _ways(found, *_place()):
            said = _mathematics([*asked, *way, "-noverify"])
            if said == GOOD:
                return _trust([*asked, *way], roots, at)
            if said != CANNOT:
                return said
    return CANNOT


def _place() -> tuple[str, ...]:
    return tuple(os.environ.get(k, "") for k in ("OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"))


@cache
def _ways(found: str, *_: str) -> tuple[tuple[str, ...], ...]:
    """Which options are worth trying, the plain ones last."""
    installed = []
    for question, options in zip(_GOST, _WITH_GOST, strict=True):
        ran = outside.run([found, *question], SECONDS)
        if ran.code == 0 and "gost" in ran.said and "error" not in ran.said.lower():
            installed.append(tuple(options))
    return (*installed, ())


def _mathematics(command: list[str]) -> str:
    ran = outside.run(command, SECONDS)
    if ran.code == 0:
        return GOOD
    if ran.code is not None and any(words in ran.said for words in _OTHER_CONTENT):
        return "signature_of_other_content"
    if ran.code is not None and any(words in ran.said for words in _BAD):
        return "signature_bad"
    return CANNOT


def _trust(command: list[str], roots: Path, at: datetime) -> str:
    """Whether the certificate leads to a root of ours: the machine's own store of roots is not asked."""
    if not roots.is_file():
        return "signature_no_roots"
    ours = ["-CAfile", str(roots), "-no-CApath", "-no-CAstore", "-purpose", "any", "-attime", str(int(at.timestamp()))]
    ran = outside.run([*command, *ours], SECONDS)
    if ran.code == 0:
        return _revoked([*command, *ours], roots)
    return next((code for words, code in _NO_TRUST.items() if words in ran.said), "signature_unknown_issuer")


def _revoked(command: list[str], roots: Path) -> str:
    """The same asked again with the operator's lists of revoked certificates, for the whole chain."""
    from cryptography.hazmat.primitives.serialization import Encoding

    known = list(revocation.lists(roots))
    if not known:
        return revocation.UNKNOWN
    with tempfile.TemporaryDirectory(prefix="salyq-") as folder:
        path = Path(folder, "roots.pem")  # `openssl cms` takes lists beside the roots only
        path.write_bytes(b"\n".join([roots.read_bytes(), *(crl.public_bytes(Encoding.PEM) for crl in known)]))
        asked = [str(path) if part == str(roots) else part for part in command]
        ran = outside.run([*asked, "-crl_check_all"], SECONDS)
    if ran.code == 0:
        return GOOD
    return revocation.REVOKED if "certificate revoked" in ran.said else revocation.UNKNOWN
