"""The ledger against a model written from the contract alone: every answer, every balance, every moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.office.conftest import START
from tests.office.ledger.made_requests import ACCOUNTS, BEGUN, requests
from tests.office.ledger.plain_books import PlainBooks

from salyq.office.ledger import books
from salyq.office.ledger.judge import Books
from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import read, read_line
from salyq.office.ledger.recount import recount
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.ledger.standing import Account, Given, Held
from salyq.office.store.clock import FixedClock
from salyq.office.store.server import Server
from salyq.office.store.store import Store


@dataclass
class Memory:
    """What the judge asks, all of it in memory."""

    accounts: dict[str, Account] = field(default_factory=dict)
    holds: dict[str, Held] = field(default_factory=dict)
    answers: dict[str, Given] = field(default_factory=dict)


class Judged(RuleBasedStateMachine):
    """The judge in memory, one request after the other, time going on between them."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.now = PlainBooks(), START
        self.books = Books(0, 0, START, Memory())
        for request in BEGUN:
            self.ask(request)

    @rule(request=requests())
    def ask(self, request: dict[str, Any]) -> None:
        due = [h for h in self.books.known.holds.values() if h.open and h.expires <= self.now]
        self.books.now = self.now
        self.books.expire(sorted(due, key=lambda h: (h.expires, h.position, h.n)))
        asked = read(request)
        want = self.model.answer(request, self.now)
        if isinstance(asked, Request):
            assert self.books.judge([asked])[0].as_json() == want
        else:
            assert want == {"request": asked.request, "result": "invalid"}

    @rule(minutes=st.sampled_from([1, 29, 30, 60, 1440]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def sides_and_limits_hold(self) -> None:
        accounts = self.books.known.accounts.values()
        for asset in {a.asset for a in accounts}:
            mine = [a for a in accounts if a.asset == asset]
            assert sum(a.debits for a in mine) == sum(a.credits for a in mine)
            assert sum(a.debits_held for a in mine) == sum(a.credits_held for a in mine)
        assert all(min(a.debits, a.credits, a.debits_held, a.credits_held) >= 0 for a in accounts)


def test_the_judge_answers_as_the_model_does() -> None:
    run_state_machine_as_test(Judged, settings=settings(max_examples=150, stateful_step_count=40, deadline=None))


@given(st.lists(st.tuples(st.lists(requests(), max_size=25), st.sampled_from([0, 1, 30, 60])), min_size=1, max_size=4))
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_books_are_the_models(
    server: Server, template: str, batches: Sequence[tuple[list[dict[str, Any]], int]]
) -> None:
    """Batches through the database: answers, then every balance, then the recount; and all of it asked again."""
    clock = FixedClock(START)
    model = PlainBooks()
    url = _fresh(server, template)
    writer = Sequencer(url, clock)
    try:
        for batch, minutes in [(BEGUN, 0), *batches]:
            clock.move(clock.now() + timedelta(minutes=minutes))
            assert answers(writer, batch) == [model.answer(r, clock.now()) for r in batch]
        with Store(url, clock=clock) as store, store.transaction() as tx:
            for name in ACCOUNTS:
                if name in model.accounts:
                    assert books.balance(tx, name).as_json() == model.balance(name, clock.now())
        writer.expire()
        assert recount(url, clock).differences == []
        asked = [r for batch, _ in batches for r in batch]
        again = Sequencer(url, clock)
        assert answers(again, asked) == [model.answer(r, clock.now()) for r in asked]
        again.close()
    finally:
        writer.close()


def answers(writer: Sequencer, batch: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """As `apply` answers: a line that names no request is invalid and nothing else."""
    asked = [read_line(msgspec.json.encode(r)) for r in batch]
    given = iter(writer.submit([a for a in asked if isinstance(a, Request)]))
    unnamed = {"result": "invalid"}
    return [next(given).as_json() if isinstance(a, Request) else {"request": a.request, **unnamed} for a in asked]


_made: list[str] = []


def _fresh(server: Server, template: str) -> str:
    """A database of its own for one example; the one before is dropped."""
    import psycopg

    from salyq.office.store.migrate import make_database

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        while _made:
            connection.execute(f"drop database {_made.pop()} with (force)".encode())
    _fresh.count = getattr(_fresh, "count", 0) + 1  # type: ignore[attr-defined]
    name = f"model_{_fresh.count}"  # type: ignore[attr-defined]
    make_database(server.url("postgres"), name, template)
    _made.append(name)
    return server.url(name)
