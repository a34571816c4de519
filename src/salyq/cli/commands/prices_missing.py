"""`salyq prices missing`: the quotes that figures of a case need and that are not there, as a table to fill."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import check_target, emit_json, emit_page, write_files
from salyq.cli.progress import Bar


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.to_file(words),
        options.person(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("prices missing", words, run, params)


def run(*, inputs: Sequence[str], to: str | None, person: str | None, form: str, lang: str) -> int:
    """The table on stdout, or in the file named: one for values of assets, one for rates where both are missing."""
    from salyq.app.api import missing_quotes
    from salyq.present.page import Page
    from salyq.present.quotes_text import missing_json, missing_page, templates

    target = None if to is None else check_target("--to", to, [])
    with Bar() as bar:
        found = missing_quotes(load(inputs, bar, person))
    if target is None or not found:
        if form == "json":
            emit_json(missing_json(found))
        else:
            emit_page(missing_page(found, lang))
        return 0
    made = templates(found, lang)
    names = [target.name] if len(made) == 1 else [target.name, f"{target.stem}-rates{target.suffix}"]
    write_files("--to", target.parent, dict(zip(names, made, strict=True)))
    page = Page()
    for name in names:
        place = str(Path(target.parent, name))
        page.line(Message("cli_template_written", {"file": place, "count": len(found)}).text(lang))
    emit_page(page)
    return 0
