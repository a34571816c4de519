"""/healthz: the process lives. /readyz: it can serve. /metrics: figures for Prometheus."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from salyq.civil.errors import SalyqError
from salyq.office.store import entries, jobs
from salyq.office.store.store import Transaction

log = logging.getLogger("salyq.portal")


def healthz(request: Request) -> Response:  # noqa: ARG001
    return PlainTextResponse("ok\n")


def readyz(request: Request) -> Response:
    try:
        with request.app.state.site.web.transaction() as tx:
            entries.size(tx)
    except SalyqError as error:
        log.error("not ready: %s", error.text("en"))
        return PlainTextResponse("not ready\n", 503)
    return PlainTextResponse("ready\n")


def metrics(request: Request) -> Response:
    """Text of Prometheus: requests by status since the start, entries, jobs."""
    site = request.app.state.site
    with site.lock:
        counts = dict(site.counts)
    lines = ["# TYPE salyq_requests_total counter"]
    lines += [f'salyq_requests_total{{status="{status}"}} {n}' for status, n in sorted(counts.items())]
    with site.work.transaction() as tx:
        lines += ["# TYPE salyq_entries gauge", f"salyq_entries {entries.size(tx)}"]
        lines += ["# TYPE salyq_jobs gauge", *_jobs(tx)]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _jobs(tx: Transaction) -> list[str]:
    [counts] = tx.dicts(jobs.SQL["counts"])
    return [f'salyq_jobs{{state="{state}"}} {n}' for state, n in counts.items()]


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
