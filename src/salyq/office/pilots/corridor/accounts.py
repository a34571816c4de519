"""The accounts of a node, by name. The asset leg runs through transit: what one side gave, the other got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import request

LEG = "USDT"  # the asset between the providers
_LIMITED = "debits_must_not_exceed_credits"


def sender(number: str) -> str:
    return f"corridor/sender/{number}/KZT"


def receiver(number: str, asset: str) -> str:
    return f"corridor/receiver/{number}/{asset}"


def provider(asset: str) -> str:
    return f"corridor/provider/{asset}"


def transit() -> str:
    return f"corridor/transit/{LEG}"


def unsettled(what: str = "left") -> str:
    """What may still be paid out here before the other side settles: left, used, granted."""
    return f"corridor/unsettled/{LEG}" if what == "left" else f"corridor/unsettled_{what}/{LEG}"


def unsettled_openings() -> list[Request]:
    """A bound is an account, as every limit is; it is counted in units of the leg and never mixed with money."""
    return [
        request(f"open/{unsettled(what)}", accounts=[{"id": unsettled(what), "asset": f"limit:{LEG}", **more}])
        for what, more in (("left", {"code": "unsettled", "limit": _LIMITED}), ("used", {}), ("granted", {}))
    ]


def settled() -> str:
    return f"corridor/settled/{LEG}"


def fees() -> str:
    return "corridor/fees/KZT"


def outside(asset: str) -> str:
    return f"corridor/outside/{asset}"


def openings(assets: Sequence[str]) -> list[Request]:
    """The accounts of either side; asked again, they are there."""
    made: list[dict[str, Any]] = [
        {"id": transit(), "asset": LEG, "code": "transit"},
        {"id": settled(), "asset": LEG, "code": "settled"},
        {"id": fees(), "asset": "KZT", "code": "fees"},
    ]
    for asset in dict.fromkeys((*assets, LEG)):
        made.append({"id": provider(asset), "asset": asset, "code": "provider", "limit": _LIMITED})
        made.append({"id": outside(asset), "asset": asset, "code": "outside"})
    return [request(f"open/{a['id']}", accounts=[a]) for a in made]


def customer(name: str, asset: str, code: str) -> Request:
    return request(f"open/{name}", accounts=[{"id": name, "asset": asset, "code": code, "limit": _LIMITED}])


def fund(name: str, asset: str, amount: int, key: str) -> Request:
    """Money from outside onto an account: a customer's deposit, a provider's liquidity."""
    move = {"debit": outside(asset), "credit": name, "amount": str(amount), "code": "fund"}
    return request(f"fund/{key}", transfers=[move])
