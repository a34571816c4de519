"""Headers of every answer (strict CSP, no framing, no sniffing), a request's number, and errors in the visitor's
language.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from salyq.civil.errors import SalyqError
from salyq.civil.messages import LANGUAGES, Message
from salyq.office.portal.limits import kind_of
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import LARGEST_UPLOAD, Visit, recognise

log = logging.getLogger("salyq.portal")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)",
}
HSTS = "max-age=31536000; includeSubDomains"
_KNOWN = {401, 404, 403, 405, 408, 409, 411, 413, 422, 429, 503}


BODY_SECONDS = 120.0  # 20 MB over a line of 1.4 Mbit/s


MOST_BODY = 2 * LARGEST_UPLOAD + 1024 * 1024  # a file, its signature, and the form around them


def in_time(receive: Receive, seconds: float, most: int = MOST_BODY) -> Receive:
    """The same body, as long as the whole of it comes in time and is not too large: whoever sends it drop by drop is
    told 408, whoever never ends 413.
    """
    until, whole, left = time.monotonic() + seconds, False, most

    async def received() -> MutableMapping[str, Any]:
        nonlocal whole, left
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
        except TimeoutError:
            raise HTTPException(408) from None
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return received


class Headers:
    """Pure ASGI, so that streams and files pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, number = time.perf_counter(), secrets.token_hex(8)
        scope["request_number"] = number
        asked: dict[str, Any] = {}
        scope["asked"] = asked  # who asks, once somebody found out; one object however the scope is copied

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                extra = {**HEADERS, "x-request-id": number}
                if scope.get("scheme") == "https":
                    extra["strict-transport-security"] = HSTS
                if b"cache-control" not in have:
                    extra["cache-control"] = "no-store"
                new = [(n.encode(), v.encode()) for n, v in extra.items() if n.encode() not in have]
                message["headers"] = [*message["headers"], *new]
                spent = int((time.perf_counter() - started) * 1000)
                scope["app"].state.site.count(f"{message['status']}")
                log.info("%s %s %s %s %sms", number, scope["method"], scope["path"], message["status"], spent)
                if message["status"] in (403, 404) and asked.get("who"):
                    log.warning("not there, or not theirs: %s %s for %s", scope["method"], scope["path"], asked["who"])
            await send(message)

        wait = scope["app"].state.site.limits.wait(
            address_of(scope), kind_of(scope["method"], scope["path"], scope["query_string"])
        )
        if wait:
            refused = await failed(Request(scope, receive), HTTPException(429))
            refused.headers["retry-after"] = str(wait)
            log.warning("too many requests: %s %s from %s", scope["method"], scope["path"], address_of(scope))
            await refused(scope, receive, answer)
            return
        await self.app(scope, in_time(receive, BODY_SECONDS), answer)


def address_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def problem(status: int, code: str, message: Message, field: str | None = None, **more: Any) -> JSONResponse:
    """RFC 9457, with words in three languages."""
    body: dict[str, Any] = {"type": f"urn:salyq:problem:{code}", "title": message.text("en"), "status": status}
    body |= {"code": code, "words": message.texts(), **more}
    if field is not None:
        body["field"] = field
    return JSONResponse(body, status, media_type="application/problem+json")


async def failed(request: Request, error: Exception) -> Response:
    """Every error as a page, or as a problem where a program asks; never a traceback."""
    if isinstance(error, HTTPException):
        status, message = error.status_code, _of_status(error.status_code)
    elif isinstance(error, SalyqError):
        status, message = status_of(error), error.message
        if error.message.code == "store_unreachable":  # where the database lies is not the visitor's to know
            log.error("%s", error.message.text("en"))
            message = Message("portal_503")
    else:
        log.error("defect in %s", request.url.path, exc_info=error)
        status, message = 500, Message("portal_500", {"number": request.scope.get("request_number", "")})
    if request.url.path.startswith("/api/"):
        code = getattr(error, "code", "") or message.code
        return problem(
            status,
            code if isinstance(error, SalyqError) else message.code,
            message,
            field_of(error),
            **faults_of(error),
        )
    return _page(request, status, message)


def field_of(error: Exception) -> str | None:
    """The field that is wrong, where the error names one."""
    faults = getattr(error, "faults", None)
    return faults[0].field if faults else getattr(error, "column", None)


def faults_of(error: Exception) -> dict[str, Any]:
    """Every fault of a form at once."""
    faults = getattr(error, "faults", None)
    return {"faults": [{"field": f.field, "words": f.message.texts()} for f in faults]} if faults else {}


def _of_status(status: int) -> Message:
    return Message(f"portal_{status}" if status in _KNOWN else "portal_400")


def _page(request: Request, status: int, message: Message) -> Response:
    lang = request.url.path[1:3]
    visit = Visit(request, request.app.state.site, lang if lang in LANGUAGES else "kk")
    with contextlib.suppress(SalyqError):  # the page stays readable without the database
        recognise(visit)
    return visit.render("error.html", status, code=status, message=message)


Handler = Callable[[Request, Exception], Awaitable[Response]]
