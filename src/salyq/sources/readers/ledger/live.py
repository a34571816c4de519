"""Ledger Live operations: all accounts of the device in one file, one row an operation. Times are UTC.

Header: Operation Date,[Status,]Currency Ticker,Operation Type,Operation Amount,Operation Fees,Operation Hash,Account
Name,Account xpub | Account id,[Countervalue …]. The amount of an OUT holds its fee; the fee beside an IN was the
sender's. Sent to oneself is an OUT and an IN of one hash.
"""

from __future__ import annotations

from datetime import UTC
from typing import NamedTuple

from salyq.records.person import address_key
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import optional_amount
from salyq.sources.habits.clock import clock
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import OWN, PENDING, UNFINISHED, ZERO

_FEES = """
FEES REVEAL BOND UNBOND WITHDRAW_UNBONDED DELEGATE UNDELEGATE REDELEGATE OPT_IN OPT_OUT APPROVE VOTE FREEZE UNFREEZE
NOMINATE CHILL STAKE UNSTAKE WITHDRAW_UNSTAKED ACTIVATE LOCK UNLOCK REVOKE CONTRACT_CALL
"""
_CALLS = frozenset(_FEES.split())
_NFT = ("NFT_IN", "NFT_OUT")


class _Moved(NamedTuple):
    at: At
    account: str
    asset: str
    change: int
    fee: int


class LiveRows(VenueRows):
    """Rows of the operations export; those of one hash and coin wait for each other."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, "ledger")
        self.parse = clock(UTC)
        self.moved: dict[tuple[str, str, str], list[_Moved]] = {}

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, status, ticker, kind_text, amount_text, fee_text, chain, name, owner = cells
        time, day = self.book.venue_time(when, self.parse, "Operation Date")
        state = status.casefold() or "confirmed"
        if state == "pending":
            return PENDING
        if state not in ("confirmed", "failed"):
            raise RowError("Status", status, "row_bad_choice", choices="Confirmed, Failed, Pending")
        self.account = self.owner(name, owner)
        asset = coin_code(self.book, ticker, "Currency Ticker", line)
        kind = kind_text.upper()
        quantity, fee = optional_amount(amount_text, "Operation Amount"), optional_amount(fee_text, "Operation Fees")
        if quantity < 0 or fee < 0:
            raise RowError("Operation Amount", amount_text, "row_negative")
        at = At(line, time, day, f"{kind_text} {name}".strip(), hash=chain or None)
        if state == "failed":
            return self.paid(at, asset, fee if kind != "IN" else 0) or UNFINISHED
        if kind == "REWARD":
            paid = self.paid(at, asset, fee)  # who claims pays the network; of other receipts the sender does
            return self.receipt(at, "staked", asset, quantity, "Operation Amount") if quantity else paid or ZERO
        if kind in _CALLS:
            return self.paid(at, asset, fee or (quantity if kind == "FEES" else 0)) or OWN
        if kind in _NFT:  # no amount of a coin: the token stands in no export of this kind
            self.book.notice(line, "notice_nft_untold")
            return self.paid(at, asset, fee if kind == "NFT_OUT" else 0) or ZERO
        if kind not in ("IN", "OUT"):
            raise RowError("Operation Type", kind_text or None, "operation_unknown", venue="Ledger Live")
        if kind == "OUT" and quantity < fee:
            raise RowError("Operation Fees", fee_text, "fee_above_amount")
        row = _Moved(at, self.account, asset, quantity if kind == "IN" else fee - quantity, fee if kind == "OUT" else 0)
        if not chain:
            return self.movement(at, asset, row.change, (row.fee, asset) if row.fee else None)
        self.moved.setdefault((self.account, asset, chain), []).append(row)
        return None

    def owner(self, name: str, key: str) -> str:
        """The account: as person.toml calls the owner of the address, else by the name that the device shows."""
        found = self.book.reading.addresses.get(address_key(key)) if key else None
        return found or f"ledger {name.casefold()}".strip()

    def paid(self, at: At, asset: str, fee: int) -> bool:
        """A fee alone; whether there was one."""
        if fee:
            self.add(at, "fee", asset, fee)
        return bool(fee)

    def finish(self) -> None:
        """Operations of one hash: what came back to the same account did not leave it."""
        for rows in self.moved.values():
            rows.sort(key=lambda row: (row.change, row.at.line))
            first, lines = rows[0], [row.at.line for row in rows]
            self.account = first.account
            if len({row.change > 0 for row in rows}) == 1:
                for row in rows:
                    fee = (row.fee, row.asset) if row.fee else None
                    self.settled([row.at.line], self.movement(row.at, row.asset, row.change, fee))
                continue
            change, paid = sum(row.change for row in rows), sum(row.fee for row in rows)
            result = self.movement(first.at, first.asset, change, (paid, first.asset) if paid else None)
            self.settled(lines, OWN if result is ZERO else result)
        self.moved.clear()


FORMAT = Format(
    "ledger_live",
    (
        Column("Operation Date"),
        Column("Status", required=False),
        Column("Currency Ticker"),
        Column("Operation Type"),
        Column("Operation Amount"),
        Column("Operation Fees"),
        Column("Operation Hash"),
        Column("Account Name"),
        Column("Account xpub", ("Account xpub", "Account id"), required=False),
    ),
    LiveRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Ledger Live",
    page="docs/sources/wallets.md",
    moves=Moves(assets=("Currency Ticker",)),
)
