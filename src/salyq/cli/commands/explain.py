"""`salyq explain`: why a figure is what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError, nearest
from salyq.civil.messages import Message
from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import PERSON_FILE, load
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

_FIGURE = re.compile(r"[a-z]+([_.][a-z]+)*")

if TYPE_CHECKING:
    from salyq.app.kept import Explained
    from salyq.assessing.result import Assessment
    from salyq.rulebook.explain import Why


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        click.Option(["--year"], type=options.Year(), metavar="Y", help=words("option", "year")),
        click.Option(["--population"], metavar="OUT", help=words("option", "population")),
        click.Option(["--figure"], metavar="NAME", help=words("option", "figure"), shell_complete=options.figures),
        click.Option(["--period"], metavar="P", help=words("option", "period")),
        click.Option(["--row"], metavar="FILE:LINE", help=words("option", "explain_row")),
        click.Option(["--depth"], type=click.IntRange(min=0), metavar="N", help=words("option", "depth")),
        options.everything(words),
        options.person(words),
        options.known(words),
        options.settings(words),
        options.no_cache(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("explain", words, run, params)


def run(
    *,
    inputs: Sequence[str],
    year: int | None,
    population: str | None,
    figure: str | None,
    period: str | None,
    row: str | None,
    depth: int | None,
    everything: bool,
    person: str | None,
    known: date | None,
    settings: Sequence[tuple[str, str]],
    no_cache: bool,
    form: str,
    lang: str,
) -> int:
    from salyq.app.kept import Explained
    from salyq.present.explain_text import shallow, why_page

    inputs, figure = _bare(inputs, figure)

    def result_of(*, anew: bool) -> Assessment | Explained:
        return _of_case(inputs, bar, person, year, known, dict(settings), anew)

    with Bar() as bar:
        written = None if population is not None else _written(inputs, year)
        if population is not None:
            result: Assessment | Explained = _of_population(population, person)
        elif written is not None:
            result = _of_result(written, inputs[1:], year, {"--person": person, "--known": known, "--set": settings})
        else:
            result = result_of(anew=no_cache or row is not None)
        if row is not None:
            why = of_row(result, row, figure, period)
        elif figure is None:
            return _list(result, form, lang)
        else:
            why, result = _of_figure(result, figure, period, lambda: result_of(anew=True))
    if form == "json":
        emit_json((why if depth is None else shallow(why, depth)).as_json())
    else:
        acts = result.acts if isinstance(result, Explained) else lawbook.acts()
        emit_page(why_page(why, lang, acts=acts, everything=everything, depth=depth))
    return 0


def _bare(inputs: Sequence[str], figure: str | None) -> tuple[Sequence[str], str | None]:
    """The inputs and the figure, which may also stand as the last word, where no file is called so."""
    last = inputs[-1]
    # Alone in a case's own folder, an underscore or a dot tells it from the name of another folder.
    has_case = len(inputs) > 1 or (Path(PERSON_FILE).exists() and not last.isalpha())
    if figure is not None or not has_case or not _FIGURE.fullmatch(last) or Path(last).exists():
        return inputs, figure
    return inputs[:-1] or (".",), last


def _of_figure(
    result: Assessment | Explained,
    figure: str,
    period: str | None,
    again: Callable[[], Assessment | Explained],
) -> tuple[Why, Assessment | Explained]:
    """The tree of a figure or an obligation, and whose it is: what was kept, or the year worked out again."""
    from salyq.app.kept import Spoiled

    name = chosen_figure(result, figure)
    chosen = chosen_period(result, name, period)
    try:
        return result.explain(name, chosen), result
    except Spoiled:
        made = again()
        return made.explain(name, chosen), made


def of_row(result: Assessment | Explained, row: str, figure: str | None, period: str | None) -> Why:
    """What a row of a file adds: the step of that row in the figure named, else in the first figure that rests on it.
    Exit 2 where none does."""
    from salyq.app.kept import Explained

    assert not isinstance(result, Explained)  # worked out anew: what is kept tells the largest rows only
    asked = [(f.name, f.period) for f in result.figures]
    if figure is not None:
        name = chosen_figure(result, figure)
        asked = [(n, p) for n, p in asked if n == name and period in (None, p)]
    for name, of in asked:
        waiting, seen = [result.explain(name, of, rows=None)], set()
        while waiting:
            step = waiting.pop()
            if step.how == "row" and (step.place == row or step.place.endswith(f"/{row}")):
                return step
            if id(step) not in seen:
                seen.add(id(step))
                waiting.extend(reversed(step.inputs))
    raise UsageError(Message("cli_no_such_row", {"command": "salyq matches"}), column="--row", value=row)


def _of_case(
    inputs: Sequence[str],
    bar: Bar,
    person: str | None,
    year: int | None,
    known: date | None,
    settings: dict[str, str],
    no_cache: bool,
) -> Assessment | Explained:
    """What `assess` or an earlier call kept of exactly this case, else the year worked out."""
    from salyq.app import kept

    if year is None:
        raise UsageError(Message("cli_missing", {"what": "--year", "hint": "salyq explain --help"}))

    def key() -> str | None:
        return None if no_cache else kept.key_of(inputs, person, year, known, settings)

    before = key()
    found = kept.recall(before)
    if found is not None:
        return found
    from salyq.app import api

    made = api.assess(load(inputs, bar, person), year, known=known, settings=settings, alternatives=False)
    if before is not None and before == key():
        kept.keep(before, made)
    return made


def _written(inputs: Sequence[str], year: int | None) -> Path | None:
    """The file of the result that was named instead of a case; more words are then where its case lies now."""
    from salyq.app.read_back import result_in

    return result_in(inputs[0], year)


def _of_result(file: Path, case: Sequence[str], year: int | None, said: dict[str, object]) -> Assessment:
    """A result that was written. What it says itself (year, person, day of law, choices) cannot be said otherwise."""
    from salyq.app.read_back import read_result

    result = read_result(file, case or None)
    given = [option for option, value in said.items() if value] + ["--year"] * (year not in (None, result.year))
    if given:
        raise UsageError(Message("cli_result_says", {"year": result.year}), column=given[0], value=str(file))
    return result


def _of_population(out: str, person: str | None) -> Assessment:
    from salyq.population.look import one_of

    if person is None:
        raise UsageError(Message("cli_missing", {"what": "--person", "hint": "salyq explain --help"}))
    found = one_of(Path(out), person).assessment
    assert found is not None
    return found


def _list(result: Assessment | Explained, form: str, lang: str) -> int:
    """The figures and obligations that can be explained, with their values and days."""
    from salyq.app.kept import duties_of
    from salyq.present.as_json import figure_json
    from salyq.present.as_text import shown_value
    from salyq.present.page import Page
    from salyq.present.words import Words

    if form == "json":
        emit_json({"figures": [figure_json(f) for f in result.figures]})
        return 0
    say = Words(lang)
    page = Page(lang=lang)
    page.title(say("cli_figures_to_explain"))
    rows = [[f.name, f.period, shown_value(f, say), say.label(f.label, f.name)] for f in result.figures]
    rows += [[name, period, due or say("due_unknown"), say.duty(name)] for name, period, due in duties_of(result)]
    page.table([say("col_name"), say("col_period"), say("col_amount"), say("col_what")], rows, right=[2])
    emit_page(page)
    return 0


def chosen_figure(result: Assessment | Explained, text: str) -> str:
    """The one figure meant: by its name, or by the end or a part of it that no other has. Exit 2 names the figures."""
    from salyq.app.kept import duties_of

    names = list(dict.fromkeys([*(f.name for f in result.figures), *(name for name, _, _ in duties_of(result))]))
    if text in names:
        return text
    for fits in (lambda n: n.endswith(f".{text}"), lambda n: n.startswith(text), lambda n: text in n):
        found = [n for n in names if fits(n)]
        if len(found) == 1:
            return found[0]
    told = Message("cli_no_such_figure", {"names": ", ".join(names)})
    raise UsageError(told, column="--figure", value=text, near=nearest(text, names))


def chosen_period(result: Assessment | Explained, figure: str, period: str | None) -> str:
    """The one period meant. Exit 2 names the figures, or the periods of this figure, where there is no such one."""
    from salyq.app.kept import duties_of

    periods = [f.period for f in result.figures if f.name == figure]
    periods = periods or [of for name, of, _ in duties_of(result) if name == figure]
    if period is None and len(periods) == 1:
        return periods[0]
    if period not in periods:
        wanted = Message("cli_no_such_period", {"figure": figure, "periods": ", ".join(periods)})
        raise UsageError(wanted, column="--period", value=period)
    return period
