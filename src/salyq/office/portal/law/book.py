"""The law book beside the pages: made once by this version, kept in memory, under a policy of its own.

Its pages carry their style and their search in themselves, so that they also work as files; here the script is named
by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from salyq.office.portal.visit import Visit

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)


@cache
def pages() -> Mapping[str, str]:
    """Every page by its name in the book, without the policy that it states itself."""
    from salyq.book.site import pages as made

    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
    return {name: policy.sub("", text) for name, text in made().items()}


def door(visit: Visit) -> Response:
    return RedirectResponse(f"/book/{visit.lang}/index.html", 303)


async def page(request: Request) -> Response:
    """One page of the book."""
    found = (await run_in_threadpool(pages)).get(request.path_params["page"])
    if found is None:
        raise HTTPException(404)
    headers = {"content-security-policy": _policy(found), "cache-control": "public, max-age=3600"}
    return Response(found, media_type="text/html", headers=headers)


def _policy(text: str) -> str:
    named = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in _SCRIPT.findall(text)]
    scripts = " ".join(f"'sha256-{n}'" for n in named) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
