"""`salyq prices import | show | fetch`: the user's store of quotes and rates. Only `fetch` goes to the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.app.api import Case
    from salyq.prices.rows import StoredRate, StoredValue

COMMANDS = {
    "import": "salyq.cli.commands.prices:build_import",
    "show": "salyq.cli.commands.prices:build_show",
    "missing": "salyq.cli.commands.prices_missing:build",
    "fetch": "salyq.cli.commands.prices_fetch:build",
}


def build(words: Help) -> click.Command:
    return Group("prices", words, COMMANDS, [options.lang(words)])


def build_import(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["inputs"], nargs=-1, required=True, metavar="FILES…"),
        click.Option(["--replace"], is_flag=True, help=words("option", "replace")),
        options.form(words),
        options.lang(words),
    ]
    return Command("prices import", words, run_import, params)


def run_import(*, inputs: Sequence[str], replace: bool, form: str, lang: str) -> int:
    """All rows of all files or none: a rejected row is exit 4, and the store stays as it was."""
    from salyq.present.page import Page
    from salyq.prices.store import PriceStore

    with Bar() as bar:
        case = load(inputs, bar)
        _check(case)
        values, rates = case.reading.asset_values, case.reading.exchange_rates
        store = PriceStore()
        done = store.import_rows(values, rates, replace=replace)
    if form == "json":
        emit_json({"store": str(store.path), "added": done.added, "same": done.same, "replaced": done.replaced})
    else:
        page = Page()
        counts = {"added": done.added, "same": done.same, "replaced": done.replaced}
        page.line(Message("cli_quotes_imported", {**counts, "store": str(store.path)}).text(lang))
        emit_page(page)
    return 0


def _check(case: Case) -> None:
    """Only quotes, and none of them rejected."""
    for file in case.reading.files:
        if file.event:
            raise InputError(Message("cli_no_quotes", {}), file=file.file)
        for row in file.rejected:
            raise InputError(row.reason, file=row.source.file, line=row.source.line, column=row.column, value=row.value)


def build_show(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], required=False, metavar="[NAME]"),
        click.Option(["--from", "first"], type=options.Day(), metavar="D", help=words("option", "first")),
        click.Option(["--to", "last"], type=options.Day(), metavar="D", help=words("option", "last")),
        options.form(words),
        options.lang(words),
    ]
    return Command("prices show", words, run_show, params)


def run_show(*, name: str | None, first: date | None, last: date | None, form: str, lang: str) -> int:
    from salyq.prices.store import PriceStore

    store = PriceStore()
    start, end = first or date.min, last or date.max
    if name is None:
        values, rates = store.load()
        values = [v for v in values if start <= v.day <= end]
        rates = [r for r in rates if start <= r.day <= end]
    else:
        values, rates = store.show(name, start, end)
    rows = [*map(_value, values), *map(_rate, rates)]
    if form == "json":
        emit_json({"store": str(store.path), "quotes": rows})
    else:
        _print(rows, str(store.path), lang)
    return 0


COLUMNS = ("day", "kind", "asset", "quantity", "value", "currency", "origin", "source")


def _value(v: StoredValue) -> dict[str, str]:
    from salyq.civil.numbers import format_scaled

    cells = (v.day.isoformat(), v.kind, v.asset, "1", format_scaled(v.value), v.currency, v.origin, str(v.source))
    return dict(zip(COLUMNS, cells, strict=True))


def _rate(r: StoredRate) -> dict[str, str]:
    from salyq.civil.numbers import format_scaled

    quantity, rate = format_scaled(r.quantity), format_scaled(r.rate)
    cells = (r.day.isoformat(), r.kind, r.currency, quantity, rate, "KZT", r.origin, str(r.source))
    return dict(zip(COLUMNS, cells, strict=True))


def _print(rows: Sequence[dict[str, str]], store: str, lang: str) -> None:
    from salyq.present.page import Page
    from salyq.present.words import Words

    say = Words(lang)
    page = Page()
    if not rows:
        page.line(say("cli_no_stored_quotes", store=store))
    else:
        head = [say(f"col_{name}") for name in COLUMNS]
        page.table(head, ([row[name] for name in COLUMNS] for row in rows), right=(3, 4))
    emit_page(page)
