"""`salyq matches`: every disposal × lot of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import check_target, emit_json, emit_page, write_file
from salyq.cli.progress import Bar


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.year(words),
        options.to_file(words),
        options.everything(words),
        options.person(words),
        options.known(words),
        options.settings(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("matches", words, run, params)


def run(
    *,
    inputs: Sequence[str],
    year: int,
    to: str | None,
    everything: bool,
    person: str | None,
    known: date | None,
    settings: Sequence[tuple[str, str]],
    form: str,
    lang: str,
) -> int:
    from salyq.app import api
    from salyq.present.as_csv import table_csv
    from salyq.present.case_text import MATCH_COLUMNS, matches_json, matches_page

    target = None if to is None else check_target("--to", to, list(inputs))
    with Bar() as bar:
        case = load(inputs, bar, person)
        rows = api.matches(case, year, known=known, settings=dict(settings), keyed=form == "json")
    if target is not None:
        write_file("--to", target, table_csv(MATCH_COLUMNS, rows))
    if form == "json":
        emit_json(matches_json(rows, year))
    else:
        emit_page(matches_page(rows, year, lang, everything=everything))
    return 0
