"""Who calls the API: a key (`Authorization: Bearer …`), a signed-in browser, or nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from salyq.office.people import accounts, keys, sessions
from salyq.office.people.accounts import Account
from salyq.office.portal.site import Site
from salyq.office.portal.visit import cookie_name, needs_second_factor
from salyq.office.store.errors import StoreError
from salyq.office.store.store import PUBLIC, Access, Transaction

_SAFE = ("GET", "HEAD", "OPTIONS")


class KeyTooWeak(StoreError):
    """A key asks for what needs a person with a second factor."""


class Caller:
    """`account` is None for nobody; `transaction` asks the database as the caller."""

    def __init__(self, site: Site, account: Account | None, access: Access) -> None:
        self.site, self.account, self.access = site, account, access

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.site.web.transaction(self.access) as tx:
            yield tx

    def signed_in(self) -> Account:
        """The account; 401 for nobody."""
        if self.account is None:
            raise HTTPException(401)
        return self.account


def caller(request: Request) -> Caller:
    site: Site = request.app.state.site
    given = request.headers.get("authorization", "")
    if given:
        kind, _, key = given.partition(" ")
        with site.web.transaction() as tx:
            found = keys.by_key(tx, key.strip()[:200]) if kind.lower() == "bearer" else None
        if found is None:
            raise HTTPException(401)
        request.scope.get("asked", {})["who"] = found.account.name
        _check_official(site, found, request.method)
        return Caller(site, found.account, found.access)
    return _by_cookie(request, site)


def _check_official(site: Site, found: keys.Caller, method: str) -> None:
    """A key of an official reads, where a passkey stood behind it when it was made; the made-up country is exempt."""
    if site.made_up or found.account.role not in keys.SECOND_FACTOR:
        return
    if not found.second_factor:
        raise KeyTooWeak("portal_key_without_second_factor")
    if method not in _SAFE:
        raise KeyTooWeak("portal_key_only_reads")


def _by_cookie(request: Request, site: Site) -> Caller:
    cookie = request.cookies.get(cookie_name(request)[0])
    if not cookie:
        return Caller(site, None, PUBLIC)
    if request.method not in _SAFE:
        # A form of another site sends no JSON without our leave; what it can send must come from a page of ours.
        origin, kind = request.headers.get("origin"), request.headers.get("content-type", "")
        ours = origin == f"{request.url.scheme}://{request.headers.get('host', '')}"
        if not ours and (origin is not None or not kind.startswith("application/json")):
            raise HTTPException(403)
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(403)
    with site.web.transaction() as tx:
        session = sessions.find(tx, cookie)
        who = accounts.account(tx, session.account) if session is not None and session.account is not None else None
        request.scope.get("asked", {})["who"] = who.name if who else ""
        if needs_second_factor(site, who, session):
            raise HTTPException(403)
        return Caller(site, who, accounts.access_of(tx, who))


Asks = Annotated[Caller, Depends(caller)]
