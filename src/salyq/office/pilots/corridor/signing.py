"""Requests signed with Ed25519 (RFC 9421) over method, path and a digest of the content (RFC 9530); answers over
status, digest and the request's signature, so that no answer to another request passes for the one to this.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from salyq.office.pilots.corridor.node import SKEW

COMPONENTS = '("@method" "@path" "content-digest")'
ANSWERED = '("@status" "content-digest" "signature";req)'
_INPUT = re.compile(
    r'sig1=(\("@method" "@path" "content-digest"\);created=(\d{1,12});keyid="([A-Za-z0-9._-]{1,64})";alg="ed25519")'
)
_ANSWER = re.compile(
    r'sig1=(\("@status" "content-digest" "signature";req\);'
    r'created=(\d{1,12});keyid="([A-Za-z0-9._-]{1,64})";alg="ed25519")'
)
_SIGNATURE = re.compile(r"sig1=:([A-Za-z0-9+/=]{88}):")


class SignatureError(ValueError):
    """A request that nobody we know has signed, or not lately, or not with this content."""


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _base(covered: Mapping[str, str], params: str) -> bytes:
    lines = [*(f"{name}: {value}" for name, value in covered.items()), f'"@signature-params": {params}']
    return "\n".join(lines).encode()


def _asked(method: str, path: str, content: str) -> dict[str, str]:
    return {'"@method"': method, '"@path"': path, '"content-digest"': content}


def _answered(status: int, content: str, asked: str) -> dict[str, str]:
    return {'"@status"': str(status), '"content-digest"': content, '"signature";req': asked}


def _signed(
    key: SigningKey, keyid: str, names: str, covered: Mapping[str, str], content: str, now: datetime
) -> dict[str, str]:
    created = int((now - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) // timedelta(seconds=1))
    params = f'{names};created={created};keyid="{keyid}";alg="ed25519"'
    made = base64.b64encode(key.sign(_base(covered, params)).signature).decode()
    return {"Content-Digest": content, "Signature-Input": f"sig1={params}", "Signature": f"sig1=:{made}:"}


def sign(key: SigningKey, keyid: str, method: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that a signed request carries."""
    content = digest(body)
    return _signed(key, keyid, COMPONENTS, _asked(method, path, content), content, now)


def sign_answer(key: SigningKey, keyid: str, status: int, body: bytes, asked: str, now: datetime) -> dict[str, str]:
    """The headers of a signed answer; `asked` is the Signature header of the request."""
    content = digest(body)
    return _signed(key, keyid, ANSWERED, _answered(status, content, asked), content, now)


def verify(
    keys: Mapping[str, VerifyKey], headers: Mapping[str, str], method: str, path: str, body: bytes, now: datetime
) -> str:
    """Who signed it. SignatureError otherwise."""
    low = {k.lower(): v for k, v in headers.items()}
    content = low.get("content-digest", "")
    return _verified(keys, low, _INPUT, _asked(method, path, content), body, now)


def verify_answer(
    key: VerifyKey, keyid: str, headers: Mapping[str, str], status: int, body: bytes, asked: str, now: datetime
) -> None:
    """SignatureError where `keyid` did not sign this answer to the request whose Signature header was `asked`."""
    low = {k.lower(): v for k, v in headers.items()}
    content = low.get("content-digest", "")
    _verified({keyid: key}, low, _ANSWER, _answered(status, content, asked), body, now)


def _verified(
    keys: Mapping[str, VerifyKey],
    low: Mapping[str, str],
    form: re.Pattern[str],
    covered: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> str:
    given = form.fullmatch(low.get("signature-input", ""))
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
        keys[keyid].verify(_base(covered, params), base64.b64decode(signature[1], validate=True))
    except (BadSignatureError, ValueError) as error:
        raise SignatureError("wrong signature") from error
    return keyid
