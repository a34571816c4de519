"""The city's accounts by name. An invoice is an account: it is filled once and nobody, and no two, can pay it twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import request
from salyq.office.pilots.card.accounts import exchange, outside, rounding
from salyq.office.pilots.sandbox.limits import ASSET

_LIMITED = "debits_must_not_exceed_credits"


def wallet(payer: str, asset: str) -> str:
    return f"city/{payer}/{asset}"


def merchant(number: str) -> str:
    return f"city-merchant/{number}/KZT"


def fees(contract: str) -> str:
    return f"city-fees/{contract}"


def invoice(number: str) -> str:
    return f"city-invoice/{number}"


def asked() -> str:
    return "city-invoices/asked"


def paid() -> str:
    return "city-invoices/paid"


def openings(contract: str, assets: Sequence[str]) -> list[Request]:
    """The accounts of a programme."""
    made: list[dict[str, Any]] = [
        {"id": exchange("KZT"), "asset": "KZT", "code": "exchange"},
        {"id": outside("KZT"), "asset": "KZT", "code": "outside"},
        {"id": fees(contract), "asset": "KZT", "code": "fees"},
        {"id": asked(), "asset": ASSET, "code": "invoices"},
        {"id": paid(), "asset": ASSET, "code": "invoices"},
    ]
    for asset in assets:
        made.append({"id": exchange(asset), "asset": asset, "code": "exchange"})
        made.append({"id": rounding(asset), "asset": asset, "code": "rounding", "rounding": True})
    return [request(f"open/{a['id']}", accounts=[a]) for a in made]


def holder(payer: str, asset: str) -> Request:
    name = wallet(payer, asset)
    account = {"id": name, "asset": asset, "code": "payer", "limit": _LIMITED}
    return request(f"open/{name}", accounts=[account])


def bought(payer: str, asset: str, units: int, tiyn: int, name: str) -> Request:
    """A payer buys coins of the exchange with tenge from outside."""
    return request(
        f"buy/{name}",
        transfers=[
            {"debit": outside("KZT"), "credit": exchange("KZT"), "amount": str(tiyn), "code": "buy"},
            {"debit": exchange(asset), "credit": wallet(payer, asset), "amount": str(units), "code": "buy"},
        ],
    )


def made(number: str, merchant_number: str, tiyn: int) -> list[Request]:
    """Opens the merchant's account and the invoice's, and fills the invoice."""
    till = {"id": merchant(merchant_number), "asset": "KZT", "code": "merchant"}
    slip = {"id": invoice(number), "asset": ASSET, "code": "invoice", "limit": _LIMITED}
    move = {"debit": asked(), "credit": invoice(number), "amount": str(tiyn), "code": "invoice"}
    return [
        request(f"open/{till['id']}", accounts=[till]),
        request(f"open/{slip['id']}", accounts=[slip]),
        request(f"city/{number}/asked", transfers=[move]),
    ]


def steps(invoice_: Mapping[str, Any], payer: str, asset: str, units: int, fee: int, rest: int) -> list[dict[str, Any]]:
    """The legs of a payment after its limits: the invoice, the coins, tenge for the merchant, the fee, the odd unit."""
    tiyn, contract = str(invoice_["tiyn"]), str(invoice_["contract"])
    found = [
        {"debit": invoice(str(invoice_["number"])), "credit": paid(), "amount": tiyn, "code": "invoice"},
        {"debit": wallet(payer, asset), "credit": exchange(asset), "amount": str(units), "code": "city"},
        {"debit": exchange("KZT"), "credit": merchant(str(invoice_["merchant_id"])), "amount": tiyn, "code": "settle"},
        {"debit": exchange("KZT"), "credit": fees(contract), "amount": str(fee), "code": "fee"},
    ]
    if rest:
        found.append({"debit": exchange(asset), "credit": rounding(asset), "amount": "1", "code": "rounding"})
    return found
