"""OKX trading account history, newer layouts: a ledger, a spot fill in two rows (one a coin), a balance after each.

A line UID:…,Account Type:…,Time Zone:UTC+3, then id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled
Price,[Filled Price Unit,]PnL,Fee,Fee Unit,Position Change,Position Balance,[Position Unit,]Balance Change,Balance,
Balance Unit; before 2023 Instrument, Type, Unit and PL. What moved is Balance Change of Balance Unit, net of its fee.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, only, yields
from salyq.sources.habits.amounts import amount, optional_amount, shown_amount
from salyq.sources.habits.balances import Balances
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, ZERO
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.okx.trades import ACCOUNT
from salyq.sources.readers.okx.types import trading


class Part(NamedTuple):
    """A row of a spot fill: `gross` signed, fee above zero where paid; 10⁻¹⁸."""

    at: At
    coin: str
    symbol: str
    price: str
    gross: int
    fee: int
    fee_coin: str
    order: str | None


class TradingRows(VenueRows):
    """Rows of the trading account: rows of spot fills wait until the end."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.balances = Balances(book)
        self.parts: list[Part] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        number, order, when, kind, symbol, action, amount_text, price, result, fee_text, fee_unit = cells[:11]
        change_text, balance, unit, second_unit, only_unit = cells[11:]
        time, day = self.clock.read(when, "Time", line)
        coin = coin_code(self.book, unit or second_unit or only_unit, "Balance Unit", line)
        change = amount(change_text, "Balance Change", thousands=True)
        fee = -optional_amount(fee_text, "Fee", thousands=True)
        fee_coin = coin_code(self.book, fee_unit, "Fee Unit", line) if fee_unit else coin
        if balance.strip("-"):
            self.balances.add(coin, time, line, change, shown_amount(balance, "Balance", thousands=True))
        at = At(line, time, day, " ".join(word for word in (kind, symbol, action) if word), venue_id(number))
        found = trading(kind, action)
        if found.how == "own":
            return OWN
        if found.how == "spot":
            at = at._replace(note=f"{kind} {symbol}".strip())
            written = abs(optional_amount(amount_text, "Amount", thousands=True))
            gross = _gross(change, fee, fee_coin == coin, written)
            self.parts.append(Part(at, coin, symbol, price, gross, fee, fee_coin, venue_id(order)))
            return None
        fees: list[Fee] = [(fee, fee_coin)] if fee else []
        if found.how == "derivative":
            return self.derivative(at, coin, optional_amount(result, "PnL", thousands=True), fees)
        if found.how == "funding_fee":
            paid = optional_amount(result, "PnL", thousands=True) or _gross(change, fee, fee_coin == coin, 0)
            return self.derivative(at, coin, paid, fees)
        code = "venue_not_covered" if found.how else "venue_unknown_operation"
        raise RowError("Action" if action else "Trade Type", f"{kind} {action}".strip() or None, code, venue="OKX")

    def derivative(self, at: At, coin: str, result: int, fees: list[Fee]) -> Rule | bool:
        """The result of a derivative; its fee goes with it, or alone where a position was only opened."""
        if not result:
            return bool(self.lone_fees(at, fees)) or any(fee < 0 for fee, _ in fees) or ZERO
        if is_currency(coin):
            raise RowError("Balance Unit", coin, "row_asset_is_money")
        owed = self.sorted_fees(at, fees)
        self.add(at, "derivative_result", coin, abs(result), value=result, currency=coin, fee=owed[0] if owed else None)
        return True

    def finish(self) -> None:
        """Fills of each order, and whether the balances follow from the rows."""
        orders: dict[tuple[object, ...], list[Part]] = {}
        for part in self.parts:
            key = (part.order,) if part.order else ("", part.at.time, part.symbol)
            orders.setdefault(key, []).append(part)
        for parts in orders.values():
            self.order(parts)
        self.parts.clear()
        self.balances.finish()

    def order(self, parts: Sequence[Part]) -> None:
        """The fills of an order: one coin out, one in; paired where each fill has its two rows, else joined."""
        moving = [part for part in parts if part.gross]
        outs, ins = [p for p in moving if p.gross < 0], [p for p in moving if p.gross > 0]
        idle = [part for part in parts if not part.gross]
        if outs and not ins and any(part.coin != outs[0].coin for part in idle):  # what came in rounds to nothing
            fees = [(part.fee, part.fee_coin) for part in parts if part.fee]
            gone = [(-part.gross, part.coin) for part in outs]
            self.settled([part.at.line for part in parts], self.lone_fees(outs[0].at, [*fees, *gone]) or FIAT)
            return
        if len({p.coin for p in outs}) != 1 or len({p.coin for p in ins}) != 1 or outs[0].coin == ins[0].coin:
            reason = Message("venue_legs_unclear" if outs and ins else "venue_half_trade")
            self.book.unclear(self.account, [(p.at.time, p.coin, p.gross, p.at.line) for p in parts])
            for part in parts:
                self.book.reject(part.at.line, "Symbol", part.symbol, reason, part.at.day, only(part.coin, part.gross))
            return
        for given, taken in _fills(outs, ins):
            self.fill([*given, *taken, *idle], given, taken)
            idle = []

    def fill(self, rows: Sequence[Part], given: Sequence[Part], taken: Sequence[Part]) -> None:
        """Records of one fill. The ids of its two rows are one apart: the lower names it."""
        first = min(rows, key=lambda part: (part.at.time, part.at.id or "", part.at.line))
        tie = f"{ACCOUNT}:{first.at.time:%Y%m%dT%H%M%SZ}:{first.order or first.at.id or first.symbol}"
        out = Side(given[0].coin, -sum(p.gross for p in given), min(p.at.line for p in given))
        into = Side(taken[0].coin, sum(p.gross for p in taken), min(p.at.line for p in taken))
        fees = [(part.fee, part.fee_coin) for part in rows if part.fee]
        found = self.deal(first.at, out, into, fees, group=tie, order=first.order)
        self.settled([part.at.line for part in rows], found)


