"""A sole proprietor's business beside the person's own coins: half-years of the simplified declaration, and the rest
under the general regime as a world of its own that walks as a company (semantics 35)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from salyq.civil.days import period_days
from salyq.facts.events import Event
from salyq.law.regimes import SIMPLIFIED
from salyq.law.small_business.facts import Half
from salyq.rulebook.evaluate import RowSet, Scope

if TYPE_CHECKING:
    from salyq.facts.world import World

GENERAL = ("disposals", "expenses", "receipts", "derivatives", "fee_disposals", "selling_fees", "earnings")
FIRST_HALF = 6  # its last month


def halves_of(year: int) -> list[tuple[str, date, date]]:
    """(period, first day, last day) of the half-years of a year."""
    return [(name, *period_days(name)) for name in (f"{year}-H1", f"{year}-H2")]


def add_business(world: World, business: World) -> None:
    """Gives the world its half-years and its business, which is a world of the same year. What came from mining is
    always the business's income; what the simplified declaration taxes is no income of the general regime."""
    world.business = business
    world.refs["business"] = business.year
    mined = [world.acquisition(e) for e in _mined(world)] + list(business.rows["payouts"].rows)
    for name, first, last in halves_of(world.year_number):
        world.halves.append(_half(world, business, name, first, last, mined))
    for name, rows in {"payouts": mined, **{n: business.rows[n].rows for n in GENERAL}}.items():
        found = [s for s in rows if not _simplified(world, s.given.day)]
        business.rows[name] = RowSet(found, world.rows[name].incomplete, no_least=business.rows[name].no_least)
    for quarter, own in zip(world.quarters, business.quarters, strict=True):
        private = quarter.rows["quarter_sales"]
        outside = RowSet([s for s in private.rows if _of_mined_coins(world, s)], private.incomplete)
        taken = {name: own.rows[name] for name in ("quarter_sales", "quarter_earnings")}
        quarter.rows = {**quarter.rows, **taken, "own_mined_sales": outside}
        quarter.given.simplified = _simplified(world, quarter.given.quarter_end)
    world.year.given.does_business = any(business.rows[n].rows for n in ("payouts", *GENERAL))


def _half(world: World, business: World, name: str, first: date, last: date, mined: list[Scope]) -> Scope:
    payouts = [p for p in mined if first <= p.given.day <= last]
    sales = [d for d in business.rows["disposals"].rows if first <= d.given.day <= last]
    person = world.person
    regime = person.regime_on(last) or "general"
    stated = world.year.given
    contributed = stated.social_contributions_h2 if world.halves else stated.social_contributions_h1
    row = Half.given(
        half_end=last,
        regime=regime,
        subtype_i=person.full_mining_licence_on(last),
        mines_in_half=bool(payouts),
        half_turnover=sum(
            sum(t.values()) for period, t in person.turnovers.items() if first <= period_days(period)[1] <= last
        ),
        local_rate=person.regime_rate_on(last),
        social_contributions=contributed,
        second=bool(world.halves),
    )
    earned = [e for e in business.rows["earnings"].rows if first <= e.given.day <= last]
    rows = {
        "half_earnings": RowSet(earned, world.rows["earnings"].incomplete),
        "half_payouts": RowSet(payouts, world.rows["payouts"].incomplete),
        "half_disposals": RowSet(sales, world.rows["disposals"].incomplete),
    }
    refs = {"first_half": world.halves[0]} if world.halves else {}
    return Scope("half", row, world.year, group=name, rows=rows, refs=refs)


def _of_mined_coins(world: World, sale: Scope) -> bool:
    """Did a sale use coins from mining: a lot of them, a moving average that holds some, or lots in doubt, which any
    coin may be?"""
    if sale.given.asset in world.unsure:
        return True
    lots = [m.refs["lot"] for m in world.matches[world.event_of[id(sale)].key] if "lot" in m.refs]
    if any(lot.given.pool for lot in lots):
        events, keys = world.events, world.queues.keys.get(sale.given.asset, ())
        return any(events.acquisition[key] and events.kind[key] == "mined" for key in keys)
    return any(lot.given.kind == "mined" for lot in lots)


def _mined(world: World) -> list[Event]:
    own = world.events.made(world.events.of_year(world.year_number))
    return [e for e in own if e.acquisition and e.kind == "mined"]


def _simplified(world: World, day: date) -> bool:
    """Is the day in a half-year of the simplified declaration?"""
    half = world.halves[day.month > FIRST_HALF]
    return world.evaluator.value(SIMPLIFIED, half) is True
