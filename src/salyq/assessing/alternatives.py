"""What every figure would be under the choices not taken; only what hangs on a choice is computed again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from salyq.assessing.figures import Value, subjects, values
from salyq.assessing.result import Alternative, Figure, Finding
from salyq.civil.messages import Message
from salyq.facts.choices import Choices, short
from salyq.facts.taken import Parts
from salyq.facts.world import World
from salyq.law.named import applies, not_covered
from salyq.rulebook.evaluate import Variant
from salyq.rulebook.scopes import Scope
from salyq.rulebook.stored import Joined, Some

UNTOLD = ("specific",)  # choices that mean nothing without more facts, so no alternative is computed for them
DIVIDED = ("disposals", "fee_disposals")  # rows that are other where sales are treated otherwise
MANY = 50_000  # movements: beyond so many, choices of earlier years that nobody stated are said and not computed
Whole = Callable[[Mapping[str, str]], Sequence[Figure]]  # all figures under other settings, from the start


def with_alternatives(world: World, settings: Mapping[str, str], found: list[Figure], whole: Whole) -> list[Figure]:
    """Each figure with the value that every other choice would give it, where it differs (architecture §4.6). `whole`
    is asked where a choice reaches further than rules and lots."""
    others: dict[tuple[str, str], list[Alternative]] = {}
    for full, years_asked in sorted(asked(world).items()):
        for choice, years in _others(world, full, years_asked):
            chosen = {**settings, short(full): choice}
            theirs = _under(world, full, chosen)
            if theirs is None:
                theirs = {(f.name, f.period): Value(f.value, f.status, f.bounds) for f in whole(chosen)}
            for mine in found:
                other = theirs.get((mine.name, mine.period))
                if other is not None and other != (mine.value, mine.status, mine.bounds):
                    own = () if years == (world.year_number,) else years
                    alternative = Alternative(short(full), choice, other.value, other.bounds, own)
                    others.setdefault((mine.name, mine.period), []).append(alternative)
    return [_extended(f, others.get((f.name, f.period), ())) for f in found]


def _extended(figure: Figure, alternatives: Sequence[Alternative]) -> Figure:
    return replace(figure, alternatives=tuple(alternatives)) if alternatives else figure


def asked(world: World) -> dict[str, set[int]]:
    """Elections that law really asked about, with the years it asked for; and how lots leave, where any left."""
    found: dict[str, set[int]] = {}
    for full, _, year in world.evaluator.elected:
        found.setdefault(full, set()).add(year)
    left = world.events.years_left()
    if world.year_number in left:
        found.setdefault(world.regime.lot_method, set()).update(left)
    return found


def earlier_choices(world: World, found: Sequence[Figure]) -> list[Finding]:
    """Says which choices of earlier years change this year's figures (they stand among the alternatives)."""
    year = world.year_number
    said: dict[tuple[str, str, tuple[int, ...]], None] = {}
    for f in found:
        for a in f.alternatives:
            own = tuple(y for y in a.years if y < year)
            if own:
                said[a.election, a.choice, own] = None
    told = [
        Message("earlier_choice", {"election": name, "choice": choice, "years": ", ".join(map(str, years))})
        for name, choice, years in said
    ]
    if len(world.events) > MANY:
        told += _not_computed(world)
    return [Finding(m.code, "notice", m) for m in told]


def _not_computed(world: World) -> list[Message]:
    """Choices that were open in an earlier year alone and that so many rows leave uncomputed."""
    found: list[Message] = []
    for full, years_asked in sorted(asked(world).items()):
        earlier = sorted(y for y in years_asked if y < world.year_number)
        if _others(world, full, {world.year_number}) or world.choices.stated(short(full), world.year_number):
            continue
        open_ = [y for y in earlier if world.choices.others(full, date(y, 12, 31))]
        if open_:
            params = {"election": short(full), "years": ", ".join(map(str, open_))}
            found.append(Message("earlier_choice_not_computed", params))
    return found


def _others(world: World, full: str, asked: set[int]) -> list[tuple[str, tuple[int, ...]]]:
    """The choices not taken in this year or an earlier one that law asked about, each with those years."""
    found: dict[str, list[int]] = {}
    for year in sorted({y for y in asked if y < world.year_number} | {world.year_number}, reverse=True):
        stated = world.choices.stated(short(full), year) is not None
        if year < world.year_number and not stated and len(world.events) > MANY and not found:
            continue
        for choice in world.choices.others(full, date(year, 12, 31)):
            if choice not in UNTOLD:
                found.setdefault(choice, []).append(year)
    return [(choice, tuple(sorted(years))) for choice, years in found.items()]


def _under(world: World, full: str, settings: Mapping[str, str]) -> dict[tuple[str, str], Value] | None:
    """The figures that hang on a choice, as they are under it; None where it reaches what no rule tells."""
    graph, regime = world.graph, world.regime
    by_lots = full == regime.lot_method
    asking = graph.hanging_on(elections=[full])
    divides = by_lots or regime.treatment in asking
    anew = asking | (graph.hanging_on(rows=DIVIDED) if divides else frozenset())
    if _reaches_further(world, anew if not by_lots else asking, anew):
        return None
    choices = Choices(graph, world.person, settings)
    variant = Variant(world.evaluator, choices, anew)
    before = {name: world.rows[name] for name in DIVIDED}
    try:
        if divides:
            other = world.with_choices(choices) if by_lots else world
            taxed, fees = _divided(world, other, variant)
            for name, rows in zip(DIVIDED, (taxed, fees), strict=True):
                world.rows[name] = before[name]._replace(rows=rows)
        return values(world, variant, anew)
    finally:
        world.rows.update(before)
        variant.close()


def _divided(world: World, other: World, variant: Variant) -> tuple[Sequence[Scope], Sequence[Scope]]:
    """(disposals that count, fees that are no sale) under the other choice; of sales that are treated as before, the
    disposals that are there."""
    treated = other.treated(variant)
    if other is not world:
        return other.of_parts(other.divided(treated))
    sale = list(world.taken.sale)
    changed = {sale[n] for n, (a, b) in enumerate(zip(treated, world.treatments, strict=True)) if a != b}
    parts = world.parts.items
    assert isinstance(parts, Parts)
    found: list[Sequence[Scope]] = []
    for had, anew in zip(world.of_parts(world.parts), world.of_parts(world.divided(treated, changed)), strict=True):
        kept = [n for n in had.numbers if parts.sale[n] not in changed]
        found.append(Joined([Some(world.parts, kept), anew]))
    return found[0], found[1]


def _reaches_further(world: World, asking: frozenset[str], anew: frozenset[str]) -> bool:
    """Whether the choice decides more than rules of rows and periods: whom a tax concerns, what pools of coins cost,
    or how much was in arrears."""
    law, regime = world.graph.law, world.regime
    taxes = subjects(world)
    if any(name in anew for subject in taxes for name in (applies(subject), not_covered(subject))):
        return True
    pooled = "average" in world.methods.values()
    if pooled and any(
        name in asking for name in (regime.cost, regime.tenge_cost, regime.lot_class, regime.mined_value)
    ):
        return True
    owed = {str(v.extra.get("amount")) for versions in law.rules.values() for v in versions if v.role == "duty"}
    return bool(world.case.ledger.payments) and bool(owed & anew)
