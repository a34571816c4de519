"""The last word on currencies, which needs the whole case (semantics 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.model import Record, Source
from salyq.records.person import Person
from salyq.records.reading import Reading, Rejection, Rule, rule
from salyq.records.swaps import TwoLegs, two_legs
from salyq.records.table import Records
from salyq.records.tickers import on_day, reused


class _Row(Protocol):
    @property
    def source(self) -> Source: ...
    @property
    def day(self) -> date: ...
    @property
    def currency(self) -> str | None: ...


RENAMED = rule(
    "renamed",
    kk="монетаның ескі атауы жаңасына ауыстырылды: ештеңе сатылған да, алынған да жоқ",
    ru="старое название монеты заменено новым: ничего не продано и не куплено",
    en="the old name of a coin gave way to the new one: nothing was sold or bought",
)
R = TypeVar("R", bound=_Row)
Place = tuple[str, int]


def settle_currencies(reading: Reading, person: Person) -> None:
    """Reject rows whose currency is not ISO 4217, no stablecoin of `person`, and no asset of the case's records or
    quotes. Their file reports move them from used to rejected, with the rows that went into the same record; call
    once, before reconciling."""
    settle_tickers(reading)
    records = reading.records
    assets = set(records.column("asset")) | {p.asset for p in reading.payouts}
    assets |= {v.asset for v in reading.asset_values} | set(person.stablecoins)
    good: dict[str | None, bool] = {None: True}

    def known(code: str | None) -> bool:
        if code not in good:
            good[code] = code is None or is_currency(code) or code in assets
        return good[code]

    bad: dict[Place, _Row] = {}
    if not all(map(known, set(records.column("currency")))):
        bad |= {_place(r): r for r in records.where([not known(c) for c in records.column("currency")])}
    for rows in (reading.expenses, reading.asset_values, reading.exchange_rates):
        bad |= {_place(row): row for row in rows if not known(row.currency)}
    if not bad:
        return
    reports = {report.file: report for report in reading.files}
    for (file, line), row in bad.items():
        report = reports[file]
        lines = [line, *report.joined.pop(line, ())]
        report.used -= len(lines)
        places = [row.source._replace(line=n) for n in lines]
        why, days = Message("row_unknown_currency"), (row.day, row.day)
        report.rejected += [Rejection(place, "currency", row.currency, why, days) for place in places]
    reading.records = records.where([place not in bad for place in records.rows("file", "line")])
    reading.expenses = _without(reading.expenses, bad)
    reading.asset_values = _without(reading.asset_values, bad)
    reading.exchange_rates = _without(reading.exchange_rates, bad)


def settle_tickers(reading: Reading) -> None:
    """A ticker that was used again means, on each day, the coin of that day (tickers.toml); said once a file.

    The venue's own exchange of the old name for the new one is no deal: its rows are left out."""
    again = reused()
    if all(again.keys().isdisjoint(reading.records.column(name)) for name in ("asset", "fee_asset", "currency")):
        return
    renamings = {swap.key for swap in two_legs(reading.records) if _is_renaming(swap)}
    kept: list[Record] = []
    said: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], Source] = {}
    gone: dict[Place, None] = {}
    for r in reading.records:
        if r.group is not None and (_place(r)[0], r.group) in renamings:
            gone[_place(r)] = None
            continue
        made = r._replace(
            asset=on_day(r.asset, r.day),
            fee_asset=r.fee_asset and on_day(r.fee_asset, r.day),
            currency=r.currency and on_day(r.currency, r.day),
        )
        if made != r:
            key = (
                r.source.file,
                r.asset if r.asset in again else next(x for x in (r.fee_asset, r.currency) if x in again),
            )
            said[key] += 1
            places.setdefault(key, r.source)
        kept.append(made)
    reading.records = Records(kept)
    _told_out(reading, gone, RENAMED)
    reading.asset_values = [v._replace(asset=on_day(v.asset, v.day)) for v in reading.asset_values]
    for (file, ticker), count in sorted(said.items()):
        params = {"old": ticker, "new": again[ticker].renamed, "until": again[ticker].until.isoformat(), "count": count}
        reading.notices.append((places[file, ticker], Message("notice_ticker_used_again", params)))


def _is_renaming(swap: TwoLegs) -> bool:
    """The old name of a coin (tickers.toml) for as many of the new one."""
    used = reused().get(swap.given.asset)
    return used is not None and used.renamed == swap.taken.asset and swap.given.quantity == swap.taken.quantity


def leave_out(reading: Reading, groups: set[tuple[str, str]], by: Rule) -> None:
    """Take the rows of these (file, group) out of the records, and count them under their rule."""
    told = [where in groups for where in reading.records.rows("file", "group")]
    gone = {_place(r) for r in reading.records.where(told)}
    reading.records = reading.records.where([not goes for goes in told])
    _told_out(reading, gone, by)


def _told_out(reading: Reading, gone: Iterable[Place], by: Rule) -> None:
    """Rows of which no record is left are left out by their rule."""
    reports = {report.file: report for report in reading.files}
    still = set(reading.records.rows("file", "line"))
    for file, line in set(gone) - still:
        report = reports[file]
        rows = 1 + len(report.joined.pop(line, ()))
        report.used -= rows
        report.ignore(by, rows)


def _place(row: _Row) -> Place:
    return row.source.file, row.source.line


def _without(rows: list[R], bad: Mapping[Place, object]) -> list[R]:
    """A row that says two things says neither, where one of them cannot be."""
    return [row for row in rows if _place(row) not in bad]
