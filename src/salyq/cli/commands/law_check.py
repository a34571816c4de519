"""`salyq law check`: whether the shipped law is whole (architecture §4.11)."""

from __future__ import annotations

import click

from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit_json, emit_page


def build(words: Help) -> click.Command:
    return Command("law check", words, run, [options.form(words), options.lang(words)])


def run(*, form: str, lang: str) -> int:
    """0 when the law is whole; 1, listing every fault, when it is not (a fault of shipped law is a defect of ours)."""
    from salyq.app.asking import faults_of_acts, law_of_acts
    from salyq.app.law_tried import tried_faults
    from salyq.present.page import Page
    from salyq.present.words import Words
    from salyq.rulebook.check import check
    from salyq.rulebook.fault import Fault, LoadError

    faults: list[Fault]
    try:
        law = lawbook.law()
    except LoadError as error:
        faults, counts = list(error.faults), {"values": 0, "rules": 0, "acts": 0}
    else:
        of_acts = law_of_acts()
        found = check(law)  # the worked cases of a law that is not whole are not run
        faults = [*found, *([] if found else tried_faults(law)), *faults_of_acts()]
        series, rules, acts = ({**getattr(law, x), **getattr(of_acts, x)} for x in ("series", "rules", "acts"))
        counts = {"values": len(series), "rules": len(rules), "acts": len(acts)}
    if form == "json":
        listed = [
            {
                "name": f.name,
                "place": f.place,
                "file": f.file,
                "line": f.line,
                "code": f.message.code,
                "message": f.message.texts(),
            }
            for f in faults
        ]
        emit_json({**counts, "faults": listed})
    else:
        say = Words(lang)
        page = Page()
        for fault in faults:
            page.line(fault.text(lang), style="error")
        page.line(say("cli_law_checked", faults=len(faults), **counts))
        emit_page(page)
    return 1 if faults else 0
