"""`salyq holdings`: what is held on a day, by account and asset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        click.Option(["--on"], type=options.Day(), required=True, metavar="D", help=words("option", "on")),
        options.person(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("holdings", words, run, params)


def run(*, inputs: Sequence[str], on: date, person: str | None, form: str, lang: str) -> int:
    from salyq.app import api
    from salyq.present.case_text import holdings_json, holdings_page

    with Bar() as bar:
        held = api.holdings(load(inputs, bar, person), on)
    if form == "json":
        emit_json(holdings_json(held, on))
    else:
        emit_page(holdings_page(held, on, lang))
    return 0
