"""Spot trades of Bybit's unified account: two rows a trade, one of either coin, and no fill id in most exports.

Legs belong together by trade id; else by second, contract, side and price, where several fills of one price are one
deal. A leg whose counterpart stands a second or two away is joined to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.sources.format import only
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import FIAT, ZERO

_APART = timedelta(seconds=2)


class Spot(NamedTuple):
    """One row: `cash` the gross amount, signed; `fee` above zero where paid; 10⁻¹⁸ of `coin`."""

    at: At
    coin: str
    contract: str
    direction: str
    price: str
    cash: int
    fee: int
    order: str | None


Moment = tuple[datetime, str, str]


class Trades:
    """Legs of spot trades, until the file is read."""

    def __init__(self, rows: VenueRows) -> None:
        self.rows = rows
        self.legs: list[Spot] = []

    def add(self, leg: Spot) -> None:
        """A leg; where its cash is zero, a fee in a third coin."""
        self.legs.append(leg)

    def finish(self) -> None:
        """Records of all trades; what makes none is rejected."""
        by_id: dict[str, list[Spot]] = {}
        loose: list[Spot] = []
        for leg in self.legs:
            (by_id.setdefault(leg.at.id, []) if leg.at.id else loose).append(leg)
        for number, legs in sorted(by_id.items()):
            self.deal(legs, number)
        fees: dict[Moment, list[Spot]] = {}
        for leg in loose:
            if leg.cash == 0:
                fees.setdefault(_moment(leg), []).append(leg)
        for legs in _together([leg for leg in loose if leg.cash]):
            first = min(legs, key=lambda leg: (leg.at.time, leg.at.line))
            own = fees.pop(_moment(first), [])
            self.deal([*legs, *own], f"{first.contract}:{first.direction}")
        for left in fees.values():
            for fee in left:
                self.fee(fee)
        self.legs.clear()

    def fee(self, leg: Spot) -> None:
        """A fee that no deal owns."""
        found = self.rows.lone_fees(leg.at, [(leg.fee, leg.coin)])
        self.rows.settled([leg.at.line], found or (FIAT if leg.fee > 0 else leg.fee < 0 or ZERO))

    def deal(self, legs: Sequence[Spot], name: str) -> None:
        """One deal: one coin out, another in. `name` ties its legs, with their second, where no order does."""
        outs, ins = [leg for leg in legs if leg.cash < 0], [leg for leg in legs if leg.cash > 0]
        if not outs or not ins or len({leg.coin for leg in outs}) != 1 or len({leg.coin for leg in ins}) != 1:
            one_way = not outs or not ins
            reason = Message("venue_half_trade" if one_way else "venue_legs_unclear")
            told = [(leg.at.time, leg.coin, leg.cash, leg.at.line) for leg in legs]
            self.rows.book.unclear(self.rows.account, told)
            for leg in legs:
                self.rows.book.reject(leg.at.line, "Contract", leg.contract, reason, leg.at.day, only(leg.coin))
            return
        first = min(legs, key=lambda leg: (leg.at.time, leg.at.line))
        given = Side(outs[0].coin, -sum(leg.cash for leg in outs), min(leg.at.line for leg in outs))
        taken = Side(ins[0].coin, sum(leg.cash for leg in ins), min(leg.at.line for leg in ins))
        many = f" ×{len(legs)}" if len(legs) > 2 else ""
        at = first.at._replace(note=f"{first.contract} {first.direction}{many}")
        order = first.order
        fees = [(leg.fee, leg.coin) for leg in legs if leg.fee]
        tie = f"bybit:{at.time:%Y%m%dT%H%M%SZ}:{order or name}"
        found = self.rows.deal(at, given, taken, fees, group=tie, order=order)
        self.rows.settled([leg.at.line for leg in legs], found)


def _moment(leg: Spot) -> Moment:
    return leg.at.time, leg.contract, leg.direction


def _together(legs: Iterable[Spot]) -> list[list[Spot]]:
    """Legs by order or (contract, side, price), then by second; halves within two seconds of each other are one."""
    keyed: dict[tuple[str, ...], list[Spot]] = {}
    for leg in legs:
        keyed.setdefault((leg.contract, leg.direction, leg.price, leg.order or ""), []).append(leg)
    found: list[list[Spot]] = []
    for _, same in sorted(keyed.items()):
        groups: list[list[Spot]] = []
        for leg in sorted(same, key=lambda leg: (leg.at.time, leg.coin, leg.cash, leg.at.line)):
            if groups and (leg.at.time == groups[-1][-1].at.time or _half(groups[-1], leg)):
                groups[-1].append(leg)
            else:
                groups.append([leg])
        found += groups
    return found


def _half(group: Sequence[Spot], leg: Spot) -> bool:
    """Whether a group lacks the side that a leg up to two seconds later brings."""
    ways = {x.cash > 0 for x in group}
    return len(ways) == 1 and (leg.cash > 0) not in ways and leg.at.time - group[0].at.time <= _APART
