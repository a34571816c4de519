"""The report of one or more years as a document in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salyq.assessing.portfolio import Held, month_ends
from salyq.assessing.result import Assessment, Figure, Finding, Input, Obligation
from salyq.civil.numbers import format_scaled
from salyq.civil.reader import shown_day as _day
from salyq.civil.reader import shown_decimals
from salyq.facts.known_sources import reader_title
from salyq.law import shipped
from salyq.law.named import LEVY_DUE, LEVY_ENERGY
from salyq.present.amounts import money, number
from salyq.present.as_text import other_value, shown_amount, shown_value
from salyq.present.words import Words
from salyq.report import charts
from salyq.report.blocks import Block, Chart, Document, Para, Section, Table, Tree, filled, of_tables
from salyq.report.local_days import in_days_of
from salyq.report.material import Material
from salyq.report.trees import tree

MOST_SERIES = 6  # lines of one chart; the others are in its table
MOST_FINDINGS = 200
MOST_PLACES = 3  # rows of one finding
_TIYN = 100


def document(years: Sequence[Material], lang: str) -> Document:
    """What HTML and PDF show. `years` in order; the last one is told first where one must lead."""
    say = Words(lang, shipped().acts)
    last = years[-1].result
    sections: list[Section] = []
    for material in years:
        year = str(material.year) if len(years) > 1 else ""
        sections += (replace(in_days_of(of_tables(s, filled), lang), year=year) for s in _year(material, say))
    span = str(last.year) if len(years) == 1 else f"{years[0].year}–{last.year}"
    who = " ".join(x for x in (last.person_id, last.person_name) if x)
    facts = [
        (say("report_person"), f"{who} · {say.known(f'person_kind_{last.person_kind}', last.person_kind)}".strip(" ·")),
        (say("report_law_known"), _day(last.known, lang)),
        (say("report_fingerprint"), last.fingerprint.removeprefix("sha256:")[:16]),
        (say("report_version"), f"Salyq {last.version}"),
    ]
    stamp = f"{last.person_id} · {span} · {last.fingerprint.removeprefix('sha256:')[:16]} · Salyq {last.version}".strip(
        " ·"
    )
    return Document(
        lang,
        say("report_title" if len(years) == 1 else "report_title_years", year=span),
        facts,
        stamp,
        sections,
        say("report_contents"),
    )


def _year(m: Material, say: Words) -> list[Section]:
    parts = [
        _summary(m, say), _figures(m, say), _gains(m, say), _energy(m, say), _holdings(m, say), _coverage(m, say),
        _duties(m, say), _questions(m, say), _notices(m, say), _explained(m, say), _inputs(m, say),
    ]  # fmt: skip
    return [p for p in parts if p.blocks]


# --- what to pay, what is open ----------------------------------------------------------------------------------------


def _summary(m: Material, say: Words) -> Section:
    a = m.result
    blocks: list[Block] = []
    complete = a.verdict.complete
    to_file = a.verdict.computed
    code = "report_complete" if complete else "report_to_be_filed" if to_file else "report_incomplete"
    blocks.append(Para(say(code), "strong" if to_file else "warning"))
    if not complete:
        rows = [(say.of(r.message), money(r.amount, say.lang) if r.amount else "") for r in a.verdict.reasons]
        blocks.append(Table(say("report_reasons"), (say("col_reason"), say("col_at_stake")), rows, frozenset({1})))
    due = [o for o in a.obligations if o.payment]
    rows_due = [_duty_row(o, say)[:4] for o in due]
    if rows_due:
        head = (say("col_what"), say("col_period"), say("col_due"), say("col_amount"))
        blocks.append(Table(say("report_to_pay"), head, rows_due, frozenset({3})))
    else:
        blocks.append(Para(say("report_nothing_to_pay" if to_file else "report_payments_unknown")))
    return Section("summary", say("report_summary"), blocks)


def _figures(m: Material, say: Words) -> Section:
    blocks: list[Block] = []
    taxes = list(dict.fromkeys(f.name.partition(".")[0] for f in m.result.figures))
    head = (say("col_figure"), say("col_period"), say("col_number"), say("col_basis"), say("col_article"))
    for tax in taxes:
        mine = [f for f in m.result.figures if f.name.startswith(f"{tax}.")]
        rows = [_figure_row(f, say) for f in mine]
        blocks.append(Table(say.known(f"tax_{tax}", tax), head, rows, frozenset({2})))
        others = [r for f in mine for r in _alternative_rows(f, say)]
        if others:
            head2 = (say("col_figure"), say("col_period"), say("col_choice"), say("col_number"), say("col_here"))
            name = f"{say('report_alternatives')}: {say.known(f'tax_{tax}', tax)}"
            blocks.append(Table(name, head2, others, frozenset({3, 4})))
    return Section("figures", say("figures_heading"), blocks)


def _figure_row(f: Figure, say: Words) -> tuple[str, ...]:
    label = say.label(f.label, f.name)
    return (
        label,
        say.period(f.period),
        shown_value(f, say),
        say.known(f"basis_{f.basis}", f.basis),
        say.cites(f.cites),
    )


def _alternative_rows(f: Figure, say: Words) -> list[tuple[str, ...]]:
    here = shown_value(f, say)
    rows: list[tuple[str, ...]] = []
    for x in f.alternatives:
        chosen = say.chosen(x.election, x.choice) + (f" · {', '.join(map(str, x.years))}" if x.years else "")
        rows.append((say.label(f.label, f.name), say.period(f.period), chosen, other_value(x, f, say), here))
    return rows


# --- gains, energy, holdings ------------------------------------------------------------------------------------------


def _months(say: Words) -> list[str]:
    from babel.dates import get_month_names

    names = get_month_names("abbreviated", "stand-alone", say.lang)
    return [names[n].rstrip(".") for n in range(1, 13)]


def _tenge(value: Fraction, lang: str) -> str:
    """Tenge and tiyn of a sum of exact parts: parts are whole tiyn or finer, shown to the tiyn."""
    tiyn = round(value * _TIYN)
    return money(Decimal(tiyn).scaleb(-2), lang)


def _axis(values: Sequence[Fraction | None], lang: str) -> list[str]:
    return [number(Decimal(round(v)), lang) for v in charts.axis(values)]


def _gains(m: Material, say: Words) -> Section:
    if not m.gains:
        return Section("gains", "")
    months = _months(say)
    assets = list(dict.fromkeys(g.asset for g in sorted(m.gains, key=lambda g: g.asset)))
    by = {(g.month, g.asset): g for g in m.gains}
    rows: list[tuple[str, ...]] = []
    sums: list[Fraction | None] = []
    for n, month in enumerate(months, start=1):
        mine = [by[n, a] for a in assets if (n, a) in by]
        if not mine:
            sums.append(None)
            continue
        whole = sum((g.gain for g in mine), Fraction(0))
        sums.append(whole)
        open_ = sum(g.open for g in mine)
        rows.append((month, str(sum(g.parts for g in mine)), _tenge(whole, say.lang), str(open_) if open_ else ""))
    head = (say("col_month"), say("col_disposed"), say("col_gain_kzt"), say("col_open"))
    table = Table(say("report_gains_by_month"), head, rows, frozenset({1, 2, 3}))
    known = [s for s in sums if s is not None]
    svg = charts.bars(months, sums, say("report_gains_by_month"), _axis(sums, say.lang))
    says = say("report_gains_say", count=sum(g.parts for g in m.gains), sum=_tenge(sum(known, Fraction(0)), say.lang))
    per_asset = []
    for asset in assets:
        mine = [g for g in m.gains if g.asset == asset]
        gain = sum((g.gain for g in mine), Fraction(0))
        open_ = sum(g.open for g in mine)
        per_asset.append((asset, str(sum(g.parts for g in mine)), _tenge(gain, say.lang), str(open_) if open_ else ""))
    head2 = (say("col_asset"), say("col_disposed"), say("col_gain_kzt"), say("col_open"))
    blocks: list[Block] = [
        Chart(say("report_gains_by_month"), svg, says, table) if any(sums) else table,  # an empty frame tells nothing
        Table(say("report_gains_by_asset"), head2, per_asset, frozenset({1, 2, 3})),
        Para(say("report_gains_note"), "quiet"),
    ]
    return Section("gains", say("report_gains"), blocks)


def _energy(m: Material, say: Words) -> Section:
    quarters = [f for f in m.result.figures if f.name in (LEVY_ENERGY, LEVY_DUE)]
    if not quarters:
        return Section("energy", "")
    kwh = {f.period: f for f in quarters if f.name == LEVY_ENERGY}
    fee = {f.period: f for f in quarters if f.name == LEVY_DUE}
    periods = sorted(kwh | fee)
    rows = [(say.period(p), *(shown_value(x[p], say) if p in x else "" for x in (kwh, fee))) for p in periods]
    head = (say("col_period"), say("col_energy"), say("col_levy"))
    table = Table(say("report_energy"), head, rows, frozenset({1, 2}))
    values = [_exact(fee.get(p)) for p in periods]
    svg = charts.bars([say.period(p) for p in periods], values, say("report_energy"), _axis(values, say.lang))
    drawn = Chart(say("report_energy"), svg, say("report_energy_say"), table)
    return Section("energy", say("report_energy"), [drawn if any(values) else table])


def _exact(f: Figure | None) -> Fraction | None:
    return None if f is None or f.value is None else Fraction(f.value)


def _holdings(m: Material, say: Words) -> Section:
    if not m.held:
        return Section("holdings", "")
    ends, months = month_ends(m.year), _months(say)
    by: dict[str, dict[date, Held]] = {}
    for h in m.held:
        by.setdefault(h.asset, {})[h.day] = h

    def size(asset: str) -> int:
        return max((h.worth or h.cost or 0) for h in by[asset].values())

    order = sorted(by, key=lambda a: (-size(a), a))
    lang = say.lang
    rows = [
        (_day(h.day, lang), h.asset, _coins(h, lang), *(_tiyn(x, say) for x in (h.cost, h.worth)))
        for asset in order for h in by[asset].values()
    ]  # fmt: skip
    head = (say("col_day"), say("col_asset"), say("col_quantity"), say("report_cost"), say("col_worth"))
    right = frozenset({2, 3, 4})
    table = Table(say("report_holdings"), head, rows, right)
    series = [(a, [whole_tenge(by[a].get(d)) for d in ends]) for a in order[:MOST_SERIES]]
    drawn = [v for _, values in series for v in values]
    svg = charts.lines(months, series, say("report_holdings"), _axis(drawn, lang))
    last = [r for r in rows if r[0] == _day(ends[-1], lang)]
    chart = Chart(say("report_holdings"), svg, say("report_holdings_say"), table)
    blocks: list[Block] = [chart if any(drawn) else table]  # an empty frame would look like nothing held
    if last:
        blocks.insert(
            0,
            Table(
                say("report_holdings_end", day=_day(ends[-1], lang)),
                head[1:],
                [r[1:] for r in last],
                frozenset({1, 2, 3}),
            ),
        )
    return Section("holdings", say("report_holdings"), blocks)


def _coins(h: Held, lang: str) -> str:
    return number(Decimal(format_scaled(h.quantity)), lang)


def whole_tenge(h: Held | None) -> Fraction | None:
    """What was held at a month's end by its quote. Cost is no worth: coins inherited at 0 would fall to nothing."""
    if h is None:
        return Fraction(0)
    return None if h.worth is None else Fraction(h.worth, _TIYN)


