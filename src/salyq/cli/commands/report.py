"""`salyq report`: one file to hand over, as HTML, PDF or a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.output import check_target, emit, write_bytes
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.report.material import Material

ENDINGS = (".html", ".pdf", ".xlsx")


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.year(words),
        click.Option(["--year-to"], type=options.Year(), metavar="Y", help=words("option", "year_to")),
        click.Option(["--to"], required=True, metavar="FILE.html|.pdf|.xlsx", help=words("option", "report_to")),
        options.person(words),
        options.known(words),
        options.settings(words),
        options.lang(words),
    ]
    return Command("report", words, run, params)


def run(
    *,
    inputs: Sequence[str],
    year: int,
    year_to: int | None,
    to: str,
    person: str | None,
    known: date | None,
    settings: Sequence[tuple[str, str]],
    lang: str,
) -> int:
    from salyq.report.material import gather

    target = check_target("--to", to, list(inputs))
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(Message("report_bad_ending"), column="--to", value=to)
    last = year_to or year
    if last < year:
        raise UsageError(Message("report_years_reversed"), column="--year-to", value=str(last))
    with Bar() as bar:
        case = load(inputs, bar, person)
        years = []
        for n in range(year, last + 1):
            bar.step(Message("step_assess", {"year": n}).text(lang), n - year, last - year + 1)
            years.append(gather(case, n, known=known, settings=dict(settings)))
        bar.step(target.name)
        data = _made(ending, years, lang)
    write_bytes("--to", target, data)
    emit(Message("report_written", {"path": str(Path(to)), "size": -(-len(data) // 1000)}).text(lang) + "\n")
    return 0


def _made(ending: str, years: Sequence[Material], lang: str) -> bytes:
    from salyq.report.document import document

    if ending == ".xlsx":
        from salyq.report.xlsx import report_xlsx

        return report_xlsx(years, lang)
    made = document(years, lang)
    if ending == ".html":
        from salyq.report.html import report_html

        return report_html(made).encode("utf-8")
    from salyq.report.pdf import report_pdf

    return report_pdf(made, Message("report_cut").text(lang))
