"""Signing in through an identity provider (OpenID Connect, code flow with PKCE): what is asked, and what an answer
must hold. Who fetches is the portal; the keys and the claims are judged here.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from salyq.civil.ids import check_person
from salyq.office.people.accounts import SQL, Account, add_account
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

ALGORITHMS = ["RS256", "PS256", "ES256"]
_STRONG = {"mfa", "hwk", "swk"}  # of RFC 8176: more than one factor, or a key


@dataclass(frozen=True, slots=True)
class Provider:
    """`claim` is where the provider says the IIN."""

    issuer: str
    client: str
    secret: str
    claim: str = "iin"


def provider() -> Provider | None:
    """From SALYQ_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET and _CLAIM; None where no provider is configured."""
    issuer, client = os.environ.get("SALYQ_OIDC_ISSUER", ""), os.environ.get("SALYQ_OIDC_CLIENT_ID", "")
    if not issuer or not client:
        return None
    secret = os.environ.get("SALYQ_OIDC_CLIENT_SECRET", "")
    return Provider(issuer.rstrip("/"), client, secret, os.environ.get("SALYQ_OIDC_CLAIM", "iin"))


def derived(seed: bytes, name: str) -> str:
    """State, nonce and verifier of one sign-in, from the session's challenge: nothing else is to be kept."""
    return base64.urlsafe_b64encode(hashlib.sha256(seed + name.encode()).digest()).decode().rstrip("=")


def claims(of: Provider, token: str, keys: Mapping[str, Any], seed: bytes, now: datetime) -> dict[str, Any]:
    """The claims of an ID token that holds: signed by the provider, for us, now, in answer to this sign-in."""
    moment = int(now.timestamp())
    try:
        found = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        rules = jwt.JWTClaimsRegistry(
            now=moment,
            leeway=60,
            iss={"essential": True, "value": of.issuer},
            aud={"essential": True, "value": of.client},
            exp={"essential": True},
            nonce={"essential": True, "value": derived(seed, "nonce")},
        )
        rules.validate(found.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise StoreError("people_oidc_bad") from error
    return dict(found.claims)


def account_of(tx: Transaction, of: Provider, said: Mapping[str, Any]) -> tuple[Account, bool]:
    """The account of the IIN that the provider says (a new applicant's where there is none), and whether strongly."""
    iin = str(said.get(of.claim, ""))
    if check_person(iin) is not None:
        raise StoreError("people_oidc_no_iin", claim=of.claim)
    found = tx.one(Account, SQL["account_of_iin"], {"iin": iin})
    if found is None:
        if tx.value(SQL["iin_taken"], {"iin": iin}):  # closed for good, whoever had made it
            raise StoreError("people_oidc_closed")
        shown = " ".join(str(said.get("name", "")).split())[:100]
        name = "p." + hashlib.sha256(f"{of.issuer}\n{iin}".encode()).hexdigest()[:20]
        found = add_account(tx, name, "applicant", shown=shown or name, iin=iin)
    methods = said.get("amr", ())
    return found, isinstance(methods, list) and bool(_STRONG & set(map(str, methods)))
