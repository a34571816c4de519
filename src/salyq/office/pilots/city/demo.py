"""A made-up programme of the city: a contract, merchants, payers with coins, and the city's registers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salyq.civil.days import kz_day
from salyq.civil.ids import check_digit
from salyq.office.ledger.assets import SCALES
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Result
from salyq.office.pilots import demo, events, permission
from salyq.office.pilots.city import accounts
from salyq.office.pilots.city.invoices import ACCESS
from salyq.office.pilots.city.rules import CITY, WHOLE, rules
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.registry.model import Subject
from salyq.office.registry.read import history
from salyq.office.registry.write import Proposed, write
from salyq.office.store.store import Store, Transaction

TRADES = ("Кофехана Алатау", "Азық-түлік Алатау", "Кітап үйі", "Электр Такси", "Дәріхана")
TERMS: Mapping[str, Any] = {
    "assets": ["USDT", "BTC"],
    "fee_points": 40,
    "quote_seconds": 300,
    "exchange_name": demo.EXCHANGE,
    "exchange_in_aifc": True,
    "provider": "special_regime",
    "made_up": True,
}
LIMITS = {**demo.LIMITS, "payment": 40_000_000}


def firm(chance: random.Random) -> str:
    """A made-up BIN whose check digit is right and whose kind of company does not exist."""
    while True:
        eleven = f"2401{9}{chance.randrange(10**6):06}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"


def programme(
    store: Store,
    gate: Gate,
    *,
    number: str = "SB-2026-CITY",
    participant: str = "990140000126",
    merchants: int = 3,
    payers: int = 3,
    seed: int = 1,
    limits: Mapping[str, int] | None = None,
    days: tuple[date, date] | None = None,
    exchange: Mapping[str, str] | None = None,
    who: Subject | None = None,
) -> tuple[list[Subject], list[str]]:
    """(merchants, payers). Doing it again changes nothing. `who` is the participant, where he has a name."""
    chance = random.Random(f"city {seed}")  # noqa: S311
    today = kz_day(store.clock.now())
    first, last = days or (today - timedelta(days=30), today + timedelta(days=1095))
    shops = [Subject(firm(chance), f"{TRADES[n % len(TRADES)]} {n + 1} (made up)") for n in range(merchants)]
    people = [demo.iin(chance) for _ in range(payers)]
    terms = {**TERMS, "merchants": [{"id": s.id, "name": s.name, "kind": "legal_entity"} for s in shops]}
    if exchange:
        terms["exchange"] = dict(exchange)
    contract = Contract(number, "city", participant, "City payments (made up)", first, last, terms)
    with store.transaction(ACCESS) as tx:
        demo.register(tx, contract, "city", who)
        contracts.sign(tx, contract, limits or LIMITS)
        demo.feed(tx, TERMS["assets"], tx.now)
    gate.submit(accounts.openings(number, TERMS["assets"]))
    for n, person in enumerate(people):
        stock(store, gate, number, person, "USDT" if n % 3 < 2 else "BTC", 60_000_000, f"{number}/{person}/0")
    return shops, people


def stock(store: Store, gate: Gate, contract: str, payer: str, asset: str, tiyn: int, name: str) -> int:
    """A payer buys coins at the exchange's price; how many units, 0 where he had bought them at another moment."""
    now = store.clock.now()
    at = demo.price(asset, now)
    units = int(Decimal(tiyn).scaleb(-2) / at * 10 ** SCALES[asset])
    gate.submit([accounts.holder(payer, asset)])
    answer = gate.ask(accounts.bought(payer, asset, units, tiyn, name))
    if answer.result is Result.DIFFERENT_CONTENT:
        return 0
    assert answer.accepted, answer
    body = {"asset": asset, "units": str(units), "tiyn": str(tiyn), "source": demo.EXCHANGE, "price": str(at)}
    body["document"] = f"trade {name}"
    with store.transaction(ACCESS) as tx:
        new = events.New(
            f"buy/{name}", "city", "bought", f"wallet/{payer}", tx.now, body, payer, contract, f"buy/{name}"
        )
        events.add(tx, [new])
    return units


def admit(tx: Transaction, shops: Sequence[Subject], *, licence: bool = True) -> None:
    """Enters merchants into the city's registers, from the day on which law lets them be kept."""
    today = kz_day(tx.now)
    if rules(today).stage not in (CITY, WHOLE):
        return
    wanted = []
    for n, shop in enumerate(shops, 1):
        resident, permit = f"AR-{today.year}-{shop.id[-6:]}", f"AP-{today.year}-{shop.id[-6:]}"
        if history(tx, permission.CITY_RESIDENTS, resident):
            continue
        ground = {"act": "law-286-viii", "article": "38", "authority": "alatau"}
        fields: dict[str, Any] = {"activity": f"сауда {n}"}
        wanted.append(Proposed(permission.CITY_RESIDENTS, resident, "granted", today, shop, fields, ground))
        if licence:
            more = {"permit": "business_licence", "activity": f"сауда {n}", "resident": resident}
            ground = {**ground, "article": "39"}
            wanted.append(Proposed(permission.CITY_PERMITS, permit, "granted", today, shop, more, ground))
    write(tx, wanted)
