"""What meters leave out or tell twice (semantics 39), and accounts that fall silent (semantics 40)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from salyq.civil.days import kz_day, kz_midnight, period_days, quarter, zone
from salyq.civil.messages import Message
from salyq.reconcile.model import Ledger, Question
from salyq.records.model import EnergyReading, Source
from salyq.records.person import Person
from salyq.records.table import Records

GAP, OVERLAP = "meter_gap", "meter_overlap"
NO_READINGS = "fee_without_readings"  # of a quarter in which coins were mined
LICENSED, NO_COINS = "licence_without_readings", "power_without_coins"
NOTHING_TOLD = "licence_without_coins"  # nor readings
OF_MINING = (GAP, OVERLAP, LICENSED, NO_COINS, NOTHING_TOLD)  # what is asked of a year's meters and coins
SLACK = timedelta(minutes=1)  # clocks of meters and ends written as 23:59:59 are no gaps
SILENCE = timedelta(days=60)
BUSY, BUSY_DAYS = timedelta(days=30), 3  # so many days with events in the month next to a silence: a busy period
_INSTANT, _DAY = timedelta(microseconds=1), timedelta(days=1)


class Fault(NamedTuple):
    """A stretch of time that a meter leaves out (GAP) or tells more than once (OVERLAP). `to_end`: the rest of a
    quarter after the meter's last reading."""

    code: str
    meter: str  # "" where readings name none
    site: str
    start: datetime
    end: datetime
    source: Source
    to_end: bool = False

    @property
    def name(self) -> str:
        return " ".join(x for x in (self.site, self.meter) if x)

    def quarters(self) -> set[str]:
        """The quarters it lies in."""
        found: set[str] = set()
        day, last = kz_day(self.start), kz_day(self.end - _INSTANT)
        while day <= last:
            found.add(quarter(day))
            day = period_days(quarter(day))[1] + _DAY
        return found


class Meters(NamedTuple):
    """Readings of which no time is told twice, in their own order, and what is wrong with all of them."""

    readings: tuple[EnergyReading, ...]
    faults: tuple[Fault, ...]


def meters(readings: Sequence[EnergyReading]) -> Meters:
    """Looks at each meter by itself: from its first to its last day, and on to the end of its last quarter.

    Readings that name no meter are one meter's, but for those of another kind of supply, which may run beside them."""
    by_meter: dict[tuple[str, str], list[EnergyReading]] = defaultdict(list)
    by_supply: dict[tuple[object, ...], list[EnergyReading]] = defaultdict(list)
    for r in sorted(readings, key=lambda r: (r.start, r.kwh or 0, r.end, r.source.file, r.source.line)):
        key = (r.site or "", r.meter or "")
        by_meter[key].append(r)
        supply = () if r.meter else (r.own_plant, r.renewable, r.grid_connected, r.hosted)
        by_supply[*key, *supply].append(r)
    dropped: set[int] = set()
    faults = [f for own in by_supply.values() for f in _overlaps(own, dropped)]
    faults += [f for own in by_meter.values() for f in _gaps(own)]
    return Meters(tuple(r for r in readings if id(r) not in dropped), tuple(sorted(faults)))


def ask_mining(
    person: Person, readings: Sequence[EnergyReading], coins: Iterable[tuple[date, Source]], years: Iterable[int]
) -> list[Question]:
    """What meters and coins leave open between them, by year: a mining licence in force in quarters without a reading;
    power of own machines in a year in which no coin came; neither readings in a year nor coins in any. `coins`: the
    days that say what was mined (`coin_days`); `years`: of which the case tells anything, beside those of readings."""
    mined = {day.year for day, _ in coins}
    found: list[Question] = []
    for year in sorted({kz_day(r.start).year for r in readings}.union(years)):
        own = [r for r in readings if kz_day(r.start).year == year]
        quarters = [f"{year}-Q{n}" for n in range(1, 5)]
        silent = [
            q
            for q in quarters
            if person.mines_under_licence(*period_days(q)) and not metered_in(readings, *period_days(q))
        ]
        if silent:
            message = Message(LICENSED, {"period": ", ".join(silent)})
            told = own[-1].source if own else Source(PurePath(person.file).name, 0)
            found.append(Question(LICENSED, "warning", message, (told,), year=year))
        used = own_power(own, year)
        if used and year not in mined:
            message = Message(NO_COINS, {"year": year})
            found.append(Question(NO_COINS, "warning", message, (used[0].source,), year=year))
        if silent and not mined and not metered_in(readings, *year_days(year)):
            message = Message(NOTHING_TOLD, {"year": year})
            found.append(Question(NOTHING_TOLD, "warning", message, (told,), year=year))
    return found


def own_power(readings: Iterable[EnergyReading], year: int) -> list[EnergyReading]:
    """Readings of a year that tell of power of the person's own machines."""
    return [r for r in readings if kz_day(r.start).year == year and not r.hosted and r.kwh != 0]


