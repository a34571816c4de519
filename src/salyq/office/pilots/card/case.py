"""One message of the acquirer on its way to its answer, and what its fields tell about the payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salyq.office.ledger.model import Request
from salyq.office.pilots.card import spec
from salyq.office.pilots.card.accounts import Card
from salyq.office.pilots.events import Event, New
from salyq.office.pilots.sandbox.limits import Use


@dataclass(slots=True)
class Case:
    """One message on its way."""

    fields: dict[str, str]
    reply: dict[str, str] | None = None
    card: Card | None = None
    subject: str = ""
    intent: New | None = None
    before: list[Request] = field(default_factory=list)  # accounts and grants that the request needs
    request: Request | None = None
    uses: list[Use] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)  # of the request: what it holds
    done: list[New] = field(default_factory=list)
    held: bool = False  # the ledger holds coins for it
    void: bool = False  # the ledger refused: what would be done was not
    body: dict[str, Any] = field(default_factory=dict)


def again(case: Case, answered: Event) -> dict[str, str]:
    """The answer given before, to a message that is repeated."""
    fields = {"f38": answered.body["approval"]} if answered.body.get("approval") else {}
    return spec.answer(case.fields, answered.body["code"], **fields)


def payment_of(f: Mapping[str, str], card: Card) -> dict[str, Any]:
    """What an event keeps of the payment; of the card's number only what is shown."""
    about = {
        "rrn": f.get("37", ""),
        "stan": f.get("11", ""),
        "transmitted": f.get("7", ""),
        "acquirer": f.get("32", ""),
    }
    about |= {"card": card.shown, "holder": card.holder, "contract": card.contract, "asset": card.asset}
    about |= {
        "mcc": f.get("18", ""),
        "merchant": f.get("42", "").strip(),
        "place": f.get("43", "").strip(),
        "type": f["t"],
    }
    return about


def parent_of(f: Mapping[str, str]) -> str:
    """The authorisation that this one adds to, named by field 90."""
    of = spec.original(f)
    return "" if of is None else "/".join(of)
