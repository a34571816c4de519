"""What a reform would change, for people: each figure as law stands, under the reform, and the difference."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from salyq.app.asking import Answer
from salyq.app.reforms import Compared, Reform, Said
from salyq.assessing.result import Assessment, Figure
from salyq.present.amounts import measure
from salyq.present.as_text import heading_lines, shown_value
from salyq.present.page import Page
from salyq.present.words import Words

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def reform_page(reform: Reform, before: Assessment, rows: Sequence[Compared], lang: str) -> Page:
    """A year: the figures that are other, and how many are the same."""
    say, page = Words(lang), Page(lang=lang)
    heading_lines(page, say, before)
    _told(page, reform, say)
    other = [r for r in rows if not r.same]
    if other:
        head = [say(f"reform_{x}") for x in ("figure", "baseline", "under", "difference")]
        page.table(head, [_row(r, say) for r in other], right=[1, 2, 3])
    page.line(say("reform_same", count=len(rows) - len(other)))
    return page


def answers_page(
    reform: Reform,
    before: Answer,
    rows: Sequence[Said],
    title: Mapping[str, str],
    codes: Mapping[str, Mapping[str, str]],
    lang: str,
) -> Page:
    """An answer: what it would say otherwise. `codes`: words of verdicts, authorities and gates."""
    say, page = Words(lang), Page(lang=lang)
    page.title(say("ask_heading", title=say.label(title, before.act), day=before.on.isoformat()))
    _told(page, reform, say)
    other = [r for r in rows if not r.same]
    if other:
        head = [say(f"reform_{x}") for x in ("figure", "baseline", "under", "difference")]
        page.table(head, [_said(r, say, codes) for r in other], right=[1, 2, 3])
    page.line(say("reform_same", count=len(rows) - len(other)))
    return page


def changed_table(
    page: Page,
    rows: Sequence[Compared | Said],
    heads: Sequence[str],
    say: Words,
    codes: Mapping[str, Mapping[str, str]],
) -> None:
    """Figures, or parts of answers, under the laws of two days."""
    head = [say("reform_figure"), *heads, say("reform_difference")]
    page.table(head, [_said(r, say, codes) if isinstance(r, Said) else _row(r, say) for r in rows], right=[1, 2, 3])


def changed_line(r: Compared | Said, say: Words, codes: Mapping[str, Mapping[str, str]]) -> str:
    """One figure under the laws of two days, in a line."""
    label, before, after, _ = _said(r, say, codes) if isinstance(r, Said) else _row(r, say)
    return f"{label}: {before} → {after}"


def _told(page: Page, reform: Reform, say: Words) -> None:
    page.line(say("reform_told", title=say.label(reform.title, reform.file), file=reform.file), style="strong")
    for name in reform.names:
        page.line(name, indent=1, style="quiet")
    page.blank()


def _row(r: Compared, say: Words) -> list[str]:
    label = f"{say.label(r.label, r.name)}, {say.period(r.period)}"
    return [label, _figure(r.baseline, say), _figure(r.reform, say), _signed(r.difference, r.unit, say)]


def _figure(f: Figure | None, say: Words) -> str:
    return say("status_not_applicable") if f is None else shown_value(f, say)


def _signed(difference: Decimal | None, unit: str, say: Words) -> str:
    if difference is None:
        return say("reform_cannot_be_told")
    return ("+" if difference > 0 else "") + measure(difference, unit, say.lang)


def _said(r: Said, say: Words, codes: Mapping[str, Mapping[str, str]]) -> list[str]:
    heads = {"verdict": "reform_verdict", "gate": "reform_gate", "authority": "reform_authority"}
    label = say(heads[r.part]) if r.part in heads else say.label(r.label, r.name)
    met = {"yes": "ask_met", "no": "ask_not_met"} if r.part == "needs" else {"yes": "reform_said", "no": "why_no"}
    ends = [say(met[x]) if x in met else _end(x, r.unit, say, codes) for x in (r.baseline, r.reform)]
    return [label, *ends, "" if r.difference is None else _signed(r.difference, r.unit, say)]


def _end(x: str | None, unit: str, say: Words, codes: Mapping[str, Mapping[str, str]]) -> str:
    if x is None:
        return say("status_unknown")
    if unit and _NUMBER.fullmatch(x):
        return measure(Decimal(x), unit, say.lang)
    return say.label(codes.get(x), x) if x else "—"
