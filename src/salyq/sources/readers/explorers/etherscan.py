"""Etherscan, BscScan, PolygonScan and their kin: one export of an address, in four layouts.

Transactions: Txhash | Transaction Hash,Blockno,UnixTimestamp,DateTime (UTC),From,To,ContractAddress,Value_IN(ETH),
Value_OUT(ETH),CurrentValue @ …,TxnFee(ETH),TxnFee(USD),Historical $Price/Eth,Status,ErrCode,Method[,PrivateNote].
Internal: …,ParentTxFrom,ParentTxTo,ParentTxETH_Value,From,TxTo,ContractAddress,Value_IN(ETH),Value_OUT(ETH),…,Status,
ErrCode,Type. Tokens: …,From,To,TokenValue | Value,[USDValueDayOfTx,]ContractAddress,TokenName,TokenSymbol. NFT: …,
ContractAddress,[TokenId,]TokenName,TokenSymbol,[Token ID,Type,Quantity]. The coin of the chain stands in the header.
A Status that is not empty is a failure: nothing moved but the fee, which the sender paid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, JsonList, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import clock, epoch
from salyq.sources.habits.contracts import named, token
from salyq.sources.habits.json_units import whole_units
from salyq.sources.habits.own_addresses import EVM, OwnAddresses
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import OWN, UNFINISHED, ZERO
from salyq.sources.readers.explorers.shared import ChainRows, Waiting

_LOCAL = clock(UTC)


def moment(text: str) -> datetime:
    """A count of seconds, or a time in UTC."""
    return epoch(text) if text.isdigit() else _LOCAL(text)


class CoinRows(ChainRows):
    """Transactions and internal ones: the columns of value say which way it went."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, EVM)
        self.coin = book.code(facts["coin"], "Value_IN")

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        chain, stamp, written, sender, receiver, created, in_text, out_text, fee_text, status, method = cells[:11]
        time, day = self.book.venue_time(stamp or written, moment, "UnixTimestamp")
        came, went = optional_amount(in_text, "Value_IN"), optional_amount(out_text, "Value_OUT")
        if came < 0 or went < 0 or (came and went):
            raise RowError("Value_IN", in_text, "chain_two_ways")
        failed = self.failed(status)
        fee = 0 if self.internal else optional_amount(fee_text, "TxnFee")
        at = At(line, time, day, method or None, hash=chain or None)
        receiver = receiver or created
        if came or went:
            account = self.owners.account(receiver if came else sender)
            other = sender if came else receiver
            return self.moved(at, account, other, came - went, fee if went else 0, failed=failed)
        if self.internal:
            return ZERO
        self.waiting.append(Waiting(at, sender, receiver, fee))
        self.book.wait(line)
        return None

    internal = False

    def failed(self, status: str) -> bool:
        """Whether nothing moved."""
        return bool(status) and status != "1"

    def moved(self, at: At, account: str, other: str, change: int, fee: int, *, failed: bool) -> Rule | bool:
        """A movement of the chain's own coin, with the fee that its sender paid."""
        self.account = account
        self.mine.add(account)
        if failed and change > 0:
            return UNFINISHED
        if failed or self.owners.account(other) == account:
            return self.fee_alone(at, fee, self.coin) or (UNFINISHED if failed else OWN)
        return self.movement(
            at._replace(counterparty=other or None), self.coin, change, (fee, self.coin) if fee else None
        )


class InternalRows(CoinRows):
    """Internal transactions: their fee stands with the transaction that caused them."""

    internal = True

    def failed(self, status: str) -> bool:
        """0 is success here."""
        return status not in ("", "0")


