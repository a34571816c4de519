"""KuCoin futures: what each closed position brought, its funding and fees among it.

UID,Account Type,Symbol,Close Type,Realized PNL,Total Realized PNL,Total Funding Fees,Total Trading Fees,
Position Opening Time(UTC+08:00),Position Closing Time(UTC+08:00). `Realized PNL` is net; the symbol
says the coin.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import ZERO
from salyq.sources.readers.kucoin.trades import OLD_ZONE, ZONE, zone_taken

ACCOUNT = "kucoin"
_IN_DOLLARS = {"USDTM": "USDT", "USDCM": "USDC"}  # how a symbol ends -> the coin in which it is settled
_IN_COIN = "USDM"


def _settled_in(symbol: str) -> str:
    """XBTUSDTM: USDT; ETHUSDM: ETH; XBTMU24: XBT. RowError: a symbol that says no coin."""
    for ending, coin in _IN_DOLLARS.items():
        if symbol.endswith(ending) and symbol != ending:
            return coin
    if symbol.endswith(_IN_COIN) and symbol != _IN_COIN:
        return symbol.removesuffix(_IN_COIN)
    if symbol.startswith("XBTM"):
        return "XBT"
    raise RowError("Symbol", symbol or None, "pair_unclear")


class FuturesRows(VenueRows):
    """Closed positions, one a row."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.stated = "zone" in facts
        self.parse = clock(header_zone(facts.get("zone", OLD_ZONE)))

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool:
        symbol, close, result_text, when, _ = cells
        time, day = self.book.venue_time(when, self.parse, "Position Closing Time")
        if not self.stated:
            zone_taken(self.book, line)
        name = _settled_in(symbol.upper())
        coin = coin_code(self.book, "BTC" if name == "XBT" else name, "Symbol", line)
        result = amount(result_text, "Realized PNL", thousands=True)
        if result == 0:
            return ZERO
        at = At(line, time, day, f"{close} {symbol}".strip())
        self.add(at, "derivative_result", coin, abs(result), value=result, currency=coin)
        return True


FORMAT = Format(
    "kucoin_futures",
    (
        Column("Symbol"),
        Column("Close Type"),
        Column("Realized PNL"),
        Column("Time", pattern=",?Position Closing Time" + ZONE),
        Column("_Total", ("Total Realized PNL",)),
    ),
    FuturesRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="KuCoin",
    exchange=True,
    unused=("Total Funding Fees", "Total Trading Fees"),  # parts of the result
    page="docs/sources/kucoin.md",
)
