"""`salyq pilot card`: its table of commands, the host, the acquirer's file, a year (cards: pilot_card_issue)."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office import shared
from salyq.cli.office_options import opened_office
from salyq.cli.output import complain, emit, emit_json, emit_page, write_files
from salyq.cli.start import be_prompt

if TYPE_CHECKING:
    from salyq.office.pilots.card.clearing import Cleared, Day
    from salyq.office.pilots.card.clearing import Row as ClearingRow
    from salyq.office.store.store import Store

COMMANDS = {
    "issue": "salyq.cli.commands.pilot_card_issue:build_issue",
    "block": "salyq.cli.commands.pilot_card_issue:build_block",
    "buy": "salyq.cli.commands.pilot_card_issue:build_buy",
    "quote": "salyq.cli.commands.pilot_card_issue:build_quote",
    "serve": "salyq.cli.commands.pilot_card:build_serve",
    "clear": "salyq.cli.commands.pilot_card:build_clear",
    "reconcile": "salyq.cli.commands.pilot_card:build_reconcile",
    "report": "salyq.cli.commands.pilot_card:build_report",
}
REJECTED = 3
FEED = 30  # seconds between two made-up prices of the demonstration


def build(words: Help) -> click.Command:
    return Group("pilot card", words, COMMANDS, [options.lang(words)])


def build_serve(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--host"], default="127.0.0.1", metavar="HOST", help=words("option", "host")),
        click.Option(
            ["--port"], type=click.IntRange(0, 65535), default=8583, metavar="PORT", help=words("option", "port")
        ),
        *shared(words),
    ]
    return Command("pilot card serve", words, run_serve, params)


def run_serve(*, host: str, port: int, data: str | None, now: datetime | None, lang: str) -> int:
    """Until Ctrl-C. A programme that is marked as made up gets made-up prices; any other waits for its exchange."""
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.card.host import Host
    from salyq.office.pilots.card.server import CardServer

    with opened_office(data, now) as store, Gate(store.url, store.clock) as gate:
        over = threading.Event()
        feeder = threading.Thread(target=_feed, args=(store, over), daemon=True)
        try:
            server = CardServer(Host(store, gate), host, port)
        except OSError as error:
            raise UsageError(
                Message("card_no_port", {"reason": error.strerror or ""}), column="--port", value=str(port)
            ) from None
        with server:
            _feed_once(store)
            feeder.start()
            be_prompt()
            emit(Message("card_serving", {"host": host, "port": server.port}).text(lang) + "\n")
            try:
                server.serve_forever()
            finally:
                over.set()
                feeder.join()
    return 0


def _feed(store: Store, over: threading.Event) -> None:
    while not over.wait(FEED):
        _feed_once(store)


def _feed_once(store: Store) -> None:
    from salyq.office.pilots import demo
    from salyq.office.pilots.card.host import ACCESS
    from salyq.office.pilots.sandbox import contracts

    with store.transaction(ACCESS) as tx:
        made_up = {a for c in contracts.contracts(tx, "card") if c.terms.get("made_up") for a in c.terms["assets"]}
        demo.feed(tx, sorted(made_up), tx.now)


def build_clear(words: Help) -> click.Command:
    return Command("pilot card clear", words, run_clear, _of_file(words, "acquirer"))


def _of_file(words: Help, told: str) -> list[click.Parameter]:
    acquirer = click.Option(["--acquirer"], default="", metavar="NUMBER", help=words("option", told))
    return [click.Argument(["file"], metavar="FILE.csv"), acquirer, options.form(words), *shared(words)]


def _rows_of(file: str, acquirer: str) -> list[ClearingRow | InputError]:
    from salyq.office.pilots.card.clearing import read_file

    if not Path(file).is_file():
        raise InputError(Message("cli_no_such_path", {}), file=file)
    if acquirer and not re.fullmatch(r"[0-9]{1,11}", acquirer):
        raise UsageError(Message("card_no_acquirer"), column="--acquirer", value=acquirer)
    return read_file(Path(file))


def run_clear(*, file: str, acquirer: str, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Exit 3 where a row or a part of one was rejected."""
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.card.attempts import AGAIN
    from salyq.office.pilots.card.clearing import Clearing

    rows = _rows_of(file, acquirer)
    with opened_office(data, now, there=True) as store, Gate(store.url, store.clock) as gate:
        day = Clearing(store, gate, acquirer).clear(rows)
    for row in rows:
        if isinstance(row, InputError):
            complain(row.text(lang))
    if form == "json":
        emit_json({"rows": [_row(r) for r in day.rows], "counts": dict(day.counts()), "acquirers": _acquirers(day)})
    else:
        _print_day(day, lang)
    return REJECTED if any(day.counts()[word] for word in AGAIN) else 0


