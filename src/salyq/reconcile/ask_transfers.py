"""Questions about transfers that found no other side, or more than one."""

from __future__ import annotations

from collections.abc import Sequence

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.matching import Cluster
from salyq.reconcile.model import Question
from salyq.reconcile.order import source_key
from salyq.reconcile.places import places
from salyq.records.model import Record


def ambiguous(cluster: Cluster, records: Sequence[Record]) -> Question:
    """One question for a whole set of transfers that could be paired in more than one way."""
    outs, ins = [records[n] for n in cluster.outs], [records[n] for n in cluster.ins]
    sources = tuple(sorted((r.source for r in (*outs, *ins)), key=source_key))
    quantity = sum(r.quantity for r in outs)
    params = {
        "asset": outs[0].asset,
        "quantity": format_scaled(quantity),
        "outs": places(sorted((r.source for r in outs), key=source_key)),
        "ins": places(sorted((r.source for r in ins), key=source_key)),
    }
    message = Message("ambiguous_transfer", params)
    year = min(r.day.year for r in outs)
    return Question("ambiguous_transfer", "warning", message, sources, outs[0].asset, quantity, year)


def unmatched(record: Record, *, stranger: bool, silent: str | None = None) -> Question:
    """A transfer without its other side. `stranger`: the person says that the other side is not their own account;
    `silent`: it is this own account, of which no file tells."""
    code = f"unmatched_{record.kind}"
    params = {
        "place": str(record.source),
        "quantity": format_scaled(record.quantity),
        "asset": record.asset,
        "account": record.account or "-",
        "counterparty": record.counterparty or "-",
        "day": record.day.isoformat(),
    }
    message = Message(f"{code}_stranger" if stranger else code, params)
    if silent is not None:
        message = Message(f"{code}_silent", params | {"other": silent})
    return Question(code, "warning", message, (record.source,), record.asset, record.quantity, record.day.year)
