"""The monthly table by which a pool tells the tax authority what it distributed; header words in kk, ru or en.

Columns, in any order: row no.; names and IIN/BIN of miner and pool; licence number and date; wallet; day of
distribution; asset; quantity to the miner; commission of the pool (asset, quantity). Each row is a payout. A table of
several miners is not one person's: all of its rows are rejected until only one miner's are left.
"""

from __future__ import annotations

from datetime import date, datetime

from salyq.civil.messages import Message
from salyq.records.model import Payout
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.day_order import plain
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.cells import identifier
from salyq.sources.habits.rules import COLUMN_NUMBERS, FOOTER, TOTAL

_MINER = r"майнер\w*|miner"
_POOL = r"пул\w*|pool"
_ID = r"БСН|ЖСН|БИН|ИИН|BIN|IIN"
_TOTALS = ("итого", "всего", "барлығы", "жиыны", "total", "жиынтығы")
_DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d")


def distribution_day(text: str) -> date:
    """31.01.2025 or 2025-01-31, with or without a time after it. ValueError for anything else."""
    plain = text.strip().partition(" ")[0].partition("T")[0].removesuffix("г.").removesuffix("ж.")
    for spelling in _DAYS:
        try:
            day = datetime.strptime(plain, spelling).date()  # noqa: DTZ007 (a bare day)
        except ValueError:
            continue
        if 2009 <= day.year <= 2199:
            return day
    raise ValueError("no day")


class TableRows:
    """Rows of a pool's table."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book
        self.found: list[tuple[int, str, Payout]] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        aside = _aside(cells)
        if aside is not None:
            return aside
        day_text, asset_text, quantity_text, fee_asset, fee_text, miner, pool, pool_bin, wallet, licence, *rest = cells
        miner = miner or rest[0]
        try:
            day = distribution_day(plain(day_text, self.book.day_order))
        except ValueError:
            raise RowError("date", day_text or None, "row_bad_date") from None
        self.book.days = (day, day)
        asset = self.book.code(asset_text)
        quantity = above_zero(amount(quantity_text, "quantity"), quantity_text, "quantity")
        fee = optional_amount(fee_text, "commission")
        if fee < 0:
            raise RowError("commission", fee_text, "row_negative")
        if fee and fee_asset and self.book.code(fee_asset, "commission") != asset:
            raise RowError("commission", fee_asset, "pool_commission_asset", asset=asset)
        payout = Payout(
            day,
            asset,
            quantity,
            pool or None,
            identifier(pool_bin, "pool_bin"),
            fee or None,
            wallet or None,
            licence or None,
            self.book.source(line),
        )
        self.found.append((line, miner, payout))
        return None

    def finish(self) -> None:
        """All rows, if they are of one miner."""
        miners = {miner.casefold() for _, miner, _ in self.found if miner}
        for line, miner, payout in self.found:
            if len(miners) > 1:
                self.book.reject(
                    line, "miner", miner, Message("pool_several_miners"), payout.day, (frozenset({payout.asset}), "in")
                )
            else:
                self.book.reading.payouts.append(payout)
                self.book.use(line)


_ANY = r"[\s\S]*"  # a title may have several lines
_FEE = r"комисси\w*|commission|fee"
_QUANTITY = r"кол-во|количеств\w*|саны|мөлшері|көлемі|объ[её]м|quantity|amount"
_ASSET = r"актив\w*|\bЦА\b|asset|\bcoin\b|монет\w*|криптовалют\w*"
_WHICH = _ASSET + r"|\bвид\w*|түрі|\bkind\b|\btype\b|валют\w*|currency"
_PAID = r"распредел\w*|выплат\w*|начисл\w*|бөл\w*|төле\w*|distribut\w*|payout"
_WALLET = r"кошел\w*|әмиян\w*|wallet"
_NAME = r"наименован\w*|атауы|name|название"
_DATE = r"дата|күні|date"
_LICENCE = r"лицензи\w*|licen[cs]e"


def _aside(cells: tuple[str, ...]) -> Rule | None:
    """The rule for a line that is no row of the table: totals, the numbers of columns, signatures below."""
    if any(cell.casefold().rstrip(":. ") in _TOTALS for cell in cells):
        return TOTAL
    filled = [cell for cell in cells if cell]
    if len(filled) > 3 and all(cell.isdigit() and len(cell) <= 2 for cell in filled):
        return COLUMN_NUMBERS
    day, asset, quantity, _, _, *others = cells
    if not day and not asset:
        if not quantity:
            return FOOTER
        if not any(others):
            return TOTAL
    return None


def _has(words: str) -> str:
    return rf"(?={_ANY}(?:{words}))"


def _lacks(words: str) -> str:
    return rf"(?!{_ANY}(?:{words}))"


FORMAT = Format(
    "pool_table",
    (
        Column("date", pattern=_has(_DATE) + _has(_PAID) + _lacks(_LICENCE) + _ANY),
        Column("asset", pattern=_has(_ASSET) + _lacks(f"{_FEE}|{_QUANTITY}|{_DATE}|{_ID}") + _ANY),
        Column("quantity", pattern=_has(_QUANTITY) + _lacks(_FEE) + _ANY),
        Column("commission asset", pattern=_has(_FEE) + _has(_WHICH) + _lacks(_QUANTITY) + _ANY, required=False),
        Column("commission", pattern=_has(_FEE) + f"(?:{_has(_QUANTITY)}|{_lacks(_WHICH)})" + _ANY, required=False),
        Column("miner", pattern=_has(_ID) + _lacks(f"{_POOL}|{_LICENCE}") + _ANY, required=False),
        Column("pool", pattern=_has(_POOL) + _lacks(f"{_ID}|{_FEE}|{_QUANTITY}|{_LICENCE}|{_DATE}|{_WALLET}") + _ANY),
        Column("pool_bin", pattern=_has(_ID) + _has(_POOL) + _lacks(_FEE) + _ANY, required=False),
        Column("wallet", pattern=_has(_WALLET) + _ANY, required=False),
        Column("licence", pattern=_has(_LICENCE) + _lacks(_DATE) + _ANY, required=False),
        Column("miner name", pattern=_has(_MINER) + _has(_NAME) + _lacks(f"{_ID}|{_QUANTITY}") + _ANY, required=False),
        Column("number", pattern=r"(№|р/с|п/п|no\.?|n|#|row|реттік|нөмірі|\s)+", required=False),
    ),
    TableRows,
    tells=Tells.FILLS,
    yields=yields(Yields.PAYOUTS),
    venue="",
    page="docs/sources/pool-table.md",
    moves=Moves(assets=("asset",)),
)
