"""Trezor Suite, and the older export of the Trezor wallet: one row a transaction or, in Suite, an output of it.

Suite: Timestamp,Date,Time,Type,Transaction ID,Fee,Fee unit,Address,Label,Amount,Amount unit,Fiat (XXX),Other, by comma
or semicolon; Timestamp counts seconds. Older: Date & Time;Type;Transaction ID;Addresses;Fee;Total, without the asset,
which the file's name must tell, and in the clock of the computer, taken as Kazakhstan's.
A wallet is an account of its own: its name comes from the file's ("trezor_alice_btc.csv" is "trezor alice").
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from salyq.civil.days import zone
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import clock, epoch, header_zone
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import OWN, UNFINISHED

_COINS = {
    "bitcoin": "BTC",
    "ethereum": "ETH",
    "litecoin": "LTC",
    "dogecoin": "DOGE",
    "dash": "DASH",
    "zcash": "ZEC",
    "cardano": "ADA",
    "ripple": "XRP",
    "solana": "SOL",
}
_CODES = {
    "btc",
    "eth",
    "ltc",
    "doge",
    "zec",
    "bch",
    "btg",
    "dgb",
    "vtc",
    "nmc",
    "etc",
    "ada",
    "xrp",
    "sol",
    "usdt",
    "xlm",
}
_PLAIN = {"trezor", "suite", "export", "transactions", "transaction", "history", "wallet", "account", "csv", "copy"}


def wallet_of(file: str) -> tuple[str, str | None]:
    """(account, asset) by the name of a file: what stands before "trezor" does not count, nor numbers and dates."""
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold()
    words = [word for word in re.split(r"[^\w]+|_", stem) if word]
    if "trezor" in words:
        words = words[words.index("trezor") + 1 :]
    coins = [_COINS.get(word, word.upper()) for word in words if word in _CODES or word in _COINS]
    rest = [
        word
        for word in words
        if word not in _PLAIN and word not in _CODES and word not in _COINS and not word[:1].isdigit()
    ]
    return " ".join(["trezor", *rest]), coins[-1] if coins else None


class _Sent(NamedTuple):
    at: At
    kind: str
    asset: str
    quantity: int
    fee: tuple[int, str]


class WalletRows(VenueRows):
    """What both layouts have in common. A transaction with several rows shows its fee in each; it was paid once."""

    def __init__(self, book: Book) -> None:
        account, self.coin = wallet_of(book.report.file)
        super().__init__(book, account)
        self.sent: dict[tuple[str, str, int], list[_Sent]] = {}

    def take(self, at: At, kind: str, asset: str, quantity: int, fee: tuple[int, str]) -> Rule | bool | None:
        """RECV, SENT, SELF, FAILED. The fee of what is received was the sender's."""
        if kind == "recv":
            return self.movement(at, asset, quantity)
        row = _Sent(at, kind, asset, quantity, fee)
        if not at.hash:
            return self.out(row, fee[0])
        self.sent.setdefault((at.hash, fee[1], fee[0]), []).append(row)
        return None

    def out(self, row: _Sent, owed: int) -> Rule | bool:
        """A row that sends, with the part of the fee that is its own."""
        if row.kind == "sent":
            return self.movement(row.at, row.asset, -row.quantity, (owed, row.fee[1]) if owed else None)
        if not owed:
            return OWN if row.kind == "self" else UNFINISHED
        self.add(row.at, "fee", row.fee[1], owed)
        return True

    def finish(self) -> None:
        """Rows of each transaction: the one that sends most carries the fee."""
        for rows in self.sent.values():
            rows.sort(key=lambda row: (row.kind != "sent", -row.quantity, row.at.counterparty or "", row.at.line))
            for n, row in enumerate(rows):
                self.settled([row.at.line], self.out(row, row.fee[0] if n == 0 else 0))
        self.sent.clear()


def _kind(text: str) -> str:
    kind = text.casefold()
    names = {"receive": "recv", "received": "recv", "send": "sent", "joint": "self", "contract": "self"}
    kind = names.get(kind, kind)
    if kind not in ("recv", "sent", "self", "failed"):
        raise RowError("Type", text or None, "operation_unknown", venue="Trezor")
    return kind


class SuiteRows(WalletRows):
    """Rows of a Suite export."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book)
        self.local = clock(header_zone(None))

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        stamp, kind_text, chain, fee_text, fee_unit, address, label, amount_text, unit = cells
        time, day = self.book.venue_time(stamp, self.moment, "Timestamp")
        kind = _kind(kind_text)
        quantity = abs(optional_amount(amount_text, "Amount"))
        if kind in ("recv", "sent"):
            above_zero(quantity, amount_text, "Amount")
        asset = self.book.code(unit or fee_unit, "Amount unit")
        fee = optional_amount(fee_text, "Fee")
        note = f"{kind_text} {label}".strip()
        at = At(line, time, day, note, hash=chain or None, counterparty=address or None)
        return self.take(at, kind, asset, quantity, (fee, self.book.code(fee_unit or unit, "Fee unit")))

    def moment(self, text: str) -> datetime:
        return epoch(text) if text.isdigit() else self.local(text)


class OlderRows(WalletRows):
    """Rows of an export of the older wallet."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book)
        self.parse = clock(zone())

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, kind_text, chain, address, fee_text, total_text = cells
        time, day = self.book.venue_time(time_text, self.parse, "Date & Time")
        kind = _kind(kind_text)
        if self.coin is None:
            raise RowError(None, self.book.report.file, "trezor_asset_unnamed")
        self.book.notice(line, "notice_time_without_offset")
        quantity = abs(amount(total_text, "Total"))
        if kind in ("recv", "sent"):
            above_zero(quantity, total_text, "Total")
        fee = optional_amount(fee_text, "Fee")
        at = At(line, time, day, kind_text, hash=chain or None, counterparty=address or None)
        return self.take(at, kind, self.coin, quantity, (fee, self.coin))


SUITE = Format(
    "trezor_suite",
    (
        Column("Timestamp"),
        Column("Type"),
        Column("Transaction ID"),
        Column("Fee"),
        Column("Fee unit"),
        Column("Address"),
        Column("Label", required=False),
        Column("Amount"),
        Column("Amount unit"),
    ),
    SuiteRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Trezor",
    page="docs/sources/trezor.md",
    moves=Moves(assets=("Amount unit", "Fee unit")),
)
OLDER = Format(
    "trezor_older",
    (
        Column("Date & Time"),
        Column("Type"),
        Column("Transaction ID"),
        Column("Addresses", ("Addresses", "Address")),
        Column("Fee"),
        Column("Total"),
    ),
    OlderRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Trezor",
    page="docs/sources/trezor.md",
)
