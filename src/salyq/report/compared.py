"""A population under a reform as a document: what is due, who pays less and more, by income, region and kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salyq.civil.regions import unit_of
from salyq.law import shipped
from salyq.law.named import PAYMENT
from salyq.population.compare import Comparison, Group
from salyq.present.amounts import money, number
from salyq.present.words import Words
from salyq.report import charts
from salyq.report.blocks import Block, Chart, Document, Para, Section, Table

MILLION = 10**8  # tiyn


def compared_document(c: Comparison, lang: str) -> Document:
    """What HTML shows of a comparison."""
    say = Words(lang, shipped().acts)
    title = say.label(c.reform.title, c.reform.file)
    facts = [
        (say("compared_reform"), title),
        (say("compared_file"), f"{c.reform.file} · {c.reform.sha256[:16]}"),
        (say("compared_year"), str(c.year)),
        (say("report_fingerprint"), c.law.removeprefix("sha256:")[:16]),
        (say("compared_changes"), ", ".join(c.reform.names)),
    ]
    sections = [
        _revenue(c, say),
        _groups("deciles", c.deciles, say, lambda key: say("compared_no_income") if key == "0" else key),
        _groups("regions", c.regions, say, lambda key: _region(key, c.year, say)),
        _groups("kinds", c.kinds, say, lambda key: say.known(f"person_kind_{key}", key)),
    ]
    if c.levy:
        sections.append(_levy(c, say))
    stamp = f"{c.year} · {c.law.removeprefix('sha256:')[:16]} · {c.reform.sha256[:16]}"
    return Document(lang, say("compared_title", title=title), facts, stamp, sections, say("report_contents"))


def _region(code: str, year: int, say: Words) -> str:
    if not code:
        return say("compared_no_region")
    place = unit_of(code, date(year, 12, 31)) or unit_of(code)
    return code if place is None else place.name[say.lang]


def _revenue(c: Comparison, say: Words) -> Section:
    w = c.whole
    blocks: list[Block] = [
        Para(
            say("compared_whole", persons=_count(w.persons, say), less=_count(w.less, say), more=_count(w.more, say),
                same=_count(w.same, say)),
            "strong",
        )
    ]  # fmt: skip
    if c.unknown or c.rejected:
        params = {"unknown": _count(c.unknown, say), "rejected": _count(c.rejected, say)}
        blocks.append(Para(say("compared_not_compared", **params), "warning"))
    rows = [(_due(d, say), *_amounts(before, after, say)) for d, (before, after) in c.duties.items()]
    rows.append((say("compared_all"), *_amounts(w.before, w.after, say)))
    head = (say("col_what"), say("compared_before"), say("compared_after"), say("compared_difference"))
    blocks.append(Table(say("compared_revenue"), head, rows, frozenset({1, 2, 3}), last=True))
    return Section("revenue", say("compared_revenue"), blocks)


def _groups(key: str, groups: Sequence[Group], say: Words, name: Callable[[str], str]) -> Section:
    """A chart of the difference of each group, and the table behind it."""
    title = say(f"compared_{key}")
    head = (
        say(f"compared_{key}_one"), say("compared_persons"), say("compared_less"), say("compared_more"),
        say("compared_before"), say("compared_after"), say("compared_difference"),
    )  # fmt: skip
    rows = [
        (
            name(g.key),
            _count(g.persons, say),
            _count(g.less, say),
            _count(g.more, say),
            *_amounts(g.before, g.after, say),
        )
        for g in groups
    ]
    table = Table(title, head, rows, frozenset(range(1, 7)))
    labels = [
        str(n) if key == "regions" else g.key if key == "deciles" else name(g.key) for n, g in enumerate(groups, 1)
    ]
    values: list[Fraction | None] = [Fraction(g.difference, MILLION) for g in groups]
    ticks = [_tick(v, say) for v in charts.axis(values)]
    svg = charts.bars(labels, values, title, ticks)
    says = say("compared_says", what=title)
    if key == "regions":
        says += ". " + say("compared_numbered")
    blocks: list[Block] = [Chart(title, svg, says, table)]
    if key == "deciles":
        blocks.append(Para(say("compared_ranked"), "quiet"))
    return Section(key, title, blocks)


def _levy(c: Comparison, say: Words) -> Section:
    head = (say("compared_regions_one"), say("compared_before"), say("compared_after"), say("compared_difference"))
    rows = [(_region(r, c.year, say), *_amounts(before, after, say)) for r, (before, after) in c.levy.items()]
    title = say("compared_levy")
    return Section("levy", title, [Table(title, head, rows, frozenset({1, 2, 3}))])


def _due(name: str, say: Words) -> str:
    return say.duty(name) if name.endswith(PAYMENT) else say.label(shipped().labels.get(name), name)


def _amounts(before: int, after: int, say: Words) -> tuple[str, str, str]:
    """What is due before and after, and the difference with its sign."""
    difference = money(Decimal(after - before).scaleb(-2), say.lang)
    sign = "+" if after > before else ""
    return money(Decimal(before).scaleb(-2), say.lang), money(Decimal(after).scaleb(-2), say.lang), sign + difference


def _count(n: int, say: Words) -> str:
    return number(Decimal(n), say.lang)


def _tick(value: Fraction, say: Words) -> str:
    return number(Decimal(value.numerator) / Decimal(value.denominator), say.lang)
