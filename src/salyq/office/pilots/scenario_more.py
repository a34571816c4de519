"""Scenarios beside those of an ordinary card day: the city's month, a silent exchange, data that is missing, crashes.

Each takes a driver of the card or makes its own pilot, and counts what happened in the same form.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import demo, events, showing
from salyq.office.pilots.card.case import Case
from salyq.office.pilots.card.host import Host
from salyq.office.pilots.city import accounts as city_accounts
from salyq.office.pilots.city import demo as city_demo
from salyq.office.pilots.city.invoices import ACCESS, City, CityRefused
from salyq.office.pilots.corridor import demo as corridor_demo
from salyq.office.pilots.corridor.node import fold
from salyq.office.pilots.corridor.pair import Pair, pair
from salyq.office.store.clock import FixedClock, ManualClock
from salyq.office.store.store import Store


def _wait(store: Store, **time: int) -> None:
    """Time goes on where the clock is ours to move; prices come with it."""
    if isinstance(store.clock, FixedClock | ManualClock):
        store.move_clock(store.clock.now() + timedelta(**time))
    with store.transaction(ACCESS) as tx:
        demo.feed(tx, demo.TERMS["assets"], tx.now)
        corridor_demo.feed(tx, tx.now)


def _told(
    store: Store, name: str, seed: int, contract: str, answers: Mapping[str, int], cleared: Mapping[str, int], tiyn: int
) -> dict[str, Any]:
    found = recount(store.url, store.clock)
    with store.transaction(ACCESS) as tx:
        held = sum(int(a.debits_held) for a in books.accounts(tx, f"limit/{contract}/total"))
    told = {"scenario": name, "seed": seed, "contract": contract, "answers": dict(sorted(answers.items()))}
    told |= {"cleared": dict(sorted(cleared.items())), "settled_tiyn": str(tiyn), "held_tiyn": str(held)}
    return {**told, "differences": len(found.differences)}


def city_month(store: Store, gate: Gate, seed: int, days: int, rate: int) -> dict[str, Any]:
    """Invoices of every day, most of them paid, some twice, some by nobody."""
    chance, number = random.Random(f"city_month {seed}"), f"SCENARIO-city-{seed}"  # noqa: S311
    last = kz_day(store.clock.now())
    shops, people = city_demo.programme(
        store, gate, number=number, seed=seed, payers=4, days=(last, last + timedelta(days=3650))
    )
    city, said, paid = City(store, gate, number), Counter[str](), Counter[str]()
    for day in range(days):
        with store.transaction(ACCESS) as tx:
            city_demo.admit(tx, shops)
        for n in range(max(1, rate // 4)):
            _invoice(city, chance, shops[chance.randrange(len(shops))].id, people, f"{seed}/{day}/{n}", said, paid)
        if day + 1 < days:
            _wait(store, days=1)
    with store.transaction(ACCESS) as tx:
        tills = [books.account(tx, city_accounts.merchant(s.id)) for s in shops]
    settled = sum(int(a.credits) - int(a.debits) for a in tills if a is not None)
    return {**_told(store, "city_month", seed, number, said, paid, settled), "holders": people}


def _invoice(
    city: City,
    chance: random.Random,
    shop: str,
    people: Sequence[str],
    key: str,
    said: Counter[str],
    paid: Counter[str],
) -> None:
    try:
        made = city.invoice(shop, chance.randrange(50_000, 3_000_000), "made up", key)
    except CityRefused as refused:
        said[refused.reason] += 1
        return
    said["invoice"] += 1
    for attempt in range(chance.choice((0, 1, 1, 1, 2))):
        try:
            city.pay(made.number, chance.choice(people), chance.choice(("USDT", "USDT", "BTC")), f"{key}/{attempt}")
            paid["paid"] += 1
        except CityRefused as refused:
            paid[refused.reason] += 1


def missing_data(store: Store, gate: Gate, seed: int, days: int, rate: int) -> dict[str, Any]:
    """Payments abroad, a third without the sender's data: for some it comes, the others are refused in law's time."""
    chance, number = random.Random(f"missing_data {seed}"), f"SCENARIO-corridor-{seed}"  # noqa: S311
    corridor_demo.origin(store, gate, number=number, key=f"s{seed}")
    corridor_demo.sender(gate, corridor_demo.SENDER, 10**12)
    states = Counter[str]()
    with pair(store, gate, number, f"s{seed}") as nodes:
        _missing(store, nodes, chance, seed, rate * days)
    with store.transaction(ACCESS) as tx:
        leg = 0
        for e in events.of_contract_kind(tx, number, ["payment"], rate * days):
            p = fold(events.of_subject(tx, e.subject))
            assert p is not None
            states[f"{p.state}{' ' + p.reason if p.reason else ''}"] += 1
            leg += int(p.body["send_amount"]) if p.state == "fulfilled" else 0
    return {**_told(store, "missing_data", seed, number, states, {}, leg), "holders": [corridor_demo.SENDER]}


def _missing(store: Store, nodes: Pair, chance: random.Random, seed: int, count: int) -> None:
    secrets: dict[str, str] = {}
    for n in range(count):
        how = "no data" if n % 3 == 0 else "whole"
        pid, secret = showing.send(nodes, f"{seed}/{n}", chance.randrange(1_000_000, 90_000_000), how=how)
        secrets[pid] = secret
    whole = corridor_demo.party("originator", corridor_demo.SENDER, "Ойдан Шығарылған")
    with store.transaction(ACCESS) as tx:
        waiting = nodes.kz.open_payments(tx)
    for n, pid in enumerate(p for p in waiting if p in secrets):
        if n % 2 == 0:
            nodes.kz.handle("POST", f"/payments/{pid}/data", {"sender": whole}, peer=False)
            nodes.kz.handle("POST", f"/payments/{pid}/fulfil", {"fulfilment": secrets[pid]}, peer=False)
    _wait(store, hours=49)
    nodes.feed()
    nodes.run_due()


class CrashError(BaseException):
    """The host's process ended here."""


class MortalHost(Host):
    """A host that dies at random between its strokes; whoever repeats the message goes on from what was meant."""

    chance: random.Random
    deaths: int = 0

    def _ask(self, cases: Sequence[Case]) -> Future[list[dict[str, str]]]:
        self._die()
        told = super()._ask(cases)
        told.exception()  # it is kept, or it never will be
        self._die()
        return told

    def _die(self) -> None:
        if self.chance.random() < 0.2:
            self.deaths += 1
            raise CrashError


def handled(host: MortalHost, message: dict[str, str]) -> tuple[dict[str, str], int]:
    """The answer after as many lives as it takes, each with a host of its own, and how many those were."""
    for lives in range(1, 200):
        try:
            return host.handle([message])[0], lives
        except CrashError:
            fresh = MortalHost(host.store, host.gate)
            fresh.chance, fresh.deaths = host.chance, host.deaths
            host = fresh
            message = {**message, "t": "0101"}
    raise AssertionError("a message is never answered")
