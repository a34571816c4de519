"""One request: who asks, in which language, with which form; and how a page, a redirect or a file is answered.

Handlers are plain functions `def page(visit: Visit) -> Response`, run in a thread; `routed` reads the form before and
finds the session, so that no handler does.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from salyq.assessing.result import Obligation
from salyq.civil.errors import SalyqError
from salyq.civil.messages import LANGUAGES
from salyq.office.people import accounts, oidc, sessions
from salyq.office.people.accounts import Account
from salyq.office.people.keys import SECOND_FACTOR
from salyq.office.people.sessions import Session
from salyq.office.portal.site import Site
from salyq.office.registry.book import words as field_of
from salyq.office.store.ids import secret
from salyq.office.store.store import PUBLIC, Access, Transaction
from salyq.present.amounts import money
from salyq.present.words import Words

COOKIE, SECURE_COOKIE = "salyq", "__Host-salyq"
LARGEST_UPLOAD = 20 * 1024 * 1024
MOST_FIELDS, MOST_FILES = 400, 20


@dataclass
class Visit:
    """`form` holds texts, `files` uploads; both are empty for GET."""

    request: Request
    site: Site
    lang: str
    session: Session | None = None
    account: Account | None = None
    access: Access = PUBLIC
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    uploads: Sequence[UploadFile] = ()  # every file, also where several came under one name
    new_cookie: str | None = None
    held: bool = False  # an official who has yet to show a passkey: until then as nobody

    @property
    def address(self) -> str:
        """Where the request came from, as the socket says."""
        return self.request.client.host if self.request.client else ""

    @property
    def fresh(self) -> bool:
        """Whether the visitor signed in a moment ago: only then a new passkey or key is made (ASVS 7.5.1)."""
        return self.session is not None and sessions.fresh(self.session, self.site.web.clock.now())

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def path(self) -> Mapping[str, str]:
        return self.request.path_params

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """As the visitor: the database shows him what he may see."""
        with self.site.web.transaction(self.access) as tx:
            yield tx

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page of templates/."""
        html = self.site.templates.get_template(template).render(visit=self, lang=self.lang, t=self.say, **context)
        return self.with_cookie(Response(html, status, media_type="text/html"))

    def say(self, code: str, **params: object) -> str:
        """Words of messages.toml in the visitor's language."""
        return self.site.say(code, self.lang, **params)

    def not_there(self) -> HTTPException:
        """404 for what is not there or not the visitor's; `Headers` writes a line in the log: who asked for what."""
        return HTTPException(404)

    def redirect(self, path: str, **query: str) -> Response:
        """To a path below the language: `visit.redirect("/cabinet")`."""
        suffix = f"?{urlencode(query)}" if query else ""
        return self.with_cookie(RedirectResponse(f"/{self.lang}{path}{suffix}", 303))

    def url_in(self, lang: str) -> str:
        """This page in another language, with the same filters."""
        rest = self.request.url.path[3:]
        return f"/{lang}{rest}" + (f"?{self.request.url.query}" if self.request.url.query else "")

    def url_with(self, **changes: object) -> str:
        """This page with other filters; None takes one away."""
        kept = {**dict(self.query), **changes}
        query = urlencode({k: str(v) for k, v in kept.items() if v not in (None, "")})
        return self.request.url.path + (f"?{query}" if query else "")

    def faults(self, error: SalyqError | None) -> list[tuple[str, str, str]]:
        """(field, its words, what is wrong) of every fault of a form."""
        found = getattr(error, "faults", None) or ()
        return [(f.field, field_of("field", f.field).text(self.lang), f.message.shown(self.lang)) for f in found]

    def by_field(self, error: SalyqError | None) -> dict[str, str]:
        return {name: text for name, _, text in self.faults(error)}

    def money(self, value: Decimal | None) -> str:
        return "—" if value is None else money(value, self.lang)

    def tiyn(self, value: int) -> str:
        return money(Decimal(value).scaleb(-2), self.lang)

    def duty(self, o: Obligation, say: Words) -> str:
        """What a duty is called: of which tax."""
        tax, _, duty = o.name.rpartition(".")
        return say.known(f"duty_{duty}", o.name, tax=say.known(f"tax_{tax}", tax))

    @property
    def provider(self) -> str:
        """The host of the identity provider, where one is configured."""
        found = oidc.provider()
        return "" if found is None else urlsplit(found.issuer).netloc

    @property
    def csrf(self) -> str:
        """The token that every form carries."""
        self.need_session()
        assert self.session is not None
        return self.session.csrf

    def need_session(self) -> None:
        """Starts a session for a visitor without one (a form needs it)."""
        if self.session is None:
            with self.site.web.transaction() as tx:
                self.new_cookie, self.session = sessions.start(tx, None)

    def sign_in(self, who: Account, *, second_factor: bool = False) -> None:
        """A new session for the account; the one before it ends."""
        with self.site.web.transaction() as tx:
            if self.session is not None:
                sessions.end(tx, self.session)
            self.new_cookie, self.session = sessions.start(tx, who, second_factor=second_factor)
        self.account = who

    def with_cookie(self, response: Response) -> Response:
        """The answer with the cookie of a session that was just made."""
        if self.new_cookie is not None:
            name, secure = cookie_name(self.request)
            response.set_cookie(name, self.new_cookie, httponly=True, samesite="lax", secure=secure, path="/")
        return response


