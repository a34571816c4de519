"""Codes that are written otherwise: a coin by its name ("Биткоин"), a code in Cyrillic letters that look alike
("ВТС")."""

from __future__ import annotations

from functools import lru_cache

from salyq.civil.currencies import is_currency

# A name in capitals may be another coin's ticker, so those are left as they are.
_NAMES = {
    "BTC": "bitcoin; биткоин; биткойн",
    "ETH": "ethereum; эфириум; эфир",
    "USDT": "tether; tether usdt; тезер",
    "USDC": "usd coin",
    "LTC": "litecoin; лайткоин",
    "DOGE": "dogecoin; догикоин; доджкоин",
    "SOL": "solana; солана",
    "XRP": "ripple; рипл",
    "TRX": "tron; трон",
    "TON": "toncoin; тонкоин",
    "KZT": "тенге; теңге; тг; ₸",
}
_CODES = {name.strip(): code for code, names in _NAMES.items() for name in names.split(";")}
_ALIKE = str.maketrans("АВЕКМНОРСТУХЗІ", "ABEKMHOPCTYX3I")


@lru_cache(maxsize=1024)
def code_meant(text: str) -> str | None:
    """The code that such a text means; None where it is written as codes are."""
    plain = text.strip()
    if plain.isascii() and plain.isupper():
        return None
    found = _CODES.get(" ".join(plain.casefold().split()))
    if found is not None or plain.isascii():
        return found
    alike = plain.upper().translate(_ALIKE)
    return alike if alike.isascii() and (is_currency(alike) or alike in _known()) else None


def _known() -> frozenset[str]:
    from salyq.sources.habits.pairs import known_coins

    return known_coins()
