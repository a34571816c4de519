"""Crypto.com App: one row an operation, Transaction Kind decides (crypto_com/kinds.py). Times are UTC.

Header: Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,
Native Amount (in USD),Transaction Kind[,Transaction Hash]. Native amounts are the App's own valuation: information
only, but for purchases by card and top-ups of the card, where they are the money paid, and as weights of dust.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.civil.numbers import expand_exponent, format_scaled
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import above_zero, amount
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.moments import Half, moments
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, TOLD_BY_PARTS, ZERO
from salyq.sources.readers.crypto_com.kinds import Meaning, meaning

ACCOUNT = "crypto.com"
_APART = timedelta(seconds=2)
_OVERALL, _PARTS = "dynamic_coin_swap", ("lockup_swap", "crypto_wallet_swap", "interest_swap")


class _Half(NamedTuple):
    at: At
    asset: str
    change: int
    weight: int


def kind_of(at: At) -> str:
    """The Transaction Kind that the note of a row begins with."""
    return (at.note or "").partition(":")[0]


class AppRows(VenueRows):
    """Rows of a crypto, fiat or card export of the App; halves of conversions wait for each other."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(None))
        self.halves: dict[tuple[datetime, str], list[_Half]] = {}
        self.nothing: set[tuple[datetime, str]] = set()  # conversions of which a side rounds to nothing

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, words, coin, amount_text, to_coin, to_text, native, native_text, kind_text, chain = cells
        time, day = self.book.venue_time(time_text, self.parse, "Timestamp (UTC)")
        found = meaning(kind_text)
        if not kind_text and not to_coin and is_currency(coin.upper()):  # the export of the card
            return FIAT
        if found is None:
            raise RowError("Transaction Kind", kind_text or None, "operation_unknown", venue="Crypto.com")
        asset, change = coin_code(self.book, coin, "Currency", line), amount(amount_text, "Amount")
        at = At(line, time, day, f"{kind_text}: {words}" if words else kind_text, hash=chain or None)
        if found.how == "exchange":
            return self.exchange(at, asset, change, to_coin, to_text)
        if found.how == "card":
            return self.card(at, asset, change, native, native_text)
        if found.how == "half":
            if change == 0:
                self.nothing.add((time, found.what))
                return ZERO
            half = _Half(at, asset, change, _weight(native_text))
            self.halves.setdefault((time, found.what), []).append(half)
            return None
        return self.single(at, found, asset, change)

    def single(self, at: At, found: Meaning, asset: str, change: int) -> Rule | bool:
        """A row that moves one asset."""
        how, what = found
        if how == "own":
            return OWN
        if how == "fiat":
            return FIAT
        if how == "uncovered":
            raise RowError("Transaction Kind", kind_of(at), "operation_not_covered")
        if how == "receipt":
            return self.receipt(at, what, asset, change, "Amount")
        if how == "refund":
            return self.receipt(at, "airdrop", asset, change, "Amount")
        if how == "reverted":
            return self.taken_back(at, what, asset, above_zero(-change, "0", "Amount"), "Amount", otherwise="lost")
        if how == "outgo":
            return self.outgo(at, what, asset, change, "Amount")
        return self.said_movement(at._replace(counterparty=what or None), kind_of(at), asset, change, "Amount")

    def exchange(self, at: At, asset: str, change: int, to_coin: str, to_text: str) -> Rule | bool:
        """Both sides in one row; a minus before the first side may be missing in older files."""
        given = above_zero(abs(change), "0", "Amount")
        taken = above_zero(abs(amount(to_text, "To Amount")), to_text, "To Amount")
        other = coin_code(self.book, to_coin, "To Currency", at.line)
        group = f"{ACCOUNT}:{at.time:%Y%m%dT%H%M%S}:{asset}>{other}"
        return self.deal(at, Side(asset, given), Side(other, taken), group=group)

    def card(self, at: At, asset: str, change: int, native: str, native_text: str) -> Rule | bool:
        """Bought with a card, or sold to top one up: the native amount is the money."""
        currency = self.book.code(native, "Native Currency")
        if not is_currency(currency):
            raise RowError("Native Currency", native, "row_not_a_currency")
        if is_currency(asset):
            return FIAT
        if change < 0 and "purchase" in kind_of(at):
            raise RowError("Amount", format_scaled(change), "operation_wrong_sign", operation=kind_of(at))
        value = above_zero(abs(amount(native_text, "Native Amount")), native_text, "Native Amount")
        thing = Side(asset, above_zero(abs(change), "0", "Amount"))
        money = Side(currency, value)
        return self.deal(at, *((money, thing) if change > 0 else (thing, money)))

    def finish(self) -> None:
        """Conversions of every moment: one for one, or several given for one taken."""
        self.overall()
        families: dict[str, list[_Half]] = {}
        for (_, family), own in self.halves.items():
            families.setdefault(family, []).extend(own)
        for family, halves in ((name, near) for name, own in families.items() for near in moments(own, _half)):
            outs = [half for half in halves if half.change < 0]
            ins = [half for half in halves if half.change > 0]
            if outs and ins and len({half.asset for half in ins}) == 1:
                self.convert(family, outs, ins)
                continue
            if outs and not ins and self.rounds_to_nothing(outs[0].at.time, family):
                for half in outs:
                    self.settled([half.at.line], self.outgo(half.at, "fee", half.asset, half.change, "Amount"))
                continue
            code = "deal_unclear" if outs and ins else "deal_half"
            for half in halves:
                self.book.reject(
                    half.at.line, "Transaction Kind", family, Message(code), half.at.day, only(half.asset, half.change)
                )
        self.halves.clear()

    def rounds_to_nothing(self, time: datetime, family: str) -> bool:
        """Whether what came in for a half out rounded to nothing, within two seconds of it."""
        return any(kin == family and abs(when - time) <= _APART for when, kin in self.nothing)

    def overall(self) -> None:
        """The MCO swap of 2020 is told as a whole and again by its parts, in one second: the parts are believed."""
        for time, family in [key for key in self.halves if key[1] == _OVERALL]:
            parts = [half for part in _PARTS for half in self.halves.get((time, part), [])]
            if parts and _sums(parts) == _sums(self.halves[time, family]):
                self.book.ignore(TOLD_BY_PARTS, *[half.at.line for half in self.halves.pop((time, family))])

    def convert(self, family: str, outs: list[_Half], ins: list[_Half]) -> None:
        first = min(outs, key=lambda half: (half.at.time, half.at.line))
        taken = Side(ins[0].asset, sum(half.change for half in ins), min(half.at.line for half in ins))
        sums: dict[str, tuple[Side, int]] = {}
        for half in outs:
            side, weight = sums.get(half.asset, (Side(half.asset, 0, half.at.line), 0))
            sums[half.asset] = side._replace(quantity=side.quantity - half.change), weight + half.weight
        lines = sorted(half.at.line for half in [*outs, *ins])
        at = first.at._replace(note=family)
        group = f"{ACCOUNT}:{first.at.time:%Y%m%dT%H%M%S}:{family}"
        if len(sums) == 1:
            ((side, _),) = sums.values()
            result = self.deal(at, side, taken, group=f"{group}:{side.asset}>{taken.asset}")
        else:
            result = self.shared_deal(at, list(sums.values()), taken, group)
        self.settled(lines, result)


def _half(half: _Half) -> Half:
    return Half(half.at.time, half.asset, half.change, half.at.line)


def _sums(halves: Iterable[_Half]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for half in halves:
        sums[half.asset] = sums.get(half.asset, 0) + half.change
    return sums


def _weight(text: str) -> int:
    """The App's valuation of dust, cut to 10⁻¹⁸: only a weight, so any number of digits will do; else no weight."""
    whole, _, tail = expand_exponent(text.lstrip("+-")).partition(".")
    figures = whole + tail[:18].ljust(18, "0")
    return int(figures) if figures.isascii() and figures.isdigit() and len(figures) <= 40 else 0


FORMAT = Format(
    "crypto_com",
    (
        Column("Timestamp (UTC)", ("Timestamp (UTC)", "Timestamp(UTC)")),
        Column("Transaction Description", required=False),
        Column("Currency"),
        Column("Amount"),
        Column("To Currency"),
        Column("To Amount"),
        Column("Native Currency"),
        Column("Native Amount"),
        Column("Transaction Kind"),
        Column("Transaction Hash", required=False),
    ),
    AppRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Crypto.com App",
    page="docs/sources/crypto-com.md",
    moves=Moves(assets=("Currency", "To Currency")),
)
