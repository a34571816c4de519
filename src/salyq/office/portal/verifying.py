"""`office verify` over all rooms: the log, then what each room keeps beside it, the ledger's books last:
counted from their transfers, and compared with the seals that the log holds."""

from __future__ import annotations

from collections.abc import Callable

from salyq.office.ledger import seals
from salyq.office.ledger.recount import recount
from salyq.office.procedures.verify import verify_steps
from salyq.office.registry.verify import verify_spans
from salyq.office.store.store import Transaction
from salyq.office.store.verify import Difference, verify


def verify_all(tx: Transaction, progress: Callable[[int], None] = lambda _: None) -> Difference | None:
    """None, or the first difference."""
    return verify(tx, progress) or verify_spans(tx) or verify_steps(tx) or _verify_books(tx)


def _verify_books(tx: Transaction) -> Difference | None:
    """The first place where the books are not what their transfers come to, or not what was sealed."""
    found = recount(tx.store.url, tx.store.clock).differences
    if found:
        return Difference(f"ledger {found[0].what}", found[0].which, found[0].counted, found[0].kept)
    return seals.broken(tx)
