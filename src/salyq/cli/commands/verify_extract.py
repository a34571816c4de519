"""`salyq verify-extract FILE`: whether an extract is what the signed log says; it needs no office and no network."""

from __future__ import annotations

from pathlib import Path

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.office import DIFFERS
from salyq.cli.output import complain, emit_json, emit_page


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], required=True, metavar="FILE"),
        click.Option(["--key"], metavar="PUBLICKEY", help=words("option", "key")),
        options.form(words),
        options.lang(words),
    ]
    return Command("verify-extract", words, run, params)


def run(*, file: str, key: str | None, form: str, lang: str) -> int:
    try:
        from salyq.office.registry.extract import LARGEST, check
    except ModuleNotFoundError as error:
        raise UsageError(Message("cli_office_extra", {"package": error.name})) from error
    path = Path(file)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=file)
    with path.open("rb") as source:
        done = check(source.read(LARGEST + 1), _key(key))
    if form == "json":
        at = None if done.at is None else done.at.isoformat()
        why = None if done.why is None else done.why.texts()
        emit_json({"valid": done.valid, "why": why, "own_key": done.own_key, "until": at})
    elif done.valid:
        from salyq.present.page import Page

        page = Page()
        page.line(Message("cli_extract_valid", {"file": file}).text(lang))
        if done.own_key:
            page.line(Message("cli_extract_own_key").text(lang))
        emit_page(page)
    if done.why is not None:
        complain(Message("cli_extract_not_valid", {"file": file, "why": done.why}).text(lang))
        return DIFFERS
    return 0


def _key(given: str | None) -> str | None:
    """The key itself, or the name of a file that holds it."""
    if given is None or "+" in given:
        return given
    path = Path(given)
    return path.read_text(encoding="utf-8").strip() if path.is_file() else given
