"""`salyq calendar`: every duty of a person between two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import check_target, emit_json, emit_page, write_files
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.forms.calendar import Entry

ENDING = ".ics"


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["inputs"], nargs=-1, metavar="[CASE]"),
        click.Option(["--person"], metavar="FILE", help=words("option", "calendar_person")),
        click.Option(
            ["--from", "first"], type=options.Day(), required=True, metavar="D", help=words("option", "first")
        ),
        click.Option(["--to", "last"], type=options.Day(), required=True, metavar="D", help=words("option", "last")),
        click.Option(["--to-file", "target"], metavar="FILE.ics", help=words("option", "calendar_to")),
        options.form(words),
        options.lang(words),
    ]
    return Command("calendar", words, run, params)


def run(
    *, inputs: Sequence[str], person: str | None, first: date, last: date, target: str | None, form: str, lang: str
) -> int:
    from salyq.forms.calendar import case_of_person, entries, icalendar

    if not inputs and person is None:
        raise UsageError(Message("cli_calendar_who"))
    path = None if target is None else check_target("--to-file", target, list(inputs))
    if path is not None and path.suffix != ENDING:
        raise UsageError(Message("cli_calendar_to"), column="--to-file", value=target)
    with Bar() as bar:
        if inputs:
            case = load(inputs, bar, person)
        else:
            assert person is not None
            if not Path(person).is_file():
                raise InputError(Message("cli_no_such_path", {}), file=person)
            case = case_of_person(Path(person))
        found = entries(case, first, last)
        if path is not None:
            write_files("--to-file", path.parent, {path.name: icalendar(found, case.person, lang)})
    if form == "json":
        emit_json([_json(e) for e in found])
    else:
        _print(found, path, lang)
    return 0


def _json(e: Entry) -> dict[str, object]:
    return {
        "due": e.day.isoformat(), "name": e.name, "period": e.period, "form": e.form or None,
        "amount": None if e.amount is None else f"{e.amount:.2f}", "sure": e.sure, "cites": list(e.cites),
        "note": None if e.note is None else e.note.texts(),
    }  # fmt: skip


def _print(found: Sequence[Entry], path: Path | None, lang: str) -> None:
    from salyq.civil.reader import shown_period
    from salyq.forms.calendar import label_of
    from salyq.present.amounts import money
    from salyq.present.page import Page

    page = Page(lang=lang)
    if not found:
        page.line(Message("cli_calendar_none").text(lang))
    else:
        head = [Message(f"cli_calendar_{c}").text(lang) for c in ("day", "duty", "period", "form", "amount", "note")]
        rows = [
            [
                e.day.isoformat(), label_of(e, lang), shown_period(e.period, lang), e.form,
                "" if e.amount is None else money(e.amount, lang),
                "" if e.note is None else e.note.shown(lang),
            ]
            for e in found
        ]  # fmt: skip
        page.table(head, rows, right=(4,))
    if path is not None:
        page.line(Message("cli_forms_written").text(lang) + f" {path}")
    emit_page(page)
