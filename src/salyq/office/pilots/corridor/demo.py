"""A made-up corridor: a contract, liquidity on both sides, a sender with tenge, prices of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger.gate import Gate
from salyq.office.pilots import demo, quotes
from salyq.office.pilots.corridor import accounts
from salyq.office.pilots.corridor.node import ACCESS
from salyq.office.pilots.sandbox import contracts
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.store.store import Store, Transaction

RECEIVE = "AED"
SENDER, SENDER_TIYN = "KZ0000000001", 1_000_000_000
RATE = "3.6725"  # made up: dirhams for one unit of the leg
LIMITS = {"payment": 5_000_000_00, "client_day": 20_000_000_00, "day": 500_000_000_00, "total": 10_000_000_000_00}
TERMS: Mapping[str, Any] = {"fee_points": 30, "quote_seconds": 600, "made_up": True, "provider": "special_regime"}


def feed(tx: Transaction, at: datetime) -> None:
    """The made-up prices of a moment, for both sides."""
    quotes.add(tx, accounts.LEG, str(demo.price(accounts.LEG, at)), demo.EXCHANGE, at)
    quotes.add(tx, f"{accounts.LEG}/{RECEIVE}", RATE, "made-up exchange abroad", at)


def origin(
    store: Store,
    gate: Gate,
    *,
    number: str = "SB-2025-002",
    participant: str = "990140000136",
    key: str = "0",
    ahead: int = 730,
) -> None:
    """The contract in force and the provider's leg on the Kazakh side."""
    today = kz_day(store.clock.now())
    days: tuple[date, date] = (today - timedelta(days=365), today + timedelta(days=ahead))
    with store.transaction(ACCESS) as tx:
        contract = Contract(number, "corridor", participant, "Corridor (made up)", *days, TERMS)
        demo.register(tx, contract, "corridor")
        contracts.sign(tx, contract, LIMITS)
        feed(tx, tx.now)
    gate.submit(
        [
            *accounts.openings(["KZT"]),
            accounts.fund(accounts.provider(accounts.LEG), accounts.LEG, 10**13, f"leg/{key}"),
        ]
    )


def destination(store: Store, gate: Gate, key: str = "0") -> None:
    """The provider's liquidity abroad."""
    with store.transaction(ACCESS) as tx:
        feed(tx, tx.now)
    gate.submit(
        [*accounts.openings([RECEIVE]), accounts.fund(accounts.provider(RECEIVE), RECEIVE, 10**9, f"far/{key}")]
    )


def sender(gate: Gate, number: str, tiyn: int) -> None:
    name = accounts.sender(number)
    gate.submit(
        [
            *accounts.openings(["KZT"]),
            accounts.customer(name, "KZT", "sender"),
            accounts.fund(name, "KZT", tiyn, f"{name}/{tiyn}"),
        ]
    )


def party(who: str, number: str, name: str, *, whole: bool = True) -> dict[str, Any]:
    """IVMS101 data of a made-up person."""
    person: dict[str, Any] = {"name": {"nameIdentifier": [{"primaryIdentifier": name, "nameIdentifierType": "LEGL"}]}}
    if whole:
        person["nationalIdentification"] = {"nationalIdentifier": number, "nationalIdentifierType": "IDCD"}
    return {f"{who}Persons": [{"naturalPerson": person}], "accountNumber": [number]}


def told(contract: str) -> dict[str, str]:
    """What demo.json says of the corridor: addresses, and the made-up key of a bank that may ask."""
    from salyq.office.pilots.corridor.keys import made_up

    seed = bytes(made_up("bank")).hex()
    return {
        "kz": "http://127.0.0.1:8601",
        "abroad": "http://127.0.0.1:8602",
        "contract": contract,
        "sender": SENDER,
        "keyid": "bank",
        "key": seed,
    }
