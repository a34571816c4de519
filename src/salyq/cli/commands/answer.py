"""`salyq answer`: writes the answer to a question into the case's answers.toml, then reads the case with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_written
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page, write_file
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.dialogue.answering import Said, Written

RENAMED = "renamed"  # instead of the code of a question
FLAGS = ("together", "apart", "own", "nothing", "leave")


def build(words: Help) -> click.Command:
    def told(name: str) -> str:
        return words("option", f"answer_{name}")

    params: list[click.Parameter] = [
        click.Argument(["case"], metavar="CASE"),
        click.Argument(["code"], metavar="CODE"),
        click.Argument(["rows"], nargs=-1, required=True, metavar="ROW…"),
        click.Option(["--cost"], metavar="AMOUNT", help=told("cost")),
        click.Option(["--currency"], metavar="CODE", help=told("currency")),
        click.Option(["--document"], metavar="TEXT", help=told("document")),
        click.Option(["--on"], type=options.Day(), metavar="D", help=told("on")),
        click.Option(["--quantity"], metavar="Q", help=told("quantity")),
        click.Option(["--kind"], metavar="KIND", help=told("kind")),
        click.Option(["--times"], metavar="N", help=told("times")),
        *(click.Option([f"--{flag}"], is_flag=True, help=told(flag)) for flag in FLAGS),
        click.Option(["--to"], metavar="COIN", help=told("to")),
        click.Option(["--ratio"], metavar="Q", help=told("ratio")),
        click.Option(["--note"], metavar="TEXT", help=told("note")),
        options.form(words),
        options.lang(words),
    ]
    return Command("answer", words, run, params)


def run(*, case: str, code: str, rows: Sequence[str], form: str, lang: str, **given: object) -> int:
    from salyq.app import api
    from salyq.dialogue.answering import alone_in, write_answer
    from salyq.present.answer_text import answer_json, answer_page

    renamed = code == RENAMED
    said = None if renamed else _said(given)
    folder = Path(case)
    if folder.exists() and not folder.is_dir():
        raise UsageError(Message("cli_answer_folder", {}), value=case)
    with alone_in(folder), Bar() as bar:
        before = load([case], bar)
        if said is None:
            written = _renamed(folder, rows, given)
        else:
            written = write_answer(before, folder, api.questions(before), code, rows, said)
        write_file("CASE", written.path, written.text)
        after = load([case], bar)
        left = api.questions(after)
    if form == "json":
        emit_json(answer_json(after, written, left))
    else:
        emit_page(answer_page(written, left, lang))
    return 0


def _renamed(folder: Path, rows: Sequence[str], given: Mapping[str, object]) -> Written:
    """The answer that a coin has another name now: COIN --to COIN --on DAY [--ratio Q]."""
    from salyq.dialogue.answering import write_renamed

    to, day = _text(given, "to"), given["on"]
    if len(rows) != 1 or to is None or not isinstance(day, date):
        raise UsageError(Message("cli_answer_renamed", {}))
    return write_renamed(folder, rows[0], to, _amount(given, "ratio"), day, _text(given, "note"))


def _said(given: Mapping[str, object]) -> Said:
    """What the options say; exactly one thing."""
    from salyq.dialogue.answering import Said

    says = [flag for flag in FLAGS if given[flag]]
    says += ["times"] if given["times"] else []
    says += ["kind"] if given["kind"] else ["cost"] if given["cost"] else []
    if len(says) != 1:
        choices = ", ".join(f"--{x}" for x in ("cost", "kind", "times", *FLAGS))
        raise UsageError(Message("cli_answer_one", {"choices": choices}))
    on = given["on"]
    assert on is None or isinstance(on, date)
    return Said(
        says[0],
        value=_amount(given, "cost"),
        currency=(_text(given, "currency") or "KZT").upper(),
        day=on,
        quantity=_amount(given, "quantity"),
        kind=_text(given, "kind"),
        times=_count(given),
        document=_text(given, "document"),
        note=_text(given, "note"),
    )


def _text(given: Mapping[str, object], name: str) -> str | None:
    value = given[name]
    return str(value) if value else None


def _amount(given: Mapping[str, object], name: str) -> int | None:
    text = _text(given, name)
    if text is None:
        return None
    try:
        return parse_written(text)
    except NumberError as error:
        raise UsageError(error.message, column=f"--{name}", value=text) from None


def _count(given: Mapping[str, object]) -> int | None:
    text = _text(given, "times")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 1_000_000):
        raise UsageError(Message("answer_times", {}), column="--times", value=text)
    return int(text)
