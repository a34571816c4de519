"""Our own `energy` CSV (interfaces §3): one meter reading a row, over [start, end)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from salyq.civil.days import kz_day, kz_midnight, parse_day
from salyq.records.model import EnergyReading
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.day_order import day_first_told, orders, year_first
from salyq.sources.format import Facts, Format, RowError, own_columns, yields
from salyq.sources.habits.cells import choice, flag, money, not_negative, optional

_INSTANT = timedelta(microseconds=1)
_STATES = ("ok", "missing", "faulty")
DEFAULTS = {"own_plant": False, "renewable": False, "grid_connected": True, "hosted": False}


class EnergyRows:
    """Rows of a meter file."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        start_text, end_text, kwh_text, meter, state_text, own, renewable, grid, price, power, site, hosted = cells
        start, first, start_bare = self.moment(start_text, "start", line)
        self.book.days = (first, first.replace(month=12, day=31))  # until its end is known
        end, _, end_bare = self.moment(end_text, "end", line)
        self.book.days = (first, max(first, kz_day(end - _INSTANT)))
        if end <= start:
            raise RowError("end", end_text, "row_ends_before_start", start=start_text)
        state = self.state(state_text, line)
        if not kwh_text and state == "ok":
            raise RowError("kwh", None, "row_cell_missing", column="kwh")
        self.book.reading.energy.append(
            EnergyReading(
                start=start,
                end=end,
                by_days=start_bare and end_bare,
                kwh=not_negative(kwh_text, "kwh") if kwh_text else None,
                meter=meter or None,
                meter_state=state,
                own_plant=self.flag(own, "own_plant", line),
                renewable=self.flag(renewable, "renewable", line),
                grid_connected=self.flag(grid, "grid_connected", line),
                price_per_kwh=money(price, "price_per_kwh", "KZT", not_negative) if price else None,
                max_power_kw=optional(power, "max_power_kw"),
                site=site or None,
                hosted=self.flag(hosted, "hosted", line),
                source=self.book.source(line),
            )
        )
        return True

    def moment(self, text: str, column: str, line: int) -> tuple[datetime, date, bool]:
        """(UTC time, Kazakhstan day, whether it was a bare date); a bare date is its Kazakhstan midnight."""
        text = year_first(text) if ":" in text else day_first_told(text)
        if len(text) == 10:
            try:
                day = parse_day(text)
            except ValueError:
                code = "row_day_two_ways" if len(orders(text)) > 1 else "row_bad_time"
                raise RowError(column, text, code) from None
            return kz_midnight(day), day, True
        time, day = self.book.time(text, line, column)
        return time, day, False

    def state(self, text: str, line: int) -> str:
        if text:
            return choice(text, "meter_state", _STATES)
        self.book.notice(line, "notice_default", column="meter_state", default="ok")
        return "ok"

    def flag(self, text: str, column: str, line: int) -> bool:
        given = flag(text, column)
        if given is not None:
            return given
        default = DEFAULTS[column]
        self.book.notice(line, "notice_default", column=column, default="yes" if default else "no")
        return default

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "energy",
    own_columns(
        "start end kwh", "meter meter_state own_plant renewable grid_connected price_per_kwh max_power_kw site hosted"
    ),
    EnergyRows,
    tells=Tells.OWN,
    yields=yields(Yields.ENERGY),
    venue="Salyq",
    page="docs/guide.md",
)
