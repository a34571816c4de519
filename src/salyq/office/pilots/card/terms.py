"""What contract, register and exchange say, remembered between batches of messages.

One question a batch asks whether anything was recorded since: a quote, a limit, a stop, an entry of a register. What is
remembered serves until then, and no longer than a second, for what was recorded ahead begins at its own time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from salyq.civil.days import kz_day
from salyq.office.pilots import quotes
from salyq.office.pilots.card import accounts
from salyq.office.pilots.card.accounts import SQL
from salyq.office.pilots.quotes import Quote
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract, Limit, State
from salyq.office.store.store import Transaction

_T = TypeVar("_T")
_SERVES = timedelta(seconds=1)


class Terms:
    """Of a host; `begin` each batch."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], object] = {}
        self._stamp: tuple[object, ...] = ()
        self._at: datetime | None = None

    def begin(self, tx: Transaction) -> None:
        """Forgets what may have changed."""
        now, of = tx.now, [name for what, name in self._said if what == "contract"]
        stamp = (kz_day(now), *tx.values(SQL["stamp"], {"contracts": of})[0])
        if stamp != self._stamp or self._at is None or not self._at <= now < self._at + _SERVES:
            self._said.clear()
            self._stamp, self._at = stamp, now

    def contract(self, tx: Transaction, number: str) -> Contract:
        found = self._once("contract", number, lambda: contracts.contract(tx, number))
        assert found is not None  # a card names its contract by a foreign key
        return found

    def limits(self, tx: Transaction, number: str) -> dict[str, Limit]:
        return self._once("limits", number, lambda: contracts.limits(tx, number, kz_day(tx.now)))

    def state(self, tx: Transaction, contract: Contract) -> State:
        return self._once("state", contract.id, lambda: contracts.state(tx, contract, tx.now))

    def blocked(self, tx: Transaction, number: str) -> frozenset[str]:
        """Digests of the contract's cards that are blocked."""
        return self._once("blocked", number, lambda: accounts.blocked(tx, number))

    def quote(self, tx: Transaction, asset: str) -> Quote | None:
        return self._once("quote", asset, lambda: quotes.latest(tx, asset, tx.now))

    def _once(self, what: str, of: str, ask: Callable[[], _T]) -> _T:
        if (what, of) not in self._said:
            self._said[what, of] = ask()
        found: _T = self._said[what, of]  # type: ignore[assignment]
        return found
