"""Our own `payouts` CSV (interfaces §3): what a pool distributed, net of its commission; a quantity of 0 says that
nothing was distributed."""

from __future__ import annotations

from salyq.records.model import Payout
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, Moves, own_columns, yields
from salyq.sources.habits.cells import identifier, not_negative, optional


class PayoutRows:
    """Rows of a payouts file."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        date_text, asset, quantity, pool, pool_bin, commission, wallet, licence = cells
        self.book.reading.payouts.append(
            Payout(
                day=self.book.day(date_text),
                asset=self.book.code(asset),
                quantity=not_negative(quantity, "quantity"),
                pool=pool or None,
                pool_bin=identifier(pool_bin, "pool_bin"),
                commission=optional(commission, "commission"),
                wallet=wallet or None,
                licence=licence or None,
                source=self.book.source(line),
            )
        )
        return True

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "payouts",
    own_columns("date asset quantity", "pool pool_bin commission wallet licence"),
    PayoutRows,
    tells=Tells.OWN,
    yields=yields(Yields.PAYOUTS),
    venue="Salyq",
    page="docs/guide.md",
    moves=Moves(assets=("asset",)),
)
