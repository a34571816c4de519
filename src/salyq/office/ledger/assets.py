"""How many decimals a whole unit has, for showing amounts. The books themselves know whole units only."""

from __future__ import annotations

from salyq.civil.numbers import format_scaled

# Tenge are kept in tiyn (house rule); currencies have their ISO 4217 minor unit, assets the unit of their own network.
SCALES = {
    "KZT": 2,
    "USD": 2,
    "EUR": 2,
    "RUB": 2,
    "CNY": 2,
    "AED": 2,
    "KGS": 2,
    "UZS": 2,
    "BTC": 8,
    "ETH": 18,
    "USDT": 6,
    "USDC": 6,
    "SOL": 9,
    "TON": 9,
    "TRX": 6,
}


def shown(amount: int, asset: str) -> str:
    """The amount in the asset itself ("12.50"); whole units where its scale is not known."""
    scale = SCALES.get(asset)
    if scale is None:
        return str(amount)
    if asset == "KZT" or scale == 2:
        whole, part = divmod(abs(amount), 100)
        return f"{'-' if amount < 0 else ''}{whole}.{part:02d}"
    return format_scaled(amount, scale)


def units(text: str, asset: str) -> int:
    """A plain decimal as whole units; NumberError for what is no such number or finer than a unit."""
    from salyq.civil.numbers import parse_scaled

    return parse_scaled(text, SCALES[asset])
