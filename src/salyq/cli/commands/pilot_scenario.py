"""`salyq pilot scenario NAME`: customers, merchants, an acquirer and faults from a seed; then what the books say."""

from __future__ import annotations

from datetime import datetime

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import office_options, options
from salyq.cli.helping import Command, Help
from salyq.cli.office_options import opened_office
from salyq.cli.output import emit_json, emit_page

WRONG = 3


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], metavar="NAME"),
        click.Option(
            ["--seed"], type=click.IntRange(0), required=True, metavar="N", help=words("option", "scenario_seed")
        ),
        click.Option(["--days"], type=click.IntRange(1, 3660), default=1, metavar="D", help=words("option", "days")),
        click.Option(
            ["--rate"], type=click.IntRange(1, 100_000), default=20, metavar="R", help=words("option", "rate")
        ),
        options.form(words),
        office_options.data(words),
        office_options.now(words),
        options.lang(words),
    ]
    return Command("pilot scenario", words, run, params)


def run(
    *, name: str, seed: int, days: int, rate: int, form: str, data: str | None, now: datetime | None, lang: str
) -> int:
    """Exit 3 where the books differ from their transfers."""
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.scenario import NAMES, drive
    from salyq.present.page import Page

    if name not in NAMES:
        raise UsageError(Message("scenario_unknown", {"names": ", ".join(NAMES)}), column="NAME", value=name)
    with opened_office(data, now) as store, Gate(store.url, store.clock) as gate:
        told = drive(store, gate, name, seed, days, rate)
    if form == "json":
        emit_json(told)
    else:
        page = Page()
        for key in ("answers", "cleared"):
            page.line(
                f"{Message(f'scenario_{key}').text(lang)}: " + ", ".join(f"{k} × {v}" for k, v in told[key].items())
            )
        page.line(Message("scenario_settled", {"tiyn": told["settled_tiyn"], "held": told["held_tiyn"]}).text(lang))
        page.line(Message("scenario_books", {"count": told["differences"]}).text(lang))
        page.line(", ".join(told["holders"]))
        emit_page(page)
    return WRONG if told["differences"] else 0