def _tiyn(value: int | None, say: Words) -> str:
    return say("report_not_known") if value is None else money(Decimal(value).scaleb(-2), say.lang)


# --- files, duties, questions, notices, why, inputs -------------------------------------------------------------------


def _coverage(m: Material, say: Words) -> Section:
    first, last = date(m.year, 1, 1), date(m.year, 12, 31)
    own = [(i, i.first, i.last) for i in m.result.inputs if i.first is not None and i.last is not None]
    own = [(i, a, b) for i, a, b in own if a <= last and b >= first]
    if not own:
        return Section("coverage", "")
    spans = [(i.file or i.reader, [(a, b)]) for i, a, b in own]
    svg = charts.spans(spans, first, last, say("report_coverage"), _months(say))
    rows = [(i.file or i.reader, _day(a, say.lang), _day(b, say.lang), str(i.rows or "")) for i, a, b in own]
    head = (say("col_file"), say("col_first"), say("col_last"), say("col_rows"))
    table = Table(say("report_coverage"), head, rows, frozenset({3}))
    return Section(
        "coverage", say("report_coverage"), [Chart(say("report_coverage"), svg, say("report_coverage_say"), table)]
    )


def _duty_row(o: Obligation, say: Words) -> tuple[str, ...]:
    due = say("due_unknown") if o.due is None else _day(o.due, say.lang)
    return (
        say.duty(o.name),
        say.period(o.period),
        due,
        shown_amount(o, say),
        say.cites(o.cites),
        say.of(o.why) or say.of(o.note),
    )


