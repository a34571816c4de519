"""`salyq law facts`: what law asks about, and where a person states it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit, emit_json, write_files

if TYPE_CHECKING:
    from salyq.present.words import Words
    from salyq.rulebook.law import Fact, Kind


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--to"], metavar="FILE", type=click.Path(path_type=Path), help=words("option", "facts_to")),
        options.form(words),
        options.lang(words),
    ]
    return Command("law facts", words, run, params)


def run(*, to: Path | None, form: str, lang: str) -> int:
    """Every fact by the kind of row it belongs to. `--to` writes the page (docs/facts.md) instead of showing it."""
    from salyq.present.words import Words

    kinds = [k for k in lawbook.whole().kinds.values() if k.facts]
    if form == "json":
        emit_json({"facts": [_fact(kind, name, said) for kind in kinds for name, said in kind.facts.items()]})
        return 0
    text = "\n".join(page(kinds, Words(lang))) + "\n"
    if to is None:
        emit(text)
    else:
        write_files("--to", to.parent, {to.name: text})
    return 0


def _fact(kind: Kind, name: str, said: Fact) -> dict[str, object]:
    many = name in kind.rows
    return {
        "kind": kind.name,
        "name": name,
        "unit": kind.columns.get(name),
        "of": kind.rows.get(name) or kind.refs.get(name),
        "many": many,
        "label": dict(said.label),
        "choices": list(said.choices),
        "stated": _stated(name, said) or None,
    }


def _stated(name: str, said: Fact) -> str:
    """Where a person writes it: `year.vat_payer`."""
    table = said.stated.partition(".")[0]
    return f"{table}.{said.key(name, table)}" if table else ""


def page(kinds: list[Kind], say: Words) -> list[str]:
    """The page as lines of Markdown."""
    lines = [f"# {say('facts_title')}", "", say("facts_about"), "", f"## {say('facts_by_person')}", ""]
    head = [say(code) for code in ("facts_name", "facts_unit", "facts_what")]
    stated = [(_stated(n, f), k, n, f) for k in kinds for n, f in k.facts.items() if f.stated]
    seen: dict[str, list[str]] = {}
    for where, kind, name, fact in stated:
        table, _, key = where.partition(".")
        seen.setdefault(where, [f"`[[{table}]] {key}`", kind.columns[name], say.label(fact.label, name)])
    lines += _table(head, list(seen.values()))
    for kind in kinds:
        lines += ["", f"## {say.label(kind.label, kind.name)} (`{kind.name}`)", ""]
        rows = [[f"`{n}`", _unit(kind, n), say.label(f.label, n)] for n, f in kind.facts.items()]
        lines += _table(head, rows)
    return lines


def _unit(kind: Kind, name: str) -> str:
    inner = kind.rows.get(name)
    return f"`{inner}` …" if inner else kind.columns.get(name) or f"`{kind.refs[name]}`"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *(f"| {' | '.join(r)} |" for r in rows)]
