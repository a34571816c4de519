"""The application: routes by audience, the API, static files."""

from __future__ import annotations

import threading
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from salyq.civil.errors import SalyqError
from salyq.civil.messages import LANGUAGES
from salyq.office.portal import health
from salyq.office.portal.authority import routes as authority
from salyq.office.portal.cabinet import routes as cabinet
from salyq.office.portal.headers import Headers, failed
from salyq.office.portal.law import routes as law
from salyq.office.portal.pilot import routes as pilot
from salyq.office.portal.public import routes as public
from salyq.office.portal.site import Site
from salyq.office.store.store import Store


def make_app(web: Store, work: Store, folder: Path, *, made_up: bool = False) -> Starlette:
    """The whole portal over two open stores: `web` under row-level security, `work` for jobs and measures."""
    site = Site(web, work, folder, made_up)
    api = Api(site)
    routes: list[BaseRoute] = [
        Route("/", _front),
        *health.ROUTES,
        *pilot.ROUTES,
        *public.ROUTES,
        *law.ROUTES,
        *cabinet.ROUTES,
        *authority.ROUTES,
        Mount("/static", Static(directory=str(files("salyq.office.portal") / "static")), name="static"),
        Mount("/api/v1", api),
    ]
    handlers = {HTTPException: failed, SalyqError: failed, Exception: failed}
    app = Starlette(routes=routes, middleware=[Middleware(Headers)], exception_handlers=handlers)
    app.state.site, app.state.api = site, api
    return app


class Api:
    """The API, put together when it is first asked for: what it is made of costs half of a start, and pages need none
    of it. `salyq serve` asks as soon as the pages answer.
    """

    def __init__(self, site: Site) -> None:
        self._site, self._lock = site, threading.Lock()
        self._made: ASGIApp | None = None

    def made(self) -> ASGIApp:
        with self._lock:
            if self._made is None:
                from salyq.office.portal.api.app import make_api

                self._made = make_api(self._site)
            return self._made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._made if self._made is not None else await run_in_threadpool(self.made)
        await app(scope, receive, send)


class Static(StaticFiles):
    """Files of ours change with the version only."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = "public, max-age=3600"
        return response


def _front(request: Request) -> Response:
    """To the visitor's language: what his browser asks for, else Kazakh."""
    wanted = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    lang = next((w for w in wanted if w in LANGUAGES), "kk")
    return RedirectResponse(f"/{lang}", 303)
