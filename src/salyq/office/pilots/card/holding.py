"""What an authorisation still holds: a fold over its events. Amounts in whole units: tiyn and units of the asset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from salyq.office.pilots.card import accounts
from salyq.office.pilots.events import Event
from salyq.office.pilots.quotes import Sold, units_for
from salyq.office.pilots.sandbox import limits

FEE_PARTS = 10_000  # basis points


def fee_of(tiyn: int, points: int) -> int:
    """The programme's fee, half a tiyn upwards."""
    return (tiyn * points * 2 + FEE_PARTS) // (2 * FEE_PARTS)


def sold_for(tiyn: int, points: int, price: Decimal, asset: str) -> Sold:
    """The coins that pay `tiyn` and the fee on it."""
    return units_for(tiyn + fee_of(tiyn, points), price, asset)


class Held(NamedTuple):
    """One hold of a request: `n` is its number there, `what` a limit's name or "coins"."""

    n: int
    what: str
    amount: int


@dataclass(slots=True)
class Holding:
    """An authorisation as it stands."""

    subject: str
    body: dict[str, Any]
    code: str | None = None
    approval: str | None = None
    request: str = ""
    holds: list[Held] = field(default_factory=list)
    tiyn: int = 0
    expires: datetime | None = None
    ended: str = ""

    @property
    def coins(self) -> int:
        return next((h.amount for h in self.holds if h.what == "coins"), 0)

    @property
    def price(self) -> Decimal:
        return Decimal(self.body["price"])

    def open(self, now: datetime) -> bool:
        """Whether something is still held at a moment."""
        return not self.ended and bool(self.holds) and self.expires is not None and self.expires > now


def fold(events: Sequence[Event]) -> Holding | None:
    """The state after these events; None where the first is no authorisation."""
    state: Holding | None = None
    for event in events:
        if event.kind == "authorisation":
            state = Holding(event.subject, dict(event.body))
        elif state is not None and event.kind == "answer":
            state.code, state.approval = event.body["code"], event.body.get("approval")
            if event.body.get("holds"):
                _take(state, event)
        elif state is not None and event.kind in ("reversed", "cleared", "part_reversed"):
            _take(state, event)
    return state


def _take(state: Holding, event: Event) -> None:
    left = event.body.get("holds") or []
    state.request = event.request or ""
    state.holds = [Held(int(n), what, int(amount)) for n, what, amount in left]
    state.tiyn = int(event.body.get("held_tiyn", "0"))
    if event.body.get("expires"):
        state.expires = datetime.fromisoformat(event.body["expires"])
    state.ended = "" if left else event.kind


def hold_steps(body: Mapping[str, Any], tiyn: int, units: int, lasts: str) -> list[dict[str, Any]]:
    """The steps that hold limits and coins for a payment as its authorisation has it, limits first."""
    contract, asset = body["contract"], body["asset"]
    steps = limits.steps(contract, [(name, account) for name, account, *_ in body["uses"]], tiyn, lasts)
    sides = {"debit": accounts.wallet(body["holder"], asset), "credit": accounts.exchange(asset)}
    steps.append({**sides, "amount": str(units), "code": "card", "hold": lasts})
    return steps


def held_of(steps: Sequence[dict[str, Any]], first: int = 0) -> list[list[object]]:
    """What these steps hold, as an event keeps it: [number, what, amount]."""
    return [
        [first + k, "coins" if s["code"] == "card" else s["code"], s["amount"]]
        for k, s in enumerate(steps)
        if "hold" in s
    ]


def rehold(state: Holding, tiyn: int, units: int, now: datetime) -> list[dict[str, Any]]:
    """The steps that hold a smaller amount for the rest of the time."""
    assert state.expires is not None
    seconds = max(1, (state.expires - now) // timedelta(seconds=1))
    return hold_steps(state.body, tiyn, units, f"PT{seconds}S")


def legs(body: dict[str, Any], tiyn: int, fee: int, rounding: int, source: str) -> list[dict[str, Any]]:
    """The exchange's tenge for the merchant and for the programme, and the unit that could not be divided."""
    if not tiyn:
        return []
    asset, paid = body["asset"], accounts.acquirer(body["acquirer"])
    paid = body["acquirer"] if str(body["acquirer"]).startswith("acquirer/") else paid
    steps = [{"debit": source, "credit": paid, "amount": str(tiyn), "code": "settle"}]
    steps.append({"debit": source, "credit": accounts.fees(body["contract"]), "amount": str(fee), "code": "fee"})
    if rounding:
        unit = {"debit": accounts.exchange(asset), "credit": accounts.rounding(asset), "amount": "1"}
        steps.append({**unit, "code": "rounding"})
    return steps


def without_hold(payment: dict[str, Any], tiyn: int, units: int, fee: int, rounding: int) -> list[dict[str, Any]]:
    """The steps that sell what a hold covered, its time being up: the limits of its day are free again."""
    asset = payment["asset"]
    steps = limits.steps(payment["contract"], [(name, account) for name, account, *_ in payment["uses"]], tiyn, None)
    sides = {"debit": accounts.wallet(payment["holder"], asset), "credit": accounts.exchange(asset)}
    steps.append({**sides, "amount": str(units), "code": "card"})
    return steps + legs(payment, tiyn, fee, rounding, accounts.exchange("KZT"))
