"""Hourly meter readings as meters and grid operators export them, in Kazakhstan's clock: each value an energy reading.

Wide: a day a row with 24 columns of hours (meters/times.py). Long: a time a row with its kWh; an interval lasts as long
as the shortest step between the rows of its meter, an hour at most. A title in MWh counts thousands. An empty hour is a
missing meter. What a meter cannot tell (own plant, renewable, price, power) takes the defaults of `energy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from salyq.civil.days import zone
from salyq.records.model import EnergyReading
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.day_order import plain
from salyq.sources.format import Column, Facts, Format, Match, RowError, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.clock import clock
from salyq.sources.habits.rules import TOTAL
from salyq.sources.readers.meters.times import hour_columns
from salyq.sources.readers.pools.table import distribution_day

_HOUR = timedelta(hours=1)
_HALF_SECOND = timedelta(milliseconds=500)
_DEFAULTS = {"own_plant": "no", "renewable": "no", "grid_connected": "yes", "hosted": "no"}
_TOTALS = ("итого", "всего", "барлығы", "жиыны", "total", "сумма", "max", "min", "макс", "мин")
_DAY = r"date|day|дата|күні|күн|день|сутки|тәулік"
_METER = (
    r"meter( no\.?| id| number)?|счетчик|счётчик|(номер|№) (счетчика|счётчика)|есептегіш( нөмірі)?|"
    r"прибор( учета| учёта)?"
)
_SITE = r"site|object|объект|площадка|нысан|орналасқан жері"
_UNIT = r"(?P<unit>k|M|к|М)(Wh|W\*h|W·h|Вт[*·.]?ч|Втч|Вт[*·.]?сағ)"
_TIME = (
    r"(?P<edge>start|end|начало|конец|басы|соңы)?[ _]?(timestamp|date ?time|datetime|date & time|date and time|time|"
    r"дата и время|дата, время|дата/время|время|күні мен уақыты|уақыты|interval( start| end)?)"
)


class MeterRows:
    """What both layouts make: readings of one hour or less."""

    def __init__(self, book: Book, facts: Facts) -> None:
        self.book = book
        self.scale = 1000 if facts.get("unit", "k").casefold() in ("m", "м") else 1  # Latin or Cyrillic mega

    def kwh(self, text: str, column: str) -> int | None:
        """10⁻¹⁸ kWh; None where the hour was not measured."""
        if text in ("", "-", "—", "н/д", "n/a", "N/A"):
            return None
        number = amount(text, column) * self.scale
        if number < 0:
            raise RowError(column, text, "row_negative")
        return number

    def reading(
        self, start: datetime, end: datetime, kwh: int | None, names: tuple[str, str], line: int
    ) -> EnergyReading:
        """One interval; what the file does not tell takes its default, counted for a notice."""
        for column, default in _DEFAULTS.items():
            self.book.notice(line, "notice_default", column=column, default=default)
        if kwh is None:
            self.book.notice(line, "notice_hours_missing")
        state = "ok" if kwh is not None else "missing"
        source = self.book.source(line)
        meter, site = names[0] or None, names[1] or None
        return EnergyReading(start, end, False, kwh, meter, state, False, False, True, None, None, site, False, source)


class WideRows(MeterRows):
    """A day a row."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        day_text, meter, site, *hours = cells
        if day_text.casefold().rstrip(":. ") in _TOTALS:
            return TOTAL
        try:
            day = distribution_day(plain(day_text, self.book.day_order))
        except ValueError:
            raise RowError("date", day_text or None, "row_bad_date") from None
        self.book.days = (day, day)
        values = [self.kwh(text, f"{hour:02d}:00") for hour, text in enumerate(hours)]
        for hour, kwh in enumerate(values):
            start = _local(day, hour)
            end = _local(day, hour + 1)
            self.book.reading.energy.append(self.reading(start, end, kwh, (meter, site), line))
        return True

    def finish(self) -> None:
        """Rows stand alone."""


def _local(day: date, hour: int) -> datetime:
    """An hour of Kazakhstan's clock in UTC. Where a clock goes back, an hour told twice is one of two."""
    moment = datetime(day.year, day.month, day.day, tzinfo=zone()) + timedelta(hours=hour)
    return moment.astimezone(UTC)


class LongRows(MeterRows):
    """A time a row; how long an interval lasts is known at the end."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, facts)
        self.parse = clock(zone())
        self.at_end = facts.get("edge", "").casefold() in ("end", "конец", "соңы")
        self.found: dict[tuple[str, str], list[tuple[datetime, int | None, int]]] = {}

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, kwh_text, meter, site = cells
        if time_text.casefold().rstrip(":. ") in _TOTALS:
            return TOTAL
        time, _ = self.book.venue_time(time_text, self.parse, "time")
        time = (time + _HALF_SECOND).replace(microsecond=0)  # spreadsheets count days with a fraction
        kwh = self.kwh(kwh_text, "kwh")
        self.found.setdefault((meter, site), []).append((time, kwh, line))
        return None

    def finish(self) -> None:
        """Intervals of each meter."""
        for names, rows in self.found.items():
            rows.sort(key=lambda row: (row[0], row[2]))
            step = _step([time for time, _, _ in rows])
            if not self.at_end:
                self.book.notice(rows[0][2], "notice_time_is_start")
            for time, kwh, line in rows:
                start = time - step if self.at_end else time
                self.book.reading.energy.append(self.reading(start, start + step, kwh, names, line))
                self.book.use(line)


def _step(times: Sequence[datetime]) -> timedelta:
    """The shortest step between different times, an hour at most."""
    steps = [b - a for a, b in pairwise(times) if b > a]
    return min([*steps, _HOUR])


@dataclass(frozen=True, slots=True)
class WideFormat(Format):
    """A day column and 24 columns of hours, which only all together can be told."""

    def match(self, header: Sequence[str]) -> Match | None:
        plain = Format.match(self, header)
        hours = hour_columns(header)
        return None if plain is None or hours is None else Match((*plain.places, *hours), plain.facts)


WIDE = WideFormat(
    "meter_days",
    (
        Column("date", pattern=rf"({_DAY})(,? ?\(?{_UNIT}\)?)?"),
        Column("meter", pattern=_METER, required=False),
        Column("site", pattern=_SITE, required=False),
    ),
    WideRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.ENERGY),
    page="docs/sources/meters.md",
)
LONG = Format(
    "meter_hours",
    (
        Column("time", pattern=_TIME),
        Column(
            "kwh",
            pattern=rf"((consumption|energy|active energy|value|потребление|расход|энергия|тұтыну|электр энергиясы)"
            rf"[, ]*\(?)?{_UNIT}\)?",
        ),
        Column("meter", pattern=_METER, required=False),
        Column("site", pattern=_SITE, required=False),
    ),
    LongRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.ENERGY),
    venue="",
    page="docs/sources/meters.md",
)
