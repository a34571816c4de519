"""Attempts at a row of a clearing file: which one is at hand, and what else was meant and is not carried out yet.

What the ledger rejected of a row moved nothing, and its requests are answered so for ever; once the cause is mended,
the same row is attempted again, for what is left of it, under a name of its own. The next attempt is begun when the one
before has ended, and only where something is left.

Whoever plans a row of a retrieval number is alone with it, and carries out first what others meant: what was covered,
repaid or given back is then known.
"""

from __future__ import annotations

from typing import NamedTuple

from salyq.office.pilots import events
from salyq.office.pilots.card.accounts import SQL
from salyq.office.pilots.events import Event
from salyq.office.store.store import Transaction

REJECTED, PART = "rejected", "part"
AGAIN = (REJECTED, PART)  # results of a row that may be sent again
_RETURNS = ("refund", "chargeback")


class Attempt(NamedTuple):
    """The last one at a row: what was `meant`, where one was begun; `ended` how all of them ended, the first first."""

    name: str
    meant: Event | None
    ended: tuple[Event, ...] = ()
    over: bool = True  # the last one has ended

    @property
    def settled(self) -> int:
        """In tiyn, by all attempts."""
        return sum(int(e.body["settled"]) for e in self.ended)

    @property
    def left(self) -> bool:
        """Whether another attempt may be begun."""
        return not self.ended or (self.over and left(self.ended[-1]))


def left(done: Event) -> bool:
    """Whether an attempt left something of its row: all of it, or what was not settled."""
    b = done.body
    return b["result"] == REJECTED or (b["kind"] not in _RETURNS and int(b["settled"]) < int(b["tiyn"]))


def last(tx: Transaction, row: str) -> Attempt:
    """The last attempt that was begun; one of nothing where none was."""
    at, n = Attempt(f"clearing/{row}", None), 1
    name = at.name
    while True:
        found = events.by_ids(tx, [name, f"{name}/done"])
        if name not in found:
            return at
        done = found.get(f"{name}/done")
        at = Attempt(name, found[name], (*at.ended, *([done] if done else [])), done is not None)
        if done is None or not left(done):
            return at
        n += 1
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
