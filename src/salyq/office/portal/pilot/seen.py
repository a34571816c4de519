"""Who sees what of the pilots. The database decides (row-level security) whether a contract, a holder or an event is
there for the asker; what follows from it is then derived by the role of jobs: the books are closed to the pages.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from salyq.office.ledger.gate import Gate
from salyq.office.pilots import events
from salyq.office.pilots.consequences import consequences, without_holder
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.portal.site import Site
from salyq.office.store.statements import Statements
from salyq.office.store.store import Access, Transaction

SQL = Statements("salyq.office.pilots", "card")
_lock = threading.Lock()


class Asker(Protocol):
    """A visit of a page or a caller of the API."""

    site: Site
    access: Access


@contextmanager
def _as_asker(asker: Asker) -> Iterator[Transaction]:
    with asker.site.web.transaction(asker.access) as tx:
        yield tx


@contextmanager
def working(asker: Asker) -> Iterator[Transaction]:
    """For what is derived once the asker may see its root."""
    with asker.site.work.transaction(Access(user=asker.access.user, role="work")) as tx:
        yield tx


def seen_contracts(asker: Asker, pilot: str | None = None) -> list[Contract]:
    with _as_asker(asker) as tx:
        return contracts.contracts(tx, pilot)


def seen_contract(asker: Asker, number: str) -> Contract | None:
    if "\x00" in number:
        return None
    with _as_asker(asker) as tx:
        return contracts.contract(tx, number)


def seen_event(asker: Asker, name: str) -> Event | None:
    if "\x00" in name:
        return None
    with _as_asker(asker) as tx:
        return events.by_id(tx, name)


def told_of(asker: Asker, name: str) -> dict[str, Any] | None:
    """What followed from an event, as far as the asker may know it; None where he sees no such event."""
    event = seen_event(asker, name)
    if event is None:
        return None
    with working(asker) as tx:
        told = consequences(tx, name)
    assert told is not None
    own = told["holder"] in asker.access.organisations
    runs = event.contract is not None and seen_contract(asker, event.contract) is not None
    return told if own or runs else without_holder(told)


def seen_holders(asker: Asker) -> list[tuple[str, str, str, str]]:
    """(holder, name, card shown, contract) of the cards that the asker may see."""
    with _as_asker(asker) as tx:
        return [(str(h), str(n), str(s), str(c)) for h, n, s, c in tx.values(SQL["seen_holders"])]


def sees_holder(asker: Asker, holder: str) -> bool:
    """A holder's page is his own, his issuer's and the supervisor's."""
    if "\x00" in holder:
        return False
    with _as_asker(asker) as tx:
        return bool(tx.value(SQL["sees_holder"], {"holder": holder}))


def gate_of(site: Site) -> Gate:
    """The portal's way into the ledger; made when the first payment asks for it."""
    with _lock:
        if site.gate is None:
            site.gate = Gate(site.work.url, site.work.clock)
        return site.gate
