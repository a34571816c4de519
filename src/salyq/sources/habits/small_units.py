"""Titles that say that what stands below is counted in small parts of a coin: satoshi, gwei, wei, lamports."""

from __future__ import annotations

import re
from typing import NamedTuple

from salyq.sources.format import RowError


class Parts(NamedTuple):
    """`decimals`: one coin is 10 to this power of them; `coin`: "" where it may be that of many chains."""

    decimals: int
    coin: str


_SATOSHI, _LAMPORT = Parts(8, "BTC"), Parts(9, "SOL")
_WORDS = {
    **dict.fromkeys(("sat", "sats", "satoshi", "satoshis", "сатоши"), _SATOSHI),
    **dict.fromkeys(("lamport", "lamports"), _LAMPORT),
    "mbtc": Parts(3, "BTC"),
    "gwei": Parts(9, ""),
    "wei": Parts(18, ""),
}
_APART = re.compile(r"[\W_\d]+")


def parts_of(title: str) -> Parts | None:
    """What a title says that its numbers are counted in; None: in whole coins, or it says nothing."""
    return next((_WORDS[word] for word in _APART.split(title[:200].casefold()) if word in _WORDS), None)


def whole_coins(number: int, title: str, text: str) -> int:
    """A number of a column in whole coins, whatever its title counts in. RowError: it is finer than that."""
    small = parts_of(title)
    if small is None:
        return number
    parts: int = 10**small.decimals
    if number % parts:
        raise RowError(title, text, "number_finer_than_unit")
    return number // parts


def without_parts(title: str) -> str:
    """The title without that word."""
    words = [word for word in re.split(r"([\W_\d]+)", title) if word.casefold() not in _WORDS]
    return "".join(words).strip(" _-,(.")
