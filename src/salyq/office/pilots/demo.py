"""A made-up card programme for the demonstration and for tests: a contract, holders with coins, an exchange's prices.

Nothing here is real: the participant, the holders and the prices are drawn from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from salyq.civil.days import kz_day
from salyq.civil.ids import check_digit
from salyq.office.ledger.assets import SCALES
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Result
from salyq.office.pilots import permission, quotes
from salyq.office.pilots.card import accounts
from salyq.office.pilots.card.accounts import Card
from salyq.office.pilots.card.host import ACCESS
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.registry.book import register as register_of
from salyq.office.registry.model import Subject
from salyq.office.registry.read import history
from salyq.office.registry.write import Proposed, write
from salyq.office.store.store import Store, Transaction

EXCHANGE = "made-up licensed exchange"
PORT = 8583
POOR = 5_000_000  # tiyn
LIMITS = {  # tiyn, made up for the demonstration; a real contract's numbers were not published
    "payment": 50_000_000,
    "client_day": 30_000_000,
    "client_month": 300_000_000,
    "day": 10_000_000_000,
    "month": 100_000_000_000,
    "total": 1_000_000_000_000,
}
TERMS: Mapping[str, Any] = {
    "assets": ["USDT", "BTC"],
    "fee_points": 50,
    "quote_seconds": 300,
    "hold": "P7D",
    "stand_in": None,
    "merchants_barred": ["7995"],
    "exchange_name": EXCHANGE,
    "exchange_in_aifc": True,
    "provider": "special_regime",
    "made_up": True,
}


class MadeCard(NamedTuple):
    """A card of the demonstration with its number, as demo.json prints it."""

    pan: str
    card: Card


def luhn(body: str) -> str:
    """The card number of these digits: a check digit is added."""
    digits = [int(c) for c in reversed(body)]
    total = sum(sum(divmod(d * 2, 10)) if n % 2 == 0 else d for n, d in enumerate(digits))
    return body + str(-total % 10)


def iin(chance: random.Random) -> str:
    """A made-up IIN whose check digit is right."""
    while True:
        born = date(1970, 1, 1) + timedelta(days=chance.randrange(12_000))
        body = f"{born:%y%m%d}{chance.choice('34')}{chance.randrange(10_000):04d}"
        digit = check_digit(body)
        if digit is not None:
            return f"{body}{digit}"


def price(asset: str, at: datetime) -> Decimal:
    """The made-up exchange's price of a minute: it wanders by a tenth, the same for the same minute."""
    minute = at.replace(second=0, microsecond=0)
    base = {"USDT": Decimal("517.20"), "BTC": Decimal("48500000"), "ETH": Decimal("1650000")}[asset]
    chance = random.Random(f"{asset} {minute:%Y%m%d%H}")  # noqa: S311
    return (base * (9_500 + chance.randrange(1_000))).scaleb(-4).quantize(Decimal("0.01"))


def feed(tx: Transaction, assets: Sequence[str], at: datetime) -> None:
    """Writes the made-up prices of a moment."""
    for asset in assets:
        quotes.add(tx, asset, str(price(asset, at)), EXCHANGE, at)


def programme(
    store: Store,
    gate: Gate,
    *,
    number: str = "SB-2025-001",
    participant: str = "990140000126",
    holders: int = 5,
    seed: int = 1,
    limits: Mapping[str, int] | None = None,
    terms: Mapping[str, Any] | None = None,
    days: tuple[date, date] | None = None,
) -> list[MadeCard]:
    """A contract in force around now, its accounts, and cards with coins bought at the exchange's price. Doing it again
    changes nothing."""
    chance = random.Random(seed)  # noqa: S311
    now = store.clock.now()
    today = kz_day(now)
    first, last = days or (today - timedelta(days=365), today + timedelta(days=730))
    full = {**TERMS, **(terms or {})}
    contract = Contract(number, "card", participant, "Crypto Card (made up)", first, last, full)
    made = [_card(chance, number, n, last) for n in range(holders)]
    with store.transaction(ACCESS) as tx:
        register(tx, contract, "card")
        contracts.sign(tx, contract, limits or LIMITS)
        for m in made:
            accounts.issue(tx, m.pan, m.card)
        feed(tx, full["assets"], now)
    gate.submit(accounts.openings(number, full["assets"], [m.card.holder for m in made]))
    for n, m in enumerate(made):  # the last holder has little: the coins end before the limit does
        bought = POOR if n == len(made) - 1 and n else 100_000_000 + chance.randrange(50_000_000)
        stock(store, gate, m.card, bought, f"{m.card.holder}/0")
    return made


def register(tx: Transaction, contract: Contract, activity: str, who: Subject | None = None) -> None:
    """Enters a made-up participant into the register, where nobody of that number stands there yet."""
    if history(tx, permission.SANDBOX, contract.id):
        return
    first = max(contract.first_day, register_of(permission.SANDBOX).first)
    fields = {"contract": contract.id, "until": contract.last_day.isoformat(), "activity": activity}
    who = who or Subject(contract.participant, contract.name)
    ground = {"act": "nbk-law", "article": "51-5.2", "authority": "nbk"}
    more = {**fields, "participant_kind": "bank"}
    write(tx, [Proposed(permission.SANDBOX, contract.id, "granted", first, who, more, ground)])


def _card(chance: random.Random, contract: str, n: int, last: date) -> MadeCard:
    pan = luhn(f"440043{chance.randrange(10**9):09d}")
    asset = "BTC" if n % 4 == 3 else "USDT"
    shown = f"{pan[:6]}{'*' * 6}{pan[-4:]}"
    holder = iin(chance)
    name = f"Ойдан шығарылған ұстаушы {n + 1} (made up)"
    return MadeCard(pan, Card(accounts.digest(pan), shown, holder, name, asset, contract, f"{last:%y%m}"))


def stock(store: Store, gate: Gate, card: Card, tiyn: int, name: str) -> int:
    """The holder buys coins for so many tiyn at the exchange's price; how many units it were: none where a purchase of
    this name was made before, at another price."""
    now = store.clock.now()
    at = price(card.asset, now)
    units = int(Decimal(tiyn).scaleb(-2) / at * 10 ** SCALES[card.asset])
    answer = gate.ask(accounts.bought(card.holder, card.asset, units, tiyn, name))
    if answer.result is Result.DIFFERENT_CONTENT:
        return 0
    assert answer.accepted, answer
    with store.transaction(ACCESS) as tx:
        accounts.bought_event(tx, card, units, tiyn, name, EXCHANGE, {"price": str(at), "document": f"trade {name}"})
    return units


def told(made: Sequence[MadeCard], limits: Mapping[str, int] | None = None) -> list[dict[str, str]]:
    """What demo.json says of the cards."""
    day = (limits or LIMITS)["client_day"]
    return [
        {
            "pan": m.pan,
            "holder": m.card.holder,
            "asset": m.card.asset,
            "expires": m.card.expires,
            "limit_day_kzt": f"{day // 100}.{day % 100:02d}",
        }
        for m in made
    ]
