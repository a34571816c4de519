"""Scenarios from a seed: customers, merchants, an acquirer and faults drive the production code; then the books speak.

One driver for the demonstration, for tests and for load. It makes its own contract and cards, so that it may run
beside others.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from salyq.civil.days import kz_day, zone
from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import demo
from salyq.office.pilots.card import accounts, spec
from salyq.office.pilots.card.clearing import COLUMNS, Clearing, Day, read_file
from salyq.office.pilots.card.host import ACCESS, Host
from salyq.office.pilots.events import SQL
from salyq.office.pilots.scenario_more import MortalHost, city_month, handled, missing_data
from salyq.office.store.clock import Clock, FixedClock, ManualClock, SystemClock
from salyq.office.store.store import Store

MERCHANTS = (  # made up: name, MCC, tenge from and to
    ("Kofe Qyran", "5814", 900, 2_600),
    ("Dastarkhan Market", "5411", 3_000, 28_000),
    ("Taxi Jol", "4121", 700, 4_500),
    ("Kitap Alemi", "5942", 2_500, 15_000),
    ("Darihana 24", "5912", 1_200, 12_000),
    ("Benzin Plus", "5541", 5_000, 22_000),
    ("Kino Saray", "7832", 2_400, 6_000),
)


@dataclass
class Driver:
    """A programme with its cards, an acquirer, and a count of what happened."""

    store: Store
    gate: Gate
    seed: int
    name: str
    holders: int = 5
    limits: Mapping[str, int] | None = None
    terms: Mapping[str, Any] | None = None
    answers: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)
    stan: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.name} {self.seed}")  # noqa: S311
        self.host = Host(self.store, self.gate)
        self.contract = f"SCENARIO-{self.name}-{self.seed}"
        self.cards = demo.programme(
            self.store,
            self.gate,
            number=self.contract,
            holders=self.holders,
            seed=hash_of(self.contract),
            limits=self.limits,
            terms=self.terms,
        )
        self.acquirer = f"{hash_of(self.contract) % 10**11:011d}"

    def message(self, card: int, tiyn: int, merchant: tuple[str, str, int, int], **more: str) -> dict[str, str]:
        self.stan += 1
        local = self.store.clock.now().astimezone(zone())
        made = self.cards[card]
        m = {"h": "", "t": "0100", "2": made.pan, "3": "000000", "4": spec.tiyn_text(tiyn), "7": f"{local:%m%d%H%M%S}"}
        m |= {"11": f"{self.stan % 1_000_000:06d}", "12": f"{local:%H%M%S}", "13": f"{local:%m%d}"}
        m |= {
            "14": made.card.expires,
            "18": merchant[1],
            "32": self.acquirer,
            "37": f"{self.seed % 1000:03d}{self.stan:09d}",
        }
        m |= {"41": "TERM0001", "42": "MADEUP000000001", "43": merchant[0].ljust(40)[:40], "49": spec.TENGE}
        return m | {k.removeprefix("f"): v for k, v in more.items()}

    def pay(self, card: int, tiyn: int | None = None) -> tuple[list[str], dict[str, str]]:
        """One payment; (its clearing row, the answer)."""
        merchant = self.chance.choice(MERCHANTS)
        units = tiyn or self.chance.randrange(merchant[2], merchant[3]) * 100 + self.chance.choice([0, 0, 0, 50, 99])
        sent = self.message(card, units, merchant)
        reply = self.host.handle([sent])[0]
        self.answers[reply["39"]] += 1
        day = kz_day(self.store.clock.now()).isoformat()
        row = [sent["37"], reply.get("38", ""), sent["2"], str(units), "KZT", day, merchant[0], merchant[1], "clear"]
        return row, reply

    def clear(self, rows: list[list[str]]) -> Day:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "clearing.csv"
            file.write_text("\n".join(",".join(r) for r in [list(COLUMNS), *rows]) + "\n", encoding="utf-8")
            day = Clearing(self.store, self.gate, self.acquirer).clear(read_file(file))
        self.cleared.update(day.counts())
        return day

    def wait(self, **time: int) -> None:
        """Time goes on where the clock is ours to move; prices come with it."""
        if isinstance(self.store.clock, FixedClock | ManualClock):
            self.store.move_clock(self.store.clock.now() + timedelta(**time))
        self.prices()

    def prices(self) -> None:
        with self.store.transaction(ACCESS) as tx:
            demo.feed(tx, demo.TERMS["assets"], tx.now)

    def told(self) -> dict[str, Any]:
        """What the books say."""
        found = recount(self.store.url, self.store.clock)
        with self.store.transaction(ACCESS) as tx:
            settled = books.account(tx, accounts.acquirer(self.acquirer))
            held = sum(int(a.debits_held) for a in books.accounts(tx, f"limit/{self.contract}/total"))
        return {
            "scenario": self.name,
            "seed": self.seed,
            "contract": self.contract,
            "answers": dict(sorted(self.answers.items())),
            "cleared": dict(sorted(self.cleared.items())),
            "settled_tiyn": str(0 if settled is None else int(settled.credits) - int(settled.debits)),
            "held_tiyn": str(held),
            "differences": len(found.differences),
        }


def hash_of(text: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def busy_day(d: Driver, days: int, rate: int) -> None:
    """Payments of all holders, some turned back, cleared in the evening."""
    for day in range(days):
        rows: list[list[str]] = []
        for _ in range(rate):
            row, reply = d.pay(d.chance.randrange(len(d.cards)))
            if reply["39"] == spec.APPROVED:
                rows.append(row)
        d.clear(rows)
        if day + 1 < days:
            d.wait(days=1)


def year(d: Driver, days: int, rate: int) -> None:
    """One holder over a year: `rate` payments a month at most, coins bought when they run out, all cleared."""
    last = d.store.clock.now() + timedelta(days=days)
    paid = 0
    while d.store.clock.now() < last and paid < rate * 12:
        row, reply = d.pay(0)
        if reply["39"] == spec.NOT_ENOUGH:
            when = f"{d.store.clock.now():%Y%m%d%H%M}"
            demo.stock(d.store, d.gate, d.cards[0].card, 60_000_000, f"{d.contract}/{d.stan}/{when}")
        elif reply["39"] == spec.APPROVED:
            d.clear([row])
            paid += 1
        d.wait(hours=d.chance.randrange(6, max(7, 24 * 54 // max(rate, 1))))


def stale_quotes(d: Driver, days: int, rate: int) -> None:  # noqa: ARG001
    """The exchange falls silent: payments are refused, nothing is held; then it speaks again."""
    for _ in range(rate):
        d.pay(d.chance.randrange(len(d.cards)))
    if isinstance(d.store.clock, FixedClock | ManualClock):
        d.store.move_clock(d.store.clock.now() + timedelta(hours=1))
    for _ in range(rate):
        d.pay(d.chance.randrange(len(d.cards)))
    d.prices()
    for _ in range(rate):
        d.pay(d.chance.randrange(len(d.cards)))


def double_clearing(d: Driver, days: int, rate: int) -> None:  # noqa: ARG001
    """The acquirer sends the same file twice, and then once more with a new row in it."""
    rows = [row for row, reply in (d.pay(n % len(d.cards)) for n in range(rate)) if reply["39"] == spec.APPROVED]
    d.clear(rows)
    d.clear(rows)
    d.clear([*rows, *(row for row, _ in [d.pay(0)])])


def forced_posts(d: Driver, days: int, rate: int) -> None:  # noqa: ARG001
    """Rows that no authorisation covers: sold where coins and limits allow, else the issuer's."""
    for n in range(rate):
        merchant = d.chance.choice(MERCHANTS)
        tiyn = (d.limits or demo.LIMITS)["client_day"] + 1 if n % 5 == 4 else 100_000 + n
        pan = d.cards[n % len(d.cards)].pan
        day = kz_day(d.store.clock.now()).isoformat()
        d.clear([[f"OFF{n:09d}", "", pan, str(tiyn), "KZT", day, merchant[0], merchant[1], "forced"]])