class TokenRows(VenueRows):
    """Transfers of tokens; who the person is, the file's name or person.toml tells."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, "")
        self.owners = OwnAddresses(book, EVM)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        chain, stamp, written, sender, receiver, value, contract, symbol, name = cells
        time, day = self.book.venue_time(stamp or written, moment, "UnixTimestamp")
        quantity = amount(value, "TokenValue", thousands=True)
        if quantity == 0:
            return ZERO  # what poisons address books costs nothing
        above_zero(quantity, value, "TokenValue")
        asset = token(self.book, symbol, contract, "TokenSymbol", line)
        return self.spread(At(line, time, day, name or None, hash=chain or None), asset, quantity, sender, receiver)

    def spread(self, at: At, asset: str, quantity: int, sender: str, receiver: str) -> Rule | bool:
        """A movement for each own side of it."""
        result: Rule | bool = OWN
        for seen in self.owners.seen(sender, receiver):
            if seen.way:
                self.account = seen.account
                result = self.movement(at._replace(counterparty=seen.other or None), asset, seen.way * quantity)
        return result


class NftRows(TokenRows):
    """Transfers of tokens that are one of a kind: each is an asset of its own."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        chain, stamp, written, sender, receiver, contract, token_id, name, count = cells
        time, day = self.book.venue_time(stamp or written, moment, "UnixTimestamp")
        quantity = above_zero(amount(count or "1", "Quantity", thousands=True), count, "Quantity")
        if not contract or not token_id:
            raise RowError("Token ID", token_id or None, "row_cell_missing", column="Token ID")
        short = token_id if len(token_id) <= 40 else hashlib.sha256(token_id.encode()).hexdigest()[:16]
        asset = self.book.code(f"NFT-{contract[2:10]}-{short}", "Token ID")
        note = f"{name} {token_id}".strip()
        return self.spread(At(line, time, day, note, hash=chain or None), asset, quantity, sender, receiver)


_HEAD = (
    Column("Txhash", ("Txhash", "Transaction Hash")),
    Column("UnixTimestamp"),
    Column("DateTime", ("DateTime", "DateTime (UTC)"), required=False),
)
_VALUES = (
    Column("Value_IN", pattern=r"Value_IN\((?P<coin>\w{1,20})\)?"),
    Column("Value_OUT", pattern=r"Value_OUT\(\w{1,20}\)?"),
)
_TAIL = (
    Column("TxnFee", pattern=r"TxnFee\((?!USD\b)\w{1,20}\)?", required=False),
    Column("Status", required=False),
    Column("Method", ("Method", "Type"), required=False),
)
_PAGE = "docs/sources/explorers.md"
TRANSACTIONS = Format(
    "etherscan_transactions",
    (
        *_HEAD,
        Column("From"),
        Column("To"),
        Column("ContractAddress", required=False),
        *_VALUES,
        Column("TxnFee", pattern=r"TxnFee\((?!USD\b)\w{1,20}\)?"),
        *_TAIL[1:],
    ),
    CoinRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Etherscan",
    page=_PAGE,
)
INTERNAL = Format(
    "etherscan_internal",
    (
        *_HEAD,
        Column("From"),
        Column("TxTo", ("TxTo", "To")),
        Column("ContractAddress", required=False),
        *_VALUES,
        *_TAIL,
        Column("ParentTxFrom"),
    ),
    InternalRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Etherscan",
    page=_PAGE,
)


def _tokentx(item: Mapping[str, str]) -> list[str]:
    """A row of the interface's list of token transfers."""
    value = whole_units(item["value"], item["tokenDecimal"])
    names = ("contractAddress", "tokenSymbol", "tokenName")
    return [item["hash"], item["timeStamp"], item["from"], item["to"], value, *[item[name] for name in names]]


TOKENS = Format(
    "etherscan_tokens",
    (
        *_HEAD,
        Column("From"),
        Column("To"),
        Column("TokenValue", ("TokenValue", "Value")),
        Column("ContractAddress"),
        Column("TokenSymbol"),
        Column("TokenName", required=False),
    ),
    TokenRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Etherscan",
    page=_PAGE,
    moves=Moves(assets=("TokenSymbol", "ContractAddress"), rename=named),
    json=JsonList(
        ("hash", "timeStamp", "from", "to", "value", "tokenDecimal", "contractAddress", "tokenSymbol", "tokenName"),
        ("Txhash", "UnixTimestamp", "From", "To", "TokenValue", "ContractAddress", "TokenSymbol", "TokenName"),
        _tokentx,
    ),
)
NFTS = Format(
    "etherscan_nfts",
    (
        *_HEAD,
        Column("From"),
        Column("To"),
        Column("ContractAddress"),
        Column("Token ID", ("Token ID", "TokenId")),
        Column("TokenName"),
        Column("Quantity", required=False),
    ),
    NftRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Etherscan",
    page=_PAGE,
)
