"""What Salyq knows by itself, for people to read: each reader with its venue, header and page."""

from __future__ import annotations

from typing import NamedTuple

from salyq.sources.registry import FORMATS

_VENUES = {
    "binance": "Binance",
    "bitvavo": "Bitvavo",
    "bybit": "Bybit",
    "coinbase": "Coinbase",
    "crypto_com": "Crypto.com App",
    "kraken": "Kraken",
    "kucoin": "KuCoin",
    "meter": "",
    "nicehash": "NiceHash",
    "okx": "OKX",
    "pool": "",
    "trezor": "Trezor",
}
_PAGES = {"meter": "meters", "pool": "pool-table", "crypto_com": "crypto-com"}


class KnownReader(NamedTuple):
    """`venue`: "Salyq" for a format of our own, "" for one of no venue. `columns`: titles; `optional` of them may be
    absent. `page`: where the documentation describes it."""

    reader: str
    venue: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    page: str


def known_readers() -> list[KnownReader]:
    """Every reader, in the order in which they are asked."""
    found = []
    for form in FORMATS:
        family = next((name for name in _VENUES if form.name.startswith(name)), form.name)
        venue = "Salyq" if form.own else _VENUES.get(family, family)
        page = "docs/guide.md" if form.own else f"docs/sources/{_PAGES.get(family, family)}.md"
        titles = tuple([column.titles[0] if column.titles else column.name for column in form.columns])
        optional = tuple([t for t, column in zip(titles, form.columns, strict=True) if not column.required])
        found.append(KnownReader(form.name, venue, titles, optional, page))
    return found
