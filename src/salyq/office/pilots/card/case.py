"""One message of the acquirer on its way to its answer, and what its fields tell about the payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


_CONTENT = ("3", "4", "49", "90")  # of a message: what a repetition must say again


def again(case: Case, card: Card | None, before: Sequence[Event]) -> dict[str, str]:
    """The answer given before, to a message that is repeated; a duplicate where it says something else under the name
    of one that was answered."""
    meant = next((e for e in before if e.kind == "authorisation"), None)
    answered = next((e for e in before if e.kind == "answer"), None)
    if meant is None or answered is None or case.fields["t"] not in ("0101", "0121"):
        return spec.answer(case.fields, spec.DUPLICATE)
    said, b = meant.body.get("content"), meant.body
    same = content_of(case.fields) == said if said is not None else int(case.fields.get("4", "0")) == _amount(b)
    if not same or card is None or (card.holder, card.shown) != (b["holder"], b["card"]):
        return spec.answer(case.fields, spec.DUPLICATE)
    return reply_of(case.fields, answered.body, int(answered.body.get("held_tiyn", b["tiyn"])))


def _amount(body: Mapping[str, Any]) -> int:
    return int(body.get("asked", body["tiyn"]))


def reply_of(fields: Mapping[str, str], answer: Mapping[str, Any], tiyn: int) -> dict[str, str]:
    """The message that gives an answer, the first time and every other."""
    code, more = str(answer["code"]), dict[str, str]()
    if code in (spec.APPROVED, spec.PARTIAL):
        more = {"f38": answer.get("approval", "000000"), "f4": spec.tiyn_text(tiyn), "f44": spec.NOTICE}
    elif answer.get("reason"):
        more["f44"] = str(answer["reason"])[:25]
    if code == spec.PARTIAL:
        more["f54"] = spec.balance_text(0)
    return spec.answer(fields, code, **more)


def content_of(f: Mapping[str, str]) -> str:
    return "|".join(f.get(name, "") for name in _CONTENT)


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
        "content": content_of(f),
    }
    return about


def parent_of(f: Mapping[str, str]) -> str:
    """The authorisation that this one adds to, named by field 90."""
    of = spec.original(f)
    return "" if of is None else "/".join(of)
