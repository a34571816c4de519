"""Two nodes over a network that loses, repeats, delays and reorders, and that crash at any step: the production code.

python -m tests.office.pilots.corridor_world --runs 2000
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.office.conftest import START

from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import events
from salyq.office.pilots.corridor import accounts, demo
from salyq.office.pilots.corridor.destination import Destination
from salyq.office.pilots.corridor.node import LostError, Node, Payment, Reply
from salyq.office.pilots.corridor.origin import Origin
from salyq.office.store.clock import FixedClock
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server
from salyq.office.store.store import Store

CONTRACT = "SB-2025-002"


class Crash(BaseException):
    """The process of a node ended here."""


class World:
    """Both sides and the wire. `trouble` is how likely each mishap is; 0 is calm. `skew` seconds the clock abroad is
    ahead of the one here."""

    def __init__(self, url: str, far_url: str, skew: int = 0) -> None:
        self.clock = FixedClock(START)
        self.skewed = FixedClock(START + timedelta(seconds=skew))
        self.stores = {"kz": Store(url, clock=self.clock).open(), "abroad": Store(far_url, clock=self.skewed).open()}
        self.gates = {side: Gate(store.url, store.clock) for side, store in self.stores.items()}
        for store in self.stores.values():
            with store.transaction() as tx:  # C2 speaks of two books that began together
                assert not books.accounts(tx, limit=1), f"{store.url} has books already"
        self.chance, self.trouble = random.Random(0), 0.0
        self.late: list[tuple[str, str, str, Mapping[str, Any]]] = []
        self.counts: Counter[str] = Counter()
        demo.origin(self.stores["kz"], self.gates["kz"], ahead=20_000)
        demo.destination(self.stores["abroad"], self.gates["abroad"])
        self.nodes = {side: self.born(side) for side in self.stores}

    def close(self) -> None:
        for gate in self.gates.values():
            gate.close()
        for store in self.stores.values():
            store.close()

    def born(self, side: str) -> Node:
        """A new process of a node over what its database holds."""
        store, gate = self.stores[side], self.gates[side]
        wire = Wire(self, "abroad" if side == "kz" else "kz")
        node: Node = Origin(store, gate, wire, CONTRACT) if side == "kz" else Destination(store, gate, wire)
        node.probe = self.probe  # type: ignore[method-assign]
        return node

    def probe(self, point: str) -> None:
        if self.chance.random() < self.trouble / 4:
            self.counts["crashes"] += 1
            raise Crash(point)

    def ask(self, side: str, method: str, path: str, body: Mapping[str, Any], *, peer: bool = False) -> Reply | None:
        """A request to a node; None where it crashed over it, and is born again."""
        try:
            return self.nodes[side].handle(method, path, body, peer=peer)
        except Crash:
            self.nodes[side] = self.born(side)
            return None
        except LostError:
            return None

    def deliver_late(self, share: float = 1.0) -> None:
        waiting, self.late = self.late, []
        self.chance.shuffle(waiting)
        for message in waiting:
            if self.chance.random() < share:
                self.ask(message[0], *message[1:], peer=True)
            else:
                self.late.append(message)

    def round(self, side: str) -> None:
        try:
            self.nodes[side].run_due()  # type: ignore[attr-defined]
        except Crash:
            self.nodes[side] = self.born(side)

    @contextmanager
    def calm(self) -> Iterator[None]:
        was, self.trouble = self.trouble, 0.0
        yield
        self.trouble = was

    def move(self, **time_: int) -> None:
        for clock in (self.clock, self.skewed):
            clock.move(clock.now() + timedelta(**time_))
        for store in self.stores.values():
            with store.transaction() as tx:
                demo.feed(tx, tx.now)

    def payment(self, side: str, pid: str) -> Payment | None:
        return self.nodes[side].payment(pid)


class Wire:
    """What one node says to the other."""

    def __init__(self, world: World, to: str) -> None:
        self.world, self.to = world, to

    def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        w = self.world
        mishap = w.chance.random() < w.trouble
        how = w.chance.choice(["lost", "answer lost", "late", "twice"]) if mishap else ""
        w.counts[how or "delivered"] += 1
        if how == "lost":
            raise LostError
        if how == "late":
            w.late.append((self.to, method, path, dict(body)))
            raise LostError
        if how == "twice":
            w.ask(self.to, method, path, body, peer=True)
        reply = w.ask(self.to, method, path, body, peer=True)
        if reply is None or how == "answer lost":
            raise LostError
        return reply


def secret(seed: str) -> tuple[str, str]:
    raw = hashlib.sha256(seed.encode()).digest()
    return raw.hex(), hashlib.sha256(raw).hexdigest()


def quoted(world: World, seed: str, **amounts: str) -> dict[str, Any]:
    with world.calm():
        reply = world.ask(
            "kz", "POST", "/quotes", {"send_asset": "KZT", "receive_asset": "AED", "key": seed, **amounts}
        )
    assert reply is not None
    assert reply[0] == 200, reply
    return reply[1]


def run(world: World, seed: int, trouble: float = 0.25) -> str:
    """One payment in trouble, until it is quiet; the state that both sides agree on."""
    chance = world.chance = random.Random(seed)
    number = f"KZ{seed % 7}"
    demo.sender(world.gates["kz"], number, 10**9 + seed % 7)
    quote = quoted(world, str(seed), send_amount=str(chance.randrange(100_00, 90_000_00)))
    fulfilment, condition = secret(str(seed))
    whole = chance.random() > 0.1
    parties = {"sender": demo.party("originator", number, "Аскар", whole=whole)}
    parties["receiver"] = demo.party("beneficiary", "AE07", "Noor")
    world.trouble = trouble
    pid = f"p{quote['quote']}"
    pay = {"quote": quote["quote"], "condition": condition, **parties}
    for _ in range(chance.randrange(1, 4)):
        world.ask("kz", "POST", "/payments", pay)
    for _ in range(chance.randrange(4)):
        act = chance.choice(["fulfil", "fulfil", "fulfil far", "reject", "due", "late", "time", "data"])
        if act == "fulfil":
            world.ask("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
        elif act == "fulfil far":
            world.ask("abroad", "POST", f"/payments/{pid}/fulfil", {"fulfilment": fulfilment})
        elif act == "reject":
            world.ask(chance.choice(["kz", "abroad"]), "POST", f"/payments/{pid}/reject", {"reason": "asked"})
        elif act == "due":
            world.round(chance.choice(["kz", "abroad"]))
        elif act == "late":
            world.deliver_late(0.5)
        elif act == "data":
            world.ask("kz", "POST", f"/payments/{pid}/data", {"sender": demo.party("originator", number, "Аскар")})
        else:
            world.move(minutes=chance.choice([1, 12, 31]))
    return quiet(world, pid)


def quiet(world: World, pid: str) -> str:
    """Mishaps end, time goes on, messages arrive, both sides look: then both must say the same, and C2 holds."""
    world.trouble = 0.0
    for step in range(4):
        world.move(**({"hours": 49} if step == 2 else {"minutes": 32}))
        world.deliver_late()
        world.round("kz")
        world.round("abroad")
    here, there = world.payment("kz", pid), world.payment("abroad", pid)
    if here is None:
        assert there is None or there.state == "rejected", there
        return "never begun"
    assert here.ended, here
    assert here.done, here
    if here.state == "fulfilled":
        assert there is not None
        assert (there.state, there.done) == ("fulfilled", True), there
    elif there is not None:
        assert there.state in ("rejected", "expired"), (here, there)
        assert there.done
    return here.state


def books_agree(world: World) -> None:
    """C2 over everything so far: what left here arrived there, nothing is held, and each ledger is right."""
    totals = {}
    for side, store in world.stores.items():
        with store.transaction() as tx:
            found = books.balance(tx, accounts.transit())
            assert (found.debits_held, found.credits_held) == (0, 0), side
            totals[side] = found.credits - found.debits
            paid = sum(int(e.body["leg_amount"]) for e in fulfilled(tx))
        assert abs(totals[side]) == paid, (side, totals, paid)
        assert recount(store.url, world.clock).differences == []
    assert totals["kz"] == -totals["abroad"], {side: told_fulfilled(store) for side, store in world.stores.items()}


def fulfilled(tx: Any) -> list[events.Event]:
    """The payments that are fulfilled and not yet settled."""
    ids = [str(r[0]) for r in tx.values(events.SQL["corridor_unsettled"], {"contract": None, "since": 0})]
    found = events.of_subjects(tx, ids)
    return [next(e for e in found[s] if e.kind == "payment") for s in ids]


def told_fulfilled(store: Store) -> list[tuple[str, str, str]]:
    """(payment, leg, when) of what is fulfilled, for the message of a disagreement."""
    with store.transaction() as tx:
        return sorted((e.subject, str(e.body["leg_amount"]), e.at.isoformat()) for e in fulfilled(tx))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skew", type=int, default=0, help="seconds that the clock abroad is ahead (or behind)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), sync=False) as server:
        for name in ("kz", "abroad"):
            make_database(server.url("postgres"), name)
            migrate(server.url(name))
        world = World(server.url("kz"), server.url("abroad"), given.skew)
        begun, states = time.monotonic(), Counter[str]()
        for n in range(given.runs):
            states[run(world, given.seed * 1_000_000 + n)] += 1
        books_agree(world)
        print(f"{given.runs} payments in trouble in {time.monotonic() - begun:.0f} s; both books agree")
        print(dict(states), dict(world.counts))
        world.close()


if __name__ == "__main__":
    main()
