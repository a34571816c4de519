"""A node over HTTP: signed requests, RFC 9457 problems, nothing kept outside the database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import urllib3
from nacl.signing import SigningKey, VerifyKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from salyq.office.pilots.corridor import signing
from salyq.office.pilots.corridor.keys import Known
from salyq.office.pilots.corridor.node import LostError, Node, Reply
from salyq.office.pilots.corridor.problems import ProblemError

LARGEST = 256 * 1024  # bytes of a request
LARGEST_ANSWER = 4 * 1024 * 1024
_PART = 64 * 1024
_PATIENCE = 60  # seconds of one answer, however slowly it drips
_TIMEOUT = urllib3.Timeout(connect=3, read=20)


class HttpPeer:
    """The other side at an address; requests are signed as `keyid`. With `answers`, its name and key, what it did not
    sign as the answer to this very request is no answer."""

    def __init__(
        self,
        url: str,
        key: SigningKey,
        keyid: str,
        now: Callable[[], datetime],
        answers: tuple[str, VerifyKey] | None = None,
    ) -> None:
        self.url, self._key, self._keyid, self._now, self._answers = url.rstrip("/"), key, keyid, now, answers
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)

    def call(self, method: str, path: str, body: Mapping[str, object]) -> Reply:
        raw = b"" if method == "GET" else json.dumps(body, ensure_ascii=False).encode()
        headers = signing.sign(self._key, self._keyid, method, path, raw, self._now())
        try:
            status, given, content = self._ask(method, path, raw, headers)
            if self._answers is not None:
                name, key = self._answers
                signing.verify_answer(key, name, given, status, content, headers["Signature"], self._now())
            found = json.loads(content)
        except (urllib3.exceptions.HTTPError, OSError, ValueError, RecursionError) as error:
            raise LostError(str(error)) from error
        if not isinstance(found, dict) or (status >= 500 and "code" not in found):
            raise LostError(f"{status}: no answer in order")
        return status, found

    def _ask(
        self, method: str, path: str, raw: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """What was answered; LostError for an answer that is too large or does not end."""
        until, content = time.monotonic() + _PATIENCE, bytearray()
        reply = self._pool.request(
            method, self.url + path, body=raw, headers={**headers, **_JSON}, preload_content=False
        )
        try:
            while part := reply.read1(_PART, decode_content=False):
                content += part
                if len(content) > LARGEST_ANSWER or time.monotonic() > until:
                    raise LostError("an answer too large or too slow")
        except BaseException:
            reply.close()  # what else it says is not heard
            raise
        reply.release_conn()
        return reply.status, dict(reply.headers), bytes(content)


_JSON = {"Content-Type": "application/json"}


def application(node: Node, known: Known, peer: str, own: SigningKey | None = None) -> Starlette:
    """Who may call: the other node, whose name is `peer`, and banks, each for its customers. Answers are signed with
    `own`."""

    async def answer(request: Request) -> Response:
        made = await said(request)
        if own is not None:
            asked = request.headers.get("signature", "")
            made.headers.update(
                signing.sign_answer(own, node.side, made.status_code, bytes(made.body), asked, node.now())
            )
        return made

    async def said(request: Request) -> Response:
        raw = b""
        async for part in request.stream():
            raw += part
            if len(raw) > LARGEST:
                return _problem(*ProblemError(413, "too_large").reply)
        try:
            who = signing.verify(known.keys, request.headers, request.method, request.url.path, raw, node.now())
        except signing.SignatureError as error:
            return _problem(*ProblemError(401, "signature", detail=str(error)).reply)
        try:
            body = json.loads(raw, parse_float=str, parse_constant=_refused) if raw else {}
        except (ValueError, RecursionError):
            return _problem(*ProblemError(400, "no_json").reply)
        if not isinstance(body, dict):
            return _problem(*ProblemError(400, "no_json").reply)
        from starlette.concurrency import run_in_threadpool

        bank = None if who == peer else known.bank(who)
        status, told = await run_in_threadpool(
            lambda: node.handle(request.method, request.url.path, body, peer=bank is None, bank=bank)
        )
        return _problem(status, told) if status >= 400 and "code" in told else JSONResponse(told, status)

    async def health(request: Request) -> Response:  # noqa: ARG001
        return JSONResponse({"side": node.side})

    return Starlette(routes=[Route("/healthz", health), Route("/{path:path}", answer, methods=["GET", "POST"])])


def _refused(name: str) -> None:
    raise ValueError(name)  # NaN and its like are no JSON


def _problem(status: int, told: Mapping[str, Any]) -> Response:
    code = str(told["code"])
    about = {"type": f"urn:salyq:problem:{code}", "title": told["words"]["en"], "status": status}
    return JSONResponse({**about, **told}, status, media_type="application/problem+json")
