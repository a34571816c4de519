"""`salyq law …`: the law itself; and its list of everything."""

from __future__ import annotations

import click

from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.output import emit_json, emit_page

COMMANDS = {
    "list": "salyq.cli.commands.law:build_list",
    "show": "salyq.cli.commands.law_show:build",
    "check": "salyq.cli.commands.law_check:build",
    "diff": "salyq.cli.commands.law_diff:build",
    "gaps": "salyq.cli.commands.law_gaps:build",
    "statistics": "salyq.cli.commands.law_gaps:build_statistics",
    "brief": "salyq.cli.commands.law_brief:build",
    "book": "salyq.cli.commands.law_book:build",
    "coverage": "salyq.cli.commands.law_coverage:build",
    "facts": "salyq.cli.commands.law_facts:build",
}


def build(words: Help) -> click.Command:
    return Group("law", words, COMMANDS, [options.lang(words)])


# --- list -------------------------------------------------------------------------------------------------------------


def build_list(words: Help) -> click.Command:
    return Command("law list", words, run_list, [options.form(words), options.lang(words)])


def run_list(*, form: str, lang: str) -> int:
    """Every value, then every rule, with its unit and how many versions it has."""
    from salyq.present.page import Page
    from salyq.present.words import Words

    law = lawbook.whole()
    rows = [{"name": n, "kind": "value", "unit": s.unit, "versions": len(s.values)} for n, s in law.series.items()]
    rows += [{"name": n, "kind": v[0].role, "unit": v[0].unit, "versions": len(v)} for n, v in law.rules.items()]
    labels = [dict(law.labels.get(str(r["name"]), {})) for r in rows]
    if form == "json":
        listed = [{**row, "label": label} for row, label in zip(rows, labels, strict=True)]
        emit_json({"known": law.known.isoformat(), "law": listed})
        return 0
    say = Words(lang)
    page = Page()
    head = [say(f"col_{x}") for x in ("name", "kind", "unit", "versions", "label")]
    cells = ([*map(str, r.values()), say.label(label, "")] for r, label in zip(rows, labels, strict=True))
    page.table(head, cells, right=[3])
    emit_page(page)
    return 0
