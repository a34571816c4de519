"""Coinbase transaction history: one row an operation; the second asset of a conversion stands in Notes only.

Headers: …,XXX Amount Transacted (Inclusive of Coinbase Fees),Address,Notes (2018) · Timestamp,Transaction Type,Asset,
Quantity Transacted,XXX Spot Price at Transaction,XXX Subtotal,XXX Total (inclusive of fees),XXX Fees,Notes (2020, XXX a
currency) · Spot Price Currency as a column (2021) · ID first, Price Currency, signed quantities and glued currency
signs (2024). Preamble lines stand before the header. Times are UTC.
coinbase/operations.py says what each type is. ETH2 is ETH that was staked, not another asset.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled, round_half_up
from salyq.records.model import UNIT
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.moments import Half, moments
from salyq.sources.habits.renaming import renaming
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import OWN, REPEATED_HEADER, SAME
from salyq.sources.readers.coinbase.operations import PRO, RENAMES, Meaning, meaning

ACCOUNT = "coinbase"
_NUMBER = r"(\d[\d.,]*(?:[ \u00a0\u202f]\d{3}(?!\d))*(?:[.,]\d+)?)"  # thousands may stand apart
_CODE = r"([A-Za-z0-9.]*[A-Za-z][A-Za-z0-9.]*)"
_CONVERTED = re.compile(rf"Converted {_NUMBER} {_CODE} to {_NUMBER} {_CODE}", re.ASCII)
_DEALT = re.compile(rf"(?:Bought|Sold) {_NUMBER} {_CODE} for {_NUMBER} {_CODE}", re.ASCII)
_RATE = re.compile(rf" at {_NUMBER} {_CODE}/[A-Za-z0-9]+\s*$", re.ASCII)
_FROM = re.compile(r"Received .* from Coinbase (?P<giver>Earn|Learn|Referral|Rewards?)\b", re.ASCII)
_PRO_SIDE = re.compile(r"(?:Received .* from|Sent .* to) Coinbase Pro\b|.* (?:from|to) your Coinbase Pro\b", re.ASCII)
_STAKED_ETHER = "ETH2"
_CONVERTED_WITHIN = timedelta(seconds=10)


class _Row(NamedTuple):
    at: At
    what: Meaning
    raw: str  # the asset as written
    asset: str
    change: int


def _told(found: Meaning, notes: str) -> Meaning:
    """What the Notes of older files add to Send and Receive: rewards, and the account at Coinbase Pro."""
    if found.how not in ("in", "out") or found.what:
        return found
    gift = _FROM.match(notes) if found.how == "in" else None
    if gift is not None:
        return Meaning("receipt", "interest" if gift["giver"].startswith("Reward") else "airdrop")
    return Meaning(found.how, PRO) if _PRO_SIDE.match(notes) else found


_Convert = tuple[_Row, Side, Side]  # a row, and what Notes say was given and taken


class CoinbaseRows(VenueRows):
    """Rows of a transaction history. Conversions and rows that may be two halves wait for the end of the file."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(None))
        self.currency = facts.get("money", "").upper()
        self.converts: dict[str, list[_Convert]] = {}
        self.halves: dict[str, list[_Row]] = {}
        self.ether: list[_Row] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        number, time_text, kind_text, asset_text, quantity_text, currency, subtotal, total, fees, notes, chain = cells
        if time_text.casefold() == "timestamp" and kind_text.casefold() == "transaction type":
            return REPEATED_HEADER
        time, day = self.book.venue_time(time_text, self.parse, "Timestamp")
        found = meaning(kind_text)
        if found is None:
            raise RowError("Transaction Type", kind_text or None, "operation_unknown", venue="Coinbase")
        raw = self.book.code(asset_text, "Asset")
        asset = self.plain(raw, line)
        change = amount(quantity_text, "Quantity Transacted")
        note = renaming(kind_text) if kind_text.casefold() == RENAMES.casefold() else kind_text
        at = At(line, time, day, note, number or None, chain or None)
        found = _told(found, notes)
        row = _Row(at, found, raw, asset, change)
        if found.how in ("buy", "sell"):
            return self.trade(row, (currency or self.currency).upper(), (subtotal, total, fees), notes)
        if found.how == "convert":
            return self.convert(row, notes)
        if found.how == "halves":
            self.halves.setdefault(kind_text.casefold(), []).append(row)
            return None
        if found.how in ("in", "out") and asset == "ETH" and not found.what:
            self.ether.append(row)
            return None
        return self.single(row)

    def single(self, row: _Row) -> Rule | bool:
        """A row that says all by itself."""
        how, what = row.what
        if how == "own":
            return OWN
        if how == "receipt":
            return self.receipt(row.at, what, row.asset, row.change, "Quantity Transacted")
        if how == "outgo":
            return self.outgo(row.at, what, row.asset, -abs(row.change), "Quantity Transacted")
        change = -abs(row.change) if how == "out" else row.change
        if how == "in" and change < 0:  # the older layout has no signs: a minus is news
            raise RowError("Quantity Transacted", str(row.change), "operation_wrong_sign", operation=row.at.note or "")
        return self.movement(row.at._replace(counterparty=what or None), row.asset, change)

    def trade(self, row: _Row, currency: str, texts: tuple[str, str, str], notes: str) -> Rule | bool:
        """Against the price currency; or against the asset that Notes name, whose amount has the fee inside."""
        bought = row.what.how == "buy"
        if bought and row.change < 0:
            told = format_scaled(row.change)
            raise RowError("Quantity Transacted", told, "operation_wrong_sign", operation=row.at.note or "")
        quantity = above_zero(abs(row.change), "0", "Quantity Transacted")
        said = _DEALT.match(notes)
        other = said.group(4).upper().rstrip(".") if said else currency
        if said and other != currency and not (is_currency(other) and is_currency(currency)):
            value, owed = self.noted(said, quantity, notes, bought)
            currency = other
        else:
            value, owed = self.value(texts, bought)
        if not currency:
            raise RowError("Price Currency", None, "row_cell_missing", column="Price Currency")
        thing, money = Side(row.asset, quantity), Side(self.book.code(currency, "Price Currency"), value)
        sides = (money, thing) if bought else (thing, money)
        return self.deal(row.at, *sides, [(owed, money.asset)])

    def noted(self, said: re.Match[str], quantity: int, notes: str, bought: bool) -> tuple[int, int]:
        """(value without the fee, fee) as Notes tell: the fee is what their rate, if any, does not explain."""
        total = above_zero(amount(said.group(3).rstrip(".,"), "Notes", thousands=True), notes, "Notes")
        rate = _RATE.search(notes)
        if rate is None or rate.group(2).upper() != said.group(4).upper():
            return total, 0
        value = round_half_up(quantity * amount(rate.group(1), "Notes", thousands=True), UNIT)
        fee = total - value if bought else value - total
        return (value, fee) if 0 <= 20 * fee <= value else (total, 0)

    def value(self, texts: tuple[str, str, str], bought: bool) -> tuple[int, int]:
        """(value without the fee, fee), from Subtotal, Total and Fees, of which one may be missing."""
        names = ("Subtotal", "Total", "Fees")
        subtotal, total, fee = (
            abs(amount(text, name, thousands=not text[:2].strip("-+").isdigit())) if text not in ("", "-") else None
            for text, name in zip(texts, names, strict=True)
        )
        sign = 1 if bought else -1
        if subtotal is None:
            if total is None:
                raise RowError("Subtotal", None, "row_cell_missing", column="Subtotal")
            subtotal = total - sign * (fee or 0)
        if fee is None:
            fee = max(sign * (total - subtotal), 0) if total is not None else 0
        return above_zero(subtotal, texts[0], "Subtotal"), fee

    def convert(self, row: _Row, notes: str) -> Rule | bool | None:
        """Newer files may tell both sides in two rows with the same Notes."""
        found = _CONVERTED.match(notes)
        if found is None:
            raise RowError("Notes", notes or None, "coinbase_notes_unclear")
        gone_text, given, come_text, taken = found.groups()
        gone, come = (amount(text.rstrip(".,"), "Notes", thousands=True) for text in (gone_text, come_text))
        above_zero(gone, notes, "Notes")
        sides = Side(given.upper(), gone), Side(taken.upper().rstrip("."), come)
        if row.raw not in {side.asset for side in sides}:
            raise RowError("Notes", notes, "coinbase_notes_unclear")
        if row.raw == sides[0].asset:
            above_zero(abs(row.change), "0", "Quantity Transacted")
        self.converts.setdefault(notes, []).append((row, *sides))
        return None

    def finish(self) -> None:
        """Conversions, halves of one second, and staked ether renamed."""
        for notes, converts in self.converts.items():
            for together in _moments(converts):
                self.finish_converts(notes, together)
        for rows in self.halves.values():
            for near in moments(rows, _half):
                self.finish_halves(near)
        self.finish_ether()

    def finish_converts(self, notes: str, rows: list[_Convert]) -> None:
        """The n-th row of what was given goes with the n-th of what was taken; where a side has none, Notes tell it."""
        _, given, taken = rows[0]
        outs = [row for row, _, _ in rows if row.raw == given.asset]
        ins = [row for row, _, _ in rows if row.raw != given.asset]
        for n in range(max(len(outs), len(ins))):
            pair = [side[n] for side in (outs, ins) if n < len(side)]
            gone = abs(outs[n].change) if n < len(outs) else given.quantity
            come = abs(ins[n].change) if n < len(ins) else taken.quantity
            line = pair[0].at.line
            sides = Side(self.plain(given.asset, line), gone), Side(self.plain(taken.asset, line), come)
            self.settled([row.at.line for row in pair], self.deal(pair[0].at._replace(note=notes), *sides))

    def plain(self, code: str, line: int) -> str:
        return "ETH" if code == _STAKED_ETHER else coin_code(self.book, code, "Asset", line)

    def refuse(self, row: _Row, code: str, column: str, value: str) -> None:
        self.book.reject(row.at.line, column, value, Message(code), row.at.day)

    def finish_halves(self, rows: list[_Row]) -> None:
        """One out and one in of a moment; the same asset under another name is no event, dust may go for nothing."""
        outs, ins = [row for row in rows if row.change < 0], [row for row in rows if row.change > 0]
        assets = {row.asset for row in rows}
        if len(assets) == 1 and sum(row.change for row in rows) == 0:
            self.book.ignore(SAME, *[row.at.line for row in rows])
        elif len(outs) == 1 and len(ins) == 1:
            sides = Side(outs[0].asset, -outs[0].change), Side(ins[0].asset, ins[0].change, ins[0].at.line)
            self.settled(sorted(row.at.line for row in rows), self.deal(outs[0].at, *sides))
        elif len(outs) == 1 and len(rows) > 1 and not ins:
            nothing = next(row for row in rows if not row.change)
            gone = self.deal(outs[0].at, Side(outs[0].asset, -outs[0].change), Side(nothing.asset, 0))
            self.settled(sorted(row.at.line for row in rows), gone)
        else:
            code = "deal_half" if not outs or not ins else "deal_unclear"
            for row in rows:
                self.refuse(row, code, "Transaction Type", row.at.note or "")

    def finish_ether(self) -> None:
        """ETH2 sent and ETH received in one second, as much of each: the same ether under its old name."""
        waiting: dict[tuple[object, int, bool], list[_Row]] = {}
        rest: list[_Row] = []
        for row in sorted(self.ether, key=lambda row: row.raw != _STAKED_ETHER):
            out = row.what.how == "out"
            partners = waiting.get((row.at.time, abs(row.change), not out))
            if row.raw != _STAKED_ETHER and partners:
                self.book.ignore(SAME, row.at.line, partners.pop().at.line)
            elif row.raw == _STAKED_ETHER:
                waiting.setdefault((row.at.time, abs(row.change), out), []).append(row)
            else:
                rest.append(row)
        rest += [row for rows in waiting.values() for row in rows]
        for row in sorted(rest, key=lambda row: row.at.line):
            try:
                self.settled([row.at.line], self.single(row))
            except RowError as error:
                self.book.reject(row.at.line, error.column, error.value, error.message, row.at.day)


