"""The API at /api/v1 (OpenAPI at /api/v1/openapi.json): synchronous calls, RFC 9457 problems, cursors, a change
feed.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.civil.errors import SalyqError
from salyq.civil.messages import Message
from salyq.office.portal.api import applications, ask, filings, log, pilots, registers
from salyq.office.portal.headers import failed, problem
from salyq.office.portal.site import Site

DESCRIPTION = (
    "Registers, the change feed, the signed log and statistics. Errors are application/problem+json (RFC 9457)."
)


def make_api(site: Site) -> FastAPI:
    api = FastAPI(
        title="Salyq",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
    )
    api.state.site = site
    for room in (registers, log, applications, filings, ask, pilots):
        api.include_router(room.router)
    api.add_exception_handler(HTTPException, failed)
    api.add_exception_handler(SalyqError, failed)
    api.add_exception_handler(Exception, failed)
    api.add_exception_handler(RequestValidationError, _invalid)
    return api


async def _invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return problem(422, "portal_422", Message("portal_422"), field, detail=str(first["msg"]))
