"""Both sides of the corridor in one process, each with a database of its own, for the demonstration and the scenarios.

They are the production nodes; only the wire between them is a call instead of signed HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from salyq.office.ledger.gate import Gate
from salyq.office.pilots.corridor import demo
from salyq.office.pilots.corridor.destination import Destination
from salyq.office.pilots.corridor.node import ACCESS, Node, Reply
from salyq.office.pilots.corridor.origin import Origin
from salyq.office.store.errors import StoreError
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.store import Store


class Pair(NamedTuple):
    """The Kazakh side and the side abroad."""

    kz: Origin
    abroad: Destination

    def feed(self) -> None:
        """The made-up prices of the moment, on both sides."""
        for node in self:
            with node.store.transaction(ACCESS) as tx:
                demo.feed(tx, tx.now)

    def run_due(self) -> None:
        """What is due on either side."""
        self.kz.run_due()
        self.abroad.run_due()


class _Wire:
    """What one node says to the other."""

    to: Node

    def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        return self.to.handle(method, path, body, peer=True)


@contextmanager
def pair(store: Store, gate: Gate, contract: str, key: str = "0") -> Iterator[Pair]:
    """Both nodes, under one clock; the second database stands beside the first and is made where it is not there.
    StoreError where its server lets nobody make one."""
    url = second(store.url)
    with Store(url, clock=store.clock, ids=store.ids) as far, Gate(url, store.clock) as far_gate:
        demo.destination(far, far_gate, key)
        there, here = _Wire(), _Wire()
        made = Pair(Origin(store, gate, there, contract), Destination(far, far_gate, here))
        there.to, here.to = made.abroad, made.kz
        yield made


def second(url: str) -> str:
    """The database of the node abroad, made and brought up to date."""
    name = f"{conninfo_to_dict(url)['dbname']}_abroad"
    try:
        make_database(url, name)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreError("store_no_second_database", name=name) from error
    found = make_conninfo(url, dbname=name)
    migrate(found)
    return found
