"""`salyq serve`: pages and API on one port, jobs beside them; `--check` starts, fetches three pages and stops."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import uvicorn

from salyq.office.duties import HANDLERS, plan
from salyq.office.portal.app import make_app
from salyq.office.portal.prompt import Prompt
from salyq.office.portal.site import made_up
from salyq.office.store.errors import StoreError
from salyq.office.store.jobs import run_due
from salyq.office.store.store import WEB, Store

log = logging.getLogger("salyq.serve")
_EVERY = 5.0  # seconds between two looks for jobs
_PLANNED = 24  # looks between two plans: what comes round only while something moves is planned anew
THREADS = 16
CHECKED = ("/kk/registers", "/ru/registers/miners", "/en/statistics")


class Page(NamedTuple):
    url: str
    status: int
    bytes: int


@contextlib.contextmanager
def serving(work: Store, folder: Path, host: str, port: int) -> Iterator[str]:
    """The address of a running portal; it stops when the block ends. Port 0 takes a free one."""
    with work.as_role(WEB, connections=THREADS) as web:
        with work.transaction() as tx:
            demo = made_up(tx)
            plan(tx)
        app = make_app(web, work, folder, made_up=demo)
        config = uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            http=Prompt,
        )  # fmt: skip
        server = uvicorn.Server(config)
        try:
            listener = config.bind_socket()
        except SystemExit:
            raise StoreError("portal_port_taken", host=host, port=port) from None
        stop = threading.Event()
        threads = [
            threading.Thread(target=server.run, args=([listener],), name="pages"),
            threading.Thread(target=_work, args=(work, stop), name="jobs"),
        ]
        for thread in threads:
            thread.start()
        try:
            while not server.started and threads[0].is_alive():  # until then a visitor would be refused
                stop.wait(0.01)
            if not server.started:
                raise StoreError("portal_not_started")
            threading.Thread(target=app.state.api.made, name="api", daemon=True).start()
            number = listener.getsockname()[1]
            yield f"http://{host if ':' not in host else f'[{host}]'}:{number}"
        finally:
            stop.set()
            server.should_exit = True
            for thread in threads:
                thread.join(15)
            if app.state.site.gate is not None:
                app.state.site.gate.close()


def _work(store: Store, stop: threading.Event) -> None:
    """Runs what is due until told to stop; a failure of one round is logged, and the next round tries again."""
    looks = 0
    while not stop.is_set():
        try:
            looks += 1
            if looks % _PLANNED == 0:
                with store.transaction() as tx:
                    plan(tx)
            run_due(store, HANDLERS)
        except Exception:
            log.exception("jobs")
        stop.wait(_EVERY)


def fetch(address: str, told: Callable[[Page], None] = lambda _: None) -> list[Page]:
    """Fetches three pages of a running portal; StoreError where one does not answer as it should."""
    found = []
    for path in CHECKED:
        url = address + path
        assert urlsplit(url).scheme == "http"
        with urlopen(url, timeout=30) as answer:  # noqa: S310
            body = answer.read()
            page = Page(url, answer.status, len(body))
        if page.status != 200 or b"</html>" not in body:
            raise StoreError("portal_check_failed", url=url, status=page.status)
        told(page)
        found.append(page)
    return found
