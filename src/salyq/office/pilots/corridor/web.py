"""A node over HTTP: signed requests, RFC 9457 problems, nothing kept outside the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

import urllib3
from nacl.signing import SigningKey, VerifyKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from salyq.office.pilots.corridor import signing
from salyq.office.pilots.corridor.node import LostError, Node, Reply

LARGEST = 256 * 1024  # bytes of a request
_TIMEOUT = urllib3.Timeout(connect=3, read=20)


class HttpPeer:
    """The other side at an address; requests are signed as `keyid`."""

    def __init__(self, url: str, key: SigningKey, keyid: str, now: Callable[[], datetime]) -> None:
        self.url, self._key, self._keyid, self._now = url.rstrip("/"), key, keyid, now
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)

    def call(self, method: str, path: str, body: Mapping[str, object]) -> Reply:
        raw = b"" if method == "GET" else json.dumps(body, ensure_ascii=False).encode()
        headers = signing.sign(self._key, self._keyid, method, path, raw, self._now())
        try:
            reply = self._pool.request(method, self.url + path, body=raw, headers=headers | _JSON)
            found = json.loads(reply.data)
        except (urllib3.exceptions.HTTPError, ValueError, RecursionError) as error:
            raise LostError(str(error)) from error
        if reply.status >= 500 and "code" not in found:
            raise LostError(str(reply.status))
        return reply.status, found if isinstance(found, dict) else {}


_JSON = {"Content-Type": "application/json"}


def application(node: Node, keys: Mapping[str, VerifyKey], peer: str) -> Starlette:
    """Who may call: `keys` by name; `peer` is the other node's."""

    async def answer(request: Request) -> Response:
        raw = b""
        async for part in request.stream():
            raw += part
            if len(raw) > LARGEST:
                return _problem(413, "too_large")
        try:
            who = signing.verify(keys, request.headers, request.method, request.url.path, raw, node.now())
        except signing.SignatureError as error:
            return _problem(401, "signature", str(error))
        try:
            body = json.loads(raw) if raw else {}
        except (ValueError, RecursionError):
            return _problem(400, "no_json")
        if not isinstance(body, dict):
            return _problem(400, "no_json")
        from starlette.concurrency import run_in_threadpool

        status, told = await run_in_threadpool(
            lambda: node.handle(request.method, request.url.path, body, peer=who == peer)
        )
        return (
            _problem(status, told["code"], told.get("detail", ""), told.get("field", ""))
            if status >= 400 and "code" in told
            else JSONResponse(told, status)
        )

    async def health(request: Request) -> Response:  # noqa: ARG001
        return JSONResponse({"side": node.side})

    return Starlette(routes=[Route("/healthz", health), Route("/{path:path}", answer, methods=["GET", "POST"])])


def _problem(status: int, code: str, detail: str = "", field: str = "") -> Response:
    told = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail, "field": field}
    return JSONResponse(told, status, media_type="application/problem+json")
