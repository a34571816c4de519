"""What happened in the pilots of the demonstration before today: weeks of payments.

Everything goes through the production code under a clock of its own; prices, people and shops are made up.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from salyq.civil.days import kz_day, zone
from salyq.office.ledger.gate import Gate
from salyq.office.pilots import demo
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.clearing import KINDS, Clearing, Row
from salyq.office.pilots.card.host import Host
from salyq.office.pilots.city.invoices import City, CityRefused
from salyq.office.pilots.corridor import demo as corridor
from salyq.office.pilots.corridor.pair import Pair
from salyq.office.pilots.demo import MadeCard
from salyq.office.registry.model import Subject
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import Store

SHOPS = (
    ("Kofe Qyran", "5814", 900, 2_600),
    ("Dastarkhan Market", "5411", 3_000, 28_000),
    ("Taxi Jol", "4121", 700, 4_500),
)
_ACQUIRER = "00000777001"


def cards(store: Store, gate: Gate, made: Sequence[MadeCard], day: datetime, chance: random.Random) -> list[Row]:
    """A day at the tills: one message a holder at most; the rows that the acquirer will clear."""
    local = day.astimezone(zone())
    sent, rows = [], []
    for n, m in enumerate(made):
        if chance.random() < 0.35:
            continue
        shop, mcc, low, high = chance.choice(SHOPS)
        tiyn, stan = chance.randrange(low, high) * 100, int(f"{local:%j}") * 100 + n
        f = {"h": "", "t": "0100", "2": m.pan, "3": "000000", "4": spec.tiyn_text(tiyn), "7": f"{local:%m%d%H%M%S}"}
        f |= {"11": f"{stan:06d}", "12": f"{local:%H%M%S}", "13": f"{local:%m%d}", "14": m.card.expires, "18": mcc}
        f |= {"32": _ACQUIRER, "37": f"{local:%y%j}{n:07d}", "41": "TERM0001", "42": "MADEUP000000001"}
        sent.append(f | {"43": shop.ljust(40), "49": spec.TENGE})
        rows.append((m, tiyn, shop, mcc))
    replies = Host(store, gate).handle(sent)
    found = []
    for f, reply, (m, tiyn, shop, mcc) in zip(sent, replies, rows, strict=True):
        if reply["39"] == spec.APPROVED:
            name = hashlib.sha256(f"{f['37']}".encode()).hexdigest()[:24]
            day_ = kz_day(day)
            found.append(Row(name, 0, f["37"], reply["38"], m.pan, tiyn, day_, shop, mcc, KINDS[0]))
    return found


def send(pair: Pair, key: str, tiyn: int, *, how: str) -> tuple[str, str]:
    """One payment abroad: `whole`, `refused` by the receiver's side, or with `no data`; its id and its fulfilment."""
    node = pair.kz
    asked = {"send_asset": "KZT", "receive_asset": corridor.RECEIVE, "send_amount": str(tiyn), "key": key}
    status, quote = node.handle("POST", "/quotes", asked, peer=False)
    if status != 200:
        return "", ""
    raw = hashlib.sha256(key.encode()).digest()
    who = corridor.party("originator", corridor.SENDER, "Ойдан Шығарылған", whole=how != "no data")
    body = {"quote": quote["quote"], "condition": hashlib.sha256(raw).hexdigest(), "sender": who}
    body["receiver"] = corridor.party("beneficiary", "AE070331234567890123456", "Made Up Trading")
    _, told = node.handle("POST", "/payments", body, peer=False)
    if told.get("state") == "prepared":
        path = f"/payments/{told['payment']}"
        if how == "whole":
            node.handle("POST", f"{path}/fulfil", {"fulfilment": raw.hex()}, peer=False)
        else:
            node.handle("POST", f"{path}/reject", {"reason": "receiver_refused"}, peer=False)
    return str(told.get("payment", "")), raw.hex()


def shop_in_city(city: City, shops: Sequence[Subject], people: Sequence[str], day: date, chance: random.Random) -> None:
    """An invoice of a day, mostly paid."""
    shop, payer = chance.choice(shops), chance.choice(people)
    made = city.invoice(shop.id, chance.randrange(80_000, 1_500_000), "made up", f"demo/{day}")
    if chance.random() < 0.85:
        try:
            city.pay(made.number, payer, "USDT", f"demo/{day}")
        except CityRefused:
            return


def weeks(store: Store, gate: Gate, clock: FixedClock, until: datetime, chance: random.Random, *,
          made: Sequence[MadeCard], pair: Pair, city: City, shops: Sequence[Subject],
          people: Sequence[str]) -> None:  # fmt: skip
    """From the clock's time until `until`, a busy day every fourth."""
    n = 0
    while clock.now() + timedelta(days=4) < until:
        clock.move(clock.now() + timedelta(days=4))
        n += 1
        with store.transaction() as tx:
            demo.feed(tx, ["USDT", "BTC"], tx.now)
        pair.feed()
        rows = cards(store, gate, made, clock.now(), chance)
        Clearing(store, gate).clear(rows[: len(rows) - (n % 3 == 0)])  # a row in every third file comes late
        pair.run_due()
        if n % 4 == 0:
            pair.kz.settle_window(f"{clock.now():%Y%m%dT%H%M}")
        shop_in_city(city, shops, people[:2], kz_day(clock.now()), chance)
        if n % 2:
            how = ("whole", "whole", "refused", "whole", "no data")[n // 2 % 5]
            send(pair, f"demo/{n}", chance.randrange(5_000_000, 90_000_000), how=how)
