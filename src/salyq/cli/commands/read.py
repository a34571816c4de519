"""`salyq read`: neutral records and what became of every row."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import click

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import check_target, emit_json, emit_page, write_file
from salyq.cli.progress import Bar


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.to_file(words),
        options.everything(words),
        options.person(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("read", words, run, params)


def run(*, inputs: Sequence[str], to: str | None, everything: bool, person: str | None, form: str, lang: str) -> int:
    from salyq.app import api
    from salyq.present.case_text import reading_json, reading_page

    target = None if to is None else check_target("--to", to, list(inputs))
    with Bar() as bar:
        case = load(inputs, bar, person)
    strange = [source.file for source, why in case.reading.unread if why.code == "header_not_known"]
    if strange and not case.reading.files:  # what cannot be read at all has nothing to show
        raise InputError(Message("file_no_reader"), file=strange[0])
    if target is not None:
        out = StringIO(newline="")
        readers = {f.file: f.reader for f in case.reading.files if not f.own}
        api.write_records(case.reading.records, out, readers)
        write_file("--to", target, out.getvalue())
    if form == "json":
        emit_json(reading_json(case))
    else:
        emit_page(reading_page(case, lang, everything=everything))
    return 0
