"""`salyq law diff`: what changed in the law between two days."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import click

from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.options import wrong
from salyq.cli.output import emit_json, emit_page

if TYPE_CHECKING:
    from salyq.app.law_diff import Difference
    from salyq.present.page import Page
    from salyq.rulebook.law import Law


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["first"], type=options.Day(), metavar="D1"),
        click.Argument(["second"], type=options.Day(), metavar="D2"),
        click.Option(
            ["--known"], type=options.Day(), nargs=2, metavar="K1 K2", help=words("option", "diff_known"), default=None
        ),
        click.Option(["--act"], metavar="ACT", help=words("option", "diff_act")),
        options.form(words),
        options.lang(words),
    ]
    return Command("law diff", words, run, params)


def run(*, first: date, second: date, known: tuple[date, date] | None, act: str | None, form: str, lang: str) -> int:
    from salyq.app.law_diff import difference_json, differences
    from salyq.app.lawbook import whole

    law = whole()
    start, end = date(law.reading["first_year"], 1, 1), date(law.reading["last_year"], 12, 31)
    for column, day in (("D1", first), ("D2", second)):
        if not start <= day <= end:
            raise wrong("brief_day_unread", column, day.isoformat(), first=start.isoformat(), last=end.isoformat())
    if act is not None and act not in law.acts:
        raise wrong("diff_no_act", "--act", act)
    knowns = known or (law.known, law.known)
    found = differences(law, first, second, knowns, act)
    if form == "json":
        days = {"first": first.isoformat(), "second": second.isoformat(), "known": [k.isoformat() for k in knowns]}
        emit_json({**days, "differences": [difference_json(d) for d in found]})
        return 0
    emit_page(_page(law, found, first, second, lang))
    return 0


def _page(law: Law, found: list[Difference], first: date, second: date, lang: str) -> Page:
    from salyq.app.law_diff import BEGAN, ENDED
    from salyq.present.cites import cite_text
    from salyq.present.page import Page
    from salyq.present.words import Words

    say, page = Words(lang), Page()
    page.title(say("diff_heading", first=first.isoformat(), second=second.isoformat(), count=len(found)))
    signs = {BEGAN: "+", ENDED: "−"}
    for act, rows in groupby(found, key=lambda d: d.act):
        title = law.acts[act].title[lang] if act in law.acts else say("diff_ours")
        page.heading(title)
        for d in rows:
            cite = cite_text(d.cite, law.acts, lang)
            page.line(f"{signs.get(d.what, '±')} {d.day.isoformat()} {d.title[lang]}  [{cite}]", indent=1)
            if d.of_value:
                ends = [say("diff_none") if x == "" else x or say("diff_unknown") for x in (d.before, d.after)]
                unit = f" {d.unit}" if d.unit else ""
                page.line(f"{ends[0]} → {ends[1]}{unit}", indent=2, style="quiet")
    return page
