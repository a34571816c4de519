"""Kraken trades: one row a fill; `vol` of the base at `cost` of the quote, the fee in the quote.

Header: txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers[,…]. Times are UTC. The record's
id is the txid, which is the refid of the same deal in the ledgers export: that one is more exact on fees.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.cells import choice
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.readers.kraken.assets import kraken_pair
from salyq.sources.readers.kraken.ledgers import ACCOUNT


class TradeRows(VenueRows):
    """Rows of a trades export."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(facts.get("zone")))

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        txid, order, pair_text, time_text, side_text, cost_text, fee_text, volume_text, margin_text = cells
        time, day = self.book.venue_time(time_text, self.parse, "time")
        pair = kraken_pair(pair_text)
        if pair is None:
            raise RowError("pair", pair_text or None, "pair_unclear")
        base, quote = (coin_code(self.book, asset, "pair", line) for asset in pair)
        side = choice(side_text.casefold(), "type", ("buy", "sell"))
        volume = above_zero(amount(volume_text, "vol"), volume_text, "vol")
        cost = above_zero(amount(cost_text, "cost"), cost_text, "cost")
        fee = optional_amount(fee_text, "fee")
        if optional_amount(margin_text, "margin"):
            raise RowError("margin", margin_text, "operation_margin_trade")
        at = At(line, time, day, side_text, txid or None)
        thing, money = Side(base, volume), Side(quote, cost)
        sides = (money, thing) if side == "buy" else (thing, money)
        return self.deal(at, *sides, [(fee, quote)], group=f"{ACCOUNT}:{txid}" if txid else "", order=order or None)


FORMAT = Format(
    "kraken_trades",
    (
        Column("txid"),
        Column("ordertxid"),
        Column("pair"),
        Column("time", pattern=r"time(\s*\((?P<zone>UTC[^)]*)\))?"),
        Column("type"),
        Column("cost"),
        Column("fee"),
        Column("vol"),
        Column("margin", required=False),
    ),
    TradeRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Kraken",
    exchange=True,
    page="docs/sources/kraken.md",
)
