"""Kraken ledgers: one row a leg, `refid` joins the legs of a deal; `amount` excludes `fee`, both move the balance.

Headers: txid,refid,time,type,aclass,asset,amount,fee,balance (2017); with subtype (2019), subclass and wallet (2024),
amountusd. Times are UTC. A row without txid is a pending notice: the same entry stands again once it is booked.
The record of a deal has the refid as id, which is the txid of the same deal in the trades export.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.model import UNIT
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import amount, optional_amount, shown_amount
from salyq.sources.habits.balances import Balances
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.legs import convert
from salyq.sources.habits.pairing import Leg
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, PENDING, SAME, UNDONE, ZERO
from salyq.sources.habits.running import Running
from salyq.sources.readers.kraken.assets import is_staked, kraken_asset

ACCOUNT = "kraken"
FUTURES = "kraken futures"
_DEALS = {"trade", "spend", "receive", "settled", "sale", "conversion", "nfttrade"}
_OWN_SUBTYPES = {"allocation", "deallocation", "autoallocation", "autoallocate", "migration", "deallocate", "allocate"}
_RECEIPTS = {
    "staking": "staked",
    "dividend": "interest",
    "reward": "staked",
    "invite bonus": "airdrop",
    "invitebonus": "airdrop",
    "credit": "airdrop",
    "airdrop": "airdrop",
    "fork": "fork",
}
_FREE = {"airdrop": "airdrop", "fork": "fork"}  # transfers into the account, by subtype
_ROUNDING = UNIT // 10**8  # between wallets of Kraken
_STAKING_TIME = timedelta(days=1)  # the two sides of a staking move are booked minutes apart


class _Leg(NamedTuple):
    at: At
    what: str
    asset: str
    change: int
    fee: int
    usd: int


class LedgerRows(VenueRows):
    """Rows of a ledgers export; legs of deals wait until all of their refid are known."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(facts.get("zone")))
        self.deals: dict[str, list[_Leg]] = {}
        self.loose: list[_Leg] = []
        self.staked: list[_Leg] = []
        self.earned: list[_Leg] = []  # rewards, or moves into Earn and back that say no more
        self.delisted: list[Leg] = []
        self.moved: dict[tuple[str, str], list[_Leg]] = defaultdict(list)
        self.balances = Balances(book)
        self.running = Running(book, ACCOUNT)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        txid, refid, time_text, kind_text, subtype_text, asset_text, wallet, amount_text, fee_text, *rest = cells
        balance_text, usd_text = rest
        time, day = self.book.venue_time(time_text, self.parse, "time")
        if not txid:
            return PENDING
        kind, subtype = kind_text.casefold(), subtype_text.casefold()
        what = f"{kind_text} {subtype_text}".strip()
        asset = coin_code(self.book, kraken_asset(self.book.code(asset_text)), "asset", line)
        change, fee = amount(amount_text, "amount"), optional_amount(fee_text, "fee")
        if balance_text:
            balance = shown_amount(balance_text, "balance")
            place = f"{asset_text} {wallet}".strip()
            self.balances.add(place, time, line, change - fee, balance)
            self.running.add(asset, place, time, line, balance)
        at = At(line, time, day, what, txid)
        leg = _Leg(at, what, asset, change, fee, self.usd(usd_text))
        if kind in _DEALS or (kind == "adjustment" and refid):
            self.deals.setdefault(refid or txid, []).append(leg)
            return None
        if kind in ("deposit", "withdrawal") and refid:
            self.moved[refid, asset].append(leg)
        if kind in ("deposit", "withdrawal") or (kind == "transfer" and not subtype):
            (self.staked if is_staked(asset_text) else self.loose).append(leg)
            return None
        if kind == "earn" and not subtype:
            self.earned.append(leg)
            return None
        if kind == "transfer" and subtype == "delistingconversion":
            self.delisted.append(Leg(line, time, day, asset, change, "", what, ""))
            return None
        if kind == "custodytransfer":
            return OWN
        if kind == "transfer" or (kind == "earn" and subtype in _OWN_SUBTYPES):
            return self.transfer(leg, kind, subtype)
        return self.single(leg, kind, subtype)

    def usd(self, text: str) -> int:
        """What Kraken says the leg was worth: only a weight, so a cell that is no number weighs nothing."""
        try:
            return abs(optional_amount(text, "amountusd"))
        except RowError:
            return 0

    def single(self, leg: _Leg, kind: str, subtype: str) -> Rule | bool:
        """A row that says all by itself."""
        at, fee = leg.at, (leg.fee, leg.asset)
        if kind == "earn":
            if subtype not in ("reward", "bonus", ""):
                raise RowError("subtype", subtype, "operation_unknown", venue="Kraken")
            return self.receipt(at, "staked" if subtype != "bonus" else "airdrop", leg.asset, leg.change, "amount", fee)
        if kind in _RECEIPTS:
            return self.receipt(at, _RECEIPTS[kind], leg.asset, leg.change, "amount", fee)
        if kind in ("margin", "rollover"):
            return self.margin(leg)
        if kind == "nft rebate" or kind == "nftrebate":
            return self.receipt(at, "airdrop", leg.asset, leg.change, "amount", fee)
        raise RowError("type", leg.what or None, "operation_unknown", venue="Kraken")

    def transfer(self, leg: _Leg, kind: str, subtype: str) -> Rule | bool:
        """Between Kraken's own wallets (left out), its futures account, or something credited from outside."""
        if kind == "earn" or "staking" in subtype:
            return self.lone_fees(leg.at, [(leg.fee, leg.asset)]) or OWN
        if "futures" in subtype:
            return self.movement(leg.at._replace(counterparty=FUTURES), leg.asset, leg.change, (leg.fee, leg.asset))
        if subtype not in _FREE:
            raise RowError("subtype", subtype, "operation_unknown", venue="Kraken")
        return self.receipt(leg.at, _FREE[subtype], leg.asset, leg.change, "amount", (leg.fee, leg.asset))

    def margin(self, leg: _Leg) -> Rule | bool:
        """The result and the fees of a leveraged position; one in money has no kind of ours yet."""
        if is_currency(leg.asset):
            if leg.change == 0:
                return FIAT
            raise RowError("type", leg.what, "operation_money_result")
        if leg.change == 0:
            return self.lone_fees(leg.at, [(leg.fee, leg.asset)]) or ZERO
        fee: Fee | None = (leg.fee, leg.asset) if leg.fee > 0 else None
        self.add(leg.at, "derivative_result", leg.asset, abs(leg.change), value=leg.change, currency=leg.asset, fee=fee)
        return True

    def finish(self) -> None:
        """Deals, now that all legs of each refid are known, and movements, now that those of staking are."""
        self.movements()
        self.moves_of_earn()
        convert(self, self.delisted, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%S}:delisted")
        for refid, legs in self.deals.items():
            lines = sorted(leg.at.line for leg in legs)
            result = self.join(refid, legs)
            if result is None:
                code = "deal_half" if len({leg.change > 0 for leg in legs}) == 1 else "deal_unclear"
                for leg in legs:
                    self.book.reject(
                        leg.at.line, "refid", refid, Message(code), leg.at.day, only(leg.asset, leg.change)
                    )
            else:
                self.settled(lines, result)
        self.deals.clear()
        self.balances.finish()
        self.running.finish()

    def movements(self) -> None:
        """Deposits, withdrawals and plain transfers. Older files tell staking as one of DOT and one of DOT.S."""
        self.undone()
        near: dict[tuple[str, int], list[_Leg]] = defaultdict(list)
        for leg in sorted(self.loose, key=lambda leg: (leg.at.time, leg.at.id)):
            near[leg.asset, leg.change].append(leg)
        own: set[int] = set()
        for leg in sorted(self.staked, key=lambda leg: (leg.at.time, leg.at.id)):
            partners = near[leg.asset, -leg.change]
            fits = [p for p in partners if abs(p.at.time - leg.at.time) <= _STAKING_TIME]
            if fits:
                partner = min(fits, key=lambda p: abs(p.at.time - leg.at.time))
                partners.remove(partner)
                own.add(partner.at.line)
            self.settled([leg.at.line], self.lone_fees(leg.at, [(leg.fee, leg.asset)]) or OWN)
        for leg in self.loose:
            fee = (leg.fee, leg.asset)
            result: Rule | bool
            if leg.at.line in own:
                result = self.lone_fees(leg.at, [fee]) or OWN
            elif leg.what.casefold() == "transfer" and leg.change > 0:
                result = self.receipt(leg.at, "airdrop", leg.asset, leg.change, "amount", fee)
            else:
                result = self.movement(leg.at, leg.asset, leg.change, fee)
            self.settled([leg.at.line], result)

    def moves_of_earn(self) -> None:
        """A row out and one in of as much, a day apart at most, are one move between wallets; others are rewards."""
        waiting: dict[str, list[_Leg]] = defaultdict(list)
        for leg in sorted(self.earned, key=lambda leg: (leg.at.time, leg.at.line)):
            near = waiting[leg.asset]
            partner = _partner(near, leg)
            if partner is None:
                near.append(leg)
                continue
            near.remove(partner)
            rounded = (-partner.change - leg.change, leg.asset)  # on the way
            for moved in (partner, leg):
                own = [(moved.fee, moved.asset), *([rounded] if moved is leg else [])]
                self.settled([moved.at.line], self.lone_fees(moved.at, own) or OWN)
        for leg in sorted((leg for left in waiting.values() for leg in left), key=lambda leg: leg.at.line):
            result = self.receipt(leg.at, "staked", leg.asset, leg.change, "amount", (leg.fee, leg.asset))
            self.settled([leg.at.line], result)

    def undone(self) -> None:
        """A withdrawal or deposit that failed stands again with the other sign, under the same refid."""
        for legs in self.moved.values():
            if len(legs) < 2 or sum(leg.change for leg in legs) != 0 or any(leg not in self.loose for leg in legs):
                continue
            self.loose = [leg for leg in self.loose if leg not in legs]
            times = [leg.at.time for leg in legs]
            self.running.forget(legs[0].asset, min(times), max(times))
            owed = (sum(leg.fee for leg in legs), legs[0].asset)
            self.settled(sorted(leg.at.line for leg in legs), self.lone_fees(legs[0].at, [owed]) or UNDONE)
        self.moved.clear()

    def join(self, refid: str, legs: list[_Leg]) -> Rule | bool | None:
        """The records of one refid; None where its legs make no deal."""
        first = min(legs, key=lambda leg: (leg.at.time, leg.at.line))
        notes = ", ".join(sorted({leg.what for leg in legs}))
        at = first.at._replace(id=refid, note=notes)
        fees = [(leg.fee, leg.asset) for leg in legs]
        sums: dict[str, int] = {}
        for leg in legs:
            sums[leg.asset] = sums.get(leg.asset, 0) + leg.change
        outs = {asset: -change for asset, change in sums.items() if change < 0}
        ins = {asset: change for asset, change in sums.items() if change > 0}
        if not outs and not ins:
            return self.lone_fees(at, fees) or (SAME if any(leg.change for leg in legs) else ZERO)
        if outs and not ins and len(sums) > len(outs):  # what came in rounds to nothing
            return self.lone_fees(at, [*fees, *((gone, asset) for asset, gone in outs.items())]) or FIAT
        if not outs or not ins:
            return None
        lines = {leg.asset: leg.at.line for leg in reversed(legs)}
        if len(ins) == 1 and len(outs) > 1:
            ((asset, quantity),) = ins.items()
            weights = {a: sum(leg.usd for leg in legs if leg.asset == a) for a in outs}
            if is_currency(asset) and not any(weights.values()):
                return None  # the money of each sale cannot be told
            given = [(Side(a, q, lines[a]), weights[a]) for a, q in outs.items()]
            self.lone_fees(at, fees)
            return self.shared_deal(at, given, Side(asset, quantity, lines[asset]), f"{ACCOUNT}:{refid}")
        if len(ins) != 1 or len(outs) != 1:
            return None
        ((out, gone),) = outs.items()
        ((got, come),) = ins.items()
        sides = Side(out, gone, lines[out]), Side(got, come, lines[got])
        return self.deal(at, *sides, fees, group=f"{ACCOUNT}:{refid}")


def _partner(near: list[_Leg], then: _Leg) -> _Leg | None:
    """The last row of the day before `then` that moves as much the other way, but for rounding."""
    for first in reversed(near):
        if then.at.time - first.at.time > _STAKING_TIME:
            break
        opposite = min(first.change, then.change) < 0 < max(first.change, then.change)
        if opposite and abs(first.change + then.change) <= min(abs(then.change) // 10**6, _ROUNDING):
            return first
    return None


FORMAT = Format(
    "kraken_ledgers",
    (
        Column("txid"),
        Column("refid"),
        Column("time", pattern=r"time(\s*\((?P<zone>UTC[^)]*)\))?"),
        Column("type"),
        Column("subtype", required=False),
        Column("asset"),
        Column("wallet", required=False),
        Column("amount"),
        Column("fee"),
        Column("balance", required=False),
        Column("amountusd", ("amountusd", "amount usd", "amount (usd)"), required=False),
    ),
    LedgerRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Kraken",
    exchange=True,
    page="docs/sources/kraken.md",
    moves=Moves(assets=("asset",), change="amount", rename=kraken_asset),
)