def _duties(m: Material, say: Words) -> Section:
    rows = [_duty_row(o, say) for o in m.result.obligations]
    if not rows:
        return Section("duties", "")
    head = (say("col_what"), say("col_period"), say("col_due"), say("col_amount"), say("col_article"), say("col_note"))
    return Section(
        "duties", say("obligations_heading"), [Table(say("obligations_heading"), head, rows, frozenset({3}))]
    )


def _questions(m: Material, say: Words) -> Section:
    rows = [(say.of(q.message), ", ".join(str(s) for s in q.sources[:5])) for q in m.questions]
    if not rows:
        return Section("questions", "")
    head = (say("col_question"), say("col_rows"))
    return Section("questions", say("questions_heading", count=len(rows)), [Table(say("report_questions"), head, rows)])


def _notices(m: Material, say: Words) -> Section:
    rows = []
    findings = m.result.findings
    for f in findings[:MOST_FINDINGS]:
        kind = say.known(f"report_{f.severity}", f.severity)
        rows.append(
            (kind, say.of(f.message), _places(f, say), shown_decimals(f.amount or "", say.lang), say.cites(f.cites))
        )
    if not rows:
        return Section("notices", "")
    head = (say("col_severity"), say("col_finding"), say("col_rows"), say("col_amount"), say("col_article"))
    blocks: list[Block] = [Table(say("findings_heading"), head, rows, frozenset({3}))]
    if len(findings) > MOST_FINDINGS:
        blocks.append(Para(say("report_more_notices", count=len(findings) - MOST_FINDINGS), "quiet"))
    return Section("notices", say("findings_heading"), blocks)


