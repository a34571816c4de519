"""Tokens by their contract. Anybody may call a token USDT: a well-known coin's name counts only for its contract."""

from __future__ import annotations

from salyq.civil.currencies import is_currency
from salyq.records.person import address_key
from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.codes import coin as coin_code

# As the issuers publish them, for Ethereum, BNB Chain, Polygon, Arbitrum, Optimism, Base, Avalanche and Tron.
_CONTRACTS = {
    "USDT": """0xdac17f958d2ee523a2206206994597c13d831ec7 0x55d398326f99059ff775485246999027b3197955
        0xc2132d05d31c914a87c6611c10748aeb04b58e8f 0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9
        0x94b008aa00579c1307b0ef2c499ad98a8ce58e58 0xfde4c96c8593536e31f229ea8f37b2ada2699bb2
        0x9702230a8ea53601f5cd2dc00fdbc13d4df4a8c7 TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t""",
    "USDC": """0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48 0x8ac76a51cc950d9822d68b83fe1ad97b32cd580d
        0x2791bca1f2de4661ed88a30c99a7a9449aa84174 0x3c499c542cef5e3811e1192ce70d8cc03d5c3359
        0xaf88d065e77c8cc2239327c5edb3a432268e5831 0x0b2c639c533813f4aa9d7837caf62653d097ff85
        0x833589fcd6edb6e08f4c7c32d4f71b54bda02913 TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8""",
    "ETH": "0x2170ed0880ac9a755fd29b2688956bd959f933f8",
}
_ASSET = {contract: asset for asset, texts in _CONTRACTS.items() for contract in texts.split()}
_KNOWN = "USDT USDC BTC ETH BNB TRX SOL XRP ADA DOGE LTC TON MATIC POL AVAX DOT BUSD DAI FDUSD TUSD"
_NAMES = frozenset(_KNOWN.split())


def named(text: str) -> str:
    """What a symbol or a contract in a row could stand for."""
    return _ASSET.get(address_key(text), text.upper())


def token(book: Book, symbol: str, contract: str, column: str, line: int) -> str:
    """The asset of a token. One that bears a coin's or a currency's name without its contract keeps the name with the
    contract added, and that is said: it may be a forgery.

    A symbol that is no code is often an advertisement: the contract alone names it. RowError: neither is there."""
    key = address_key(contract)
    if key in _ASSET:
        return _ASSET[key]
    try:
        code = coin_code(book, symbol, column, line)
    except RowError:
        if not key:
            raise
        return f"TOKEN@{key[:12]}".upper()
    if code in _NAMES or is_currency(code):
        book.notice(line, "notice_token_of_a_name", token=code, contract=key[:44] or "—")
        return f"{code}@{key[:12] or 'token'}".upper()
    return code
