"""What handlers of venues share: a deal of two sides, a movement, a receipt, each with its fees, as neutral records.

Direction comes from the kind, so quantities here are above zero. Money (ISO 4217) makes no lot: money for an asset is a
purchase, an asset for money a sale, two assets a swap pair, money for money no event of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled, part
from salyq.records.model import Record
from salyq.records.reading import Rule
from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.rules import FIAT, LATER, SAME, ZERO
from salyq.sources.habits.ways import against
from salyq.sources.taken_back import TakenBack

Fee = tuple[int, str]  # (10⁻¹⁸, asset or currency); below zero: paid back by the venue


class At(NamedTuple):
    """Where and when: the physical line, the time (UTC) and its Kazakhstan day, and what the row says besides."""

    line: int
    time: datetime
    day: date
    note: str | None = None
    id: str | None = None
    hash: str | None = None
    counterparty: str | None = None


class Side(NamedTuple):
    """One side of a deal: an asset or currency, a quantity above zero (10⁻¹⁸), and its line where it has its own."""

    asset: str
    quantity: int
    line: int = 0


class VenueRows:
    """Records of one account. A method gives True where records came of it, else the rule that leaves the row out."""

    def __init__(self, book: Book, account: str) -> None:
        self.book, self.account = book, account

    def add(
        self,
        at: At,
        kind: str,
        asset: str,
        quantity: int,
        *,
        value: int | None = None,
        currency: str | None = None,
        fee: Fee | None = None,
        group: str | None = None,
        line: int = 0,
    ) -> None:
        """One record."""
        self.book.reading.records.append(
            Record(
                at.time,
                at.day,
                kind,
                asset,
                quantity,
                value,
                currency,
                fee[0] if fee else None,
                fee[1] if fee else None,
                self.account,
                at.counterparty,
                group,
                at.id,
                at.note,
                hash=at.hash,
                source=self.book.source(line or at.line),
            )
        )

    def deal(
        self, at: At, given: Side, taken: Side, fees: Iterable[Fee] = (), *, group: str = "", order: str | None = None
    ) -> Rule | bool:
        """`given` for `taken`. `group` ties the legs of a swap (else the venue's id does); `order` joins fills.

        What came in for dust may round to nothing: then the dust is gone, as a fee. What cost nothing came in free."""
        if not taken.quantity:
            return self.lone_fees(at, [*fees, given[1::-1]]) or (FIAT if is_currency(given.asset) else ZERO)
        if not given.quantity:
            found = self.lone_fees(at, fees)
            return self.receipt(at._replace(line=taken.line or at.line), "airdrop", *taken[:2], "") or found
        if given.asset == taken.asset:
            lost = (given.quantity - taken.quantity, given.asset)  # what a renaming took or added
            return self.lone_fees(at, [*fees, lost]) or SAME
        money_out, money_in = is_currency(given.asset), is_currency(taken.asset)
        if money_out and money_in:
            return self.lone_fees(at, fees) or FIAT
        owed = self.sorted_fees(at, fees)
        if money_out or money_in:
            kind, thing, money = ("buy", taken, given) if money_out else ("sell", given, taken)
            owed.sort(key=lambda fee: not is_currency(fee[1]))  # a fee in money has no place but here
            value = self.money(money.quantity, money.asset, at.line)
            self.add(
                at,
                kind,
                thing.asset,
                thing.quantity,
                value=value,
                currency=money.asset,
                fee=owed[0] if owed else None,
                group=order,
                line=thing.line,
            )
            self.lone_fees(at, owed[1:])
            return True
        tie = group or f"{self.account}:{at.id or f'{at.time:%Y%m%dT%H%M%S}:{given.asset}>{taken.asset}'}"
        first = next((fee for fee in owed if fee[1] != taken.asset), None)
        second = next((fee for fee in owed if fee is not first), None)
        self.add(at, "swap_out", given.asset, given.quantity, fee=first, group=tie, line=given.line)
        self.add(at, "swap_in", taken.asset, taken.quantity, fee=second, group=tie, line=taken.line)
        self.lone_fees(at, [fee for fee in owed if fee is not first and fee is not second])
        return True

    def shared_deal(self, at: At, given: Sequence[tuple[Side, int]], taken: Side, group: str) -> Rule | bool:
        """Several assets for one: the one is shared out by the weights (say the venue's values) of what was given.

        Shares sum to the whole exactly. Without any weight all weigh alike. A side whose share is nothing leaves as a
        fee."""
        given = sorted(given, key=lambda side: side[0].asset)  # shares do not depend on the order of rows
        weights = [abs(weight) for _, weight in given]
        if not any(weights):
            weights = [1] * len(given)
        total, seen = sum(weights), 0
        for (side, _), weight in zip(given, weights, strict=True):
            share = part(taken.quantity, total, seen, seen + weight)
            seen += weight
            here = at._replace(line=side.line or at.line, id=f"{at.id}:{side.asset}" if at.id else None)
            if share > 0:
                self.deal(here, side, Side(taken.asset, share, taken.line), group=f"{group}:{side.asset}>{taken.asset}")
            elif not is_currency(side.asset) and side.asset != taken.asset:
                self.add(here, "fee", side.asset, side.quantity)
        if len(given) > 1:
            self.book.notice(at.line, "notice_shared_by_value")
        return True

    def movement(self, at: At, asset: str, change: int, fee: Fee | None = None) -> Rule | bool:
        """A transfer in or out by the sign of `change`; money moving is no event of ours."""
        if is_currency(asset):
            return FIAT
        if change == 0:
            return self.lone_fees(at, [fee] if fee else []) or ZERO
        owed = self.sorted_fees(at, [fee] if fee else [])
        kind = "transfer_in" if change > 0 else "transfer_out"
        self.add(at, kind, asset, abs(change), fee=owed[0] if owed else None)
        return True

    def said_movement(
        self, at: At, words: str, asset: str, change: int, column: str, fee: Fee | None = None
    ) -> Rule | bool:
        """A movement whose words say the way; one against them takes back an earlier one of exactly that amount."""
        if not is_currency(asset) and against(words, change):
            return self.taken_back(at, "transfer_out" if change > 0 else "transfer_in", asset, abs(change), column)
        return self.movement(at, asset, change, fee)

    def receipt(self, at: At, kind: str, asset: str, change: int, column: str, fee: Fee | None = None) -> Rule | bool:
        """Something that came in free; a change of the other sign takes a receipt of that kind back."""
        if change < 0 and not is_currency(asset):
            back, of = fee or (0, asset)
            whole = back - change if of == asset else -change
            if whole <= 0:  # more given back than taken
                raise RowError(column, format_scaled(change), "operation_wrong_sign", operation=at.note or kind)
            self.lone_fees(at, [(back, of)] if of != asset else [])
            return self.taken_back(at, kind, asset, whole, column)
        if is_currency(asset):
            return FIAT
        if change == 0:
            return self.lone_fees(at, [fee] if fee else []) or ZERO
        owed = self.sorted_fees(at, [fee] if fee else [])
        self.add(at, kind, asset, change, fee=owed[0] if owed else None)
        return True

    def taken_back(
        self, at: At, kind: str, asset: str, quantity: int, column: str, *, otherwise: str = ""
    ) -> Rule | bool:
        """A receipt taken back, wholly or in part; where none is found, a record of kind `otherwise`, else rejected."""
        reason = Message("operation_wrong_sign", {"operation": at.note or kind})
        instead = self.made(at, otherwise, asset, quantity) if otherwise else None
        group = (self.account, kind, asset)
        row = TakenBack(at.line, at.time, at.day, group, quantity, column, "", reason, instead)
        return self.book.take_back(row._replace(value=format_scaled(row.way * quantity)))

    def made(self, at: At, kind: str, asset: str, quantity: int) -> Record:
        """A record of one asset, not handed over yet."""
        source = self.book.source(at.line)
        return Record(
            at.time,
            at.day,
            kind,
            asset,
            quantity,
            account=self.account,
            counterparty=at.counterparty,
            id=at.id,
            note=at.note,
            hash=at.hash,
            source=source,
        )

    def outgo(self, at: At, kind: str, asset: str, change: int, column: str) -> Rule | bool:
        """Something that left (spend, lost, fee); a change of the other sign is rejected."""
        if change > 0:
            raise RowError(column, format_scaled(change), "operation_wrong_sign", operation=at.note or kind)
        if is_currency(asset):
            return FIAT
        if change == 0:
            return ZERO
        self.add(at, kind, asset, -change)
        return True

    def sorted_fees(self, at: At, fees: Iterable[Fee]) -> list[Fee]:
        """Fees of one asset summed; what the venue pays back in an asset comes in as a record of its own."""
        sums: dict[str, int] = {}
        for quantity, asset in fees:
            sums[asset] = sums.get(asset, 0) + quantity
        for asset, quantity in sums.items():
            if quantity < 0 and not is_currency(asset):
                self.add(at._replace(note=f"{at.note or ''} fee".strip()), "airdrop", asset, -quantity)
        return [(quantity, asset) for asset, quantity in sums.items() if quantity > 0]

    def lone_fees(self, at: At, fees: Iterable[Fee]) -> bool:
        """Fees in assets that no record holds, as records of their own; whether any record came of them."""
        before = len(self.book.reading.records)
        for quantity, asset in self.sorted_fees(at, fees):
            if not is_currency(asset):
                self.add(at._replace(note=f"{at.note or ''} fee".strip()), "fee", asset, quantity)
        return len(self.book.reading.records) > before

    def money(self, amount: int, currency: str, line: int) -> int:
        """An amount of money; tenge to the tiyn."""
        return self.book.tenge(amount, line) if currency == "KZT" else amount

    def settled(self, lines: Sequence[int], result: Rule | bool) -> None:
        """Account for rows that `finish` dealt with together; rows without a record of their own join the first."""
        if result is LATER:
            return
        if result is True:
            self.book.use(*lines)
            own = {
                r.source.line
                for r in self.book.reading.records[-4 * len(lines) :]
                if r.source.file == self.book.report.file
            }
            rest = [line for line in lines if line not in own]
            first = min((line for line in lines if line in own), default=None)
            if first is not None and rest:
                self.book.report.join(first, rest)
        else:
            self.book.ignore(result or ZERO, *lines)

    def finish(self) -> None:
        """Rows stand alone, unless a reader says otherwise."""
