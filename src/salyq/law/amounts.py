"""Amounts in money: what several subjects do alike (architecture §3)."""

from __future__ import annotations

from salyq.rulebook.nodes import Node, lift, lookup, rounded, when, worth


def grain(currency: Node | str) -> Node:
    """The unit in which a whole is divided: a tiyn where the deal was in tenge, else 10⁻¹⁸ (architecture §3)."""
    one, tiyn = lift(1, "count"), lift(10**16, "count")
    return when(lift(currency, "text") == "KZT", tiyn, one)


def in_tenge(amount: Node, currency: Node, rate: Node) -> Node:
    """An amount in whole tiyn; what is in tenge already needs no rate, and then no rule of conversion decides."""
    return when(currency == "KZT", rounded(amount * lift(1, "rate")), rounded(amount * rate))


def as_tenge(amount: Node, price: Node) -> Node:
    """An amount of a currency as a worth in tenge, in whole tiyn."""
    return worth(rounded(amount * price, grain("KZT")), "KZT")


def in_tiyn_units(money: Node) -> Node:
    """Money of law as an amount of tenge beside a currency (10⁻¹⁸ of a tenge)."""
    return rounded(money * lift(1, "price"))


def quoted(quantity: Node, kind: str, asset: Node, day: Node, stale_days: Node | int) -> Node:
    """What a quantity is worth by a quote of a day, in whole units of the quote's currency."""
    price = lookup("quote_price", kind, asset, day, stale_days, unit="price")
    currency = lookup("quote_currency", kind, asset, day, stale_days, unit="text")
    return worth(rounded(quantity * price, grain(currency)), currency)
