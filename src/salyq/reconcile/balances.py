"""Balances that exports show, compared with the balances that the records give; and balances below zero.

Both are questions that name the first line where the books went wrong, and the causes that the numbers around it make
likely: a file that is missing, a clock in another zone, a fee counted twice, a transfer that is in no file.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.days import kz_day
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.holdings import NegativeBalance, negative_balances
from salyq.reconcile.model import Ledger, Question
from salyq.records.model import Balance, Source
from salyq.records.reading import FileReport

ZONES = timedelta(hours=14)  # no two clocks of the world differ by more than this much and a little
OF_BALANCES = ("negative_balance", "balance_differs")
REJECTED_ROW = "cause_rejected_row"
DUST = 10**11  # 10⁻⁷ of a unit: venues round a balance and its changes each on their own


class Move(NamedTuple):
    """One movement of one asset of an account; `quantity` signed, in 10⁻¹⁸."""

    time: datetime
    quantity: int
    fee: bool
    row: int  # of the ledger's records


class Books:
    """The movements of every account and asset that is asked for, in order of time."""

    def __init__(self, ledger: Ledger, wanted: set[tuple[str, str]], files: Sequence[FileReport]) -> None:
        self.ledger = ledger
        self.rejected = {f.file: f.rejected for f in files if f.rejected}
        self.moves: dict[tuple[str, str], list[Move]] = defaultdict(list)
        if wanted:
            legs, accounts, times = ledger.legs(), ledger.records.column("account"), ledger.records.column("time")
            assets = {asset for _, asset in wanted}
            for n, asset, quantity, told in zip(*legs[:4], strict=True):
                if asset in assets and (accounts[n], asset) in wanted:
                    self.moves[accounts[n], asset].append(Move(times[n], quantity, told == "fee", n))

    def _source(self, move: Move) -> Source:
        return self.ledger.records[move.row].source

    def causes(self, account: str, asset: str, moment: datetime, off: int, file: str) -> Message:
        """What may be behind a balance that is `off` by so much (records less truth) at a moment: one or two causes."""
        found = [c for c in self._causes(account, asset, moment, off, file) if c is not None]
        if not found:
            found = [Message("cause_missing_file", {"account": account or "-", "asset": asset})]
        return (
            found[0] if len(found) == 1 else Message("cause_or", {"one": found[0], "other": found[1]})
        )  # the likeliest

    def _causes(self, account: str, asset: str, moment: datetime, off: int, file: str) -> Iterator[Message | None]:
        moves = self.moves[account, asset]
        day = kz_day(moment)
        for row in self.rejected.get(file, ()):
            if (row.days is None or row.days[0] <= day) and (row.assets is None or asset in row.assets):
                yield Message(REJECTED_ROW, {"place": str(row.source)})
                break
        yield self._zone(moves, moment, off, file)
        start = bisect_left(moves, moment - timedelta(seconds=1), key=lambda m: m.time)
        here = moves[start : bisect_right(moves, moment, key=lambda m: m.time)]
        fee = next((m for m in here if m.fee and off < 0 and abs(m.quantity - off) <= DUST), None)
        yield fee and Message("cause_fee_twice", {"place": str(self._source(fee))})
        yield self._untracked(account, asset, moment, off)

    def _zone(self, moves: Sequence[Move], moment: datetime, off: int, file: str) -> Message | None:
        """Rows of another file that would mend it, were their clock some hours earlier or later."""
        start = bisect_right(moves, moment, key=lambda m: m.time)
        end = bisect_right(moves, moment + ZONES, key=lambda m: m.time)
        total: dict[str, int] = defaultdict(int)
        files = self.ledger.records.column("file")
        for m in moves[start:end]:
            if m.quantity > 0 and off < 0 and (own := files[m.row]) != file:
                total[own] += m.quantity
                if total[own] >= -off:
                    return Message("cause_time_zone", {"place": str(self._source(m))})
        return None

    def _untracked(self, account: str, asset: str, moment: datetime, off: int) -> Message | None:
        """Coins sent off elsewhere, arrived nowhere, and enough of them to mend it."""
        if off > 0:
            return None
        for r in reversed(self.ledger.unmatched_out):
            if r.asset == asset and r.account != account and r.time <= moment and r.quantity >= -off - DUST:
                return Message("cause_untracked_transfer", {"place": str(r.source)})
        return None


def wrong_balances(ledger: Ledger, balances: Sequence[Balance], files: Sequence[FileReport]) -> list[Question]:
    """What is wrong with the balances of accounts, each account and asset once: one that differs from what its export
    says falls below zero for the same reason."""
    differ = compare(ledger, balances, files)
    told = {(q.message.params["account"], q.asset) for q in differ}
    return [q for q in below_zero(ledger, files) if (q.message.params["account"], q.asset) not in told] + differ


def by_rejected_row(question: Question) -> bool:
    """Whether it is a balance that is wrong for a rejected row: to correct the row is asked already."""
    cause = question.message.params.get("cause")
    return question.code in OF_BALANCES and isinstance(cause, Message) and cause.code == REJECTED_ROW


def below_zero(ledger: Ledger, files: Sequence[FileReport] = ()) -> list[Question]:
    """A question for each account and asset that the records take below zero, at the line where that happens first."""
    found = [n for n in negative_balances(ledger) if n.account and n.balance < -DUST]
    books = Books(ledger, {(n.account, n.asset) for n in found}, files)
    return [_negative(n, books) for n in found]


def _negative(n: NegativeBalance, books: Books) -> Question:
    source = n.record.source
    params = {
        "place": str(source),
        "account": n.account,
        "asset": n.asset,
        "balance": format_scaled(n.balance),
        "day": n.record.day.isoformat(),
        "cause": books.causes(n.account, n.asset, n.record.time, n.balance, source.file),
    }
    message = Message("negative_balance", params)
    return Question("negative_balance", "warning", message, (source,), n.asset, -n.balance, n.record.day.year)


def compare(ledger: Ledger, balances: Sequence[Balance], files: Sequence[FileReport] = ()) -> list[Question]:
    """A question for each file, account and asset whose running balance differs, at the first line that does.

    Rows of one second may stand in any order: one of the balances it shows must be the one after all its movements.
    """
    told: dict[tuple[str, str, str], list[Balance]] = defaultdict(list)
    for b in balances:
        if is_currency(b.asset):
            continue  # money makes no records
        told[b.source.file, b.account, b.asset].append(b)
    books = Books(ledger, {(account, asset) for _, account, asset in told}, files)
    found = [_first_break(rows, books.moves[key[1:]], books) for key, rows in sorted(told.items())]
    return [q for q in found if q is not None]


def _first_break(rows: list[Balance], moves: Sequence[Move], books: Books) -> Question | None:
    held, at = 0, 0
    for second in _seconds(rows):
        moment = second[0].time.replace(microsecond=0) + timedelta(seconds=1)
        while at < len(moves) and moves[at].time < moment:
            held += moves[at].quantity
            at += 1
        if all(abs(b.quantity - held) > DUST for b in second):
            return _differs(min(second, key=lambda b: b.source.line), held, rows, books)
    return None


def _seconds(rows: list[Balance]) -> Iterable[list[Balance]]:
    found: dict[datetime, list[Balance]] = defaultdict(list)
    for b in rows:
        found[b.time.replace(microsecond=0)].append(b)
    return [found[moment] for moment in sorted(found)]


def _differs(b: Balance, held: int, rows: list[Balance], books: Books) -> Question:
    off = held - b.quantity
    first = min(rows, key=lambda x: (x.time, x.source.line))
    if b.time == first.time and off < 0:
        cause = Message("cause_missing_before", {"account": b.account or "-", "asset": b.asset})
    else:
        cause = books.causes(b.account, b.asset, b.time, off, b.source.file)
    params = {
        "place": str(b.source),
        "account": b.account or "-",
        "asset": b.asset,
        "told": format_scaled(b.quantity),
        "found": format_scaled(held),
        "cause": cause,
    }
    year = kz_day(b.time).year
    message = Message("balance_differs", params)
    return Question("balance_differs", "warning", message, (b.source,), b.asset, abs(off), year)
