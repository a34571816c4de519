"""Conversions that a ledger tells as single legs: legs of one moment (moments.py) are paired."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from salyq.civil.messages import Message
from salyq.sources.format import only
from salyq.sources.habits.moments import Half, moments
from salyq.sources.habits.pairing import Leg, by_coin, pair, several
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import ZERO


def half_of(leg: Leg) -> Half:
    """A leg as a half of a moment."""
    return Half(leg.time, leg.coin, leg.change, leg.line)


def convert(rows: VenueRows, legs: Sequence[Leg], group: Callable[[Leg], str]) -> None:
    """Records for conversions among `legs` (rows that `finish` accounts for); legs without a counterpart are rejected.

    Where several coins were converted in one second and it cannot be told which for which, they are one swap.

    A leg of nothing says what dust was turned into: the dust is gone. `group`: what ties the legs of one swap, from its
    first leg."""
    for moment in moments(legs, half_of):
        together = _dust(rows, moment)
        if not together:
            continue
        trades = pair(together)
        if trades is None and several(together):
            _together(rows, together, f"{group(together[0])}:many")
            continue
        if trades is None:
            one_way = len({leg.change > 0 for leg in together}) == 1
            reason = Message("venue_half_trade" if one_way else "venue_legs_unclear")
            rows.book.unclear(rows.account, [(leg.time, leg.coin, leg.change, leg.line) for leg in together])
            for leg in together:
                rows.book.reject(leg.line, None, leg.operation, reason, leg.day, only(leg.coin, leg.change))
            continue
        for outs, ins in trades:
            both = sorted([*outs, *ins], key=lambda leg: (leg.time, leg.line))
            given = Side(outs[0].coin, -sum(leg.change for leg in outs), min(leg.line for leg in outs))
            taken = Side(ins[0].coin, sum(leg.change for leg in ins), min(leg.line for leg in ins))
            first = both[0]
            at = At(first.line, first.time, first.day, first.operation)
            tie = f"{group(first)}:{given.asset}>{taken.asset}"
            rows.settled([leg.line for leg in both], rows.deal(at, given, taken, group=tie))


def _dust(rows: VenueRows, moment: Sequence[Leg]) -> Sequence[Leg]:
    """The legs of a moment that are left once those of nothing are accounted for: with coins that went for them, or as
    rows that change nothing."""
    nothing, moved = [leg for leg in moment if not leg.change], [leg for leg in moment if leg.change]
    if not nothing:
        return moment
    if not moved or any(leg.change > 0 for leg in moved):
        rows.settled([leg.line for leg in nothing], ZERO)
        return moved
    for n, (coin, own) in enumerate(by_coin(moved).items()):
        lines = sorted(leg.line for leg in own)
        at = At(lines[0], own[0].time, own[0].day, own[0].operation)
        gone = rows.deal(at, Side(coin, -sum(leg.change for leg in own)), Side(nothing[0].coin, 0))
        rows.settled(sorted([*lines, *([leg.line for leg in nothing] if n == 0 else [])]), gone)
    return ()


def _together(rows: VenueRows, legs: Sequence[Leg], tie: str) -> None:
    """Several coins for several: one swap of many legs, each of which is worth what its own quote says."""
    rows.book.notice(min(leg.line for leg in legs), "notice_converted_together")
    sums: dict[tuple[str, bool], list[Leg]] = {}
    for leg in legs:
        sums.setdefault((leg.coin, leg.change > 0), []).append(leg)
    for (coin, incoming), own in sums.items():
        first = min(own, key=lambda leg: (leg.time, leg.line))
        at = At(min(leg.line for leg in own), first.time, first.day, first.operation)
        quantity = abs(sum(leg.change for leg in own))
        rows.add(at, "swap_in" if incoming else "swap_out", coin, quantity, group=tie)
    rows.settled([leg.line for leg in legs], True)
