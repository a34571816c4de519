"""`salyq prices fetch`: the National Bank's official exchange rates into the user's store. Only this goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import check_target, emit_json, emit_page, write_file
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.present.page import Page
    from salyq.prices.fetch import Fetched
    from salyq.prices.rows import StoredRate
    from salyq.prices.store import PriceStore

CSV_COLUMNS = ("date", "currency", "rate", "quantity", "source", "kind")
_SHOWN = 10  # unusable items in the text; JSON has all


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(
            ["--from", "first"], type=options.Day(), required=True, metavar="D", help=words("option", "first")
        ),
        click.Option(["--until", "last"], type=options.Day(), metavar="D", help=words("option", "until")),
        click.Option(["--currency", "currencies"], multiple=True, metavar="CODE", help=words("option", "currency")),
        options.to_file(words),
        click.Option(["--refresh"], is_flag=True, help=words("option", "refresh")),
        click.Option(["--base-url", "base"], metavar="URL", help=words("option", "base_url")),
        options.form(words),
        options.lang(words),
    ]
    return Command("prices fetch", words, run, params)


def run(
    *,
    first: date,
    last: date | None,
    currencies: Sequence[str],
    to: str | None,
    refresh: bool,
    base: str | None,
    form: str,
    lang: str,
) -> int:
    """All days or none enter the store; the CSV holds every official rate of the range that the store then has."""
    from salyq.prices.fetch import fetch_rates, kept_folder
    from salyq.prices.fetch_http import BANK, Bank
    from salyq.prices.fetch_kept import KeptAnswers
    from salyq.prices.store import PriceStore

    last = last or first
    if last < first:
        raise UsageError(Message("cli_days_backwards", {"first": first}), column="--until", value=last.isoformat())
    wanted = _codes(currencies)
    target = None if to is None else check_target("--to", to, [])
    store = PriceStore()
    with Bar() as bar, Bank(base or BANK) as bank:
        kept = KeptAnswers(kept_folder(bank))
        found = fetch_rates(store, bank, kept, first, last, currencies=wanted, refresh=refresh, progress=bar.step)
    if target is not None:
        write_file("--to", target, _csv(store, first, last, wanted))
    if form == "json":
        emit_json(_json(found, store, first, last))
    else:
        emit_page(_page(found, store, lang))
    return 0


def _codes(currencies: Sequence[str]) -> list[str]:
    from salyq.civil.currencies import is_currency

    codes = sorted({code.strip().upper() for code in currencies})
    for code in codes:
        if not is_currency(code) or code == "KZT":
            raise UsageError(Message("cli_not_a_currency", {}), column="--currency", value=code)
    return codes


def _csv(store: PriceStore, first: date, last: date, wanted: Sequence[str]) -> str:
    from salyq.civil.numbers import format_scaled
    from salyq.present.as_csv import table_csv

    def cells(rate: StoredRate) -> dict[str, str]:
        amounts = format_scaled(rate.rate), format_scaled(rate.quantity)
        return dict(
            zip(CSV_COLUMNS, (rate.day.isoformat(), rate.currency, *amounts, rate.origin, rate.kind), strict=True)
        )

    rates = [r for r in store.load()[1] if r.kind == "official" and first <= r.day <= last]
    return table_csv(CSV_COLUMNS, (cells(r) for r in rates if not wanted or r.currency in wanted))


def _json(found: Fetched, store: PriceStore, first: date, last: date) -> dict[str, object]:
    def days(of: Iterable[date]) -> list[str]:
        return [day.isoformat() for day in of]

    return {
        "store": str(store.path),
        "from": first.isoformat(),
        "until": last.isoformat(),
        "days": {
            "asked": found.asked,
            "kept": found.kept,
            "stored": found.stored,
            "empty": days(found.empty),
            "not_asked": days(found.not_asked),
        },
        "rates": found.imported._asdict(),
        "absent": {code: days(of) for code, of in sorted(found.absent.items())},
        "left_out": dict(sorted(found.left_out.items())),
        "rejected": [
            {
                "file": url,
                "line": fault.line,
                "column": fault.column,
                "value": fault.value,
                "message": fault.reason.texts(),
            }
            for url, fault in found.faults
        ],
    }


def _page(found: Fetched, store: PriceStore, lang: str) -> Page:
    from salyq.civil.errors import InputError
    from salyq.present.page import Page
    from salyq.present.words import Words

    say = Words(lang)
    page = Page()
    page.line(say("cli_fetched_days", asked=found.asked, kept=found.kept, stored=found.stored))
    page.line(say("cli_quotes_imported", **found.imported._asdict(), store=str(store.path)))
    if found.empty:
        page.line(say("cli_fetched_empty", count=len(found.empty), first=found.empty[0], last=found.empty[-1]))
    if found.not_asked:
        page.line(say("cli_fetched_not_asked", count=len(found.not_asked), first=found.not_asked[0]))
    for code, days in sorted(found.absent.items()):
        page.line(say("cli_fetched_absent", currency=code, count=len(days), first=days[0], last=days[-1]))
    if found.left_out:
        page.line(say("cli_fetched_left_out", codes=", ".join(sorted(found.left_out))))
    if found.faults:
        page.line(say("cli_fetched_rejected", count=len(found.faults)))
    for url, fault in found.faults[:_SHOWN]:
        error = InputError(fault.reason, file=url, line=fault.line, column=fault.column, value=fault.value)
        page.line("  " + error.text(lang))
    return page
