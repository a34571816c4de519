"""`salyq population assess | sample`: a whole population from tables, and a made-up one to try it with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

COMMANDS = {
    "assess": "salyq.cli.commands.population:build_assess",
    "compare": "salyq.cli.commands.population_compare:build",
    "sample": "salyq.cli.commands.population:build_sample",
}
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


class Memory(click.ParamType[int]):
    """Bytes, written as 512MB or 2GB."""

    name = "memory"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,11})\s?([KMG]?)(?:i?B)?", str(value), re.IGNORECASE)
        if found is None:
            raise options.wrong("population_bad_memory", "--memory", str(value))
        return int(found[1]) * _UNITS[found[2].upper()]


def build(words: Help) -> click.Command:
    return Group("population", words, COMMANDS, [options.lang(words)])


def build_assess(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["source"], metavar="IN"),
        click.Argument(["out"], metavar="OUT"),
        options.year(words),
        click.Option(
            ["--workers"], type=click.IntRange(1, 256), default=2, metavar="N", help=words("option", "workers")
        ),
        click.Option(["--memory"], type=Memory(), default=2 << 30, metavar="2GB", help=words("option", "memory")),
        click.Option(
            ["--engine"], type=click.Choice(["local", "spark"]), default="local", help=words("option", "engine")
        ),
        click.Option(["--master"], default="", metavar="URL", help=words("option", "master")),
        click.Option(["--matches"], is_flag=True, help=words("option", "population_matches")),
        options.settings(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("population assess", words, run_assess, params)


def run_assess(
    *,
    source: str,
    out: str,
    year: int,
    workers: int,
    memory: int,
    engine: str,
    master: str,
    matches: bool,
    settings: Sequence[tuple[str, str]],
    form: str,
    lang: str,
) -> int:
    from salyq.population.run import assess_population

    if engine != "spark" and master:
        raise options.wrong("population_master_without_spark", "--master", master)
    by = None
    if engine == "spark":
        from salyq.population.spark import Spark

        by = Spark(master)
    with Bar() as bar:
        done = assess_population(
            Path(source),
            Path(out),
            year,
            workers=workers,
            memory=memory,
            settings=dict(settings),
            lang=lang,
            progress=bar.step,
            engine=by,
            matches=matches,
        )
    if form == "json":
        emit_json(done)
    else:
        _print(done, out, lang)
    return 0


def _print(done: dict[str, Any], out: str, lang: str) -> None:
    from salyq.present.page import Page

    page = Page()
    persons = done["persons"]
    told = {
        "known": persons.get("known", 0),
        "unknown": persons.get("unknown", 0),
        "rejected": persons.get("rejected", 0),
    }
    page.line(Message("population_persons", told).text(lang))
    page.line(Message("population_ways", done["worked_out"]).text(lang))
    for table, counted in done["rows"].items():
        page.line(Message("population_rows", {"table": table, **counted}).text(lang))
    for name, total in done["figures"].items():
        if total["known"] or total["unknown"]:
            figure = {"name": name, "sum": total["sum"], "known": total["known"], "unknown": total["unknown"]}
            page.line(Message("population_figure", figure).text(lang))
    page.line(Message("population_written", {"out": out}).text(lang))
    emit_page(page)


def build_sample(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["out"], metavar="OUT"),
        click.Option(
            ["--persons"], type=click.IntRange(1), required=True, metavar="N", help=words("option", "persons")
        ),
        click.Option(
            ["--seed"], type=click.IntRange(0), default=0, metavar="S", help=words("option", "population_seed")
        ),
        click.Option(["--year"], type=options.Year(), default=2025, metavar="Y", help=words("option", "year")),
        options.form(words),
        options.lang(words),
    ]
    return Command("population sample", words, run_sample, params)


def run_sample(*, out: str, persons: int, seed: int, year: int, form: str, lang: str) -> int:
    from salyq.population.sample import write_sample
    from salyq.present.page import Page

    counts = write_sample(Path(out), persons, seed, year)
    if form == "json":
        emit_json({"out": out, "rows": counts})
        return 0
    page = Page()
    for table, rows in counts.items():
        page.line(f"{table}: {rows}")
    page.line(Message("population_sample_next", {"out": out, "year": year}).text(lang))
    emit_page(page)
    return 0
