"""`salyq law list | show | check | coverage`: the law itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import lawbook, options
from salyq.cli.commands.law_data import data_text
from salyq.cli.helping import Command, Group, Help
from salyq.cli.output import emit_json, emit_page

if TYPE_CHECKING:
    from salyq.present.words import Words
    from salyq.rulebook.law import Law, Value
    from salyq.rulebook.rules import RuleVersion

COMMANDS = {
    "list": "salyq.cli.commands.law:build_list",
    "show": "salyq.cli.commands.law:build_show",
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


# --- show -------------------------------------------------------------------------------------------------------------


def build_show(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["name"], metavar="NAME"),
        click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "law_on")),
        options.known(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("law show", words, run_show, params)


def run_show(*, name: str, on: date | None, known: date | None, form: str, lang: str) -> int:
    """All versions known on a day, or the one in force on `--on`, and who reads them. An unknown name is exit 2."""
    from salyq.present.words import Words
    from salyq.rulebook.readers import provisions_of, readers

    law = lawbook.whole()
    if name not in law.series and name not in law.rules:
        near = [n for n in (*law.series, *law.rules) if name in n]
        hint = ", ".join(near[:10]) or "salyq law list"
        raise UsageError(Message("cli_no_such_law", {"near": hint}), value=name)
    rows = [*_values(law, name, on, known or law.known), *_rules(law, name, on, known or law.known)]
    label = law.labels.get(name, {})
    if form == "json":
        read = {"read_by": readers(law, name), "provisions": provisions_of(law, name)}
        emit_json({"name": name, "label": dict(label), "versions": rows, **read})
    else:
        say = Words(lang)
        tail = [say("law_read_by", names=", ".join(readers(law, name)) or "—")]
        tail += [say("law_in_provisions", names=", ".join(p)) for p in [provisions_of(law, name)] if p]
        _print(rows, say, say.label(label, name), tail)
    return 0


def _values(law: Law, name: str, on: date | None, known: date) -> list[dict[str, object]]:
    if name not in law.series:
        return []
    series = law.series[name]
    found: list[Value] = [v for v in series.values if v.enacted <= known]
    if on is not None:
        one = law.value_at(name, on, known)
        found = [] if one is None else [one]
    return [
        {
            "from": v.start.isoformat(),
            "until": None if v.until is None else v.until.isoformat(),
            "value": None if v.data is None else data_text(v.data, series.unit),
            "unit": series.unit,
            "enacted": v.enacted.isoformat(),
            "by": v.by,
            "cite": v.cite,
            "basis": v.basis,
            "reason": None if v.reason is None else dict(v.reason),
            "note": None if v.note is None else dict(v.note),
        }
        for v in found
    ]


def _rules(law: Law, name: str, on: date | None, known: date) -> list[dict[str, object]]:
    if name not in law.rules:
        return []
    found: list[RuleVersion] = [r for r in law.rules[name] if law.enacted(r) <= known]
    if on is not None:
        one = law.rule_at(name, on, known)
        found = [] if one is None else [one]
    return [
        {
            "from": r.since.isoformat(),
            "until": None if r.until is None else r.until.isoformat(),
            "value": f"{r.function.__name__}({', '.join(r.arguments)})",
            "unit": r.unit,
            "enacted": None if law.enacted(r) == date.min else law.enacted(r).isoformat(),  # a page without a date
            "by": r.by,
            "cite": r.cite,
            "basis": r.basis,
            "reason": None,
            "note": None,
        }
        for r in found
    ]


def _print(rows: Sequence[dict[str, object]], say: Words, title: str, tail: Sequence[str]) -> None:
    from salyq.present.page import Page

    page = Page()
    page.title(title)
    if not rows:
        page.line(say("cli_not_in_force"))
    else:
        names = ("from", "until", "value", "unit", "enacted", "article", "basis")
        page.table([say(f"col_{x}") for x in names], (_cells(row, say) for row in rows))
        for row in rows:
            for words in (row["reason"], row["note"]):
                if isinstance(words, dict):
                    page.line(f"{row['from']}: {say.label(words, '')}", indent=1)
            if row["by"] != str(row["cite"]).partition(":")[0]:
                page.line(f"{row['from']}: {say('why_by', act=row['by'])}", indent=1)
    for line in tail:
        page.line(line)
    emit_page(page)


def _cells(row: dict[str, object], say: Words) -> list[str]:
    basis = say.known(f"basis_{row['basis']}", str(row["basis"]))
    value = say("status_unknown") if row["value"] is None else str(row["value"])
    return [
        str(row["from"]),
        str(row["until"] or ""),
        value,
        str(row["unit"]),
        str(row["enacted"] or ""),
        str(row["cite"]),
        basis,
    ]
