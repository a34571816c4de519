"""An assessment on one screen: what to pay and to file by when, what is open, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from salyq.assessing.result import Assessment, Figure, Obligation
from salyq.assessing.standing import ASKED
from salyq.present.as_text import heading_lines, shown_amount, shown_value, verdict_lines
from salyq.present.page import Page
from salyq.present.words import Words

DUTIES = 12  # shown; the long form lists all
WARNINGS = 3
_SAID_BY = {"row_rejected": "rows_rejected", "answer_does_not_fit": "answers_unfit"}  # reason -> finding of one cause


def short_page(a: Assessment, lang: str, *, case: str = "CASE", beside: str = "") -> Page:
    """The page in `lang`. `case` is the input as the user would type it, for the commands to try next; `beside` leads
    out of it, for who stands in it."""
    say = Words(lang)
    page = Page(lang=lang)
    heading_lines(page, say, a)
    verdict_lines(page, say, a.verdict)
    _main_figures(page, say, a.figures)
    _duties(page, say, a.obligations, a.verdict.computed)
    _notices(page, say, a)
    _next(page, say, a, case, beside)
    return page


def main_figures(figures: Sequence[Figure]) -> list[Figure]:
    """What people ask about first: of each tax the last figure that is shown, which is what is to be paid."""
    last: dict[tuple[str, str], Figure] = {}
    for f in figures:
        tax = f.name.partition(".")[0]
        if f.status != "not_applicable" and f.payable:
            last[tax, f.period] = f
    return list(last.values())


def _main_figures(page: Page, say: Words, figures: Sequence[Figure]) -> None:
    found = main_figures(figures)
    if not found:
        page.heading(say("figures_none"))
        return
    page.heading(say("figures_heading"))
    rows = []
    for f in found:
        tax = f.name.partition(".")[0]
        told = [f"{x.election} = {x.choice}" for x in f.alternatives]
        rows.append([say.known(f"tax_{tax}", tax), say.period(f.period), shown_value(f, say), ", ".join(told[:2])])
    head = [say("col_what"), say("col_period"), say("col_amount"), say("short_other_choices")]
    page.table(
        head if any(r[3] for r in rows) else head[:3],
        [r if any(x[3] for x in rows) else r[:3] for r in rows],
        right=[2],
    )


def _duties(page: Page, say: Words, duties: Sequence[Obligation], complete: bool) -> None:
    page.heading(say("obligations_heading"))
    if not duties:
        page.line(say("obligations_none") if complete else say("short_duties_unknown"))
        return
    rows = []
    for o in duties[:DUTIES]:
        due = say("due_unknown") if o.due is None else o.due.isoformat()
        rows.append([say.duty(o.name), say.period(o.period), due, shown_amount(o, say)])
    page.table([say("col_what"), say("col_period"), say("col_due"), say("col_amount")], rows, right=[3])
    if len(duties) > DUTIES:
        page.line(say("more_lines", count=len(duties) - DUTIES), indent=1)


def _notices(page: Page, say: Words, a: Assessment) -> None:
    told = {code for r in a.verdict.reasons for code in (r.code, _SAID_BY.get(r.code, r.code))}
    left = [f for f in a.findings if f.code not in told and (a.verdict.complete or f.code != "open_questions")]
    grave = [f for f in left if f.severity in ("error", "warning")]
    other = len(left) - len(grave)
    if not left:
        return
    page.heading(say("findings_heading"))
    for f in grave[:WARNINGS]:
        page.line("• " + say.of(f.message), indent=1, style=f.severity)
    hidden = len(grave) - min(len(grave), WARNINGS) + other
    if hidden:
        page.line(say("short_more_notices" if grave else "short_notices", count=hidden), indent=1)


def _next(page: Page, say: Words, a: Assessment, case: str, beside: str) -> None:
    page.heading(say("next_heading"))
    year = f" --year {a.year}"
    if any(r.code in ASKED for r in a.verdict.reasons):
        page.line(say("next_questions", command=f"salyq questions {case}{year}"), indent=1)
    page.line(say("next_all", command=f"salyq assess {case}{year} --all"), indent=1)
    page.line(say("next_explain_all", command=f"salyq explain {case}{year}"), indent=1)
    page.line(say("next_report", command=f"salyq report {case}{year} --to {beside}report.html"), indent=1)
