"""A readable assessment: who and by which law, rows, figures, findings, obligations, and where to look next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salyq.assessing.result import CANNOT_BE_TOLD, Alternative, Assessment, Figure, Finding, Obligation, Verdict
from salyq.assessing.standing import ASKED
from salyq.assessing.verdict import headline
from salyq.present.acts_text import Act, acts_cited
from salyq.present.amounts import measure, money
from salyq.present.page import Page
from salyq.present.rows_text import FileRows, rows_headline, rows_table
from salyq.present.words import Words

SEVERITIES = ("error", "warning", "notice")
MISSING_SHOWN = 5  # of one figure; `salyq questions` lists all
REASONS_SHOWN = 5
_PLACES = 5  # rows of a finding named in the text; the JSON names all


def assessment_page(
    a: Assessment,
    lang: str,
    *,
    files: Sequence[FileRows] = (),
    acts: Mapping[str, Act] | None = None,
    case: str = "CASE",
) -> Page:
    """The assessment as a page in `lang`. `acts` names what is cited. `case` is the input as the user would type it
    (quoted for a shell where need be), for the commands to try next."""
    say = Words(lang, acts)
    page = Page(lang=lang)
    heading_lines(page, say, a)
    verdict_lines(page, say, a.verdict)
    _rows(page, say, a, files)
    _figures(page, say, a.figures)
    _findings(page, say, a.findings)
    _obligations(page, say, a.obligations, a.verdict.computed)
    acts_cited(page, say, _cites(a), acts or {})
    _next(page, say, a, case)
    return page


def _cites(a: Assessment) -> list[str]:
    return [c for part in (a.figures, a.findings, a.obligations) for x in part for c in x.cites]


def heading_lines(page: Page, say: Words, a: Assessment) -> None:
    page.title(say("page_title", year=a.year))
    who = " ".join(x for x in (a.person_id, a.person_name) if x)
    page.line(say("page_person", who=who or "—", kind=say.known(f"person_kind_{a.person_kind}", a.person_kind)))
    digest = a.fingerprint.removeprefix("sha256:")[:12]
    page.line(say("page_law", known=a.known.isoformat(), fingerprint=digest, version=a.version))


def verdict_lines(page: Page, say: Words, v: Verdict) -> None:
    """Whether the year is complete, and why not: the reasons that move most money first."""
    page.blank()
    if v.complete:
        page.line(say("verdict_complete"), style="strong")
        return
    page.line(say("verdict_incomplete", count=len(v.reasons)), style="strong")
    for reason in v.reasons[:REASONS_SHOWN]:
        tail = "" if not reason.amount else " " + say("verdict_amount", amount=money(reason.amount, say.lang))
        page.line("• " + say.of(reason.message) + tail, indent=1, style="warning")
    if len(v.reasons) > REASONS_SHOWN:
        page.line(say("more_lines", count=len(v.reasons) - REASONS_SHOWN), indent=1)


def _rows(page: Page, say: Words, a: Assessment, files: Sequence[FileRows]) -> None:
    unread = any(r.code == "unread_file" for r in a.verdict.reasons)
    page.heading(rows_headline(say, files, unread, bool(a.rows.rejected)))
    if files:
        rows_table(page, say, files)
    r = a.rows
    page.line(say("rows_sum", read=r.read, used=r.used, ignored=r.ignored, rejected=r.rejected))
    if r.read != r.used + r.ignored + r.rejected:
        page.line(say("rows_unbalanced"), style="error")


# --- figures ----------------------------------------------------------------------------------------------------------


def _figures(page: Page, say: Words, figures: Sequence[Figure]) -> None:
    page.heading(say("figures_heading"))
    if not figures:
        page.line(say("figures_none"))
        return
    lines = [(say.label(f.label, f.name), say.period(f.period), shown_value(f, say)) for f in figures]
    widths = [max(map(_cells, column)) for column in zip(*lines, strict=True)]
    tax = ""
    told: set[str] = set()  # what is missing is said once, and at most so many a figure
    for figure, (label, period, value), after in zip(figures, lines, [*figures[1:], None], strict=True):
        if tax != figure.name.partition(".")[0]:
            tax = figure.name.partition(".")[0]
            page.line(say.known(f"tax_{tax}", tax), style="strong")
        page.line(f"{_left(label, widths[0])}   {_left(period, widths[1])}   {_right(value, widths[2])}", indent=1)
        about = _about(figure, say)
        if after is None or after.name != figure.name or _about(after, say) != about:
            for text, style in [*about, *_missing(figure, say, told)]:
                page.line(text, indent=3, style=style)  # once for the periods of a figure that have the same to say


def shown_value(f: Figure, say: Words) -> str:
    """The value; for an unknown one, the most (or least) it can be; else the state in words."""
    if f.value is not None:
        return measure(f.value, f.unit, say.lang)
    if f.status == "not_applicable":
        return say("status_not_applicable")
    return _within(f.bounds, f.unit, say)


def shown_amount(o: Obligation, say: Words) -> str:
    """What is to be paid, between which ends where that is not known; empty where nothing is."""
    if o.amount is not None:
        return measure(o.amount, "KZT", say.lang)
    return _within(o.bounds, "KZT", say) if o.status == CANNOT_BE_TOLD else ""


def _within(bounds: tuple[Decimal | None, Decimal | None] | None, unit: str, say: Words) -> str:
    low, high = bounds or (None, None)
    shown_low = None if low is None else measure(low, unit, say.lang)
    shown_high = None if high is None else measure(high, unit, say.lang)
    if shown_high is not None and low:
        return say("between", low=shown_low, high=shown_high)
    if shown_high is not None:
        return say("at_most", high=shown_high)
    if low:
        return say("at_least", low=shown_low)
    return say("status_unknown")


def _about(f: Figure, say: Words) -> list[tuple[str, str]]:
    """What stands under a figure: its name for `explain`, basis and articles, what is missing, other choices."""
    basis = say.known(f"basis_{f.basis}", f.basis)
    lines = [(" · ".join(x for x in (f.name, basis, say.cites(f.cites)) if x), "quiet")]
    if f.note is not None:
        lines.append((say("figure_note", what=say.of(f.note)), ""))
    if f.so_far is not None:
        lines.append((say("figure_so_far", value=measure(f.so_far, f.unit, say.lang)), ""))
    return lines + [(_alternative(x, f, say), "") for x in f.alternatives]


def _missing(f: Figure, say: Words, told: set[str]) -> list[tuple[str, str]]:
    """The first few facts that are missing and were not said yet; how many more there are."""
    own = [say("figure_missing", what=say.of(m)) for m in f.missing]
    new = [text for text in own if text not in told]
    told.update(own)
    if own and not new:
        return [(say("figure_missing_as_above"), "warning")]
    lines = [(text, "warning") for text in new[:MISSING_SHOWN]]
    if len(new) > MISSING_SHOWN:
        lines.append((say("figure_missing_more", count=len(new) - MISSING_SHOWN), "warning"))
    return lines


def _alternative(x: Alternative, f: Figure, say: Words) -> str:
    value, here = other_value(x, f, say), shown_value(f, say)
    if x.years:
        years = ", ".join(map(str, x.years))
        return say(
            "figure_alternative_years", election=x.election, choice=x.choice, value=value, here=here, years=years
        )
    return say("figure_alternative", election=x.election, choice=x.choice, value=value, here=here)


def other_value(x: Alternative, f: Figure, say: Words) -> str:
    """What the figure would be: its value, or what is known of it."""
    return _within(x.bounds, f.unit, say) if x.value is None else measure(x.value, f.unit, say.lang)


# --- findings, obligations, next --------------------------------------------------------------------------------------


def _findings(page: Page, say: Words, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    page.heading(say("findings_heading"))
    for severity in (*SEVERITIES, *sorted({f.severity for f in findings} - set(SEVERITIES))):
        mine = [f for f in findings if f.severity == severity]
        if not mine:
            continue
        page.line(say.known(f"severity_{severity}", severity, count=len(mine)), style=severity)
        for finding in mine:
            _finding(page, say, finding)


def _finding(page: Page, say: Words, f: Finding) -> None:
    tail = "; ".join(x for x in (f.amount, say.cites(f.cites)) if x)
    page.line("• " + say.of(f.message) + (f" [{tail}]" if tail else ""), indent=1)
    if f.records:
        page.line(places(f.records, say), indent=3, style="quiet")


def places(records: Sequence[str], say: Words) -> str:
    """`rows: a.csv:2, a.csv:3 and 7 more`."""
    shown = ", ".join(map(say.period, records[:_PLACES]))
    if len(records) <= _PLACES:
        return say("finding_records", places=shown)
    return say("finding_records_more", places=shown, count=len(records) - _PLACES)


def _obligations(page: Page, say: Words, obligations: Sequence[Obligation], complete: bool) -> None:
    page.heading(say("obligations_heading"))
    if not obligations:
        page.line(say("obligations_none") if complete else say("obligations_none_so_far"))
        return
    head = [say("col_what"), say("col_period"), say("col_due"), say("col_amount"), say("col_article")]
    page.table(head, (_obligation(o, say) for o in obligations), right=[3])
    notes: dict[tuple[str, str], list[str]] = {}
    for o in obligations:
        if o.note is not None:
            notes.setdefault((o.name, say.of(o.note)), []).append(say.period(o.period))
        if o.why is not None and o.why != o.note:
            notes.setdefault((o.name, say("obligation_why", why=say.of(o.why))), []).append(say.period(o.period))
    for (name, note), periods in notes.items():
        page.line(f"{say.duty(name)} {', '.join(periods)}: {note}", indent=1)


def _obligation(o: Obligation, say: Words) -> list[str]:
    return [
        say.duty(o.name),
        say.period(o.period),
        say("due_unknown") if o.due is None else o.due.isoformat(),
        shown_amount(o, say),
        say.cites(o.cites),
    ]


def _next(page: Page, say: Words, a: Assessment, case: str) -> None:
    page.heading(say("next_heading"))
    if a.figures:
        best = headline(a.figures)
        period = f" --period {best.period}" if sum(f.name == best.name for f in a.figures) > 1 else ""
        command = f"salyq explain {case} --year {a.year} --figure {best.name}{period}"
        page.line(say("next_explain", command=command), indent=1)
    page.line(say("next_matches", command=f"salyq matches {case} --year {a.year}"), indent=1)
    if any(r.code in ASKED for r in a.verdict.reasons):
        page.line(say("next_questions", command=f"salyq questions {case} --year {a.year}"), indent=1)
    page.line(say("next_read", command=f"salyq read {case}"), indent=1)


# --- columns of text --------------------------------------------------------------------------------------------------


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _left(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _cells(text)) + text
