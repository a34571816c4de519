"""`salyq population compare`: a population as law stands and under a reform."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.commands.population import Memory
from salyq.cli.helping import Command, Help
from salyq.cli.output import check_target, emit_json, emit_page, write_bytes
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.population.compare import Comparison


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["source"], metavar="IN"),
        click.Option(["--reform"], metavar="FILE.toml", required=True, help=words("option", "reform")),
        options.year(words),
        click.Option(["--to"], metavar="FILE.html", help=words("option", "compare_to")),
        click.Option(
            ["--workers"], type=click.IntRange(1, 256), default=2, metavar="N", help=words("option", "workers")
        ),
        click.Option(["--memory"], type=Memory(), default=2 << 30, metavar="2GB", help=words("option", "memory")),
        options.settings(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("population compare", words, run, params)


def run(
    *,
    source: str,
    reform: str,
    year: int,
    to: str | None,
    workers: int,
    memory: int,
    settings: Sequence[tuple[str, str]],
    form: str,
    lang: str,
) -> int:
    from salyq.app.reforms import read
    from salyq.population.compare import as_json, compare_population

    target = None if to is None else check_target("--to", to, [source, reform])
    if target is not None and target.suffix.lower() != ".html":
        raise UsageError(Message("compare_bad_ending"), column="--to", value=str(to))
    laid = read(reform)
    with Bar() as bar:
        found = compare_population(
            Path(source), laid, year, workers=workers, memory=memory, settings=dict(settings), progress=bar.step
        )
    if target is not None:
        from salyq.report.compared import compared_document
        from salyq.report.html import report_html

        write_bytes("--to", target, report_html(compared_document(found, lang)).encode("utf-8"))
    if form == "json":
        emit_json(as_json(found))
    else:
        _print(found, to, lang)
    return 0


def _print(found: Comparison, to: str | None, lang: str) -> None:
    from salyq.present.amounts import money
    from salyq.present.page import Page
    from salyq.present.words import Words

    def shown(tiyn: int) -> str:
        return money(Decimal(tiyn).scaleb(-2), lang)

    page, say, whole = Page(), Words(lang), found.whole
    page.line(say.label(found.reform.title, found.reform.file))
    page.line(say("compared_whole", persons=whole.persons, less=whole.less, more=whole.more, same=whole.same))
    if found.unknown or found.rejected:
        page.line(say("compared_not_compared", unknown=found.unknown, rejected=found.rejected))
    for duty, (before, after) in found.duties.items():
        params = {"what": say.duty(duty), "before": shown(before), "after": shown(after)}
        page.line(say("compare_line", **params, difference=shown(after - before)))
    params = {"what": say("compared_all"), "before": shown(whole.before), "after": shown(whole.after)}
    page.line(say("compare_line", **params, difference=shown(whole.difference)))
    if to is not None:
        page.line(say("compare_written", path=to))
    emit_page(page)
