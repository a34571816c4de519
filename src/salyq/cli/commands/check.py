"""`salyq check`: the checklist before a year is closed; exit 0 when all is clean, 3 when something is open."""

from __future__ import annotations

from collections.abc import Sequence

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_written
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

OPEN = 3


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.year(words),
        click.Option(["--threshold"], metavar="KZT", help=words("option", "threshold")),
        options.person(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("check", words, run, params)


def run(*, inputs: Sequence[str], year: int, threshold: str | None, person: str | None, form: str, lang: str) -> int:
    from salyq.app import api
    from salyq.dialogue.close import checklist
    from salyq.present.close_text import checklist_json, checklist_page

    limit = _tiyn(threshold)
    first, last = (api.shipped().reading[name] for name in ("first_year", "last_year"))
    if not first <= year <= last:
        raise UsageError(Message("year_without_law", {"first": first, "last": last}), value=str(year))
    with Bar() as bar:
        case = load(inputs, bar, person)
        if not case.stated_person:
            raise InputError(Message("person_missing", {}), file=case.name)
        result = api.assess(case, year, alternatives=False)
        done = checklist(case, result, api.questions(case, [result]), limit)
    if form == "json":
        emit_json(checklist_json(done))
    else:
        emit_page(checklist_page(done, lang))
    return 0 if done.clean else OPEN


def _tiyn(text: str | None) -> int:
    if text is None:
        return 0
    try:
        limit = parse_written(text, 2)
    except NumberError as error:
        raise UsageError(error.message, column="--threshold", value=text) from None
    if limit < 0:
        raise UsageError(Message("person_money_negative", {}), column="--threshold", value=text)
    return limit
