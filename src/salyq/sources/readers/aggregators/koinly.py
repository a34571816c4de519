"""Koinly: its universal file, and the export of its transactions. Times are UTC.

Date | Koinly Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth Amount,
Net Worth Currency,Label,Description,TxHash[,Koinly ID,From Wallet,…,To Wallet,…] · Date,Type,Label,Sending Wallet,Sent
Amount,Sent Currency,…,Receiving Wallet,Received Amount,Received Currency,…,Fee Amount,Fee Currency,…,TxHash,
Description · Koinly Date,Pair,Side,Amount,Total,Fee Amount,Fee Currency,Order ID,Trade ID.
"""

from __future__ import annotations

from datetime import UTC

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.clock import clock
from salyq.sources.habits.fills import Market, fills
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At
from salyq.sources.habits.rules import SAME
from salyq.sources.readers.aggregators.shared import OWN_MOVE, UNCOVERED, GatheredRows, Leg

PAGE = "docs/sources/aggregators.md"
_PARSE = clock(UTC)
_TYPES = (
    *("buy", "sell", "exchange", "transfer", "deposit", "withdrawal"),
    *("fiat_deposit", "crypto_deposit", "fiat_withdrawal", "crypto_withdrawal", "trade", "swap"),
)
_IN = {
    "": "",
    "airdrop": "airdrop",
    "fork": "fork",
    "mining": "mined",
    "reward": "airdrop",
    "cashback": "airdrop",
    "fee refund": "airdrop",
    "staking": "staked",
    "staking reward": "staked",
    "loan interest": "interest",
    "loan_interest": "interest",
    "lending interest": "interest",
    "interest": "interest",
    "salary": "earned",
    "gift": "gift_in",
    "from pool": OWN_MOVE,
    "from_pool": OWN_MOVE,
    "unstake": OWN_MOVE,
    "income": UNCOVERED,
    "other income": UNCOVERED,
    "other_income": UNCOVERED,
    "realized gain": UNCOVERED,
    "realized_gain": UNCOVERED,
    "liquidity out": UNCOVERED,
    "loan": UNCOVERED,
}
_OUT = {
    "": "",
    "gift": "gift_out",
    "donation": "gift_out",
    "lost": "lost",
    "stolen": "lost",
    "cost": "spend",
    "fee": "fee",
    "to pool": OWN_MOVE,
    "to_pool": OWN_MOVE,
    "stake": OWN_MOVE,
    "interest payment": UNCOVERED,
    "interest_payment": UNCOVERED,
    "loan fee": UNCOVERED,
    "loan_fee": UNCOVERED,
    "margin fee": UNCOVERED,
    "margin_fee": UNCOVERED,
    "realized gain": UNCOVERED,
    "realized_gain": UNCOVERED,
    "liquidity in": UNCOVERED,
    "loan repayment": UNCOVERED,
}
_TRADED = ("", "swap", "trade", "exchange", "cost", "buy", "sell")


class UniversalRows(GatheredRows):
    """Rows of either layout."""

    venue, column = "Koinly", "Label"

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, "koinly")

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, kind, label, source, sent, sent_code, target, came, came_code, fee, fee_code, note, chain = cells
        time, day = self.book.venue_time(when, _PARSE, "Date")
        self.book.notice(line, "notice_gathered")
        kind, label = kind.casefold(), label.casefold()
        if label in _TYPES:  # some exports write the type where the label stands
            kind, label = label, ""
        if kind and kind not in _TYPES:
            raise RowError("Type", kind, "operation_unknown", venue="Koinly")
        at = At(line, time, day, note or label or kind or None, hash=venue_id(chain))
        given, taken = Leg(sent, sent_code, "Sent Amount"), Leg(came, came_code, "Received Amount")
        fees = self.fee(Leg(fee, fee_code, "Fee Amount"), line)
        if given.there and (taken.there or (taken.nothing and label in _TRADED)):
            return self.both(at, label, (source, target), (given, taken), fees)
        if given.there:
            self.account = self.of(source or target)
            if label not in _OUT and _IN.get(label, UNCOVERED) not in (OWN_MOVE, UNCOVERED):  # a receipt taken back
                back = given._replace(amount="-" + given.amount.lstrip("-"))
                return self.one_sided(at, label, _IN, back, 1, fees)
            return self.one_sided(at, label, _OUT, given, -1, fees)
        self.account = self.of(target or source)
        if taken.there:
            return self.one_sided(at, label, _IN, taken, 1, fees)
        if self.lone_fees(at, fees):
            return True
        raise RowError("Sent Amount", None, "row_cell_missing", column="Sent Amount")

    def both(
        self, at: At, label: str, wallets: tuple[str, str], legs: tuple[Leg, Leg], fees: list[tuple[int, str]]
    ) -> Rule | bool:
        """A deal in one wallet, or one's own coins moved to another."""
        given, taken = self.side(legs[0], at.line), self.came(legs[1], at.line)
        source, target = self.of(wallets[0] or wallets[1]), self.of(wallets[1] or wallets[0])
        if given.asset != taken.asset:
            if label not in _TRADED:
                raise RowError("Label", label, "gathered_not_told", venue="Koinly")
            self.account = source
            tie = at.hash or f"{at.time:%Y%m%dT%H%M%SZ}"
            return self.deal(at, given, taken, fees, group=f"{source}:{tie}:{given.asset}>{taken.asset}")
        if source == target:
            self.account = source
            return self.lone_fees(at, [*fees, (given.quantity - taken.quantity, given.asset)]) or SAME
        self.account = source
        self.movement(at._replace(counterparty=target), given.asset, -given.quantity, fees[0] if fees else None)
        self.account = target
        return self.movement(at._replace(counterparty=source), taken.asset, taken.quantity)


def _form(name: str, *columns: Column) -> Format:
    order = (
        *("Date", "Type", "Label", "Sending Wallet", "Sent Amount", "Sent Currency", "Receiving Wallet"),
        *("Received Amount", "Received Currency", "Fee Amount", "Fee Currency", "Description", "TxHash"),
    )
    own = {column.name: column for column in columns}
    return Format(
        name,
        tuple([own.get(each) or Column(each) for each in order]),
        UniversalRows,
        tells=Tells.ORDERS,
        yields=yields(Yields.RECORDS),
        venue="Koinly",
        page=PAGE,
        moves=Moves(assets=("Sent Currency", "Received Currency", "Fee Currency")),
    )


_DATE = Column("Date", pattern=r"(Koinly )?Date( \(UTC\))?")
UNIVERSAL = _form(
    "koinly",
    _DATE,
    Column("Type", required=False),
    Column("Label", ("Label", "Tag"), required=False),
    Column("Sending Wallet", ("From Wallet", "From Wallet (read-only)", "Sending Wallet"), required=False),
    Column("Receiving Wallet", ("To Wallet", "To Wallet (read-only)", "Receiving Wallet"), required=False),
    Column("Description", required=False),
    Column("TxHash", ("TxHash", "TxHash (optional)"), required=False),
)
TRANSACTIONS = _form("koinly_transactions", _DATE, Column("Label", ("Label", "Tag")))
TRADES = fills(
    "koinly_trades",
    Market("koinly", "Koinly", exchange=False),
    PAGE,
    Column("Time", pattern=r"Koinly Date( \((?P<zone>UTC)\))?"),
    Column("Pair"),
    Column("Side"),
    Column("Amount"),
    Column("Total"),
    Column("Fee", ("Fee Amount",)),
    Column("Fee Coin", ("Fee Currency",)),
    Column("Order", ("Order ID",), required=False),
    Column("Trade", ("Trade ID",), required=False),
)