def coin_days(ledger: Ledger) -> Iterator[tuple[date, Source]]:
    """The days that say what was mined: coins came, or a row of payouts says that none did (a quantity of 0)."""
    mined = ledger.records.of_kinds("mined")
    yield from ((r.day, r.source) for r in ledger.records.some(mined))
    yield from ((p.day, p.source) for p in ledger.payouts if not p.quantity)


def told_years(ledger: Ledger) -> set[int]:
    """The years of which records, payouts or expenses tell."""
    return ledger.records.years() | {p.day.year for p in ledger.payouts} | {e.day.year for e in ledger.expenses}


def year_days(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def metered_in(readings: Iterable[EnergyReading], first: date, last: date) -> bool:
    """Whether a reading tells of any time from `first` to `last`."""
    start, end = kz_midnight(first), kz_midnight(last + _DAY)
    return any(r.start < end and r.end > start for r in readings)


def _overlaps(own: Sequence[EnergyReading], dropped: set[int]) -> Iterator[Fault]:
    """Of readings in the order of their starts; each that tells a time again is `dropped` (by identity)."""
    last = own[0]
    for r in own[1:]:
        if last.end - r.start > SLACK:
            dropped.add(id(r))
            yield Fault(OVERLAP, *_names(r), r.start, min(last.end, r.end), r.source)
        else:
            last = r


def _gaps(own: Sequence[EnergyReading]) -> Iterator[Fault]:
    """Of readings in the order of their starts."""
    last = own[0]
    for r in own[1:]:
        if r.start - last.end > SLACK:
            yield Fault(GAP, *_names(r), last.end, r.start, r.source)
        if r.end > last.end:
            last = r
    end = kz_midnight(period_days(quarter(kz_day(last.end - _INSTANT)))[1] + _DAY)
    if end - last.end > SLACK:
        yield Fault(GAP, *_names(last), last.end, end, last.source, to_end=True)


def _names(r: EnergyReading) -> tuple[str, str]:
    return r.meter or "", r.site or ""


def ask_meters(found: Meters) -> list[Question]:
    """One question for each meter, kind of fault and year: the first stretch of time, and how many there are."""
    groups: dict[tuple[str, str, int], list[Fault]] = defaultdict(list)
    for fault in found.faults:
        for year in sorted({int(q[:4]) for q in fault.quarters()}):
            groups[fault.code, fault.name, year].append(fault)
    return [
        Question(
            code, "warning", _told(code, own), tuple(dict.fromkeys(f.source for f in own))[:5], asset=meter or None,
            year=year,
        )
        for (code, meter, year), own in sorted(groups.items())
    ]  # fmt: skip


def _told(code: str, own: Sequence[Fault]) -> Message:
    first = min(own)
    params = {
        "meter": first.name or "-",
        "start": _moment(first.start),
        "end": _moment(first.end),
        "count": len(own),
        "place": first.source.place,
    }
    if code == OVERLAP:
        return Message("meter_overlap", params)
    return Message("meter_ends_early" if first.to_end else "meter_gap", params)


def _moment(time: datetime) -> str:
    """Kazakhstan's clock: a day alone where it is midnight."""
    day = kz_day(time)
    return day.isoformat() if time == kz_midnight(day) else time.astimezone(zone()).isoformat(timespec="minutes")


def nothing_used(found: Meters, meter: str, year: int) -> tuple[str, list[str]]:
    """(header, rows) of a table of our own that says of each gap of a meter in a year that nothing was used then."""
    gaps = [
        f for f in found.faults if f.code == GAP and f.name == meter and any(int(q[:4]) == year for q in f.quarters())
    ]
    rows = [f"{_moment(f.start)},{_moment(f.end)},0,{f.meter},{f.site}" for f in sorted(gaps)]
    return "start,end,kwh,meter,site", rows


# --- accounts -----------------------------------------------------------------------------------------------------


def silent_accounts(records: Records) -> list[Question]:
    """Accounts without an event for 60 days or more between busy periods: a file may be missing. By account and day."""
    days: dict[str, dict[date, int]] = defaultdict(dict)
    for n, (account, day) in enumerate(records.rows("account", "day")):
        days[account][day] = n  # the last of the day
    return [q for account, own in sorted(days.items()) for q in _silences(account, sorted(own.items()), records)]


def _silences(account: str, own: Sequence[tuple[date, int]], records: Records) -> Iterator[Question]:
    for n, ((last, before), (first, after)) in enumerate(pairwise(own), 1):
        if first - last < SILENCE or n < BUSY_DAYS or len(own) - n < BUSY_DAYS:
            continue
        if last - own[n - BUSY_DAYS][0] >= BUSY or own[n + BUSY_DAYS - 1][0] - first >= BUSY:
            continue
        params = {"account": account, "last": last.isoformat(), "first": first.isoformat(), "days": (first - last).days}
        message = Message("silent_account", params)
        sources = (records[before].source, records[after].source)
        yield Question("silent_account", "warning", message, sources, year=last.year)