def _acquirers(day: Day) -> dict[str, str]:
    from salyq.office.ledger.assets import shown

    return {name: shown(amount, "KZT") for name, amount in sorted(day.acquirers.items())}


def _row(r: Cleared) -> dict[str, str]:
    from salyq.office.ledger.assets import SCALES, shown

    units = shown(r.units, r.asset) if r.asset in SCALES else str(r.units)
    told = {"line": str(r.line), "id": r.id, "rrn": r.rrn, "kind": r.kind, "result": r.result}
    told |= {"amount": shown(r.tiyn, "KZT"), "coins": units, "asset": r.asset, "fee": shown(r.fee, "KZT")}
    return {**told, "settled": shown(r.settled, "KZT"), "covered": shown(r.covered, "KZT"), "why": r.why}


def _print_day(day: Day, lang: str) -> None:
    from salyq.present.page import Page

    page = Page()
    columns = ("line", "rrn", "kind", "result", "amount", "coins", "asset", "fee", "settled", "why")
    head = [Message(f"card_col_{name}").text(lang) for name in columns]
    page.table(head, [[_in_words(_row(r), lang)[c] for c in columns] for r in day.rows], right=(0, 4, 5, 7, 8))
    page.blank()
    page.line(", ".join(f"{Message(f'card_result_{k}').text(lang)}: {v}" for k, v in sorted(day.counts().items())))
    for name, amount in _acquirers(day).items():
        page.line(f"{name}: {amount} ₸")
    emit_page(page)


def _in_words(row: dict[str, str], lang: str) -> dict[str, str]:
    """A row as people read it; what is wrong with a row that could not be read stands on the error stream."""
    from salyq.office.pilots import reasons

    return {
        **row,
        "result": reasons.said(row["result"], lang),
        "why": reasons.said(row["why"], lang) if row["id"] else "",
    }


def build_reconcile(words: Help) -> click.Command:
    return Command("pilot card reconcile", words, run_reconcile, _of_file(words, "acquirer_books"))


def run_reconcile(*, file: str, acquirer: str, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Exit 3 where file and books differ. Nothing moves."""
    from salyq.office.ledger.assets import shown
    from salyq.office.pilots.card import reconciling
    from salyq.present.page import Page

    rows = _rows_of(file, acquirer)
    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = reconciling.reconcile(tx, rows, acquirer)
    told = [
        {**x._asdict(), "line": str(x.line or ""), "file": shown(x.file, "KZT"), "booked": shown(x.booked, "KZT")}
        for x in found.lines
    ]
    sums = [{k: v if k == "account" else shown(v, "KZT") for k, v in a._asdict().items()} for a in found.acquirers]
    for row in rows:
        if isinstance(row, InputError):
            complain(row.text(lang))
    if form == "json":
        emit_json({"lines": told, "acquirers": sums, "counts": dict(reconciling.counts(found)), "right": found.right})
        return 0 if found.right else REJECTED
    page, columns = Page(), ("line", "rrn", "kind", "state", "file", "booked")
    words = {s: Message(f"card_reconciled_{s}").text(lang) for s in reconciling.STATES}
    amiss = [{**x, "state": words[x["state"]]} for x in told if x["state"] != reconciling.SAME]
    if amiss:
        head = [Message(f"card_col_{name}").text(lang) for name in columns]
        page.table(head, [[x[c] for c in columns] for x in amiss], right=(0, 4, 5))
        page.blank()
    page.line(", ".join(f"{words[k]}: {v}" for k, v in sorted(reconciling.counts(found).items())))
    for x in sums:
        page.line(Message("card_reconciled_acquirer", x).text(lang))
    emit_page(page)
    return 0 if found.right else REJECTED


def build_report(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--holder"], required=True, metavar="ID", help=words("option", "holder")),
        options.year(words),
        click.Option(["--to"], required=True, metavar="DIR", help=words("option", "out")),
        *shared(words),
    ]
    return Command("pilot card report", words, run_report, params)


def run_report(*, holder: str, year: int, to: str, data: str | None, now: datetime | None, lang: str) -> int:
    from salyq.office.pilots.card import report

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = report.year_of(tx, holder, year)
    contents = report.files(found)
    write_files("--to", Path(to), contents)
    (Path(to) / "statement.pdf").write_bytes(report.pdf(found, report.pdf_words(lang)))
    names: Sequence[str] = [*contents, "statement.pdf"]
    emit("".join(f"{Path(to) / name}\n" for name in names))
    return 0
