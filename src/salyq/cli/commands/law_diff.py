"""`salyq law diff`: what changed in the law between two days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.messages import Message
from salyq.civil.reader import shown_day
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import load
from salyq.cli.options import wrong
from salyq.cli.output import emit_json, emit_page
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.app.law_cases import Changed, Days
    from salyq.app.law_diff import Difference
    from salyq.app.reforms import Compared
    from salyq.present.page import Page
    from salyq.present.words import Words
    from salyq.rulebook.law import Law

ENDS = ("before", "after")
NAMED = 2  # figures of a worked case that its line names


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["first"], type=options.Day(), metavar="D1"),
        click.Argument(["second"], type=options.Day(), metavar="D2"),
        click.Option(
            ["--known"], type=options.Day(), nargs=2, metavar="K1 K2", help=words("option", "diff_known"), default=None
        ),
        click.Option(["--act"], metavar="ACT", help=words("option", "diff_act")),
        click.Option(["--cases", "worked"], is_flag=True, help=words("option", "diff_cases")),
        click.Option(["--case", "folder"], metavar="CASE", help=words("option", "diff_case")),
        click.Option(["--year"], type=options.Year(), metavar="Y", help=words("option", "diff_year")),
        options.form(words),
        options.lang(words),
    ]
    return Command("law diff", words, run, params)


def run(
    *,
    first: date,
    second: date,
    known: tuple[date, date] | None,
    act: str | None,
    worked: bool,
    folder: str | None,
    year: int | None,
    form: str,
    lang: str,
) -> int:
    """What changed; with `--cases` the worked cases whose figures change, with `--case` a person's own in money."""
    from salyq.app.law_diff import difference_json, differences
    from salyq.app.lawbook import whole
    from salyq.present.words import Words

    law = whole()
    start, end = date(law.reading["first_year"], 1, 1), date(law.reading["last_year"], 12, 31)
    for column, day in (("D1", first), ("D2", second)):
        if not start <= day <= end:
            raise wrong("brief_day_unread", column, day.isoformat(), first=start.isoformat(), last=end.isoformat())
    if act is not None and act not in law.acts:
        raise wrong("diff_no_act", "--act", act)
    knowns = known or (law.known, law.known)
    found = differences(law, first, second, knowns, act)
    days = ((first, knowns[0]), (second, knowns[1]))
    with Bar() as bar:
        changed = list(_worked(days, bar))
        own = None if folder is None else _own(folder, year or second.year, days, bar)
    if form == "json":
        told: dict[str, Any] = {"first": first.isoformat(), "second": second.isoformat()}
        told |= {"known": [k.isoformat() for k in knowns], "differences": [difference_json(d) for d in found]}
        emit_json(told | _cases_json(changed, own, folder, year or second.year))
        return 0
    page = _page(law, found, first, second, lang)
    if worked:
        _tell_cases(page, changed, days, Words(lang))
    else:
        _name_cases(page, changed, Words(lang))
    _tell_own(page, own, year or second.year, days, Words(lang))
    if folder is not None and own is None:
        page.line(Message("diff_case_no_law").text(lang))
    emit_page(page)
    return 0


def _name_cases(page: Page, changed: list[Changed], say: Words) -> None:
    """Each worked case in a line, with its first figures of both days; `--cases` shows them all in tables."""
    from salyq.app.asking import words
    from salyq.present.reform_text import changed_line

    page.heading(say("diff_cases", count=len(changed)))
    for c in changed:
        more = " …" if len(c.figures) > NAMED else ""
        told = "; ".join(changed_line(f, say, words()) for f in c.figures[:NAMED])
        page.line(f"{c.subject}/{c.id}: {told}{more}", indent=1)
    if changed:
        page.line(say("diff_cases_more"))


def _worked(days: Days, bar: Bar) -> Iterator[Changed]:
    from salyq.app.law_cases import worked_cases

    return worked_cases(days, bar.step)


def _own(folder: str, year: int, days: Days, bar: Bar) -> list[Compared] | None:
    from salyq.app.law_cases import in_money

    return in_money(load([folder], bar, None), year, days)


def _cases_json(changed: list[Changed], own: list[Compared] | None, folder: str | None, year: int) -> dict[str, Any]:
    """`cases`: worked cases whose figures change; `case`: the person's own (null: that law says nothing of it)."""
    from salyq.app.reforms import Said, figure_json, said_json

    found: dict[str, Any] = {
        "cases": [
            {
                "subject": c.subject,
                "id": c.id,
                "title": c.title,
                "year": c.year,
                "figures": [said_json(f, ENDS) if isinstance(f, Said) else figure_json(f, ENDS) for f in c.figures],
            }
            for c in changed
        ]
    }
    if folder is not None:
        figures = None if own is None else [figure_json(f, ENDS) for f in own]
        found["case"] = {"folder": folder, "year": year, "figures": figures}
    return found


def _tell_cases(page: Page, changed: list[Changed], days: Days, say: Words) -> None:
    from salyq.app.asking import words
    from salyq.present.reform_text import changed_table

    page.heading(say("diff_cases", count=len(changed)))
    for c in changed:
        page.line(f"{c.subject}/{c.id}: {c.title}", indent=1, style="strong")
        changed_table(page, c.figures, _heads(days, say.lang), say, words())


def _tell_own(page: Page, own: list[Compared] | None, year: int, days: Days, say: Words) -> None:
    from salyq.app.asking import words
    from salyq.present.reform_text import changed_table

    if own:
        page.heading(say("diff_case", year=year))
        changed_table(page, own, _heads(days, say.lang), say, words())
    elif own is not None:
        page.line(say("diff_case_same", year=year))


def _heads(days: Days, lang: str) -> list[str]:
    return [shown_day(on, lang) for on, _ in days]


def _page(law: Law, found: list[Difference], first: date, second: date, lang: str) -> Page:
    from salyq.app.law_diff import BEGAN, ENDED
    from salyq.book.values import told
    from salyq.present.cites import cite_text
    from salyq.present.page import Page
    from salyq.present.words import Words

    say, page = Words(lang), Page(lang=lang)
    page.title(say("diff_heading", first=shown_day(first, lang), second=shown_day(second, lang), count=len(found)))
    signs = {BEGAN: "+", ENDED: "−"}
    for act, rows in groupby(found, key=lambda d: d.act):
        title = law.acts[act].title[lang] if act in law.acts else say("diff_ours")
        page.heading(title)
        for d in rows:
            cite = cite_text(d.cite, law.acts, lang)
            page.line(f"{signs.get(d.what, '±')} {shown_day(d.day, lang)} {d.title[lang]}  [{cite}]", indent=1)
            if d.of_value:
                ends = [say("diff_none") if v is None else told(law.series[d.name], v, say) for v in d.values]
                page.line(" → ".join(ends), indent=2, style="quiet")
    return page
