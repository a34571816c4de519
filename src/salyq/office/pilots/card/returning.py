"""Refunds and chargebacks: what an acquirer gives back, and to whom.

What the issuer paid itself comes back to the issuer first: nobody gets back what he did not pay. A chargeback gives
back at most what was paid under its retrieval number and not given back yet; a merchant may refund what he likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from salyq.office.pilots.card import accounts
from salyq.office.pilots.card.accounts import SQL, Card
from salyq.office.store.store import Transaction

MORE_THAN_PAID = "more_than_paid"


class Paid(NamedTuple):
    """Under a retrieval number, in tiyn: paid to the acquirer, given back by it; of these, the issuer's own."""

    settled: int
    returned: int
    covered: int
    repaid: int


def paid(tx: Transaction, rrn: str, card: Card) -> Paid:
    """What clearing did so far; nothing where no number is named."""
    if not rrn:
        return Paid(0, 0, 0, 0)
    return Paid(*map(int, tx.values(SQL["cleared"], {"rrn": rrn, "holder": card.holder})[0]))


def against(tx: Transaction, kind: str, rrn: str, tiyn: int, card: Card) -> str:
    """Why it may not be given back; empty where it may."""
    if kind != "chargeback":
        return ""
    found = paid(tx, rrn, card)
    return MORE_THAN_PAID if tiyn > found.settled - found.returned else ""


def meant(tx: Transaction, rrn: str, tiyn: int, card: Card) -> dict[str, Any]:
    """What an intent keeps: of the sum, what the issuer gets."""
    found = paid(tx, rrn, card)
    return {"returned": True, "repaid": str(max(0, min(tiyn, found.covered - found.repaid)))}


def moves(body: Mapping[str, Any], kind: str, tiyn: int) -> list[dict[str, str]]:
    """The transfers, both or neither: to the issuer, then to the holder."""
    repaid = int(body.get("repaid", "0"))
    to = {accounts.guarantee(body["contract"]): repaid, accounts.wallet(body["holder"], "KZT"): tiyn - repaid}
    sides = {"debit": str(body["acquirer"]), "code": kind}
    return [{**sides, "credit": name, "amount": str(amount)} for name, amount in to.items() if amount]
