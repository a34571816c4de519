"""`salyq sources list | guess`: which tables are known, and a mapping file drafted for one that is not."""

from __future__ import annotations

from pathlib import Path

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.output import emit, emit_json, emit_page, write_file

COMMANDS = {
    "list": "salyq.cli.commands.sources:build_list",
    "guess": "salyq.cli.commands.sources:build_guess",
}


def build(words: Help) -> click.Command:
    return Group("sources", words, COMMANDS, [options.lang(words)])


def build_list(words: Help) -> click.Command:
    return Command("sources list", words, run_list, [options.form(words), options.lang(words)])


def _in_language(page: str, lang: str) -> str:
    """Our own pages stand in three languages; the page of another package is as it says."""
    ours = page.startswith(("docs/sources/", "docs/guide")) and lang in ("kk", "ru")
    return f"{page.removesuffix('.md')}.{lang}.md" if ours else page


def run_list(*, form: str, lang: str) -> int:
    """Every reader: its name, venue, page and header; columns that may be absent stand in brackets."""
    from salyq.facts.known_sources import known_readers
    from salyq.present.page import Page
    from salyq.present.words import Words

    readers = known_readers()
    if form == "json":
        emit_json({"sources": [reader._asdict() for reader in readers]})
        return 0
    say, page = Words(lang), Page()
    rows = []
    for reader in readers:
        header = [f"[{title}]" if title in reader.optional else title for title in reader.columns]
        rows.append([reader.reader, reader.venue, _in_language(reader.page, lang), ", ".join(header)])
    page.table([say(f"col_{x}") for x in ("reader", "venue", "page", "header")], rows)
    emit_page(page)
    return 0


def build_guess(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE"),
        click.Option(["--to"], metavar="X.mapping.toml", help=words("option", "to_mapping")),
        options.lang(words),
    ]
    return Command("sources guess", words, run_guess, params)


def run_guess(*, file: str, to: str | None, lang: str) -> int:
    """A draft on stdout, or in a new file that `salyq read` will find beside the table."""
    from salyq.facts.known_sources import OUTCOME, SUFFIX, draft_mapping

    if to is not None and not to.endswith(SUFFIX):
        raise UsageError(Message("cli_not_a_mapping_name", {"suffix": SUFFIX}), column="--to", value=to)
    if to is not None and Path(to).exists():
        raise UsageError(Message("cli_mapping_exists", {}), column="--to", value=to)
    text = draft_mapping(Path(file), file, lang)
    if to is None:
        emit(text)
    else:
        write_file("--to", Path(to), text)
        emit(f"{Message('cli_forms_written').text(lang)} {to}\n")
        for line in text.splitlines():
            if line.startswith(OUTCOME):
                emit(f"{line.removeprefix(OUTCOME)}\n")
    return 0
