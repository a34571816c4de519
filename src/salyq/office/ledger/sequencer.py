"""The only writer of the books. One batch is one transaction: earlier answers looked up, due holds ended, every request
judged in memory, the fence passed, the rows written, and the database's own guards run over them once a set.

A sequencer takes an epoch when it begins; whoever began earlier is fenced and can write nothing from then on. Because
an answer hangs on its request, a batch may be repeated after any failure: what was kept is answered `exists`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, repeat
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from salyq.office.ledger.arrays import array_text
from salyq.office.ledger.judge import Books, wanted_names
from salyq.office.ledger.model import Answer, FencedError, Limit, Request, Result, Standing, Switch, Task, Written
from salyq.office.ledger.standing import Account, Given, Held, RequestRow, Rows, TransferRow
from salyq.office.store.clock import Clock
from salyq.office.store.statements import Statements
from salyq.office.store.store import LEDGER

SQL = Statements("salyq.office.ledger", "sequencer")
DUE_AT_ONCE = 5000  # holds ended before one batch; more wait for the next
_FEW = 2000  # rows that are sent with their statement, in one way and back; more of them are copied
_NEVER = datetime.max.replace(tzinfo=UTC)
_KEPT = 200_000  # accounts and holds remembered between batches
_LIMITS = (Limit.NONE, Limit.DEBITS, Limit.CREDITS)
_LIMIT_NO = {limit: n for n, limit in enumerate(_LIMITS)}
_RESULTS = {x.value: x for x in Result}


@dataclass(slots=True)
class _Known:
    accounts: MutableMapping[str, Account] = field(default_factory=dict)
    by_no: dict[int, Account] = field(default_factory=dict)
    holds: MutableMapping[tuple[str, int], Held] = field(default_factory=dict)
    answers: MutableMapping[str, Given] = field(default_factory=dict)
    next_due: datetime | None = None  # no hold's time is up before; None: not known


class Sequencer:
    """Opens its own connection; `close` it. Not for several threads: see `gate`."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._clock = clock
        self._c: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(url, autocommit=True)
        self._c.execute(sql.SQL("set role {}").format(sql.Identifier(LEDGER)))
        self._c.execute("set timezone = 'UTC'")
        row = self._c.execute(SQL["take_over"]).fetchone()
        assert row is not None
        self.epoch: int = row[0]
        self._position: int = row[1]
        self._account_no: int = row[2]
        self._recorded: datetime = row[3]
        self._known = _Known()

    def close(self) -> None:
        """Ends the connection; a later sequencer begins a new epoch."""
        self._c.close()

    def submit(self, requests: Sequence[Request]) -> list[Answer]:
        """The answers, in order, once everything is kept. FencedError if another sequencer began; psycopg.Error if
        the database could not be asked: then nobody knows, and the same batch is to be sent again."""
        return self.settle([Task(requests)])[0]

    def settle(self, tasks: Sequence[Task]) -> list[list[Answer]]:
        """The answers to each task, once everything is kept, with what goes along with them. Errors as for `submit`."""
        now = max(self._clock.now(), self._recorded)  # recorded time never goes back
        try:
            answers, books = self._batch(tasks, now)
            self._c.commit()
        except BaseException:
            self._known = _Known()  # what memory judged was not kept
            with contextlib.suppress(psycopg.Error):
                self._c.rollback()
            raise
        self._position, self._account_no = books.position, books.account_no
        self._recorded = now
        self._forget(books.rows)
        return answers

    def expire(self) -> int:
        """Ends holds whose time is up; how many."""
        before = self._position
        while True:
            at = self._position
            self.submit(())
            if self._position - at < DUE_AT_ONCE:
                return self._position - before

    # --- one batch --------------------------------------------------------------------------------------------

    def _batch(self, tasks: Sequence[Task], now: datetime) -> tuple[list[list[Answer]], Books]:
        requests = [r for task in tasks for r in task.requests]
        due = self._look_up(requests, now)
        books = Books(self._position, self._account_no, now, self._known)
        books.expire(due)
        apart = any(isinstance(r.content, Switch) for r in requests)
        if apart:
            self._begin()  # what is written in several parts is kept together
        answers: list[list[Answer]] = []
        written: list[Written] = []
        ended: list[Held] = []
        for task in tasks:
            given: list[Answer] = []
            for part in _parts(task.requests) if apart else (task.requests,):
                given += books.judge(part)
                if apart:
                    ended += self._flush(books, now)
            answers.append(given)
            if task.along is not None:
                written += task.along(given, Standing(now, self._taken))
        ended += self._flush(books, now, written)
        books.rows.ended = ended
        return answers, books

    def _flush(self, books: Books, now: datetime, along: Sequence[Written] = ()) -> list[Held]:
        """Writes what was judged so far and what goes along with it; the holds that it ended."""
        rows = books.rows
        few = len(rows.requests) + len(rows.transfers) <= _FEW
        plain = few and not rows.accounts and not rows.switches
        if along or not plain:
            self._begin()
        if rows.requests or rows.transfers:
            if plain:
                self._keep(books, now)
            else:
                self._fence(books, now)
                self._write(rows, now, few)
            books.fenced = books.position
        self._write_along(along)
        for account in rows.accounts:
            self._known.by_no[account.no] = account
        self._expect(rows)
        books.rows = Rows()
        return rows.ended

    @property
    def _begun(self) -> bool:
        return self._c.info.transaction_status is not TransactionStatus.IDLE

    def _begin(self) -> None:
        if not self._begun:
            self._c.execute("begin", prepare=False)

    def _place(self, books: Books, now: datetime) -> dict[str, Any]:
        values = {"position": books.position, "account_no": books.account_no, "recorded": now}
        return {**values, "epoch": self.epoch, "was": books.fenced}

    def _fence(self, books: Books, now: datetime) -> None:
        if self._c.execute(SQL["fence"], self._place(books, now)).rowcount != 1:
            raise FencedError

    def _keep(self, books: Books, now: datetime) -> None:
        """The fence, requests and transfers in one statement, which writes nothing for a sequencer that was fenced."""
        values = self._place(books, now)
        for what, rows, names in (
            ("r", books.rows.requests, RequestRow._fields),
            ("t", books.rows.transfers, TransferRow._fields),
        ):
            columns = zip(*rows, strict=True) if rows else repeat((), len(names))
            values |= {f"{what}_{name}": array_text(column) for name, column in zip(names, columns, strict=True)}
        if self._c.execute(SQL["keep"], values).fetchone() != (1,):
            raise FencedError

    def _taken(self, name: str) -> int:
        found = self._known.accounts.get(name)
        return 0 if found is None else found.debits + found.debits_held

    def _write_along(self, written: Sequence[Written]) -> None:
        """Last in the transaction, each as the role that may; the transaction's end gives the ledger's role back."""
        for role, same in groupby(written, key=lambda w: w.role):
            self._c.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            for w in same:
                self._c.execute(w.statement, w.params)

    def _look_up(self, requests: Sequence[Request], now: datetime) -> list[Held]:
        """Brings to memory what the requests speak of; the holds whose time is up. What is read here is what the fence
        guards: nobody else wrote since, or nothing of this is kept."""
        known = self._known
        for name, digest, result, position, moved, step in self._ask("answers", [r.id for r in requests]):
            moved_units = None if moved is None else int(moved)
            known.answers[name] = Given(bytes(digest), _RESULTS[result], position, moved_units, step)
        accounts, holds = wanted_names(requests)
        self._load("accounts", [a for a in accounts if a not in known.accounts])
        missing = list({name for name, n in holds if (name, n) not in known.holds})
        if missing:
            found = list(self._ask("holds", missing))
            self._load("accounts_by_no", [n for r in found for n in (r[3], r[4]) if n not in known.by_no])
            for name, n, position, debit, credit, amount, expires, is_open in found:
                sides = known.by_no[debit], known.by_no[credit]
                known.holds[name, n] = Held(name, n, position, *sides, int(amount), expires, is_open)
        return self._due(now)

    def _expect(self, rows: Rows) -> None:
        """No hold ends by itself before this."""
        if known := self._known.next_due:
            self._known.next_due = min([known, *(t.expires for t in rows.transfers if t.expires is not None)])

    def _due(self, now: datetime) -> list[Held]:
        known = self._known
        if known.next_due is not None and now < known.next_due:
            return []
        rows = self._c.execute(SQL["due"], (now, DUE_AT_ONCE)).fetchall()
        self._load("accounts_by_no", [n for r in rows for n in (r[3], r[4]) if n not in known.by_no])
        due: list[Held] = []
        for name, n, position, debit, credit, amount, expires in rows:
            hold = known.holds.get((name, n))
            if hold is None:
                hold = Held(name, n, position, known.by_no[debit], known.by_no[credit], int(amount), expires)
                known.holds[name, n] = hold
            due.append(hold)
        row = self._c.execute(SQL["next_due"], (now,)).fetchone()
        known.next_due = (row and row[0]) or _NEVER
        if len(due) == DUE_AT_ONCE:
            known.next_due = None  # there may be more
        return due

    def _load(self, statement: str, wanted: Sequence[str] | Sequence[int]) -> None:
        if not wanted:
            return
        known = self._known
        for row in self._ask(statement, wanted):
            no, name, asset, code, limited, rounding, position, closed, *totals = row
            account = Account(no, name, asset, code, _LIMITS[limited], rounding, position, closed, *map(int, totals))
            known.accounts[name] = account
            known.by_no[no] = account

    def _ask(self, statement: str, wanted: Iterable[object]) -> Iterable[tuple[Any, ...]]:
        return self._c.execute(SQL[statement], (list(wanted),), binary=True)

    def _write(self, rows: Rows, now: datetime, few: bool) -> None:
        made = [(a.no, a.id, a.asset, a.code, _LIMIT_NO[a.limit], a.rounding, a.position, now) for a in rows.accounts]
        for name, some in (
            ("accounts", made),
            ("transfers", rows.transfers),
            ("switches", rows.switches),
            ("requests", rows.requests),
        ):
            if some and few:
                self._c.execute(SQL[f"insert_{name}"], [array_text(column) for column in zip(*some, strict=True)])
            elif some:
                self._copy(f"copy_{name}", some)

    def _copy(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self._c.cursor() as cursor, cursor.copy(SQL[statement]) as copy:
            for row in rows:
                copy.write_row(row)

    def _forget(self, rows: Rows) -> None:
        known = self._known
        known.answers.clear()
        if len(known.holds) > _KEPT or len(known.accounts) > _KEPT:
            self._known = _Known()
        else:
            for hold in rows.ended:
                known.holds.pop((hold.name, hold.n), None)


def _parts(requests: Sequence[Request]) -> Iterator[Sequence[Request]]:
    """Runs of a batch: what closes accounts or opens them again stands alone, for the database looks at an account
    as it is when rows come."""
    for alone, run in groupby(requests, key=lambda r: isinstance(r.content, Switch)):
        part = list(run)
        if alone:
            yield from ([r] for r in part)
        else:
            yield part
