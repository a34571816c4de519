"""The quarters of a year: meter readings, sales and earnings of each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from salyq.civil.days import period_days
from salyq.facts.energy import reading_rows
from salyq.facts.events import SomeEvents
from salyq.facts.lacking import incomplete_rows, uncovered
from salyq.facts.stated import of_table
from salyq.law.facts import Quarter
from salyq.rulebook.evaluate import RowSet, Scope
from salyq.rulebook.states import Missing
from salyq.rulebook.stored import Some

if TYPE_CHECKING:
    from salyq.facts.world import World

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def quarter_scopes(world: World, incomplete: dict[str, frozenset[Missing]]) -> list[Scope]:
    """The scopes of the quarters, of a world whose sales and earnings stand; `incomplete`: what its rows lack."""
    pieces = list(reading_rows(world.meters.readings, world.person, world.year_number, world.fee_changes))
    found: list[Scope] = []
    for q in QUARTERS:
        period = f"{world.year_number}-{q}"
        first, last = period_days(period)
        row = Quarter.given(
            quarter_end=last,
            **of_table(Quarter, "turnover", world.person.turnovers.get(period, {})),
            simplified=False,
        )
        scope = Scope("quarter", row, world.year, group=period)
        readings = [Scope("reading", row, scope, place=place) for row, place in pieces if first <= row.day <= last]
        own = world.events.between(first, last)
        sales = Some(
            world.sold_rows, range(*[bisect_left(world.sold.fills.first, key) for key in (own.start, own.stop)])
        )
        rejected = incomplete_rows(world, first, last).get("readings", frozenset())
        lacking = rejected | uncovered(world, period, bool(readings))
        scope.rows = {
            "readings": RowSet(readings, lacking, adds=True),
            "quarter_sales": RowSet(sales, incomplete.get("disposals", frozenset())),
            "own_mined_sales": RowSet([]),
            "quarter_earnings": RowSet(
                _among(world.rows["earnings"].rows, own, first, last),
                incomplete.get("earnings", frozenset()),
            ),
        }
        found.append(scope)
    return found


def _among(rows: Sequence[Scope], keys: range, first: date, last: date) -> Sequence[Scope]:
    """The acquisitions of a span of days, whose movements have these keys."""
    if not isinstance(rows, Some):
        return [s for s in rows if first <= s.given.day <= last]
    items = rows.stored.items
    assert isinstance(items, SomeEvents)
    return Some(rows.stored, [n for n in rows.numbers if items.keys[n] in keys])
