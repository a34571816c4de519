"""Trading pairs written as one word, and amounts with the coin glued on: told by the rest of the row, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from salyq.sources.format import RowError
from salyq.sources.habits.amounts import amount

# What coins are quoted in. "USD" is tried only where no longer one of these fits: no market of Binance.com has it.
QUOTES = """
USDT USDC BUSD FDUSD TUSD USDP USDS PAX DAI UST USTC XUSD USD1 RLUSD EURI AEUR USDSB USD4 BTC ETH BNB XRP TRX DOGE
DOT SOL VAI IDRT BIDR BVND BKRW EUR GBP TRY AUD BRL RUB UAH NGN ZAR PLN RON ARS JPY MXN COP CZK KZT AED CAD HUF CHF
UZS GEL KGS USD XBT
"""
# Coins of many years: where two readings of a pair are possible, one base that is here decides.
_KNOWN = """
BTC ETH BNB XRP ADA SOL DOGE DOT TRX LTC BCH LINK XLM XMR ETC EOS NEO IOTA DASH ZEC QTUM VET ALGO ATOM AVAX MATIC POL
FTM NEAR ICP FIL SAND MANA AXS GALA ENJ CHZ THETA LUNA LUNC SHIB PEPE TON SUI APT ARB OP INJ AAVE UNI SUSHI CAKE MKR
COMP SNX CRV YFI 1INCH GRT LDO RUNE KAVA HBAR EGLD XTZ WAVES ZIL ONT ICX BAT HOT CELR USDT USDC EUR GBP SEI TIA WLD FET
RENDER RNDR IMX STX KAS BONK FLOKI NOT ORDI JUP PYTH ENA USTC BTT WIN SXP ALICE LUNA2
"""


def known_coins() -> frozenset[str]:
    """Codes of coins that are known for many years."""
    return frozenset(_KNOWN.split()) - {"EUR", "GBP"}


_NUMBER = r"[-+\u2212]?[\d.,\u00a0\u202f ]*\d(?:[eE][-+]?\d{1,3})?"
_BARE = re.compile(_NUMBER, re.ASCII)
_GLUED = re.compile(rf"({_NUMBER})\s*([^\W\d_]\w*)?")


def split_pair(symbol: str, column: str, hints: Iterable[str] = ()) -> tuple[str, str]:
    """(base, quote) of "BTC-USDT" or "BTCUSDT". `hints`: coins that the row names elsewhere, e.g. what its fee is in.

    RowError where the pair can be read in two ways, or in none."""
    found = _pairs(symbol.upper().strip(), frozenset(hint.upper() for hint in hints if hint))
    if len(found) != 1:
        raise RowError(column, symbol or None, "pair_unclear")
    return found[0]


@lru_cache(maxsize=4096)
def _pairs(text: str, named: frozenset[str]) -> list[tuple[str, str]]:
    """The pairs that a symbol can be, after all that speaks for one of them."""
    parts = [part for part in re.split(r"[-/_\s:]+", text) if part]
    if len(parts) == 2:
        return [(parts[0], parts[1])]
    found: list[tuple[str, str]] = []
    if len(parts) == 1:
        found = [(text[: -len(q)], q) for q in QUOTES.split() if text.endswith(q) and len(text) > len(q)]
    if len(found) > 1:
        told = [pair for pair in found if not named.isdisjoint(pair)]
        found = told or found
    if len(found) > 1:
        found = [pair for pair in found if pair[1] != "USD"]
    if len(found) > 1:
        found = [pair for pair in found if pair[0] in _KNOWN.split()]
    if not found and len(parts) == 1:
        found = [(text[: -len(h)], h) for h in named if text.endswith(h) and len(text) > len(h) + 1]
        found += [(h, text[len(h) :]) for h in named if text.startswith(h) and len(text) > len(h) + 1]
    return found


def with_base(symbol: str, base: str) -> tuple[str, str] | None:
    """The pair of a symbol whose base is known, or None where it does not begin with it."""
    text = re.sub(r"[-/_\s:]+", "", symbol.upper())
    return (base, text[len(base) :]) if base and text.startswith(base) and len(text) > len(base) else None


def glued(text: str, column: str, coins: Iterable[str] = (), *, thousands: bool = True) -> tuple[int, str]:
    """(number in 10⁻¹⁸, coin or "") of "1,234.5BTC" or "0.1 USDT". A coin of `coins` is looked for first, so that
    "5.11INCH" is 5.1 of 1INCH where the pair says so."""
    bare = text.strip()
    if not bare:
        raise RowError(column, None, "row_cell_missing", column=column)
    if bare.isascii() and bare.replace(".", "", 1).isdigit():
        return amount(bare, column, thousands=thousands), ""  # most cells of a file that names coins elsewhere
    upper = bare.upper()
    for coin in sorted({coin for coin in coins if coin}, key=len, reverse=True):
        head = bare[: -len(coin)].rstrip()
        if upper.endswith(coin) and _BARE.fullmatch(head):
            return amount(head, column, thousands=thousands), coin
    found = _GLUED.fullmatch(bare)
    if found is None:
        return amount(bare, column, thousands=thousands), ""  # says what is wrong
    return amount(found[1], column, thousands=thousands), (found[2] or "").upper()
