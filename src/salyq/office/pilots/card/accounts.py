"""The accounts of the card, by name, and cards as they are issued."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import request
from salyq.office.pilots import events
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.pilots", "card")
_LIMITED = "debits_must_not_exceed_credits"


class Card(NamedTuple):
    """A card; `expires` YYMM, `shown` is its number with the middle hidden."""

    digest: bytes
    shown: str
    holder: str
    name: str
    asset: str
    contract: str
    expires: str


def digest(pan: str) -> bytes:
    """Under what a card is found; the number itself is not kept."""
    return hashlib.sha256(f"salyq card {pan}".encode()).digest()


def wallet(holder: str, asset: str) -> str:
    return f"card/{holder}/{asset}"


def exchange(asset: str) -> str:
    return f"exchange/{asset}"


def acquirer(number: str) -> str:
    return f"acquirer/{number or 'none'}/KZT"


def is_acquirers(account: str, number: str) -> bool:
    """Whether an account is that of the acquirer of this number; leading zeros are no content."""
    return account.split("/")[1].lstrip("0") == number.lstrip("0")


def fees(contract: str) -> str:
    return f"card/{contract}/fees"


def guarantee(contract: str) -> str:
    return f"card/{contract}/guarantee"


def rounding(asset: str) -> str:
    return f"rounding/{asset}"


def outside(asset: str) -> str:
    return f"outside/{asset}"


def issue(tx: Transaction, pan: str, card: Card) -> None:
    """Keeps a card; again, it changes nothing."""
    tx.run(SQL["issue"], {**card._asdict(), "digest": digest(pan), "recorded_at": tx.now})


def card_of(tx: Transaction, pan: str) -> Card | None:
    return tx.one(Card, SQL["card"], {"digest": digest(pan)})


def cards(tx: Transaction, holder: str | None = None) -> list[Card]:
    """All of them, or a holder's, the first first."""
    return tx.all(Card, SQL["cards"], {"holder": holder})


def blocked(tx: Transaction, contract: str) -> frozenset[str]:
    """Digests (hex) of a contract's cards that are blocked, for good."""
    return frozenset(str(row[0]) for row in tx.values(SQL["blocked"], {"contract": contract}))


def openings(contract: str, assets: Sequence[str], holders: Sequence[str] = ()) -> list[Request]:
    """Requests that open the accounts of a programme and of its holders."""
    made: list[dict[str, Any]] = [
        {"id": exchange("KZT"), "asset": "KZT", "code": "exchange"},
        {"id": outside("KZT"), "asset": "KZT", "code": "outside"},
    ]
    for asset in assets:
        made.append({"id": exchange(asset), "asset": asset, "code": "exchange"})
        made.append({"id": outside(asset), "asset": asset, "code": "outside"})
        made.append({"id": rounding(asset), "asset": asset, "code": "rounding", "rounding": True})
    made.append({"id": fees(contract), "asset": "KZT", "code": "fees"})
    made.append({"id": guarantee(contract), "asset": "KZT", "code": "guarantee"})
    for holder in holders:
        for asset in ("KZT", *assets):
            made.append({"id": wallet(holder, asset), "asset": asset, "code": "holder", "limit": _LIMITED})
    return [request(f"open/{a['id']}", accounts=[a]) for a in made]


def bought(holder: str, asset: str, units: int, tiyn: int, name: str) -> Request:
    """A holder buys coins of the exchange with tenge from outside: both legs or none."""
    return request(
        f"buy/{name}",
        transfers=[
            {"debit": outside("KZT"), "credit": exchange("KZT"), "amount": str(tiyn), "code": "buy"},
            {"debit": exchange(asset), "credit": wallet(holder, asset), "amount": str(units), "code": "buy"},
        ],
    )


def purchase(
    card: Card, units: int, tiyn: int, name: str, source: str, at: datetime, more: Mapping[str, Any] | None = None
) -> events.New:
    """What the year's file needs of a purchase: quantity, price paid, where, and its document."""
    body = {"asset": card.asset, "units": str(units), "tiyn": str(tiyn), "source": source, **(more or {})}
    about = {"holder": card.holder, "contract": card.contract, "request": f"buy/{name}"}
    return events.New(f"buy/{name}", "card", "bought", f"wallet/{card.holder}", at, body, **about)


def bought_event(
    tx: Transaction, card: Card, units: int, tiyn: int, name: str, source: str, more: Mapping[str, Any] | None = None
) -> None:
    """Keeps a purchase."""
    events.add(tx, [purchase(card, units, tiyn, name, source, tx.now, more)])
