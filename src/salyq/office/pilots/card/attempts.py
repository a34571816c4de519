"""Attempts at a row of a clearing file: which one is at hand, and what else was meant and is not carried out yet.

A row that the ledger rejected moved nothing, and its requests are answered so for ever; once the cause is mended, the
same row is attempted again under a name of its own. Only one attempt can be accepted: the next is begun when the one
before has ended as rejected.

Whoever plans a row of a retrieval number is alone with it, and carries out first what others meant: what was covered,
repaid or given back is then known.
"""

from __future__ import annotations

from typing import NamedTuple

from salyq.office.pilots import events
from salyq.office.pilots.card.accounts import SQL
from salyq.office.pilots.events import Event
from salyq.office.store.store import Transaction

REJECTED = "rejected"


class Attempt(NamedTuple):
    """The last one at a row: what was `meant` and how it `ended`, each where it is so."""

    name: str
    meant: Event | None
    ended: Event | None


def last(tx: Transaction, row: str) -> Attempt:
    """The last attempt that was begun; one of nothing where none was."""
    at, n = Attempt(f"clearing/{row}", None, None), 1
    name = at.name
    while True:
        found = events.by_ids(tx, [name, f"{name}/done"])
        if name not in found:
            return at
        at, n = Attempt(name, found[name], found.get(f"{name}/done")), n + 1
        if at.ended is None or at.ended.body["result"] != REJECTED:
            return at
        name = f"clearing/{row}-{n}"


def following(at: Attempt, row: str) -> str:
    """The name of the attempt after the last one, which was rejected; of the first where there was none."""
    if at.meant is None:
        return at.name
    n = int(at.name.removeprefix(f"clearing/{row}").removeprefix("-") or 1)
    return f"clearing/{row}-{n + 1}"


def alone(tx: Transaction, holder: str, rrn: str) -> None:
    """Waits until nobody else plans a row of the same retrieval number; until this transaction ends nobody may."""
    if rrn:
        tx.run(SQL["alone"], {"of": f"clearing/{holder}/{rrn}"})


def unfinished(tx: Transaction, holder: str, rrn: str) -> list[Event]:
    """What was meant under the retrieval number and is not carried out, by others at work or before a crash."""
    return tx.all(Event, SQL["unfinished"], {"holder": holder, "rrn": rrn}) if rrn else []
