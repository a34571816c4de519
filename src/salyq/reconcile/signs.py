"""Which way a record moves its asset, by its kind."""

from __future__ import annotations

from salyq.reconcile.order import ACQUIRED, DISPOSED

MOVES = frozenset({"transfer_in", "transfer_out"})
SIGNS = {
    **dict.fromkeys(ACQUIRED, 1),
    **dict.fromkeys(DISPOSED, -1),
    "fee": -1,
    "transfer_in": 1,
    "transfer_out": -1,
    "reversal": 0,
}
_IN, _OUT = "swap_in", "swap_out"
DEALS = {"buy": (-1, _IN, _OUT), "sell": (1, _OUT, _IN)}  # sign of the counter leg; told of the main leg, of this one
