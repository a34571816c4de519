"""CoinTracking: its import file, and the export of its trade list, where three columns bear one title.

"Type","Buy Amount","Buy Currency","Sell Amount","Sell Currency","Fee","Fee Currency","Exchange","Trade-Group",
"Comment","Date"[,"Tx-ID",…] · "Type","Buy","Cur.","Sell","Cur.","Fee","Cur.","Exchange","Group","Comment","Date"
[,"Tx-ID"] · the same with Value in …, without the fee. An empty cell may be "-".
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.aggregators.shared import UNCOVERED, GatheredRows, Leg

PAGE = "docs/sources/aggregators.md"
_IN = {
    "deposit": "",
    "gift/tip": "gift_in",
    "gift received": "gift_in",
    "reward/bonus": "airdrop",
    "reward / bonus": "airdrop",
    "airdrop": "airdrop",
    "airdrop (non taxable)": "airdrop",
    "hard fork": "fork",
    "fork": "fork",
    "mining": "mined",
    "mining (commercial)": "mined",
    "staking": "staked",
    "masternode": "staked",
    "minting": "staked",
    "lending income": "interest",
    "interest income": "interest",
    "income": UNCOVERED,
    "income (non taxable)": UNCOVERED,
    "dividends income": UNCOVERED,
    "other income": UNCOVERED,
    "margin profit": UNCOVERED,
    "derivatives / futures profit": UNCOVERED,
    "borrow": UNCOVERED,
}
_OUT = {
    "withdrawal": "",
    "spend": "spend",
    "donation": "gift_out",
    "gift": "gift_out",
    "stolen": "lost",
    "stolen/hacked/fraud": "lost",
    "lost": "lost",
    "other fee": "fee",
    "fee": "fee",
    "margin loss": UNCOVERED,
    "margin fee": UNCOVERED,
    "settlement fee": UNCOVERED,
    "borrowing fee": UNCOVERED,
    "derivatives / futures loss": UNCOVERED,
    "expense (non taxable)": UNCOVERED,
    "other expense": UNCOVERED,
    "repay": UNCOVERED,
}


class TradeListRows(GatheredRows):
    """Rows of any layout."""

    venue, column = "CoinTracking", "Type"

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, "cointracking")
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        kind, buy, buy_code, sell, sell_code, fee, fee_code, exchange, note, when, chain = cells
        time, day = self.clock.read(when, "Date", line)
        self.book.notice(line, "notice_gathered")
        self.account = self.of(exchange)
        at = At(line, time, day, " ".join(x for x in (kind, note.strip("-")) if x), hash=venue_id(chain))
        taken, given = Leg(buy, buy_code, "Buy Amount"), Leg(sell, sell_code, "Sell Amount")
        fees = self.fee(Leg(fee, fee_code, "Fee"), line)
        plain = kind.casefold()
        if plain == "trade":
            tie = at.hash or f"{time:%Y%m%dT%H%M%SZ}"
            sides = self.side(given, line), self.came(taken, line)
            return self.deal(at, *sides, fees, group=f"{self.account}:{tie}:{sides[0].asset}>{sides[1].asset}")
        if plain in _IN and not given.there:
            return self.one_sided(at, kind, _IN, taken, 1, fees)
        if plain in _OUT and not taken.there:
            return self.one_sided(at, kind, _OUT, given, -1, fees)
        raise RowError("Type", kind or None, "operation_unknown", venue="CoinTracking")


def _form(name: str, *columns: Column) -> Format:
    return Format(
        name,
        (
            Column("Type"),
            *columns,
            Column("Exchange"),
            Column("Comment", required=False),
            Column("Date"),
            Column("Tx-ID", ("Tx-ID", "Tx-ID (optional)"), required=False),
        ),
        TradeListRows,
        tells=Tells.ORDERS,
        yields=yields(Yields.RECORDS),
        venue="CoinTracking",
        page=PAGE,
    )


IMPORT = _form(
    "cointracking",
    Column("Buy Amount"),
    Column("Buy Currency"),
    Column("Sell Amount"),
    Column("Sell Currency"),
    Column("Fee"),
    Column("Fee Currency"),
)
EXPORT = _form(
    "cointracking_export",
    Column("Buy"),
    Column("Buy Cur.", ("Cur.",), after="Buy"),
    Column("Sell"),
    Column("Sell Cur.", ("Cur.",), after="Sell"),
    Column("Fee", required=False),
    Column("Fee Cur.", ("Cur.",), required=False, after="Fee"),
)
