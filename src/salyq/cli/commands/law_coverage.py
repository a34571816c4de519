"""`salyq law coverage`: which provisions are encoded, and every gap with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit, emit_json, write_files

if TYPE_CHECKING:
    from salyq.present.words import Words
    from salyq.rulebook.law import Law, Provision
    from salyq.rulebook.provisions import Coverage

COUNTS = ("provisions", "encoded", "partly", "nothing_to_compute", "no_fact", "not_built")


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--to"], metavar="FILE", type=click.Path(path_type=Path), help=words("option", "coverage_to")),
        options.form(words),
        options.lang(words),
    ]
    return Command("law coverage", words, run, params)


def run(*, to: Path | None, form: str, lang: str) -> int:
    """Counts by subject, then every gap. `--to` writes the page (docs/law-coverage.md) instead of showing it."""
    from salyq.present.words import Words
    from salyq.rulebook.provisions import coverage, gaps

    law = lawbook.whole()
    counts, open_ = coverage(law), list(gaps(law))
    if form == "json":
        emit_json({"subjects": [c._asdict() for c in counts], "gaps": [_gap(p) for p in open_]})
        return 0
    text = "\n".join(page(law, counts, open_, Words(lang, law.acts))) + "\n"
    if to is None:
        emit(text)
    else:
        write_files("--to", to.parent, {to.name: text})
    return 0


def _gap(p: Provision) -> dict[str, object]:
    return {
        "provision": p.full,
        "cite": p.cite,
        "from": p.start.isoformat(),
        "until": None if p.until is None else p.until.isoformat(),
        "gap": p.gap,
        "reason": dict(p.reason or {}),
        "text": dict(p.text),
    }


def page(law: Law, counts: list[Coverage], open_: list[Provision], say: Words) -> list[str]:
    """The page as lines of Markdown."""
    lines = [f"# {say('coverage_title')}", "", say("coverage_about"), ""]
    head = [say("coverage_subject"), *(say(f"coverage_{c}") for c in COUNTS)]
    lines += [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    titles = {s.key: say.label(s.title, s.key) for s in lawbook.subjects()}
    rows = [[titles.get(c.subject, c.subject), *(str(getattr(c, k)) for k in COUNTS)] for c in counts]
    rows.append([say("coverage_all"), *(str(sum(getattr(c, k) for c in counts)) for k in COUNTS)])
    lines += [f"| {' | '.join(r)} |" for r in rows]
    without = sorted(set(law.cases) - {c.subject for c in counts})
    if without:
        lines += ["", say("coverage_without", subjects=", ".join(titles.get(s, s) for s in without))]
    for subject in dict.fromkeys(p.subject for p in open_):
        lines += ["", f"## {titles.get(subject, subject)}", ""]
        lines += [_line(p, say) for p in open_ if p.subject == subject]
    return lines


def _line(p: Provision, say: Words) -> str:
    life = f"{p.start} – {p.until or '…'}"
    return f"- {say.cite(p.cite)}, {life}: {say(f'coverage_{p.gap}')}. {say.label(p.reason or {}, '')} (`{p.full}`)"