def over_limit_crowd(d: Driver, days: int, rate: int) -> None:  # noqa: ARG001
    """Everybody at once against one holder's limit of the day: it is never passed."""
    import threading

    part = (d.limits or demo.LIMITS)["client_day"] // max(rate // 2, 1)
    sent = [d.message(0, part, MERCHANTS[0]) for _ in range(rate)]
    codes: list[str] = []

    def crowd(mine: list[dict[str, str]]) -> None:
        host = Host(d.store, d.gate)
        codes.extend(host.handle([m])[0]["39"] for m in mine)

    threads = [threading.Thread(target=crowd, args=(sent[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    d.answers.update(codes)


def silent_exchange(d: Driver, days: int, rate: int) -> None:  # noqa: ARG001
    """The exchange says nothing for twenty minutes: the host stands in for small sums with care and refuses large
    ones; what it approved is cleared once the exchange speaks."""
    rows = []
    for minutes in (0, 10, 10):
        if isinstance(d.store.clock, FixedClock | ManualClock):
            d.store.move_clock(d.store.clock.now() + timedelta(minutes=minutes))
        for n in range(max(1, rate // 3)):
            row, reply = d.pay(n % len(d.cards), 1_500_000 if n % 2 else 5_000_000)
            if reply["39"] == spec.APPROVED:
                rows.append(row)
    d.prices()
    d.clear(rows)


def crash_day(d: Driver, days: int, rate: int) -> None:
    """Busy days on which the host dies between its strokes; acquirers repeat what was not answered."""
    d.host = host = MortalHost(d.store, d.gate)
    host.chance = random.Random(f"deaths {d.seed}")  # noqa: S311
    for turn in range(days):
        rows: list[list[str]] = []
        for n in range(rate):
            merchant = d.chance.choice(MERCHANTS)
            sent = d.message(n % len(d.cards), d.chance.randrange(50_000, 900_000), merchant)
            reply, lives = handled(host, sent)
            d.answers[reply["39"]] += 1
            d.answers["deaths"] += lives - 1
            if reply["39"] == spec.APPROVED:
                day = kz_day(d.store.clock.now()).isoformat()
                row = [sent["37"], reply["38"], sent["2"], str(int(sent["4"])), "KZT", day, merchant[0], merchant[1]]
                rows.append([*row, "clear"])
        d.clear(rows)
        d.clear(rows[: len(rows) // 2])  # and sent again
        if turn + 1 < days:
            d.wait(days=1)


STAND_IN = {"stand_in": {"tiyn": 2_000_000, "seconds": 3600, "points": 300}}
OTHERS: Mapping[str, Callable[[Store, Gate, int, int, int], dict[str, Any]]] = {
    "city_month": city_month,
    "missing_data": missing_data,
}
SCENARIOS: Mapping[str, Callable[[Driver, int, int], None]] = {
    "busy_day": busy_day,
    "year": year,
    "stale_quotes": stale_quotes,
    "double_clearing": double_clearing,
    "forced_posts": forced_posts,
    "over_limit_crowd": over_limit_crowd,
    "silent_exchange": silent_exchange,
    "crash_day": crash_day,
}
NAMES = (*SCENARIOS, *OTHERS)
DAYS = {"year": 365, "city_month": 30}  # of a scenario where none are asked for
_AT_ONCE = ("double_clearing", "forced_posts", "over_limit_crowd")
_TAKES = {
    "stale_quotes": timedelta(hours=1),
    "silent_exchange": timedelta(minutes=20),
    "missing_data": timedelta(hours=49),
}


def lasts(name: str, days: int | None) -> int:
    """Days of a scenario: those that were asked for, else its own."""
    return days or DAYS.get(name, 1)


def clock_for(store: Store, name: str, days: int | None) -> Clock | None:
    """The clock of a scenario: the office's where it is ours to move or where no time passes. Else, in an office that
    is made up or has no books yet, one of its own, which ends now if what was recorded last is long enough ago. None
    where the books are somebody's."""
    needs = _TAKES.get(name, timedelta(days=lasts(name, days) - (name != "year")))
    if name in _AT_ONCE or not needs or not isinstance(store.clock, SystemClock):
        return store.clock
    with store.transaction(ACCESS) as tx:
        made_up, position, last = tx.values(SQL["driven"])[0]
    if not made_up and position:
        return None
    return FixedClock(max(last, store.clock.now() - needs))


def drive(store: Store, gate: Gate, name: str, seed: int, days: int | None, rate: int) -> dict[str, Any]:
    """Runs a scenario and answers what the books say of it, and from when to when it went. `gate` and `store` have
    one clock, `clock_for` says which."""
    begun, days = store.clock.now(), lasts(name, days)
    if name in OTHERS:
        told = OTHERS[name](store, gate, seed, days, rate)
    else:
        terms = STAND_IN if name == "silent_exchange" else None
        driver = Driver(store, gate, seed, name, holders=1 if name == "year" else 5, terms=terms)
        SCENARIOS[name](driver, days, rate)
        told = {**driver.told(), "holders": [m.card.holder for m in driver.cards]}
    return {**told, "from": begun.isoformat(), "until": store.clock.now().isoformat()}
