"""Names of assets and pairs at Kraken: X and Z prefixes of the first ones, suffixes of what is staked or on hold."""

from __future__ import annotations

import re

_X = "XBT XDG ETH ETC LTC XLM XMR XRP ZEC REP MLN ICN DAO XVN NMC"
_Z = "USD EUR GBP CAD JPY KRW AUD CHF"
_RENAMED = {"XBT": "BTC", "XDG": "DOGE", "ETH2": "ETH"}
_LONG = {f"X{name}": name for name in _X.split()} | {f"Z{name}": name for name in _Z.split()}
_STAKED = re.compile(r"(?P<asset>.+?)(?:\d{2})?\.(?:S|M|F|B|P|T|HOLD)")  # DOT.S, DOT28.S (days bonded), XBT.M, EUR.HOLD
_QUOTES = (
    "USDT USDC USDQ USDR USDG RLUSD PYUSD USD1 EURT EURC EURQ EURR DAI TUSD UST "
    "USD EUR GBP CAD JPY CHF AUD AED XBT BTC ETH DOT KRW"
)
_LEGACY = re.compile(r"(?P<base>[XZ][A-Z]{3}|USDT|USDC|DASH|EOS|GNO|BCH|DAI)(?P<quote>Z[A-Z]{3}|XXBT|XETH)")


def kraken_asset(name: str) -> str:
    """XXBT, XBT.M -> BTC; ETH2.S -> ETH; ZEUR -> EUR; SOL03.S -> SOL: what is staked stays the same asset."""
    code = name.upper()
    staked = _STAKED.fullmatch(code)
    if staked is not None:
        code = staked["asset"]
    code = _LONG.get(code, code)
    return _RENAMED.get(code, code)


def is_staked(name: str) -> bool:
    """Whether the name says that the asset is staked or on hold."""
    return _STAKED.fullmatch(name.upper()) is not None or name.upper().startswith("ETH2")


def kraken_pair(pair: str) -> tuple[str, str] | None:
    """(base, quote) as assets: "XXBTZEUR", "XBT/EUR", "ETHUSDT", "XTZEUR". None where it cannot be told."""
    text = pair.upper()
    for mark in ("/", "-", "_"):
        if mark in text:
            base, _, quote = text.partition(mark)
            return (kraken_asset(base), kraken_asset(quote)) if base and quote else None
    legacy = _LEGACY.fullmatch(text)
    if legacy is not None and (legacy["base"] in _LONG or legacy["base"][0] not in "XZ") and legacy["quote"] in _LONG:
        return kraken_asset(legacy["base"]), kraken_asset(legacy["quote"])
    found = [quote for quote in _QUOTES.split() if text.endswith(quote) and len(text) > len(quote)]
    if not found:
        return None
    quote = max(found, key=len)  # every shorter ending is part of the longer name: RLUSD, not USD
    return kraken_asset(text[: -len(quote)]), kraken_asset(quote)