def cookie_name(request: Request) -> tuple[str, bool]:
    secure = request.url.scheme == "https"
    return (SECURE_COOKIE if secure else COOKIE), secure


def once_token() -> str:
    """What a form carries so that sending it twice files one thing."""
    return secret()


Handler = Callable[[Visit], Response]


def routed(handler: Handler, *, roles: tuple[str, ...] = ()) -> Callable[[Request], Awaitable[Response]]:
    """The handler as an endpoint. `roles`: only for these; others are sent to sign in, or told that it is not there."""

    async def endpoint(request: Request) -> Response:
        lang = request.path_params.get("lang", "")
        if lang not in LANGUAGES:
            raise HTTPException(404)
        form, uploads = await _read_form(request) if request.method == "POST" else ({}, [])
        try:
            return await run_in_threadpool(_answer, handler, request, lang, form, uploads, roles)
        finally:
            for _, file in uploads:
                await file.close()

    return endpoint


def _answer(
    handler: Handler,
    request: Request,
    lang: str,
    form: Mapping[str, str],
    uploads: Sequence[tuple[str, UploadFile]],
    roles: tuple[str, ...],
) -> Response:
    files = [file for _, file in uploads]
    visit = Visit(request, request.app.state.site, lang, form=form, files=dict(uploads), uploads=files)
    recognise(visit)
    if roles and visit.held and visit.account is not None and visit.account.role in roles:
        if request.method == "GET":
            return visit.redirect("/account", second="1")
        raise HTTPException(403)
    if roles and (visit.account is None or visit.account.role not in roles):
        if visit.account is None and request.method == "GET":
            return visit.redirect("/sign-in", next=request.url.path)
        raise HTTPException(404)
    if request.method == "POST":
        check_origin(visit)
    return handler(visit)


def recognise(visit: Visit) -> None:
    """Finds the session of the cookie and what its account may see."""
    given = visit.request.cookies.get(cookie_name(visit.request)[0])
    if not given:
        return
    with visit.site.web.transaction() as tx:
        visit.session = sessions.find(tx, given)
        if visit.session is not None and visit.session.account is not None:
            visit.account = accounts.account(tx, visit.session.account)
            held = needs_second_factor(visit.site, visit.account, visit.session)
            visit.access = PUBLIC if held else accounts.access_of(tx, visit.account)
            visit.held = held
            visit.request.scope.get("asked", {})["who"] = visit.account.name if visit.account else ""


def needs_second_factor(site: Site, who: Account | None, session: Session | None) -> bool:
    """Whoever works for an office sees its things with a passkey only; the made-up country has links alone."""
    official = who is not None and who.role in SECOND_FACTOR
    return official and not site.made_up and not (session is not None and session.second_factor)


def check_origin(visit: Visit) -> None:
    """A form must come from a page of ours: its token, and the origin where the browser says one."""
    origin = visit.request.headers.get("origin")
    if origin is not None and origin != f"{visit.request.url.scheme}://{visit.request.headers.get('host', '')}":
        raise HTTPException(403)
    token = visit.form.get("csrf", "")
    if visit.session is None or not hmac.compare_digest(token.encode(), visit.session.csrf.encode()):
        raise HTTPException(403)


async def _read_form(request: Request) -> tuple[dict[str, str], list[tuple[str, UploadFile]]]:
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise HTTPException(411)
    if int(length) > LARGEST_UPLOAD:
        raise HTTPException(413)
    texts: dict[str, str] = {}
    files: list[tuple[str, UploadFile]] = []
    form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)
    for name, value in form.multi_items():
        if "\x00" in name or (isinstance(value, str) and "\x00" in value):
            raise HTTPException(422)
        if isinstance(value, str):
            texts[name] = value
        elif value.filename:
            files.append((name, value))
    return texts, files
