"""`salyq ledger apply | balance | statement | recount`: the double-entry books of the office."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import office_options, options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office import shared
from salyq.cli.office_options import opened_office
from salyq.cli.output import complain, emit, emit_bytes, emit_json, emit_page, write_file
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.office.ledger.apply import Applied
    from salyq.office.ledger.books import Balance, Line
    from salyq.office.ledger.recount import Recount

COMMANDS = {
    "apply": "salyq.cli.commands.ledger:build_apply",
    "balance": "salyq.cli.commands.ledger:build_balance",
    "statement": "salyq.cli.commands.ledger:build_statement",
    "recount": "salyq.cli.commands.ledger:build_recount",
}
WRONG = 3  # the books do not agree
TOTALS = ("debits", "credits", "debits_held", "credits_held")
LINES = ("position", "n", "request", "kind", "other", "amount", "held", "balance", "held_after", "code")


def build(words: Help) -> click.Command:
    return Group("ledger", words, COMMANDS, [options.lang(words)])


# --- apply --------------------------------------------------------------------------------------------------------


def build_apply(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE.jsonl"),
        click.Option(["--to"], metavar="RESULTS.jsonl", help=words("option", "to_results")),
        *shared(words),
    ]
    return Command("ledger apply", words, run_apply, params)


def run_apply(*, file: str, to: str | None, data: str | None, now: datetime | None, lang: str) -> int:
    """Exit 0 when every line was answered, whatever the answers are; what is no request is told on stderr."""
    from salyq.office.ledger.apply import Applied, apply
    from salyq.office.ledger.gate import Gate

    done = Applied()
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(_source(file))
        write = stack.enter_context(_target(to))
        bar = stack.enter_context(Bar())
        store = stack.enter_context(opened_office(data, now))
        gate = stack.enter_context(Gate(store.url, store.clock))
        for answers in apply(_counted(source, file, bar), gate, done):
            write(answers)
    _tell(file, done, lang)
    if to is not None:
        counts = ", ".join(f"{word} {count}" for word, count in done.results.most_common())
        emit(Message("ledger_applied", {"counts": counts or "0"}).text(lang) + "\n")
    return 0


@contextlib.contextmanager
def _source(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    if Path(file).is_dir():
        raise UsageError(Message("cli_is_a_folder", {}), column="FILE.jsonl", value=file)
    with open(file, "rb") as opened:
        yield opened


@contextlib.contextmanager
def _target(to: str | None) -> Iterator[Callable[[bytes], object]]:
    """Writes to stdout, or to a file that appears whole when everything was answered."""
    if to is None:
        yield emit_bytes
        return
    path = Path(to)
    if path.is_dir():
        raise UsageError(Message("cli_is_a_folder", {}), column="--to", value=to)
    if not path.parent.is_dir():
        raise UsageError(Message("cli_cannot_write", {"reason": os.strerror(2)}), column="--to", value=to)
    handle, name = tempfile.mkstemp(prefix=".salyq-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out.write
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _counted(source: Iterable[bytes], file: str, bar: Bar) -> Iterator[bytes]:
    for number, line in enumerate(source, 1):
        if number % 1000 == 0:
            bar.step(file, number)
        yield line


def _tell(file: str, done: Applied, lang: str) -> None:
    for told in done.faults:
        fault = told.fault
        error = InputError(fault.message, file=file, line=told.line, column=fault.column or None, value=fault.value)
        complain(error.text(lang))
    more = done.results["invalid"] - len(done.faults)
    if more > 0 and done.faults:
        complain(Message("cli_more_rejected", {"count": more}).text(lang))


# --- balance, statement, recount ----------------------------------------------------------------------------------


def build_balance(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["account"], metavar="ACCOUNT"),
        office_options.moment(words, "at", "at"),
        office_options.moment(words, "known", "known_at"),
        options.form(words),
        *shared(words),
    ]
    return Command("ledger balance", words, run_balance, params)


def run_balance(
    *,
    account: str,
    at: datetime | None,
    known: datetime | None,
    form: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    from salyq.office.ledger import books

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = books.balance(tx, account, at=at, known=known)
    if form == "json":
        emit_json(found.as_json())
    else:
        _print_balance(found, lang)
    return 0


def _print_balance(found: Balance, lang: str) -> None:
    from salyq.present.page import Page

    page = Page()
    page.title(f"{found.account}, {found.asset}")
    head = [Message(f"ledger_col_{name}").text(lang) for name in (*TOTALS, "balance")]
    values = [*(getattr(found, name) for name in TOTALS), found.credits - found.debits]
    page.table(head, [[_units(v, found.asset) for v in values]], right=range(len(head)))
    if found.closed:
        page.line(Message("ledger_closed").text(lang))
    emit_page(page)


def _units(amount: int, asset: str) -> str:
    from salyq.office.ledger.assets import shown

    return shown(amount, asset)


def build_statement(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["account"], metavar="ACCOUNT"),
        click.Option(["--after"], type=int, default=0, metavar="POSITION", help=words("option", "after")),
        click.Option(
            ["--limit"], type=click.IntRange(1, 1_000_000), default=1000, metavar="N", help=words("option", "limit")
        ),
        office_options.moment(words, "known", "known_at"),
        options.to_file(words),
        options.form(words),
        *shared(words),
    ]
    return Command("ledger statement", words, run_statement, params)


def run_statement(
    *,
    account: str,
    after: int,
    limit: int,
    known: datetime | None,
    to: str | None,
    form: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    from salyq.office.ledger import books

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        asset = books.balance(tx, account).asset
        lines = books.statement(tx, account, after=after, known=known, limit=limit)
    rows = [_line(line) for line in lines]
    if to is not None:
        from salyq.present.as_csv import table_csv

        write_file("--to", Path(to), table_csv(tuple(rows[0]) if rows else (*LINES, "effective", "recorded"), rows))
    if form == "json":
        more = lines[-1].position if len(lines) == limit else None
        emit_json({"account": account, "asset": asset, "lines": rows, "next": more})
    else:
        _print_statement(account, asset, lines, limit, lang)
    return 0


def _line(line: Line) -> dict[str, str]:
    cells = {name: "" if getattr(line, name) is None else str(getattr(line, name)) for name in LINES}
    return {**cells, "effective": line.effective.isoformat(), "recorded": line.recorded.isoformat()}


def _print_statement(account: str, asset: str, lines: list[Line], limit: int, lang: str) -> None:
    from salyq.civil.days import zone
    from salyq.present.page import Page

    page = Page()
    page.title(f"{account}, {asset}")
    if not lines:
        page.line(Message("ledger_no_lines").text(lang))
    else:
        shown = ("position", "effective", "request", "kind", "other", "amount", "held", "balance", "code")
        head = [Message(f"ledger_col_{name}").text(lang) for name in shown]
        clock = Message("ledger_by_clock").text(lang)
        rows = [
            [
                str(x.position),
                x.effective.astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S"),
                x.request or clock,
                x.kind,
                x.other,
                *(_units(v, asset) for v in (x.amount, x.held, x.balance)),
                x.code,
            ]
            for x in lines
        ]
        page.table(head, rows, right=(0, 5, 6, 7))
        if len(lines) == limit:
            page.line(Message("ledger_more_lines", {"after": lines[-1].position}).text(lang))
    emit_page(page)


def build_recount(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--sample"], type=click.IntRange(1), metavar="N", help=words("option", "sample")),
        options.form(words),
        *shared(words),
    ]
    return Command("ledger recount", words, run_recount, params)


def run_recount(*, sample: int | None, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Exit 3 where the books do not agree with their transfers."""
    from salyq.office.ledger.recount import recount

    with opened_office(data, now, there=True) as store:
        found = recount(store.url, store.clock, sample=sample)
    if form == "json":
        counted = {"at": found.at.isoformat(), "scope": found.scope, "position": found.position}
        differences = [d._asdict() for d in found.differences]
        emit_json({**counted, "accounts": found.accounts, "differences": differences})
    else:
        _print_recount(found, lang)
    return WRONG if found.differences else 0


def _print_recount(found: Recount, lang: str) -> None:
    from salyq.present.page import Page

    page = Page()
    if not found.differences:
        counts = {"accounts": found.accounts, "position": found.position}
        page.line(Message("ledger_books_right", counts).text(lang))
    else:
        page.line(Message("ledger_books_wrong", {"count": len(found.differences)}).text(lang), style="error")
        head = [Message(f"ledger_col_{name}").text(lang) for name in ("what", "which", "kept", "counted")]
        page.table(head, found.differences)
    emit_page(page)
