"""P2P rows of a statement whose order no file tells: coins changed hands for money, and nobody says for how much.

Coins sold so are a sale of unknown price, never coins that are still owned: an absent price is no income of zero.
Coins bought so stay a receipt of unknown cost. One question for each account, asset, direction and year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Question
from salyq.reconcile.order import source_key
from salyq.reconcile.places import places
from salyq.records.model import Record, Source

CODES = {"transfer_in": "p2p_bought_without_order", "transfer_out": "p2p_sold_without_order"}


def sold(row: Record) -> Record:
    """The sale that a statement row tells; neither its money nor its currency is known."""
    return row._replace(kind="sell", value=None, currency=None, group=None)


def ask_orders(rows: Sequence[Record], asked: Collection[Source]) -> list[Question]:
    """What to ask about rows (as they were read) without orders; of those in `asked` something is asked already."""
    groups: dict[tuple[str, str, str, int], list[Record]] = defaultdict(list)
    for r in rows:
        if r.source not in asked:
            groups[r.kind, r.account, r.asset, r.day.year].append(r)
    return [_question(found) for found in groups.values()]


def _question(found: list[Record]) -> Question:
    first = found[0]
    code = CODES[first.kind]
    sources = tuple(sorted((r.source for r in found), key=source_key))
    quantity = sum(r.quantity for r in found)
    params = {
        "count": len(found),
        "asset": first.asset,
        "quantity": format_scaled(quantity),
        "account": first.account or "-",
        "places": places(list(sources)),
    }
    return Question(code, "warning", Message(code, params), sources, first.asset, quantity, first.day.year)
