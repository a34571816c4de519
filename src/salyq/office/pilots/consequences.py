"""One event, all consequences: whatever followed from a payment, each with its source. Derived, never kept twice.

The page and `GET /api/v1/events/{id}` show `consequences(tx, id)`. `from_ledger` computes the same amounts from
transfers alone; a test holds both equal.
"""

from __future__ import annotations

from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger import books
from salyq.office.ledger.assets import shown
from salyq.office.ledger.books import Moved
from salyq.office.pilots import asks, events
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox import contracts
from salyq.office.store.store import Transaction

_KINDS = ("plain", "hold", "post", "void", "expire")


def consequences(tx: Transaction, name: str) -> dict[str, Any] | None:
    """What followed from the event called `name` (any event of a payment), or None where there is none."""
    event = events.by_id(tx, name)
    if event is None:
        return None
    story = events.of_subject(tx, event.subject)
    requests = sorted({e.request for e in story if e.request})
    moves = books.transfers_of(tx, requests)
    contract = contracts.contract(tx, event.contract) if event.contract else None
    told: dict[str, Any] = {
        "id": event.id,
        "pilot": event.pilot,
        "subject": event.subject,
        "at": event.at.isoformat(),
        "happened": [{"kind": e.kind, "at": e.at.isoformat(), "id": e.id, **_reason(e)} for e in story],
        "transfers": [_move(m) for m in moves],
        "limits_used": _limits(moves),
        "sales": [_sale(e) for e in story if e.kind == "clearing_done" and int(e.body.get("units", "0"))],
        "from_ledger": from_ledger(moves),
        "reports": [],
    }
    if contract is not None:
        state = contracts.state(tx, contract, event.at)
        told["allowed_by"] = {
            "contract": contract.id,
            "state": state.name,
            "register": "sandbox_participants",
            "cite": contracts.ARTICLE,
        }
        for e in story:
            if e.kind == "clearing_done" and int(e.body.get("settled", "0")) > 0:
                asked = asks.threshold_report(contract.terms, int(e.body["settled"]), e.at)
                told["reports"].append({"event": e.id, "name": asks.REPORT, **asked.told()})
    return told


def _reason(e: Event) -> dict[str, str]:
    keys = ("code", "reason", "cite", "state", "result")
    return {k: str(e.body[k]) for k in keys if e.body.get(k)}


def _move(m: Moved) -> dict[str, str]:
    row = {"position": f"{m.position}/{m.n}", "kind": _KINDS[m.kind], "debit": m.debit, "credit": m.credit}
    return {
        **row,
        "asset": m.asset,
        "amount": shown(m.amount, m.asset),
        "released": shown(m.released, m.asset),
        "code": m.code,
    }


def _limits(moves: list[Moved]) -> dict[str, str]:
    """What each limit account finally gave for this: posted, or still held."""
    used: dict[str, int] = {}
    for m in moves:
        if m.debit.startswith("limit/"):
            used[m.debit] = used.get(m.debit, 0) + (m.amount if m.kind in (0, 1) else m.amount - m.released)
    return {name: shown(amount, "KZT") for name, amount in sorted(used.items())}


def _sale(e: Event) -> dict[str, str]:
    """The taxable disposal: a line of the year's file under the clearing's id."""
    b = e.body
    proceeds = int(b["settled"]) - int(b["covered"]) + int(b["fee"])
    row = {"id": e.id.removeprefix("clearing/").removesuffix("/done"), "day": kz_day(e.at).isoformat()}
    row |= {"asset": b["asset"], "quantity": shown(int(b["units"]), b["asset"]), "proceeds_kzt": shown(proceeds, "KZT")}
    return {**row, "fee_kzt": shown(int(b["fee"]), "KZT"), "price": str(b["price"]), "merchant": str(b["merchant"])}


def from_ledger(moves: list[Moved]) -> dict[str, str]:
    """The same story from transfers alone: coins sold, tenge settled, fees, what is still held."""
    coins = settled = fees = held = 0
    asset = ""
    for m in moves:
        if m.debit.startswith("card/") and m.credit.startswith("exchange/") and m.asset != "KZT":
            asset = m.asset
            coins += m.amount if m.kind in (0, 2) else 0
            held += m.amount if m.kind == 1 else -m.released
        elif m.code == "settle" and m.kind == 0:
            settled += m.amount
        elif m.code == "fee" and m.kind == 0:
            fees += m.amount
    coins_text = shown(coins, asset) if asset else "0"
    return {
        "asset": asset,
        "coins_sold": coins_text,
        "coins_held": shown(held, asset) if asset else "0",
        "settled_kzt": shown(settled, "KZT"),
        "fees_kzt": shown(fees, "KZT"),
    }
