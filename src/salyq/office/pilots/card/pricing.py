"""The price of an authorisation: the exchange's quote while it is fresh, the contract's stand-in a little longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from salyq.office.pilots.quotes import Quote
from salyq.office.pilots.sandbox.contracts import Contract


def price_for(contract: Contract, quote: Quote | None, tiyn: int, now: datetime) -> dict[str, Any] | None:
    """The price of an authorisation, or None: too old, and too much (or too old even) to stand in for the exchange."""
    if quote is None:
        return None
    told = {"price": str(quote.price), "source": quote.source, "quoted_at": quote.at.isoformat(), "stand_in": False}
    if quote.fresh(now, timedelta(seconds=int(contract.terms["quote_seconds"]))):
        return told
    stand_in = contract.terms.get("stand_in")
    if (
        not stand_in
        or tiyn > int(stand_in["tiyn"])
        or not quote.fresh(now, timedelta(seconds=int(stand_in["seconds"])))
    ):
        return None
    careful = quote.price * Decimal(10_000 - int(stand_in["points"])).scaleb(-4)
    return {**told, "price": str(careful), "stand_in": True}
