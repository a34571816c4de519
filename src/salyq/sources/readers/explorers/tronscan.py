"""Tronscan, and OKLink for Tron: exports of an address. Times are UTC, in a column that says so.

Tokens: Tx Hash,blockHeight,[blockTime(UTC+8),]blockTime(UTC),from,to,value,symbol,tokenAddress,isConfirm.
Transactions: …,from,to,value,symbol,contractType,status. Neither tells the network's fee.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, JsonList, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount
from salyq.sources.habits.clock import clock
from salyq.sources.habits.contracts import named, token
from salyq.sources.habits.json_units import of_milliseconds, whole_units
from salyq.sources.habits.own_addresses import TRON, OwnAddresses
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import OWN, UNFINISHED, ZERO

_PARSE = clock(UTC)
_DONE = ("true", "yes", "1", "confirmed", "success", "successful")
_NOT_DONE = (
    "false",
    "no",
    "0",
    "unconfirmed",
    "fail",
    "failed",
    "revert",
    "reverted",
    "out_of_energy",
    "out of energy",
)
_MOVES = ("transfercontract", "transferassetcontract", "triggersmartcontract")
_STAKES = ("freeze", "unfreeze", "delegateresource", "undelegateresource", "votewitness", "withdrawexpireunfreeze")


class TokenRows(VenueRows):
    """Rows of the token export."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, "")
        self.owners = OwnAddresses(book, TRON)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        chain, written, sender, receiver, value, symbol, contract, state = cells
        time, day = self.book.venue_time(written, _PARSE, "blockTime(UTC)")
        if not _done(state, "isConfirm"):
            return UNFINISHED
        quantity = amount(value, "value", thousands=True)
        if quantity == 0:
            return ZERO
        asset = token(self.book, symbol, contract, "symbol", line)
        return self.spread(At(line, time, day, None, hash=chain or None), asset, value, quantity, sender, receiver)

    def spread(self, at: At, asset: str, value: str, quantity: int, sender: str, receiver: str) -> Rule | bool:
        """A movement for each own side of it."""
        above_zero(quantity, value, "value")
        result: Rule | bool = OWN
        for seen in self.owners.seen(sender, receiver):
            if seen.way < 0:
                self.book.notice(at.line, "notice_chain_fee_untold", coin="TRX")
            if seen.way:
                self.account = seen.account
                result = self.movement(at._replace(counterparty=seen.other or None), asset, seen.way * quantity)
        return result


class CoinRows(TokenRows):
    """Rows of the transaction export: the coin of the chain, tokens of the older kind (TRC-10), calls and stakes."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        chain, written, sender, receiver, value, symbol, kind, state = cells
        time, day = self.book.venue_time(written, _PARSE, "blockTime(UTC)")
        if not _done(state, "status"):
            return UNFINISHED
        plain = kind.casefold()
        if plain.startswith(_STAKES):
            return OWN
        if plain not in _MOVES:
            raise RowError("contractType", kind or None, "operation_unknown", venue="Tronscan")
        quantity = amount(value, "value", thousands=True)
        if quantity == 0:
            return ZERO
        if plain == "transferassetcontract":
            asset = token(self.book, symbol, "TRC-10", "symbol", line)
        elif symbol.upper() in ("", "TRX"):
            asset = "TRX"
        else:
            raise RowError("symbol", symbol, "row_bad_choice", choices="TRX")
        return self.spread(At(line, time, day, kind, hash=chain or None), asset, value, quantity, sender, receiver)


def _done(state: str, column: str) -> bool:
    """RowError: a word that says neither."""
    plain = state.casefold()
    if plain in _NOT_DONE:
        return False
    if plain not in _DONE:
        raise RowError(column, state or None, "row_bad_choice", choices="true, false, SUCCESS, FAIL")
    return True


def _trc20(item: Mapping[str, str]) -> list[str]:
    """A row of TronGrid's list of token transfers."""
    moved = item["type"].casefold() == "transfer"  # an approval moves nothing
    value = whole_units(item["value"], item["token_info.decimals"]) if moved else "0"
    time, names = of_milliseconds(item["block_timestamp"]), ("token_info.symbol", "token_info.address")
    return [item["transaction_id"], time, item["from"], item["to"], value, *[item[name] for name in names], "true"]


_HEAD = (
    Column("Tx Hash", ("Tx Hash", "Transaction Hash")),
    Column("blockTime(UTC)"),
    Column("from"),
    Column("to"),
    Column("value"),
    Column("symbol"),
)
TOKENS = Format(
    "tronscan_tokens",
    (*_HEAD, Column("tokenAddress"), Column("isConfirm")),
    TokenRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Tronscan",
    page="docs/sources/explorers.md",
    moves=Moves(assets=("symbol", "tokenAddress"), rename=named),
    json=JsonList(
        (
            *("transaction_id", "block_timestamp", "from", "to", "value", "type"),
            *("token_info.symbol", "token_info.address", "token_info.decimals"),
        ),
        ("Tx Hash", "blockTime(UTC)", "from", "to", "value", "symbol", "tokenAddress", "isConfirm"),
        _trc20,
    ),
)
TRANSACTIONS = Format(
    "tronscan_transactions",
    (*_HEAD, Column("contractType"), Column("status")),
    CoinRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Tronscan",
    page="docs/sources/explorers.md",
)
