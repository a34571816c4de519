"""KuCoin deposit and withdrawal history: one row a movement on a chain; `Amount` excludes `Fee`.

Header: UID,Account Type,Time(UTC+02:00),Coin,Amount,Fee,Hash,Deposit Address | Withdrawal Address/Account,Transfer
Network,Status,Remarks; some have no hash or no address, or other orders of columns. The zone stands in the header;
which way it went, the row's own remark says ("Withdrawal"), else the address column, else the file's name, of which the
last word counts ("Deposit_Withdrawal History_Deposit History"); nothing else is guessed.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import UNFINISHED
from salyq.sources.readers.kucoin.trades import ACCOUNT, OLD_ZONE, ZONE, zone_taken

_DONE = ("success", "successful", "succeeded", "completed", "complete", "finished")
_WAYS = {"deposit": 1, "withdraw": -1}
_NOT_DONE = ("failure", "failed", "processing", "wallet processing", "cancelled", "canceled", "rejected", "pending")


class TransferRows(VenueRows):
    """Rows of a deposit or a withdrawal history."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.stated = "zone" in facts
        self.parse = clock(header_zone(facts.get("zone", OLD_ZONE)))
        self.sign = _way(facts.get("way", "")) or _way(book.report.file.rpartition("/")[2])

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, coin, amount_text, fee_text, chain, address, status, _network, remarks = cells
        time, day = self.book.venue_time(time_text, self.parse, "Time")
        if status.casefold() in _NOT_DONE:
            return UNFINISHED
        if status and status.casefold() not in _DONE:
            raise RowError("Status", status, "row_bad_choice", choices="SUCCESS, FAILURE")
        asset = coin_code(self.book, coin, "Coin", line)
        quantity = above_zero(amount(amount_text, "Amount"), amount_text, "Amount")
        fee = optional_amount(fee_text, "Fee")
        if not self.stated:
            zone_taken(self.book, line)
        sign = _way(remarks, whole=True) or self.sign
        if not sign:
            raise RowError("Remarks", remarks or None, "transfer_way_unknown")
        note = remarks or ("Deposit" if sign > 0 else "Withdrawal")
        at = At(line, time, day, note, hash=chain or None, counterparty=address or None)
        return self.movement(at, asset, sign * quantity, (fee, asset) if fee else None)


def _way(text: str, *, whole: bool = False) -> int:
    """1: deposits, -1: withdrawals, 0: not said; the last word of both counts. `whole`: the text is that word alone."""
    words = text.strip().casefold()
    if whole:
        fits = [word for word in _WAYS if words.startswith(word) and len(words) <= len(word) + 2]
        return _WAYS[fits[0]] if fits else 0
    last = max(_WAYS, key=words.rfind)
    return _WAYS[last] if last in words else 0


FORMAT = Format(
    "kucoin_transfers",
    (
        Column("Time", pattern="Time" + ZONE),
        Column("Coin"),
        Column("Amount"),
        Column("Fee"),
        Column("Hash", required=False),
        Column("Address", pattern=r"(?P<way>Deposit|Withdrawal) Address(/Account)?", required=False),
        Column("Status"),
        Column("Transfer Network"),
        Column("Remarks", ("Remarks", "Remark"), required=False),
    ),
    TransferRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="KuCoin",
    exchange=True,
    page="docs/sources/kucoin.md",
    moves=Moves(assets=("Coin",)),
)
