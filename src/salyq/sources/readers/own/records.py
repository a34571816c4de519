"""Our own `records` CSV (interfaces §3): one neutral record a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from salyq.civil.currencies import is_currency
from salyq.records.kinds import BY_VALUE, IN, Kind
from salyq.records.model import PROOFS, PURPOSES, Record
from salyq.records.neutral import COLUMNS, unguard
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, Moves, RowError, own_columns, yields
from salyq.sources.habits.cells import choice, flag, money, not_negative, positive, signed
from salyq.sources.habits.rules import FIAT
from salyq.sources.readers.own.record_cells import check_lot, kind_named

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

_MONEY_MOVES = ("transfer_in", "transfer_out", "fee")


def _money(asset: str, kind: str) -> Rule:
    """Money that only moves is no event of assets; money that is bought or sold is a row written the wrong way."""
    if kind in _MONEY_MOVES:
        return FIAT
    raise RowError("asset", asset, "row_asset_is_money")


class RecordRows:
    """Rows of a records file."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        if "'" in "".join(cells):
            cells = tuple([unguard(c) if c[:1] == "'" else c for c in cells])
        time_text, kind_name, asset_text, quantity_text, value_text, currency_text, fee_text, fee_asset_text = cells[:8]
        account, counterparty, group, own_id, note, document, lot, tx_hash, origin = cells[8:17]
        proof, purpose, abroad, capital = cells[17:]
        book = self.book
        time, day = book.time(time_text, line)
        kind = kind_named(kind_name)
        asset = book.code(asset_text)
        if is_currency(asset):
            return _money(asset, kind.name)
        quantity = positive(quantity_text, "quantity")
        currency = book.code(currency_text, "currency") if currency_text else None
        value = self.value(kind, value_text, currency, line)
        fee, fee_asset = self.fee(fee_text, fee_asset_text, line)
        if lot:
            check_lot(lot)
        record = Record(
            time,
            day,
            kind.name,
            asset,
            quantity,
            value,
            currency,
            fee,
            fee_asset,
            account,
            counterparty or None,
            group or None,
            own_id or None,
            note or None,
            document or None,
            lot or None,
            tx_hash or None,
            choice(proof, "proof", PROOFS) if proof else None,
            choice(purpose, "purpose", PURPOSES) if purpose else None,
            flag(abroad, "abroad") if abroad else None,
            self.capital(capital, currency, line),
            book.source(line, origin),
        )
        if kind.required:
            _check_required(kind, record)
        if value is not None and not document and kind.direction == IN:
            book.notice(line, "notice_counts_as_documented")
        book.reading.records.append(record)
        return True

    def value(self, kind: Kind, text: str, currency: str | None, line: int) -> int | None:
        """The value of the whole quantity; only a derivative's result may be negative."""
        if not text:
            return None
        value = money(text, "value", currency, signed if kind.direction == BY_VALUE else not_negative)
        if currency is None:
            raise RowError("currency", None, "row_value_without_currency")
        return self.book.tenge(value, line) if currency == "KZT" else value

    def capital(self, text: str, currency: str | None, line: int) -> int | None:
        """The charter capital that a contribution pays, in the currency of its value."""
        paid = money(text, "capital_paid", currency, not_negative) if text else None
        if paid is not None and currency is None:
            raise RowError("currency", None, "row_value_without_currency")
        return paid if paid is None or currency != "KZT" else self.book.tenge(paid, line)

    def fee(self, text: str, asset_text: str, line: int) -> tuple[int | None, str | None]:
        """(fee, fee_asset); a fee of zero needs no asset."""
        asset = self.book.code(asset_text, "fee_asset") if asset_text else None
        fee = money(text, "fee", asset, not_negative) if text else None
        if fee and asset is None:
            raise RowError("fee_asset", None, "row_fee_without_asset")
        if fee is None or asset is None:
            return None, None
        return (self.book.tenge(fee, line) if asset == "KZT" else fee), asset

    def many(self, lines: Sequence[int], columns: Sequence[Cells | None], one: Callable[[int], None]) -> int:
        from salyq.sources.record_columns import RecordColumns

        return RecordColumns(self.book, lines, columns).read(one)

    def finish(self) -> None:
        """Rows stand alone."""


def _check_required(kind: Kind, record: Record) -> None:
    """The fields its kind needs; a purchase without papers (document = none) may lack its price."""
    if kind.name == "buy" and record.document == "none" and record.value is None:
        return
    for name in kind.required:
        if getattr(record, name) is None:
            raise RowError(name, None, "row_kind_needs", kind=kind.name, column=name)


FORMAT = Format(
    "records",
    own_columns(" ".join(COLUMNS[:4]), " ".join(COLUMNS[4:])),
    RecordRows,
    tells=Tells.OWN,
    yields=yields(Yields.RECORDS),
    venue="Salyq",
    page="docs/guide.md",
    moves=Moves(assets=("asset", "currency", "fee_asset")),
)
