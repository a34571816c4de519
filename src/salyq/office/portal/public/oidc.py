"""Signing in through an identity provider: there and back, and the two questions that we ask it ourselves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from salyq.office.people import accounts, oidc
from salyq.office.portal.visit import Visit
from salyq.office.store.errors import StoreError

log = logging.getLogger("salyq.portal")
LARGEST, PATIENCE = 200_000, 10.0
_HERE = ("127.0.0.1", "::1", "localhost")


def there(visit: Visit) -> Response:
    """To the provider, with what its answer must repeat."""
    of = _provider()
    visit.need_session()
    assert visit.session is not None
    seed = secrets.token_bytes(32)
    endpoint = str(_about(of)["authorization_endpoint"])
    with visit.site.web.transaction() as tx:
        tx.run(accounts.SQL["set_challenge"], {"secret": visit.session.secret, "challenge": seed})
    return visit.with_cookie(RedirectResponse(address(of, endpoint, _back(visit), seed), 303))


def back(visit: Visit) -> Response:
    """From the provider: the code becomes a token, the token an account. A challenge holds once."""
    of = _provider()
    seed = visit.session.challenge if visit.session is not None else None
    if visit.session is None or seed is None:
        raise HTTPException(403)
    with visit.site.web.transaction() as tx:
        tx.run(accounts.SQL["set_challenge"], {"secret": visit.session.secret, "challenge": None})
    seed = bytes(seed)
    if not hmac.compare_digest(visit.query.get("state", "").encode(), oidc.derived(seed, "state").encode()):
        raise HTTPException(403)
    about = _about(of)
    asked = {"grant_type": "authorization_code", "code": visit.query.get("code", "")[:2000]}
    asked |= {"redirect_uri": _back(visit), "client_id": of.client, "client_secret": of.secret}
    answer = _ask(str(about["token_endpoint"]), {**asked, "code_verifier": oidc.derived(seed, "verifier")})
    keys = _ask(str(about["jwks_uri"]))
    with visit.site.web.transaction() as tx:
        said = oidc.claims(of, str(answer.get("id_token", "")), keys, seed, tx.now)
        who, strong = oidc.account_of(tx, of, said)
    visit.sign_in(who, second_factor=strong)
    return visit.redirect("")


def address(of: oidc.Provider, endpoint: str, back: str, seed: bytes) -> str:
    """Where the browser goes to sign in."""
    challenge = hashlib.sha256(oidc.derived(seed, "verifier").encode()).digest()
    asked = {"response_type": "code", "client_id": of.client, "redirect_uri": back, "scope": "openid profile"}
    asked |= {
        "state": oidc.derived(seed, "state"),
        "nonce": oidc.derived(seed, "nonce"),
        "code_challenge_method": "S256",
    }
    asked["code_challenge"] = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def _provider() -> oidc.Provider:
    found = oidc.provider()
    if found is None:
        raise HTTPException(404)
    return found


def _back(visit: Visit) -> str:
    return f"{visit.request.url.scheme}://{visit.request.headers.get('host', '')}/{visit.lang}/sign-in/oidc/back"


def _about(of: oidc.Provider) -> dict[str, Any]:
    found = _ask(f"{of.issuer}/.well-known/openid-configuration")
    if found.get("issuer") != of.issuer or not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(found):
        raise StoreError("people_oidc_bad")
    return found


def _ask(url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """JSON of the provider: over https (or of this machine), bounded in time and size."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise StoreError("people_oidc_bad")
    request = Request(url, None if form is None else urlencode(form).encode(), {"accept": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            data = answer.read(LARGEST + 1)
        found = json.loads(data) if len(data) <= LARGEST else None
    except (URLError, OSError, ValueError) as error:
        log.warning("identity provider: %s", error)
        raise StoreError("people_oidc_silent") from error
    if not isinstance(found, dict):
        raise StoreError("people_oidc_bad")
    return found
