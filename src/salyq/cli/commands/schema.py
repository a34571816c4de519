"""`salyq schema`: the form of the JSON that a command prints, as JSON Schema."""

from __future__ import annotations

import click

from salyq.civil.errors import UsageError, nearest
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit_json, emit_page


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], required=False, metavar="[NAME]"),
        options.lang(words),
    ]
    return Command("schema", words, run, params)


def run(*, name: str | None, lang: str) -> int:
    """One schema; without a name, which there are."""
    from salyq.present.page import Page
    from salyq.present.schemas import SCHEMAS, schema
    from salyq.present.words import Words

    if name is None:
        say, page = Words(lang), Page()
        page.table([say("col_name"), say("schema_col_of")], [[n, told] for n, (told, _) in SCHEMAS.items()])
        emit_page(page)
        return 0
    if name not in SCHEMAS:
        raise UsageError(
            Message("schema_unknown", {"names": ", ".join(SCHEMAS)}), value=name, near=nearest(name, SCHEMAS)
        )
    emit_json(schema(name))
    return 0
