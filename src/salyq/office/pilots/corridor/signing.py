"""Requests signed with Ed25519 (RFC 9421) over method, path and a digest of the content (RFC 9530)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

COMPONENTS = '("@method" "@path" "content-digest")'
_INPUT = re.compile(
    r'sig1=(\("@method" "@path" "content-digest"\);created=(\d{1,12});keyid="([A-Za-z0-9._-]{1,64})";alg="ed25519")'
)
_SIGNATURE = re.compile(r"sig1=:([A-Za-z0-9+/=]{88}):")
SKEW = timedelta(minutes=5)


class SignatureError(ValueError):
    """A request that nobody we know has signed, or not lately, or not with this content."""


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _base(method: str, path: str, content: str, params: str) -> bytes:
    lines = [
        f'"@method": {method}',
        f'"@path": {path}',
        f'"content-digest": {content}',
        f'"@signature-params": {params}',
    ]
    return "\n".join(lines).encode()


def sign(key: SigningKey, keyid: str, method: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that a signed request carries."""
    content = digest(body)
    created = int((now - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) // timedelta(seconds=1))
    params = f'{COMPONENTS};created={created};keyid="{keyid}";alg="ed25519"'
    made = base64.b64encode(key.sign(_base(method, path, content, params)).signature).decode()
    return {"Content-Digest": content, "Signature-Input": f"sig1={params}", "Signature": f"sig1=:{made}:"}


def verify(
    keys: Mapping[str, VerifyKey], headers: Mapping[str, str], method: str, path: str, body: bytes, now: datetime
) -> str:
    """Who signed it. SignatureError otherwise."""
    low = {k.lower(): v for k, v in headers.items()}
    given = _INPUT.fullmatch(low.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(low.get("signature", ""))
    if given is None or signature is None:
        raise SignatureError("not signed")
    params, created, keyid = given[1], given[2], given[3]
    if keyid not in keys:
        raise SignatureError("unknown key")
    if low.get("content-digest") != digest(body):
        raise SignatureError("other content")
    made = datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(seconds=int(created))
    if abs(now - made) > SKEW:
        raise SignatureError("too old")
    try:
        raw = base64.b64decode(signature[1], validate=True)
        keys[keyid].verify(_base(method, path, low["content-digest"], params), raw)
    except (BadSignatureError, ValueError) as error:
        raise SignatureError("wrong signature") from error
    return keyid
