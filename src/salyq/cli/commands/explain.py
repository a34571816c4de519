"""`salyq explain`: why a figure is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.assess.result import Assessment


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["inputs"], nargs=-1, required=False, metavar=words("word", "inputs")),
        click.Option(["--year"], type=options.Year(), metavar="Y", help=words("option", "year")),
        click.Option(["--population"], metavar="OUT", help=words("option", "population")),
        click.Option(["--figure"], required=True, metavar="NAME", help=words("option", "figure")),
        click.Option(["--period"], metavar="P", help=words("option", "period")),
        options.everything(words),
        options.person(words),
        options.known(words),
        options.settings(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("explain", words, run, params)


def run(
    *,
    inputs: Sequence[str],
    year: int | None,
    population: str | None,
    figure: str,
    period: str | None,
    everything: bool,
    person: str | None,
    known: date | None,
    settings: Sequence[tuple[str, str]],
    form: str,
    lang: str,
) -> int:
    from salyq.present.explain_text import why_page

    with Bar() as bar:
        if population is not None:
            result = _of_population(population, person)
        else:
            result = _of_case(inputs, bar, person, year, known, dict(settings))
        why = result.explain(figure, chosen_period(result, figure, period))
    if form == "json":
        emit_json(why.as_json())
    else:
        emit_page(why_page(why, lang, acts=lawbook.acts(), everything=everything))
    return 0


def _of_case(
    inputs: Sequence[str], bar: Bar, person: str | None, year: int | None, known: date | None, settings: dict[str, str]
) -> Assessment:
    from salyq.assess import api

    if not inputs:
        raise UsageError(Message("cli_missing", {"what": "CASE", "hint": "salyq explain --help"}))
    if year is None:
        raise UsageError(Message("cli_missing", {"what": "--year", "hint": "salyq explain --help"}))
    return api.assess(load(inputs, bar, person), year, known=known, settings=settings, alternatives=False)


def _of_population(out: str, person: str | None) -> Assessment:
    from salyq.population.look import one_of

    if person is None:
        raise UsageError(Message("cli_missing", {"what": "--person", "hint": "salyq explain --help"}))
    found = one_of(Path(out), person).assessment
    assert found is not None
    return found


def chosen_period(result: Assessment, figure: str, period: str | None) -> str:
    """The one period meant. Exit 2 names the figures, or the periods of this figure, where there is no such one."""
    periods = [f.period for f in result.figures if f.name == figure]
    if not periods:
        names = ", ".join(dict.fromkeys(f.name for f in result.figures))
        raise UsageError(Message("cli_no_such_figure", {"names": names}), column="--figure", value=figure)
    if period is None and len(periods) == 1:
        return periods[0]
    if period not in periods:
        wanted = Message("cli_no_such_period", {"figure": figure, "periods": ", ".join(periods)})
        raise UsageError(wanted, column="--period", value=period)
    return period
