"""What a request is answered: arithmetic in memory over accounts, holds and earlier answers; no clock, no database.

The database repeats every guard (migrations/0001_ledger.sql): a fault here cannot become a wrong book, only a refused
batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from salyq.office.ledger.model import (
    Answer,
    Balancing,
    Chain,
    End,
    Fault,
    Hold,
    Limit,
    Linked,
    Move,
    NewAccount,
    Opening,
    Request,
    Result,
    Switch,
)
from salyq.office.ledger.standing import Account, Given, Held, Kind, Known, RequestRow, Rows, TransferRow


@dataclass(slots=True)
class Books:
    """One judge: the last position and account number, and the time that never goes back."""

    position: int
    account_no: int
    now: datetime
    known: Known
    rows: Rows = field(default_factory=Rows)
    fenced: int = field(init=False)  # the last position that the database knows

    def __post_init__(self) -> None:
        self.fenced = self.position

    def judge(self, requests: Sequence[Request]) -> list[Answer]:
        """The answer to each, in order; what they add is in `rows`."""
        return [self._answer(r) for r in requests]

    def expire(self, due: Sequence[Held]) -> None:
        """Ends holds whose time is up; effective at that time, recorded now."""
        for hold in due:
            self.position += 1
            self._end(hold, 0, Kind.EXPIRE, 0, hold.expires)

    # --- one request ------------------------------------------------------------------------------------------

    def _answer(self, r: Request) -> Answer:
        given = self.known.answers.get(r.id)
        if given is not None:
            if given.digest != r.digest:
                return Answer(r.id, Result.DIFFERENT_CONTENT)
            if given.result is Result.OK:
                return Answer(r.id, Result.EXISTS, given.position, given.moved)
            return Answer(r.id, given.result, given.position, None, given.step)
        step: int | None = None
        if isinstance(r.content, Linked):
            result, position, moved, step = self._linked(r.id, r.content.steps, r.effective or self.now)
        else:
            result, position, moved = self._judge(r)
        self.known.answers[r.id] = Given(r.digest, result, position, moved, step)
        self.rows.requests.append(RequestRow(r.id, r.digest, result.value, position, moved, step, self.now))
        return Answer(r.id, result, position, moved, step)

    def _judge(self, r: Request) -> tuple[Result, int | None, int | None]:
        content = r.content
        if isinstance(content, Fault | Linked):
            return Result.INVALID, None, None
        effective = r.effective or self.now
        if isinstance(content, Chain):
            return self._chain(content.moves, effective)
        if isinstance(content, Hold):
            return self._hold(r.id, content, effective)
        if isinstance(content, End):
            return self._post_or_void(r.id, content, effective)
        if isinstance(content, Opening):
            return self._open(content.accounts)
        return self._switch(content)

    def _next(self) -> int:
        self.position += 1
        return self.position

    def _chain(self, moves: Sequence[Move], effective: datetime) -> tuple[Result, int | None, int | None]:
        done: list[tuple[Account, Account, int]] = []
        moved: int | None = None
        for move in moves:
            result, debit, credit, amount = self._fits(move)
            if debit is None or credit is None or result is not Result.OK:
                for d, c, m in reversed(done):
                    d.debits -= m
                    c.credits -= m
                return result, None, None
            debit.debits += amount
            credit.credits += amount
            done.append((debit, credit, amount))
            if move.balancing is not Balancing.NONE:
                moved = amount
        position = self._next()
        now = self.now
        self.rows.transfers += [
            TransferRow(position, n, Kind.PLAIN, d.no, c.no, m, 0, None, None, None, moves[n].code, effective, now)
            for n, (d, c, m) in enumerate(done)
        ]
        return Result.OK, position, moved

    def _linked(
        self, name: str, steps: Sequence[Move | Hold | End], effective: datetime
    ) -> tuple[Result, int | None, int | None, int | None]:
        """Steps of several kinds; what the first ones did is undone where a later one is refused."""
        mark, position, was_ended = len(self.rows.transfers), self.position, len(self.rows.ended)
        self.position += 1
        before: list[tuple[Account, int, int, int, int]] = []
        for n, step in enumerate(steps):
            for a in self._sides(step):
                before.append((a, a.debits_held, a.debits, a.credits_held, a.credits))
            result = self._step(name, n, step, effective)
            if result is not Result.OK:
                for a, *totals in reversed(before):
                    a.debits_held, a.debits, a.credits_held, a.credits = totals
                for hold in self.rows.ended[was_ended:]:
                    hold.open = True
                for k in range(n):
                    self.known.holds.pop((name, k), None)
                del self.rows.transfers[mark:], self.rows.ended[was_ended:]
                self.position = position
                return result, None, None, n
        return Result.OK, self.position, None, None

    def _sides(self, step: Move | Hold | End) -> list[Account]:
        if isinstance(step, End):
            hold = self.known.holds.get((step.hold, step.n))
            return [hold.debit, hold.credit] if hold is not None else []
        move = step.move if isinstance(step, Hold) else step
        found = [self.known.accounts.get(move.debit), self.known.accounts.get(move.credit)]
        return [a for a in found if a is not None]

    def _step(self, name: str, n: int, step: Move | Hold | End, effective: datetime) -> Result:
        if isinstance(step, End):
            return self._ends(name, n, step, effective)
        if isinstance(step, Hold):
            return self._holds(name, n, step, effective)[0]
        result, debit, credit, amount = self._fits(step)
        if debit is None or credit is None or result is not Result.OK:
            return result
        debit.debits += amount
        credit.credits += amount
        self.rows.transfers.append(
            TransferRow(
                self.position,
                n,
                Kind.PLAIN,
                debit.no,
                credit.no,
                amount,
                0,
                None,
                None,
                None,
                step.code,
                effective,
                self.now,
            )
        )
        return Result.OK

    def _hold(self, name: str, hold: Hold, effective: datetime) -> tuple[Result, int | None, int | None]:
        self.position += 1
        result, amount = self._holds(name, 0, hold, effective)
        if result is not Result.OK:
            self.position -= 1
            return result, None, None
        return Result.OK, self.position, amount if hold.move.balancing is not Balancing.NONE else None

    def _holds(self, name: str, n: int, hold: Hold, effective: datetime) -> tuple[Result, int]:
        result, debit, credit, amount = self._fits(hold.move)
        if debit is None or credit is None or result is not Result.OK:
            return result, 0
        try:
            expires = self.now + timedelta(seconds=hold.seconds)
        except OverflowError:
            return Result.INVALID, 0
        debit.debits_held += amount
        credit.credits_held += amount
        code = hold.move.code
        self.rows.transfers.append(
            TransferRow(
                self.position,
                n,
                Kind.HOLD,
                debit.no,
                credit.no,
                amount,
                0,
                None,
                None,
                expires,
                code,
                effective,
                self.now,
            )
        )
        self.known.holds[name, n] = Held(name, n, self.position, debit, credit, amount, expires)
        return Result.OK, amount

    def _fits(self, move: Move) -> tuple[Result, Account | None, Account | None, int]:
        """Whether a move may be made now, and how much of it."""
        accounts = self.known.accounts
        d, c = accounts.get(move.debit), accounts.get(move.credit)
        if d is None or c is None:
            return Result.ACCOUNT_NOT_FOUND, None, None, 0
        if d is c:
            return Result.SAME_ACCOUNT, d, c, 0
        if d.asset != c.asset:
            return Result.DIFFERENT_ASSETS, d, c, 0
        if d.closed or c.closed:
            return Result.ACCOUNT_CLOSED, d, c, 0
        amount = move.amount
        if move.balancing is Balancing.DEBIT:
            amount = min(amount, max(0, d.credits - d.debits - d.debits_held))
        elif move.balancing is Balancing.CREDIT:
            amount = min(amount, max(0, c.debits - c.credits - c.credits_held))
        if amount > 1 and (d.rounding or c.rounding):
            return Result.INVALID, d, c, 0
        if d.limit is Limit.DEBITS and d.debits + d.debits_held + amount > d.credits:
            return Result.EXCEEDS_CREDITS, d, c, 0
        if c.limit is Limit.CREDITS and c.credits + c.credits_held + amount > c.debits:
            return Result.EXCEEDS_DEBITS, d, c, 0
        return Result.OK, d, c, amount

    def _post_or_void(self, name: str, end: End, effective: datetime) -> tuple[Result, int | None, int | None]:
        self.position += 1
        result = self._ends(name, 0, end, effective)
        if result is not Result.OK:
            self.position -= 1
            return result, None, None
        return Result.OK, self.position, None

    def _ends(self, name: str, n: int, end: End, effective: datetime) -> Result:
        hold = self.known.holds.get((end.hold, end.n)) if end.hold != name else None
        if hold is None:
            return Result.HOLD_NOT_FOUND
        if not hold.open or hold.expires <= self.now:
            return Result.HOLD_ALREADY_ENDED
        amount = (hold.amount if end.amount is None else end.amount) if end.post else 0
        if amount > hold.amount:
            return Result.EXCEEDS_HOLD
        if end.post and (hold.debit.closed or hold.credit.closed):
            return Result.ACCOUNT_CLOSED
        self._end(hold, n, Kind.POST if end.post else Kind.VOID, amount, effective)
        return Result.OK

    def _end(self, hold: Held, n: int, kind: Kind, amount: int, effective: datetime) -> None:
        hold.open = False
        self.rows.ended.append(hold)
        d, c = hold.debit, hold.credit
        d.debits_held -= hold.amount
        c.credits_held -= hold.amount
        d.debits += amount
        c.credits += amount
        released, of = hold.amount, hold.position
        self.rows.transfers.append(
            TransferRow(self.position, n, kind, d.no, c.no, amount, released, of, hold.n, None, "", effective, self.now)
        )

    def _open(self, wanted: Sequence[NewAccount]) -> tuple[Result, int | None, int | None]:
        accounts = self.known.accounts
        there = [accounts[a.id] for a in wanted if a.id in accounts]
        if there:  # by another request: all of them as they are, or the request says something else
            same = len(there) == len(wanted) and all(_same(w, accounts[w.id]) for w in wanted)
            return (Result.EXISTS, there[0].position, None) if same else (Result.DIFFERENT_CONTENT, None, None)
        position = self._next()
        for w in wanted:
            self.account_no += 1
            made = Account(self.account_no, w.id, w.asset, w.code, w.limit, w.rounding, position)
            accounts[w.id] = made
            self.rows.accounts.append(made)
        return Result.OK, position, None

    def _switch(self, switch: Switch) -> tuple[Result, int | None, int | None]:
        found = [self.known.accounts.get(name) for name in switch.accounts]
        accounts = [a for a in found if a is not None]
        if len(accounts) != len(found):
            return Result.ACCOUNT_NOT_FOUND, None, None
        if switch.closed and any(a.closed for a in accounts):
            return Result.ACCOUNT_CLOSED, None, None
        position = self._next()
        for n, account in enumerate(accounts):
            account.closed = switch.closed
            self.rows.switches.append((position, n, account.no, switch.closed, self.now))
        return Result.OK, position, None


def _same(wanted: NewAccount, there: Account) -> bool:
    return (wanted.asset, wanted.code, wanted.limit, wanted.rounding) == (
        there.asset,
        there.code,
        there.limit,
        there.rounding,
    )


def wanted_names(requests: Sequence[Request]) -> tuple[set[str], set[tuple[str, int]]]:
    """The accounts and the holds that a batch speaks of, by id."""
    accounts: set[str] = set()
    holds: set[tuple[str, int]] = set()
    for r in requests:
        content = r.content
        if isinstance(content, Chain):
            for m in content.moves:
                accounts.add(m.debit)
                accounts.add(m.credit)
        elif isinstance(content, Hold | End | Linked):
            for step in content.steps if isinstance(content, Linked) else (content,):
                if isinstance(step, End):
                    holds.add((step.hold, step.n))
                else:
                    move = step.move if isinstance(step, Hold) else step
                    accounts.update((move.debit, move.credit))
        elif isinstance(content, Opening):
            accounts.update(a.id for a in content.accounts)
        elif isinstance(content, Switch):
            accounts.update(content.accounts)
    return accounts, holds