def _places(f: Finding, say: Words) -> str:
    """The first rows that it is about, and how many more there are."""
    more = len(f.records) - MOST_PLACES
    told = ", ".join(map(say.period, f.records[:MOST_PLACES]))
    return f"{told} {say('more_places', count=more)}" if more > 0 else told


def _explained(m: Material, say: Words) -> Section:
    blocks: list[Block] = []
    for f in m.result.figures:
        if f.status != "not_applicable" and m.result.explainer is not None:
            blocks.append(Tree(tree(m.result.explain(f.name, f.period), say, f.period)))
    return Section("why", say("report_why"), blocks)


def _inputs(m: Material, say: Words) -> Section:
    a: Assessment = m.result
    rows = [_input_row(i, say) for i in a.inputs]
    head = (say("col_file"), say("col_reader"), say("col_first"), say("col_last"), say("col_rows"), "SHA-256")
    blocks: list[Block] = [Table(say("report_inputs"), head, rows, frozenset({4}))] if rows else []
    r = a.rows
    blocks.append(Para(say("rows_sum", read=r.read, used=r.used, ignored=r.ignored, rejected=r.rejected)))
    chosen = [
        (say.chosen(c.election, c.choice), say("report_stated" if c.stated else "report_default")) for c in a.choices
    ]
    if chosen:
        blocks.append(Table(say("report_choices"), (say("col_choice"), say("col_stated")), chosen))
    return Section("inputs", say("report_inputs"), blocks)


def _input_row(i: Input, say: Words) -> tuple[str, ...]:
    days = ["" if day is None else _day(day, say.lang) for day in (i.first, i.last)]
    return (
        i.file or i.reader,
        reader_title(i.reader, say.lang),
        *days,
        "" if i.rows is None else str(i.rows),
        i.sha256[:16],
    )
