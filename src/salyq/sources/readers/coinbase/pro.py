"""Coinbase Pro (later Coinbase Exchange): fills, one row a fill, and the account statement, one row a leg.

Fills: portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit; `total` has the
fee inside. Account: portfolio,type,time,amount,balance,amount/balance unit,transfer id,trade id,order id. Times are
UTC. A trade id counts within its product, so a record's id is the trade id with both assets, alike in the two exports.
"""

from __future__ import annotations

from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.balances import Balances
from salyq.sources.habits.cells import choice
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import FIAT
from salyq.sources.habits.running import Running

ACCOUNT = "coinbase-pro"
_COINBASE = "coinbase"


def trade_id(number: str, one: str, other: str) -> str | None:
    """The id of a trade: its number and its two assets in the order of the alphabet."""
    return f"{number}:{min(one, other)}-{max(one, other)}" if number else None


class FillRows(VenueRows):
    """Rows of a fills export."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(None))

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        number, product, side_text, time_text, size_text, unit, fee_text, total_text, money_text = cells
        time, day = self.book.venue_time(time_text, self.parse, "created at")
        side = choice(side_text.casefold(), "side", ("buy", "sell"))
        base, quote = (
            coin_code(self.book, unit or product.partition("-")[0], "size unit", line),
            self.book.code(money_text, "price/fee/total unit"),
        )
        size = above_zero(amount(size_text, "size"), size_text, "size")
        fee = optional_amount(fee_text, "fee")
        total = abs(amount(total_text, "total"))
        value = above_zero(total - fee if side == "buy" else total + fee, total_text, "total")
        at = At(line, time, day, f"{side_text} {product}", trade_id(number, base, quote))
        thing, money = Side(base, size), Side(quote, value)
        return self.deal(at, *((money, thing) if side == "buy" else (thing, money)), [(fee, quote)])


class _Leg(NamedTuple):
    at: At
    kind: str
    asset: str
    change: int
    order: str


class AccountRows(VenueRows):
    """Rows of an account statement; the legs of a trade wait for each other."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(None))
        self.trades: dict[tuple[str, ...], list[_Leg]] = {}
        self.balances = Balances(book)
        self.running = Running(book, ACCOUNT)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        portfolio, kind_text, time_text, amount_text, balance_text, unit, transfer, trade, order = cells
        time, day = self.book.venue_time(time_text, self.parse, "time")
        asset = coin_code(self.book, unit, "amount/balance unit", line)
        change = amount(amount_text, "amount")
        if balance_text:
            balance = amount(balance_text, "balance")
            self.balances.add(f"{portfolio} {asset}".strip(), time, line, change, balance)
            self.running.add(asset, portfolio, time, line, balance)
        kind = kind_text.casefold()
        at = At(line, time, day, kind_text, transfer or None, counterparty=None)
        if kind in ("match", "fee", "conversion"):
            key = (portfolio, trade, order) if trade else (portfolio, kind, time.isoformat())
            self.trades.setdefault(key, []).append(_Leg(at, kind, asset, change, order))
            return None
        if kind in ("deposit", "withdrawal"):
            return self.movement(at._replace(counterparty=_COINBASE), asset, change)
        if kind in ("rebate", "reward", "rfq rebate"):
            return self.receipt(at, "airdrop", asset, change, "amount")
        raise RowError("type", kind_text or None, "operation_unknown", venue="Coinbase Pro")

    def finish(self) -> None:
        """Trades, now that all of their legs are known."""
        for key, legs in self.trades.items():
            result = self.join(key[1] if len(key) == 3 and key[1] not in ("fee", "conversion", "match") else "", legs)
            if result is not None:
                self.settled(sorted(leg.at.line for leg in legs), result)
                continue
            sides = {leg.change > 0 for leg in legs if leg.kind != "fee"}
            reason = Message("deal_half" if len(sides) < 2 else "deal_unclear")
            for leg in legs:
                self.book.reject(leg.at.line, "trade id", key[1], reason, leg.at.day, only(leg.asset, leg.change))
        self.trades.clear()
        self.balances.finish()
        self.running.finish()

    def join(self, number: str, legs: list[_Leg]) -> Rule | bool | None:
        """The records of one trade; None where its legs make none."""
        first = min(legs, key=lambda leg: (leg.at.time, leg.at.line))
        fees = [(-leg.change, leg.asset) for leg in legs if leg.kind == "fee"]
        sums: dict[str, int] = {}
        for leg in legs:
            if leg.kind != "fee":
                sums[leg.asset] = sums.get(leg.asset, 0) + leg.change
        outs = [Side(asset, -change) for asset, change in sums.items() if change < 0]
        ins = [Side(asset, change) for asset, change in sums.items() if change > 0]
        if not sums:
            return self.lone_fees(first.at, fees) or (FIAT if all(is_currency(a) for _, a in fees) else None)
        if len(outs) != 1 or len(ins) != 1:
            return None
        at = first.at._replace(note="match", id=trade_id(number, outs[0].asset, ins[0].asset))
        return self.deal(at, outs[0], ins[0], fees, order=first.order or None)


FILLS = Format(
    "coinbase_pro_fills",
    (
        Column("trade id", ("trade id", "trade_id")),
        Column("product"),
        Column("side"),
        Column("created at", ("created at", "created_at")),
        Column("size"),
        Column("size unit", required=False),
        Column("fee"),
        Column("total"),
        Column("price/fee/total unit"),
    ),
    FillRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Coinbase Pro",
    exchange=True,
    page="docs/sources/coinbase.md",
    moves=Moves(pairs=("product",)),
)
ACCOUNT_STATEMENT = Format(
    "coinbase_pro_account",
    (
        Column("portfolio", required=False),
        Column("type"),
        Column("time", ("time", "timestamp")),
        Column("amount"),
        Column("balance", required=False),
        Column("amount/balance unit"),
        Column("transfer id"),
        Column("trade id"),
        Column("order id"),
    ),
    AccountRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Coinbase Pro",
    exchange=True,
    page="docs/sources/coinbase.md",
    moves=Moves(assets=("amount/balance unit",), change="amount"),
)
