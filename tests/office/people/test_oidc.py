"""Signing in through an identity provider, against a small one that runs here: the whole way, and each lie."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.office.conftest import TODAY, Portal

from salyq.office.people import accounts

IIN = "900101300017"


class Idp:
    """A provider: `said` are the claims of its next token, `key` what it signs with."""

    def __init__(self) -> None:
        self.key = self.shown = RSAKey.generate_key(2048, {"kid": "k1"})
        self.issuer, self.said, self.asked = "", dict[str, Any](), dict[str, str]()

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.jwks),
            ]
        )

    async def about(self, _: Request) -> Response:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return JSONResponse({"issuer": self.issuer, **{k: f"{self.issuer}/{v}" for k, v in paths.items()}})

    async def authorize(self, request: Request) -> Response:
        self.asked = dict(request.query_params)
        return RedirectResponse(f"{self.asked['redirect_uri']}?code=c1&state={self.asked['state']}")

    async def token(self, request: Request) -> Response:
        form = await request.form()
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.asked["code_challenge"]
        assert (form["code"], form["client_secret"]) == ("c1", "s3cret")
        now = int(TODAY.timestamp())
        claims = {"iss": self.issuer, "aud": "salyq", "exp": now + 300, "iat": now, "nonce": self.asked["nonce"]}
        claims |= {"sub": "u1", "iin": IIN, "name": "Айдана", **self.said}
        return JSONResponse({"id_token": jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)})

    async def jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.shown.as_dict(private=False)]})


@pytest.fixture(scope="module")
def running() -> Iterator[Idp]:
    idp = Idp()
    config = uvicorn.Config(idp.app(), host="127.0.0.1", port=0, log_config=None)
    server, socket = uvicorn.Server(config), config.bind_socket()
    idp.issuer = f"http://127.0.0.1:{socket.getsockname()[1]}"
    thread = threading.Thread(target=server.run, args=([socket],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield idp
    server.should_exit = True
    thread.join(15)


@pytest.fixture
def idp(running: Idp, monkeypatch: pytest.MonkeyPatch) -> Idp:
    running.said, running.key = {}, running.shown
    monkeypatch.setenv("SALYQ_OIDC_ISSUER", running.issuer)
    monkeypatch.setenv("SALYQ_OIDC_CLIENT_ID", "salyq")
    monkeypatch.setenv("SALYQ_OIDC_CLIENT_SECRET", "s3cret")
    return running


def sign_in(country: Portal, **changed: str) -> tuple[int, TestClient]:
    client = TestClient(country.browser.app, base_url="http://127.0.0.1", follow_redirects=False)
    away = client.get("/en/sign-in/oidc").headers["location"]
    came = httpx.get(away).headers["location"]
    query = {k: v[0] for k, v in parse_qs(urlsplit(came).query).items()} | changed
    return client.get("/en/sign-in/oidc/back", params=query).status_code, client


def test_the_whole_way_and_the_same_account_again(country: Portal, idp: Idp) -> None:
    assert idp.issuer.removeprefix("http://") in country.browser.get("/en/sign-in").text
    for _ in range(2):
        status, client = sign_in(country)
        assert status == 303
        assert "Айдана" in client.get("/en").text
        assert client.get("/en/cabinet").status_code == 200
    with country.work.transaction() as tx:
        assert tx.value(b"select count(*) from people.account where iin = %(iin)s", {"iin": IIN}) == 1


def test_whose_account_was_closed_is_told_so(country: Portal, idp: Idp) -> None:
    idp.said = {"iin": "850505300011"}
    assert sign_in(country)[0] == 303
    with country.work.transaction() as tx:
        mine = tx.one(accounts.Account, accounts.SQL["account_of_iin"], {"iin": "850505300011"})
        assert mine is not None
        accounts.close(tx, mine)
    status, client = sign_in(country)
    assert status == 422
    assert client.get("/en/cabinet").status_code == 303


def test_a_closed_account_that_was_made_by_hand_stays_closed(country: Portal, idp: Idp) -> None:
    """Who left does not come back by the provider as a new applicant, until an administrator makes him an account."""
    iin = "850505300011"
    idp.said = {"iin": iin}
    with country.work.transaction() as tx:
        accounts.close(tx, accounts.add_account(tx, "serik", "officer", office="ministry", iin=iin))
    status, client = sign_in(country)
    assert status == 422
    assert client.get("/en/cabinet").status_code == 303
    with country.work.transaction() as tx:
        assert tx.value(b"select count(*) from people.account where iin = %(iin)s", {"iin": iin}) == 1
        accounts.add_account(tx, "serik_2", "applicant", iin=iin)
    assert sign_in(country)[0] == 303


def test_each_lie_is_refused(country: Portal, idp: Idp) -> None:
    lies: list[dict[str, Any]] = [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"exp": int(TODAY.timestamp()) - 1000},
        {"nonce": "of another sign-in"},
        {"iin": "900101300018"},
        {"iin": ""},
    ]
    for lie in lies:
        idp.said = lie
        assert sign_in(country)[0] == 422, lie
    idp.said = {}
    assert sign_in(country, state="guessed")[0] == 403
    idp.key = RSAKey.generate_key(2048, {"kid": "k1"})  # signed by somebody else
    assert sign_in(country)[0] == 422
    idp.key = idp.shown
    status, client = sign_in(country)
    assert status == 303
    assert client.get("/en/sign-in/oidc/back?code=c1&state=x").status_code == 403  # a challenge holds once


def test_without_a_provider_there_is_no_such_page(country: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALYQ_OIDC_ISSUER", raising=False)
    assert country.browser.get("/en/sign-in/oidc").status_code == 404
    monkeypatch.setenv("SALYQ_OIDC_ISSUER", "http://127.0.0.1:9")
    monkeypatch.setenv("SALYQ_OIDC_CLIENT_ID", "salyq")
    silent = country.browser.get("/en/sign-in/oidc")
    assert silent.status_code == 422
    assert "does not answer" in silent.text
    monkeypatch.setenv("SALYQ_OIDC_ISSUER", "http://provider.example")  # not over https
    assert country.browser.get("/en/sign-in/oidc").status_code == 422
