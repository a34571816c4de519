"""What a year's rows lack: rows and files that could not be read, and power that no meter told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from salyq.civil.days import kz_day, period_days
from salyq.facts.case import Case
from salyq.facts.coverage import NO_COINS, NO_READINGS, NOTHING_TOLD, coin_days, metered_in, own_power, year_days
from salyq.records.reading import Rejection, Yields
from salyq.rulebook.scopes import RowSet, Scope
from salyq.rulebook.states import Missing, missing

if TYPE_CHECKING:
    from salyq.facts.world import World

RECORD_ROWS = (
    *("disposals", "sales", "payouts", "receipts", "derivatives", "fee_disposals", "selling_fees"),
    "earnings",
)
TOUCHES: dict[Yields, tuple[str, ...]] = {
    Yields.RECORDS: RECORD_ROWS,
    Yields.ENERGY: ("readings",),
    Yields.EXPENSES: ("expenses",),
    Yields.PAYMENTS: ("overdue",),
    Yields.PAYOUTS: ("payouts", "disposals", "fee_disposals"),
}  # rows that a rejected row could belong to, by what its table yields


def uncovered(world: World, period: str, measured: bool) -> frozenset[Missing]:
    """Why the readings of a quarter do not tell all the power used in it (semantics 39)."""
    facts = [
        missing(f.code, meter=f.name or "-", start=kz_day(f.start), end=kz_day(f.end), place=f.source.place)
        for f in world.meters.faults
        if period in f.quarters()
    ]
    first, last = period_days(period)
    if not measured and any(first <= p.given.day <= last for p in world.rows["payouts"].rows):
        facts.append(missing(NO_READINGS, period=period))
    elif world.person.mines_under_licence(first, last) and not metered_in(world.meters.readings, first, last):
        facts.append(missing("licence_without_readings", period=period))
    return frozenset(facts)


def coins_untold(world: World) -> frozenset[Missing]:
    """Why the year's payouts do not tell what was mined: own machines used power, and no coin came (nor a row saying
    that none did); or a licence was in force, no meter says that it was not used, and no row of any year tells of a
    coin."""
    year, ledger = world.year_number, world.case.ledger
    years = {day.year for day, _ in coin_days(ledger)}
    if year in years:
        return frozenset()
    if own_power(ledger.energy, year):
        return frozenset({missing(NO_COINS, year=year)})
    days = year_days(year)
    idle = years or metered_in(world.meters.readings, *days) or not world.person.mines_under_licence(*days)
    return frozenset() if idle else frozenset({missing(NOTHING_TOLD, year=year)})


def told_payouts(rows: RowSet, untold: frozenset[Missing]) -> RowSet:
    """Payouts of a year in which some are not told: they can only add."""
    return RowSet(rows.rows, rows.incomplete | untold, adds=not rows.incomplete) if untold else rows


def incomplete_rows(world: World, first: date | None = None, last: date | None = None) -> dict[str, frozenset[Missing]]:
    """Rejected rows of this year (or from `first` to `last`), by the rows they could have been (semantics 5); and
    files that nobody read, where nothing else was."""
    first, last = first or date(world.year_number, 1, 1), last or world.last_day
    found: dict[str, set[Missing]] = defaultdict(set)
    if nothing_read(world.case) and world.case.reading.unread:
        fact = missing("nothing_read", files=", ".join(source.file for source, _ in world.case.reading.unread[:5]))
        for name in RECORD_ROWS:
            found[name].add(fact)
    for report in world.case.reading.files:
        for rejection in report.rejected:
            names = {name for what in report.yields for name in TOUCHES.get(what, ())}
            for name in names if rejection.could_be_in(first, last) else ():
                found[name].add(_rejected(rejection))
    return {name: frozenset(facts) for name, facts in found.items()}


def _rejected(rejection: Rejection) -> Missing:
    return missing("row_rejected", place=str(rejection.source))


def carried_over(world: World) -> dict[str, frozenset[Missing]]:
    """Assets that left in this year, whose lots a rejected row of an earlier year could have moved (semantics 5): what
    was sold is known, what it had cost is not."""
    found: dict[str, set[Missing]] = defaultdict(set)
    first = date(world.year_number, 1, 1)
    for report in world.case.reading.files:
        if not any("disposals" in TOUCHES.get(what, ()) for what in report.yields):
            continue
        for rejection in report.rejected:
            if rejection.days is None or rejection.days[1] >= first:
                continue
            for asset in _sold(world):
                if rejection.assets is None or asset in rejection.assets:
                    found[asset].add(_rejected(rejection))
    return {asset: frozenset(found[asset]) for asset in sorted(found)}


def sold_rows(world: World, rows: Sequence[Scope], untold: frozenset[Missing]) -> RowSet:
    """Disposals of the year. Where lots are in doubt a business may have lost on them, more than anybody can say."""
    return RowSet(rows, untold, no_least=bool(world.unsure) and world.regime.books)


def _sold(world: World) -> frozenset[str]:
    """Assets that left in this year."""
    events = world.events
    return frozenset(events.asset[key] for key in events.of_year(world.year_number) if not events.acquisition[key])


def nothing_read(case: Case) -> bool:
    """Whether no file of the case told a row of what happened."""
    return not any(f.event and f.read for f in case.reading.files)