def _gross(change: int, fee: int, same: bool, written: int) -> int:
    """What moved before the fee, signed: the amount as written, where it agrees with the balance but for rounding."""
    told = change + fee if same else change
    if written and abs(written - abs(told)) * 1000 <= abs(told):
        return written if told > 0 else -written
    return told


def _fills(outs: Sequence[Part], ins: Sequence[Part]) -> list[tuple[list[Part], list[Part]]]:
    """Fills of one price have as many rows out as in, and by size they go together; else the price is one fill."""
    prices: dict[str, tuple[list[Part], list[Part]]] = {}
    for part in outs:
        prices.setdefault(part.price, ([], []))[0].append(part)
    for part in ins:
        prices.setdefault(part.price, ([], []))[1].append(part)
    if any(not given or not taken for given, taken in prices.values()):
        return [(list(outs), list(ins))]
    found: list[tuple[list[Part], list[Part]]] = []
    for given, taken in prices.values():
        if len(given) != len(taken):
            found.append((given, taken))
            continue
        for pair in zip(sorted(given, key=_size), sorted(taken, key=_size), strict=True):
            found.append(([pair[0]], [pair[1]]))
    return found


def _size(part: Part) -> tuple[int, str, int]:
    return abs(part.gross), part.at.id or "", part.at.line


FORMAT = Format(
    "okx_trading",
    (
        Column("id"),
        Column("Order id"),
        Column("Time", pattern=r"Time\s*(?:\((?P<zone>[^)]*)\))?"),
        Column("Trade Type"),
        Column("Symbol", ("Symbol", "Instrument")),
        Column("Action", ("Action", "Type")),
        Column("Amount"),
        Column("Filled Price", required=False),
        Column("PnL", ("PnL", "PL")),
        Column("Fee"),
        Column("Fee Unit", required=False),
        Column("Balance Change"),
        Column("Balance", required=False),
        Column("Balance Unit", required=False),
        Column("Unit 2", ("Unit",), nth=2, required=False),
        Column("Unit", ("Unit",), required=False),
    ),
    TradingRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="OKX",
    exchange=True,
    page="docs/sources/okx.md",
)
