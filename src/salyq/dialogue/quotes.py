"""Quotes and rates that figures needed and did not find: one question for each currency or asset and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from salyq.civil.messages import Message
from salyq.facts.world import World
from salyq.reconcile.model import Question
from salyq.records.model import Source
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Missing, Unknown

VALUES, RATES = "asset_values", "exchange_rates"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One quote that is not there: `table` asset_values | exchange_rates, `kind` as a row of that table has it. `days`:
    the day, or first and last day of the year of a mean. `for_year`: the year whose figures need it."""

    table: str
    kind: str
    name: str
    first: date
    last: date
    for_year: int
    sources: tuple[Source, ...]


def wanted(worlds: Iterable[World]) -> list[Wanted]:
    """Everything that some figure of these years needed and did not find, by name and day."""
    found: dict[Wanted, list[Source]] = defaultdict(list)
    for world in worlds:
        for fact, sources in _facts(world).items():
            one = _wanted(fact, world.year_number)
            if one is not None:
                found[one] += sources
    own = [
        Wanted(w.table, w.kind, w.name, w.first, w.last, w.for_year, tuple(dict.fromkeys(sources)))
        for w, sources in found.items()
    ]
    return sorted(own, key=lambda w: (w.table, w.kind, w.name, w.first, w.for_year))


def ask_quotes(found: Sequence[Wanted]) -> list[Question]:
    """One question for each table, kind and name; its year is the first that needs one."""
    groups: dict[tuple[str, str, str], list[Wanted]] = defaultdict(list)
    for one in found:
        groups[one.table, one.kind, one.name].append(one)
    return [_question(own) for own in groups.values()]


def _question(own: Sequence[Wanted]) -> Question:
    first = own[0]
    days = sorted({w.first for w in own} | {w.last for w in own})
    sort = "value" if first.table == VALUES else "rate"
    params = {
        "what": Message(f"quote_{first.kind}_{sort}"),
        "asset": first.name,
        "count": len({(w.first, w.last) for w in own}),
        "first": days[0].isoformat(),
        "last": days[-1].isoformat(),
        "kind": first.kind,
        "table": first.table,
    }
    sources = tuple(dict.fromkeys(s for w in own for s in w.sources))
    year = min(w.for_year for w in own)
    code = "missing_quotes" if len(days) > 1 else "missing_quotes_day"
    return Question("missing_quotes", "warning", Message(code, params), sources[:5], first.name, year=year)


def _facts(world: World) -> dict[Missing, list[Source]]:
    found: dict[Missing, list[Source]] = defaultdict(list)
    for scope, value in _asked(world):
        if type(value) is Unknown:
            source = _source(world, scope)
            for fact in value.missing:
                if fact.code.startswith(("missing_quote", "year_mean")):
                    found[fact] += [source] if source is not None else []
    return found


def _asked(world: World) -> Iterator[tuple[Scope, Any]]:
    """Rules of rows that quotes are needed for, where they lack something; then the figures of the year, for what no
    row has told: where each is asked, and what it says."""
    from salyq.assessing.figures import names, not_covered, scopes, subjects

    regime = world.regime
    of_rows = {"disposals": regime.gain, "payouts": regime.mined_value}
    for rows, rule in of_rows.items():
        if rule is not None:
            asked = world.rows[rows].rows
            for n, value in enumerate(world.evaluator.every(rule, asked)):
                if type(value) is Unknown:
                    yield asked[n], value
    for subject in subjects(world):
        if not not_covered(world, subject):
            for name in names(world, subject):
                for scope in scopes(world, world.graph.law.rules[name][0].per):
                    yield scope, world.evaluator.value(name, scope)


def _source(world: World, scope: Scope) -> Source | None:
    """The row of an acquisition, or of a disposal's sale; a period has none."""
    event = world.event_of.get(id(scope.refs.get("sale", scope)))
    return None if event is None else event.record.source


def _wanted(fact: Missing, year: int) -> Wanted | None:
    p = {k: str(v) for k, v in fact.params if not isinstance(v, Missing)}
    if fact.code == "missing_quote":
        day = date.fromisoformat(p["day"])
        return Wanted(p["table"], p["kind"], p["asset"], day, day, year, ())
    if "asset" in p and "year" in p:
        of = int(p["year"])
        return Wanted(RATES, "year_mean", p["asset"], date(of, 1, 1), date(of, 12, 31), year, ())
    return None
