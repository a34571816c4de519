"""What law asks of a moving average: several acquisitions as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from salyq.facts.events import Event
from salyq.law.facts import Acquisition


class Pool(NamedTuple):
    """A moving average: several acquisitions as one, of the day and kind of the last. What was asked of each when its
    cost was found is not asked again of the pool. `known` False: lots of which nobody can say which they were."""

    newest: Event
    quantity: int
    value: Any
    tenge: Any
    known: bool = True

    def row(self) -> Any:
        columns: dict[str, Any] = {name: of(self) for name, of in OF_POOL.items()}
        return Acquisition.given(**columns)


NEVER = (
    *("taxed_earlier", "registered_miner", "from_exchange", "abroad", "operator", "valuer_report"),
    *("low_tax_source", "solo", "for_receivable"),
)
OF_POOL: dict[str, Callable[[Pool], Any]] = {
    "kind": lambda p: p.newest.kind,
    "day": lambda p: p.newest.record.day,
    "asset": lambda p: p.newest.asset,
    "quantity": lambda p: p.quantity,
    "value": lambda p: p.value,
    "value_is_money": lambda _: True,
    "pool": lambda p: p.known,
    "pool_tenge": lambda p: p.tenge,
    **dict.fromkeys(("counter_asset", "peg", "counter_peg", "account_country"), lambda _: ""),
    **dict.fromkeys(("documented", "resident"), lambda _: True),
    **dict.fromkeys(NEVER, lambda _: False),
    "purchase_fee": lambda _: (0, "KZT"),
}
