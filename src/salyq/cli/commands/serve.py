"""`salyq serve`: the office in a browser and as an API, with its own database."""

from __future__ import annotations

import signal
import threading
from datetime import datetime

import click

from salyq.civil.messages import Message
from salyq.cli.commands.office import show_demo
from salyq.cli.helping import Command, Help
from salyq.cli.office import data_folder, office, shared
from salyq.cli.output import emit_page
from salyq.cli.progress import Bar


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--host"], default="127.0.0.1", metavar="HOST", help=words("option", "host")),
        click.Option(
            ["--port"], type=click.IntRange(0, 65535), default=8000, metavar="PORT", help=words("option", "port")
        ),
        click.Option(["--demo"], is_flag=True, help=words("option", "demo")),
        click.Option(["--check"], is_flag=True, help=words("option", "serve_check")),
        *shared(words),
    ]
    return Command("serve", words, run, params)


def run(*, host: str, port: int, demo: bool, check: bool, data: str | None, now: datetime | None, lang: str) -> int:
    folder = data_folder(data)
    with office(data, now, connections=8) as store:
        from salyq.office.portal.logs import to_stderr
        from salyq.office.portal.serve import fetch, serving

        to_stderr("warning" if demo or check else "info")
        document: dict[str, object] | None = None
        if demo:
            from salyq.office.demonstration.make import make

            with Bar() as bar:
                document = make(store, folder, step=bar.step)
        with serving(store, folder, host, 0 if check and port == 8000 else port) as address:
            _say("cli_serving", lang, address=address, folder=str(folder))
            if document is not None:
                show_demo(document, address, str(folder), lang)
            if check:
                fetch(address, lambda page: _say("cli_fetched", lang, **page._asdict()))
                return 0
            _wait()
    return 0


def _wait() -> None:
    """Until Ctrl-C or SIGTERM, which both end it in order."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def _say(code: str, lang: str, **params: object) -> None:
    from salyq.present.page import Page

    page = Page()
    page.line(Message(code, params).text(lang))
    emit_page(page)
