"""`salyq questions`: what needs a person's answer."""

from __future__ import annotations

from collections.abc import Sequence

import click

from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.year(words, required=False),
        options.person(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("questions", words, run, params)


def run(*, inputs: Sequence[str], year: int | None, person: str | None, form: str, lang: str) -> int:
    from salyq.app import api
    from salyq.present.case_text import questions_json, questions_page

    with Bar() as bar:
        case = load(inputs, bar, person)
        asked = api.questions(case, year=year)
    if form == "json":
        emit_json(questions_json(asked, case))
    else:
        emit_page(questions_page(asked, case, lang))
    return 0
