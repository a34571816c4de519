"""A transfer with several rows on one side, told as transfers of one row each: the larger row is cut to parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from salyq.reconcile.told_twice import fee_in_kind
from salyq.records.model import Record


class Cut(NamedTuple):
    """The parts of one side against the rows of the other, in order: `sent[n]` arrived as `received[n]`."""

    sent: list[Record]
    received: list[Record]


def larger_side_fits(outs: Sequence[Record], ins: Sequence[Record]) -> bool:
    """Whether the rows can be one transfer: one of the sides is one row, and no more arrives than was sent."""
    short = sum(r.quantity for r in outs) - sum(r.quantity for r in ins)
    if min(len(outs), len(ins)) != 1 or short < 0:
        return False
    return len(outs) == 1 or max(r.quantity for r in outs) > short


def cut(outs: Sequence[Record], ins: Sequence[Record]) -> Cut:
    """Parts of a transfer that `larger_side_fits`. What did not arrive is the network fee, of one part alone.

    A fee that the row tells and that its quantity holds is told once: as that difference."""
    sent, received = list(outs), list(ins)
    short = sum(r.quantity for r in outs) - sum(r.quantity for r in ins)
    if len(outs) == 1:
        whole = outs[0]
        if short and fee_in_kind(whole) == short:
            whole = whole._replace(fee=None, fee_asset=None)
        sizes = [r.quantity for r in ins]
        sizes[0] += short
        return Cut(parts(whole, sizes), received)
    sizes = [r.quantity for r in outs]
    sizes[max(range(len(sizes)), key=lambda n: (sizes[n], -n))] -= short
    return Cut(sent, parts(ins[0], sizes))


def parts(record: Record, sizes: Sequence[int]) -> list[Record]:
    """The record in parts of these quantities; the first has its fee."""
    first, *rest = sizes
    plain = record._replace(fee=None, fee_asset=None)
    return [record._replace(quantity=first), *(plain._replace(quantity=size) for size in rest)]
