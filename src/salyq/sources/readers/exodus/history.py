"""Exodus transaction exports, in two layouts. Amounts that leave, and fees, are below zero; a fee is on top.

Newer: TXID,TXURL,DATE,TYPE,FROMPORTFOLIO,TOPORTFOLIO,COINAMOUNT,FEE,BALANCE,EXCHANGE,PERSONALNOTE ("-0.5 BTC").
Older: DATE,TYPE,FROMPORTFOLIO,TOPORTFOLIO,OUTAMOUNT,OUTCURRENCY,FEEAMOUNT,FEECURRENCY,[TOADDRESS,]OUTTXID,OUTTXURL,
INAMOUNT,INCURRENCY,INTXID,INTXURL,ORDERID,PERSONALNOTE. Times name their zone, else they are UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import clock
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.pairs import glued
from salyq.sources.habits.rows import At, Side, VenueRows

_PARSE = clock(UTC)
# "Wed Mar 03 2021 10:00:00 GMT+0300 (Moscow Standard Time)", as a browser writes it.
_BROWSER = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{2}) (?P<year>\d{4}) (?P<clock>\d{2}:\d{2}:\d{2}) "
    r"GMT(?P<zone>[+-]\d{4})(?: \([^()]{1,60}\))?",
    re.ASCII,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def moment(text: str) -> datetime:
    """A time in ISO 8601, or as a browser writes it, in UTC."""
    found = _BROWSER.fullmatch(text)
    if found is None:
        return _PARSE(text)
    month = _MONTHS.index(found["month"]) + 1
    return _PARSE(f"{found['year']}-{month:02}-{found['day']} {found['clock']}{found['zone']}")


class _Rows(VenueRows):
    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, "exodus")

    def kind(self, text: str, known: tuple[str, ...]) -> str:
        kind = text.casefold()
        if kind not in known:
            raise RowError("TYPE", text or None, "operation_unknown", venue="Exodus")
        return kind


class HistoryRows(_Rows):
    """Rows of the newer layout."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        chain, when, kind_text, source, target, amount_text, fee_text, note = cells
        time, day = self.book.venue_time(when, moment, "DATE")
        kind = self.kind(kind_text, ("deposit", "withdrawal"))
        number, unit = glued(amount_text, "COINAMOUNT")
        if kind == "deposit" and number < 0:
            raise RowError("COINAMOUNT", amount_text, "operation_wrong_sign", operation=kind_text)
        quantity = above_zero(abs(number), amount_text, "COINAMOUNT")
        asset = coin_code(self.book, unit, "COINAMOUNT", line)
        at = At(line, time, day, " ".join(x for x in (source or target, note) if x) or kind, hash=chain or None)
        if kind == "deposit":
            return self.movement(at, asset, quantity)
        fee, fee_unit = glued(fee_text, "FEE") if fee_text.strip("- ") else (0, "")
        return self.movement(at, asset, -quantity, (abs(fee), fee_unit.upper() or asset) if fee else None)


class OlderRows(_Rows):
    """Rows of the older layout; an exchange has both sides."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, kind_text, out_text, out_coin, fee_text, fee_coin, to, out_id, in_text, in_coin, in_id, order, note = (
            cells
        )
        time, day = self.book.venue_time(when, moment, "DATE")
        kind = self.kind(kind_text, ("deposit", "withdrawal", "exchange"))
        at = At(line, time, day, note or kind, hash=(in_id if kind == "deposit" else out_id) or None)
        fee = abs(optional_amount(fee_text, "FEEAMOUNT"))
        fees = [(fee, coin_code(self.book, fee_coin, "FEECURRENCY", line))] if fee else []
        taken, given = Side("", 0), Side("", 0)
        if kind != "withdrawal":
            number = amount(in_text, "INAMOUNT")  # of an exchange of dust it may round to nothing
            quantity = number if kind == "exchange" and not number else above_zero(number, in_text, "INAMOUNT")
            taken = Side(coin_code(self.book, in_coin, "INCURRENCY", line), quantity)
        if kind != "deposit":
            quantity = above_zero(abs(amount(out_text, "OUTAMOUNT")), out_text, "OUTAMOUNT")
            given = Side(coin_code(self.book, out_coin, "OUTCURRENCY", line), quantity)
        if kind == "deposit":
            return self.movement(at, taken.asset, taken.quantity)
        if kind == "withdrawal":
            at = at._replace(counterparty=to or None)
            return self.movement(at, given.asset, -given.quantity, fees[0] if fees else None)
        return self.deal(at, given, taken, fees, group=f"exodus:{order or out_id}" if order or out_id else "")


FORMAT = Format(
    "exodus",
    (
        Column("TXID"),
        Column("DATE"),
        Column("TYPE"),
        Column("FROMPORTFOLIO"),
        Column("TOPORTFOLIO"),
        Column("COINAMOUNT"),
        Column("FEE"),
        Column("PERSONALNOTE", required=False),
    ),
    HistoryRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Exodus",
    page="docs/sources/wallets.md",
)
OLDER = Format(
    "exodus_older",
    (
        Column("DATE"),
        Column("TYPE"),
        Column("OUTAMOUNT"),
        Column("OUTCURRENCY"),
        Column("FEEAMOUNT"),
        Column("FEECURRENCY"),
        Column("TOADDRESS", required=False),
        Column("OUTTXID"),
        Column("INAMOUNT"),
        Column("INCURRENCY"),
        Column("INTXID"),
        Column("ORDERID"),
        Column("PERSONALNOTE", required=False),
    ),
    OlderRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Exodus",
    page="docs/sources/wallets.md",
    moves=Moves(assets=("OUTCURRENCY", "INCURRENCY", "FEECURRENCY")),
)
