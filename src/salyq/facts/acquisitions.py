"""What law asks of an acquisition: how the asset came, from where, and what proves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from salyq.civil.currencies import is_currency
from salyq.facts import few
from salyq.facts.events import Event, Money, SomeEvents, money
from salyq.facts.pool import OF_POOL, Pool
from salyq.facts.records_say import is_documented, is_solo, noted, proof_kind
from salyq.facts.stated import of_account
from salyq.law.facts import Acquisition
from salyq.law.regimes import is_operator, is_registered
from salyq.records.person import Person
from salyq.rulebook.rows import kind_of

if TYPE_CHECKING:
    from salyq.facts.world import World
    from salyq.rulebook.columns import Column


def _nothing(_: Pool) -> None:
    """What nobody says of a moving average."""


Came = Event | Pool


class Acquisitions:
    """The columns of acquisitions of one world, each made when it is asked for: of one row, or of many at once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.person: Person = world.person
        self._of_account: dict[str, dict[str, Any]] = {}
        self._licensed: dict[Any, bool] = {}
        self._resident: dict[Any, bool] = {}

    def row(self, came: Came) -> Any:
        if isinstance(came, Pool):
            return came.row()
        one = (came,)
        return Acquisition.given(**{name: self._column(name, one)[0] for name in kind_of(Acquisition).columns})

    def column(self, name: str, items: Sequence[Came]) -> list[Any]:
        events = [c for c in items if type(c) is Event]
        if len(events) == len(items):
            return self._column(name, events)
        own = iter(self._column(name, events))
        of: Callable[[Pool], Any] = OF_POOL.get(name, _nothing)
        return [of(c) if type(c) is Pool else next(own) for c in items]

    def filled(self, name: str, items: Sequence[Came]) -> Column | None:
        """A column of all acquisitions from the columns of movements; None where it is told row by row."""
        if not isinstance(items, SomeEvents):
            return None if isinstance(items, list) else items.column(name)  # type: ignore[attr-defined]
        if len(items.events) < few.LEAST:
            return None
        from salyq.facts.filled import of_accounts, of_acquisitions

        return of_acquisitions(name, self, items) if name in COLUMNS else of_accounts(name, self, items.keys)

    @staticmethod
    def place(came: Came) -> str:
        return "" if isinstance(came, Pool) else str(came.record.source)

    def _column(self, name: str, es: Sequence[Event]) -> list[Any]:
        made = COLUMNS.get(name)
        if made is not None:
            return made(self, es)
        told = self.told
        return [told(e.record.account).get(name) for e in es]

    def told(self, name: str) -> dict[str, Any]:
        """What an account states of what comes to it."""
        found = self._of_account.get(name)
        if found is None:
            account = self.world.account(name)
            found = of_account(Acquisition, account)
            found["from_exchange"] |= bool(account.facts.get("aifc_exchange"))  # one of the AIFC is one too
            found["account_country"] = account.country or ""
            self._of_account[name] = found
        return found

    def licensed(self, day: Any) -> bool:
        found = self._licensed.get(day)
        if found is None:
            found = is_registered(self.person.kind) or self.person.mining_licence_on(day)
            self._licensed[day] = found
        return found

    def resident(self, day: Any) -> bool:
        found = self._resident.get(day)
        if found is None:
            found = self._resident[day] = self.world.resident(day)
        return found

    def fee(self, e: Event) -> Money:
        r = e.record
        return (money(r.fee, r.fee_asset, self.person) if e.asset == r.asset else None) or (0, "KZT")


COLUMNS: dict[str, Callable[[Acquisitions, Sequence[Event]], list[Any]]] = {
    "kind": lambda _, es: [e.kind for e in es],
    "day": lambda _, es: [e.record.day for e in es],
    "asset": lambda _, es: [e.asset for e in es],
    "quantity": lambda _, es: [e.quantity for e in es],
    "value": lambda _, es: [_worth(e) for e in es],
    "value_is_money": lambda _, es: [e.value is not None for e in es],
    "counter_asset": lambda _, es: [e.counter_asset for e in es],
    "counter_quantity": lambda _, es: [e.counter_quantity for e in es],
    "peg": lambda a, es: [a.person.stablecoins.get(e.asset, "") for e in es],
    "counter_peg": lambda a, es: [a.person.stablecoins.get(e.counter_asset, "") for e in es],
    "documented": lambda _, es: [is_documented(e.record.document, e.record.proof) for e in es],
    "taxed_earlier": lambda _, es: [noted(e.record.note) == "taxed" for e in es],
    "for_receivable": lambda _, es: [noted(e.record.note) == "receivable" for e in es],
    "registered_miner": lambda a, es: [a.licensed(e.record.day) for e in es],
    "abroad": lambda a, es: [a.world.abroad(e.record) for e in es],
    "resident": lambda a, es: [a.resident(e.record.day) for e in es],
    "operator": lambda a, es: [is_operator(a.person.kind)] * len(es),
    "valuer_report": lambda _, es: [proof_kind(e.record.proof, e.record.document) == "valuer_report" for e in es],
    "solo": lambda _, es: [is_solo(e.record.counterparty) for e in es],
    "purchase_fee": lambda a, es: [a.fee(e) for e in es],
    "pool": lambda _, es: [False] * len(es),
    "pool_tenge": lambda _, es: [0] * len(es),
}


def _worth(e: Event) -> Money | None:
    """Money stated, or None; a value in an asset is no money and is found through the swap."""
    r = e.record
    if e.value is None and r.value is not None and e.asset == r.asset and not is_currency(r.currency or ""):
        return None
    return e.value
