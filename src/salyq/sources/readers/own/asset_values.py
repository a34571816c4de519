"""Our own `asset_values` CSV (interfaces §3): quotes of one unit of an asset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from salyq.records.model import AssetValue
from salyq.records.reading import Rule, Tells, Yields, rule
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, own_columns, yields
from salyq.sources.habits.by_columns import there
from salyq.sources.habits.cells import choice, money, positive

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

# A table of what is missing (`salyq prices missing`) may be filled in part: what is still empty is still missing.
NOT_FILLED = rule(
    "not_filled",
    kk="мәні әлі толтырылмаған: баға жоқ болып қала береді",
    ru="значение ещё не вписано: котировки по-прежнему нет",
    en="the value is not filled in yet: the quote is still missing",
)
_KINDS = ("official", "day_average", "market")


class AssetValueRows:
    """Rows of an asset_values file. Without a kind a value is official, said once."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        date_text, asset, value, currency, origin, kind, _, _ = cells
        if not value:
            return NOT_FILLED
        day = self.book.day(date_text)
        code = self.book.code(currency, "currency")
        if not kind:
            self.book.notice(line, "notice_default", column="kind", default="official")
        self.book.reading.asset_values.append(
            AssetValue(
                day=day,
                asset=self.book.code(asset),
                value=money(value, "value", code, positive),
                currency=code,
                origin=origin,
                kind=choice(kind or "official", "kind", _KINDS),
                source=self.book.source(line),
            )
        )
        return True

    def many(self, lines: Sequence[int], columns: Sequence[Cells | None], one: Callable[[int], None]) -> int:
        from salyq.sources.readers.own.quote_columns import Columns, QuoteColumns

        dates, assets, values, currencies = there(*columns[:4])
        origins, kinds = columns[4:6]
        own = QuoteColumns(self.book, lines)
        told: Columns = (own.days(dates), own.codes(assets), own.positive(values), own.codes(currencies, "currency"))
        told = (*told, own.origins(origins), own.kinds(kinds, _KINDS))
        return own.put(self.book.reading.asset_values, AssetValue, told, one)

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "asset_values",
    own_columns("date asset value currency", "source kind needed_for published"),
    AssetValueRows,
    tells=Tells.OWN,
    yields=yields(Yields.QUOTES),
    venue="Salyq",
    page="docs/guide.md",
    surely=("source", "kind", "needed_for", "published"),
)
