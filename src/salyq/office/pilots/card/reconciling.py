"""The acquirer's file beside the books: what both have, what one of them lacks, and whether the money is the same.

Amounts are whole tiyn, what is given back below zero. Rows are compared by what stands in them, as clearing names them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from salyq.civil.errors import InputError
from salyq.office.ledger import books
from salyq.office.pilots import events
from salyq.office.pilots.card import attempts
from salyq.office.pilots.card.accounts import SQL, is_acquirers
from salyq.office.pilots.card.clearing import Row
from salyq.office.pilots.events import Event
from salyq.office.store.store import Transaction

SAME, DIFFERS, NOT_BOOKED, NOT_IN_FILE, UNREAD = "same", "differs", "not_booked", "not_in_file", "unread"
STATES = (SAME, DIFFERS, NOT_BOOKED, NOT_IN_FILE, UNREAD)


class Line(NamedTuple):
    """A row of the file, or of the books where the file has none (`line` 0). `acquirer` is its account, empty where the
    row was never booked."""

    state: str
    line: int
    rrn: str
    kind: str
    file: int
    booked: int
    acquirer: str


class Acquirer(NamedTuple):
    """Of an acquirer: by the file, by what was written of these rows, and what of all its money the ledger has
    otherwise than was written (0: the books are whole)."""

    account: str
    file: int
    booked: int
    unwritten: int


class Compared(NamedTuple):
    lines: list[Line]
    acquirers: list[Acquirer]

    @property
    def right(self) -> bool:
        return all(x.state == SAME for x in self.lines) and not any(a.unwritten for a in self.acquirers)


def reconcile(tx: Transaction, rows: Sequence[Row | InputError], acquirer: str = "") -> Compared:
    """The file's rows, and what was booked on its days without a row in it: of everybody, or, where the file is one
    `acquirer`'s (his number), of him."""
    read = [r for r in rows if isinstance(r, Row)]
    done = _ended(tx, read)
    lines = [_unread(r) if isinstance(r, InputError) else _line(r, done.get(r.id, [])) for r in rows]
    known = {e.id for ended in done.values() for e in ended}
    others = [_booked(e) for e in _of_days(tx, read) if e.id not in known and int(e.body["settled"])]
    lines += [x for x in others if not acquirer or is_acquirers(x.acquirer, acquirer)]
    named = sorted({x.acquirer for x in lines if x.acquirer})
    return Compared(lines, [_acquirer(tx, name, lines) for name in named])


def _ended(tx: Transaction, rows: Sequence[Row]) -> dict[str, list[Event]]:
    """Row -> how it ended; where the ledger rejected it or a part of it, how each attempt did."""
    first = events.by_ids(tx, [f"clearing/{r.id}/done" for r in rows])
    done = {r.id: [first[f"clearing/{r.id}/done"]] for r in rows if f"clearing/{r.id}/done" in first}
    for row, ended in done.items():
        if attempts.left(ended[0]):
            done[row] = list(attempts.last(tx, row).ended)
    return done


def _line(row: Row, done: Sequence[Event]) -> Line:
    told = -row.tiyn if row.kind in ("refund", "chargeback") else row.tiyn
    if not done:
        return Line(NOT_BOOKED, row.line, row.rrn, row.kind, told, 0, "")
    settled = sum(int(e.body["settled"]) for e in done)
    state = SAME if settled == told else DIFFERS
    return Line(state, row.line, row.rrn, row.kind, told, settled, str(done[-1].body["acquirer"]))


def _unread(error: InputError) -> Line:
    return Line(UNREAD, error.line or 0, "", "", 0, 0, "")


def _booked(e: Event) -> Line:
    b = e.body
    return Line(NOT_IN_FILE, 0, str(b["rrn"]), str(b["kind"]), 0, int(b["settled"]), str(b["acquirer"]))


def _of_days(tx: Transaction, rows: Sequence[Row]) -> list[Event]:
    """What was cleared of the days that the file speaks of."""
    if not rows:
        return []
    days = {"first": min(r.day for r in rows).isoformat(), "last": max(r.day for r in rows).isoformat()}
    return tx.all(Event, SQL["cleared_of_days"], days)


def _acquirer(tx: Transaction, name: str, lines: Sequence[Line]) -> Acquirer:
    mine = [x for x in lines if x.acquirer == name]
    account = books.account(tx, name)
    has = 0 if account is None else int(account.credits) - int(account.debits)
    written = int(tx.value(SQL["written_of"], {"acquirer": name}) or 0)
    return Acquirer(name, sum(x.file for x in mine), sum(x.booked for x in mine), has - written)


def counts(found: Compared) -> Counter[str]:
    """How many lines of each state."""
    return Counter(x.state for x in found.lines)
