"""Gate.io billing details: a ledger of legs; those of one trade bear one number in `action_data`.

no,time,action_desc,action_data,type,change_amount,amount,total: `type` is the coin. An order takes what it will cost
when it is placed, gives it back where it is cancelled, and brings what it bought as it is
filled; its fees are rows too.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import NOTHING_FILLED, ZERO
from salyq.sources.habits.zone import VenueClock

ACCOUNT = "gate"
_ORDER = ("order placed", "order filled", "order fullfilled", "order fulfilled", "order cancelled", "order canceled")
_FEE = "trading fees"
_DUST = "dust swap"
_FREE = {
    "airdrop": "airdrop",
    "referral superior rebate": "airdrop",
    "hodl interest": "interest",
}


class _Leg(NamedTuple):
    line: int
    time: datetime
    day: date
    coin: str
    change: int
    what: str


class LedgerRows(VenueRows):
    """Rows of the ledger; legs of one number wait for each other."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.groups: dict[tuple[str, str], list[_Leg]] = {}

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, action, number, coin, change_text = cells
        time, day = self.clock.read(when, "time", line)
        change = amount(change_text, "change_amount", thousands=True)
        asset = coin_code(self.book, coin, "type", line)
        plain = action.casefold()
        at = At(line, time, day, action)
        if plain in ("deposits", "withdrawals"):
            if change and (change > 0) != (plain == "deposits"):
                raise RowError("change_amount", change_text, "operation_wrong_sign", operation=action)
            return self.movement(at, asset, change)
        if plain in _FREE:
            return self.receipt(at, _FREE[plain], asset, change, "change_amount")
        family = "dust" if plain.startswith(_DUST) else "order" if plain in (*_ORDER, _FEE) else ""
        if not family:
            raise RowError("action_desc", action or None, "operation_unknown", venue="Gate.io")
        if change == 0 and family != "dust":
            return ZERO
        if not number:
            raise RowError("action_data", None, "row_cell_missing", column="action_data")
        if venue_id(number) is None:  # a spreadsheet cut it: many orders may bear what is left
            number = f"{number} {time:%Y%m%dT%H%M%S}"
        self.groups.setdefault((family, number), []).append(_Leg(line, time, day, asset, change, plain))
        return None

    def finish(self) -> None:
        """Orders and swaps of dust, each by its number."""
        for (family, number), legs in self.groups.items():
            legs.sort(key=lambda leg: (leg.time, leg.coin, leg.change, leg.line))
            self._settle(family, f"{ACCOUNT}:{family}:{number}", number, legs)
        self.groups.clear()

    def _settle(self, family: str, tie: str, number: str, legs: list[_Leg]) -> None:
        sums: dict[str, int] = {}
        fees: dict[str, int] = {}
        for leg in legs:
            into = fees if leg.what == _FEE else sums
            into[leg.coin] = into.get(leg.coin, 0) + leg.change
        outs = {coin: -change for coin, change in sums.items() if change < 0}
        ins = {coin: change for coin, change in sums.items() if change > 0}
        lines = [leg.line for leg in legs]
        nothing = next((leg for leg in legs if not leg.change), None)
        if nothing is not None and not ins:  # what came in for dust rounds to nothing
            at = At(legs[0].line, legs[0].time, legs[0].day, legs[0].what)
            self.settled(lines, self.lone_fees(at, [(gone, coin) for coin, gone in outs.items()]) or ZERO)
            return
        if family == "order" and not fees and not any("filled" in leg.what for leg in legs):
            self.book.ignore(NOTHING_FILLED, *lines)  # what is set aside for an open order is still owned
            return
        if not outs or not ins or len(ins) > 1 or (family == "order" and len(outs) > 1):
            one_way = not outs or not ins
            self.book.unclear(ACCOUNT, [(leg.time, leg.coin, leg.change, leg.line) for leg in legs])
            for leg in legs:
                reason = Message("venue_half_trade" if one_way else "venue_legs_unclear")
                self.book.reject(leg.line, "action_data", number, reason, leg.day, only(leg.coin, leg.change))
            return
        first = next((leg for leg in legs if leg.change > 0 and leg.what != _FEE), legs[0])
        at = At(first.line, first.time, first.day, first.what)
        place = {leg.coin: leg.line for leg in reversed(legs)}
        ((taken, quantity),) = ins.items()
        paid = [(-change, coin) for coin, change in fees.items()]
        if len(outs) == 1:
            ((given, gave),) = outs.items()
            sides = Side(given, gave, place[given]), Side(taken, quantity, place[taken])
            self.settled(lines, self.deal(at, *sides, paid, group=tie, order=number))
            return
        self.book.notice(at.line, "notice_converted_together")
        for coin, gave in outs.items():
            self.add(at, "swap_out", coin, gave, group=tie, line=place[coin])
        self.add(at, "swap_in", taken, quantity, group=tie, line=place[taken])
        self.settled(lines, True)


FORMAT = Format(
    "gate_ledger",
    (
        Column("time", pattern=r"time\s*(\((?P<zone>UTC[^)]*)\))?"),
        Column("action_desc"),
        Column("action_data"),
        Column("type"),
        Column("change_amount"),
    ),
    LedgerRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Gate.io",
    exchange=True,
    page="docs/sources/gate.md",
    moves=Moves(assets=("type",), change="change_amount"),
)