def _half(row: _Row) -> Half:
    return Half(row.at.time, row.asset, row.change, row.at.line)


def _moments(rows: list[_Convert]) -> list[list[_Convert]]:
    """Rows of the same Notes, those a few seconds apart together: the two sides of one conversion."""
    found: list[list[_Convert]] = []
    for convert in sorted(rows, key=lambda convert: (convert[0].at.time, convert[0].at.line)):
        if found and convert[0].at.time - found[-1][-1][0].at.time <= _CONVERTED_WITHIN:
            found[-1].append(convert)
        else:
            found.append([convert])
    return found


_MONEY = r"(?:(?P<money>[A-Z]{3,5}) )?"

FORMAT = Format(
    "coinbase",
    (
        Column("ID", ("ID", "Transaction ID"), required=False),
        Column("Timestamp"),
        Column("Transaction Type"),
        Column("Asset"),
        Column("Quantity Transacted"),
        Column("Price Currency", ("Price Currency", "Spot Price Currency"), required=False),
        Column("Subtotal", pattern=_MONEY + "Subtotal", required=False),
        Column(
            "Total",
            pattern=_MONEY + r"(?:Total( \(inclusive of fees[^)]*\))?|Amount Transacted( \([^)]*\))?)",
            required=False,
        ),
        Column("Fees", pattern=_MONEY + "Fees( and/or Spread)?", required=False),
        Column("Notes"),
        Column("Transaction Hash", ("Transaction Hash", "Hash", "Tx Hash"), required=False),
    ),
    CoinbaseRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Coinbase",
    exchange=True,
    page="docs/sources/coinbase.md",
)
