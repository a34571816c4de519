"""KuCoin account history: a ledger of legs, the direction in Side, what it is in Remark; `Amount` has the fee inside.

Header: UID,Account Type,Currency,Side,Amount,Fee,Time(UTC+08:00),Remark,Type. The zone stands in the header. No trade
id: legs of one second and account make a trade, as in the statement of Binance (habits/pairing.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import amount, optional_amount
from salyq.sources.habits.cells import choice
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.legs import half_of
from salyq.sources.habits.moments import moments
from salyq.sources.habits.pairing import Leg, by_coin, one_sided, pair, several
from salyq.sources.habits.products import is_product, settle_products
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.rules import OWN, ZERO
from salyq.sources.readers.kucoin.trades import ACCOUNT, ZONE

# how: deal | transfer | own | receipt | outgo | uncovered; what: the kind
_TABLE = {
    ("deal", ""): "Spot; Trade; Exchange; Trade_Exchange; Convert; KuCoin Convert; Instant Exchange; Convert to KCS; "
    "Fast Trade; Buy Crypto; Sell Crypto; Small Assets Exchange; Trading Bot; Convert Dust to KCS; Dust Conversion; "
    "Convert Market; Convert Limit",
    ("transfer", ""): "Deposit; Withdrawal; Withdraw",
    ("own", ""): "Transfer; Sub Account Transfer; Sub-account Transfer; Sub_Transfer; Main Transfer; Inner Transfer; "
    "Staking; Redemption; Voting; Redemption of Voting; Vote for Coin; LockDrop Vesting; Lendings; Lending; "
    "Pool transactions; Earn Subscription; Earn Redemption; Subscription; KuCoin Earn Subscription; "
    "KuCoin Earn Redemption; Assets Transferred in After Upgrading",
    (
        "receipt",
        "airdrop",
    ): "Rewards; Other rewards; KuCoin Bonus; Gemini Bonus; KCS Bonus; Referral Bonus; Distribution; "
    "Airdrop; Airdrop/Fork; Refunded Fees; KuCoin Event; Bonus; Invitation Bonus; Trading Fee Rebate; Rebate; "
    "Activity Rewards; Red Envelope Refund",
    (
        "receipt",
        "staked",
    ): "Staking Profits; Soft Staking Profits; Voting Earnings; Staking Rewards; KCS Staking Rewards",
    ("receipt", "interest"): "Interest; Earn Interest; Lending Profits; KuCoin Earn Profits; Earn Profits; Profits; "
    "Simple Earn Interest; Lending Interest",
    ("receipt", "gift_in"): "Open red envelope",
    ("outgo", "gift_out"): "Send red envelope",
    ("outgo", "fee"): "KCS Pay Fees; Fee; Fees",
    ("uncovered", ""): "Margin Trade; Cross Margin; Isolated Margin; Loans; Borrowings; Debt Repayment; Loans Repaid; "
    "Liquidation Fees; Public Offering Purchase; Futures",
}
_SIDES = {"deposit": 1, "in": 1, "withdrawal": -1, "withdraw": -1, "out": -1}


@cache
def _meanings() -> Mapping[str, tuple[str, str]]:
    return {name.strip().casefold(): key for key, names in _TABLE.items() for name in names.split(";")}


def _meaning(remark: str, kind: str) -> tuple[str, str] | None:
    for text in (remark, kind):
        name = text.replace("_", " ").casefold()
        found = _meanings().get(text.casefold()) or _meanings().get(name)
        if found is None and name.endswith("distribution"):
            found = ("receipt", "airdrop")
        if found is not None:
            return found
    return None


class _Half(NamedTuple):
    leg: Leg
    fee: Fee


class HistoryRows(VenueRows):
    """Rows of an account history; legs of deals wait for the others of their second."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone(facts.get("zone")))
        self.deals: dict[tuple[str, object], list[_Half]] = {}
        self.products: list[Leg] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        place, currency, side_text, amount_text, fee_text, time_text, remark, kind = cells
        time, day = self.book.venue_time(time_text, self.parse, "Time")
        found = _meaning(remark, kind)
        if found is None:
            raise RowError("Remark", remark or kind or None, "operation_unknown", venue="KuCoin")
        how, what = found
        sign = _SIDES[choice(side_text.casefold(), "Side", tuple(_SIDES))]
        asset = coin_code(self.book, currency, "Currency", line)
        fee = optional_amount(fee_text, "Fee")
        written = amount(amount_text, "Amount")
        gross = written if sign > 0 else -abs(written)  # a minus takes a deposit back; of what leaves it says no more
        change = gross + fee  # the fee is a part of what the row moves
        at = At(line, time, day, remark or kind)
        if how == "own":
            words = f"{remark} {kind}".strip()
            if not change or is_currency(asset) or not is_product(words):
                return OWN
            self.products.append(Leg(line, time, day, asset, change, "convert", words, ""))
            return None
        if how == "uncovered":
            raise RowError("Remark", remark or kind, "operation_not_covered")
        if how == "deal":
            leg = Leg(line, time, day, asset, change, remark, f"{remark} {kind}".strip(), "")
            self.deals.setdefault((place.casefold(), time.replace(microsecond=0)), []).append(_Half(leg, (fee, asset)))
            return None
        if how == "transfer":
            return self.said_movement(at, side_text, asset, change, "Amount", (fee, asset) if fee else None)
        if how == "receipt":
            return self.receipt(at, what, asset, change, "Side", (fee, asset) if fee else None)
        return self.outgo(at, what, asset, change, "Side")

    def finish(self) -> None:
        """Trades of every second."""
        for place, halves in self.moments():
            moving = [half.leg for half in halves if half.leg.change]
            trades = pair(moving) if moving else []
            if trades is None and len(moving) < len(halves) and all(_converted(x) and x.change < 0 for x in moving):
                at = At(moving[0].line, moving[0].time, moving[0].day, moving[0].operation)
                self.lone_fees(at, [(-leg.change, leg.coin) for leg in moving])  # what came in for dust is nothing
                self.settled(sorted(half.leg.line for half in halves), True)
                continue
            if trades is None and several(moving) and all(_converted(leg) for leg in moving):
                self.together(place, halves)
                continue
            if trades is None:
                reason = Message("deal_half" if one_sided(moving) else "deal_unclear")
                legs = [half.leg for half in halves]
                self.book.unclear(ACCOUNT, [(leg.time, leg.coin, leg.change, leg.line) for leg in legs])
                for half in halves:
                    self.book.reject(
                        half.leg.line,
                        "Remark",
                        half.leg.operation,
                        reason,
                        half.leg.day,
                        only(half.leg.coin, half.leg.change),
                    )
                continue
            fees = [half.fee for half in halves]
            lines = sorted(half.leg.line for half in halves)
            result: Rule | bool = ZERO
            for n, (outs, ins) in enumerate(trades):
                first = min([*outs, *ins], key=lambda leg: (leg.time, leg.line))
                at = At(first.line, first.time, first.day, first.operation)
                given = Side(outs[0].coin, -sum(leg.change for leg in outs), min(leg.line for leg in outs))
                taken = Side(ins[0].coin, sum(leg.change for leg in ins), min(leg.line for leg in ins))
                own = [fee for fee in fees if fee[1] in (given.asset, taken.asset)]
                fees = [fee for fee in fees if fee not in own]
                group = f"{ACCOUNT}:{first.time:%Y%m%dT%H%M%S}:{place}:{given.asset}>{taken.asset}:{n}"
                result = self.deal(at, given, taken, own, group=group)
            if fees and trades:
                self.lone_fees(At(lines[0], halves[0].leg.time, halves[0].leg.day, "fee"), fees)
            self.settled(lines, result)
        self.deals.clear()
        settle_products(self, self.products, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:product", "Remark")

    def moments(self) -> Iterator[tuple[str, list[_Half]]]:
        """The rows of each second and account; of conversions also those seconds apart (habits/moments.py)."""
        converted: dict[str, list[_Half]] = {}
        for (place, _), halves in self.deals.items():
            if all(_converted(half.leg) for half in halves):
                converted.setdefault(place, []).extend(halves)
            else:
                yield place, halves
        for place, halves in converted.items():
            for together in moments(halves, lambda half: half_of(half.leg)):
                yield place, together

    def together(self, place: str, halves: list[_Half]) -> None:
        """Dust of several coins for one, in one second: one swap of many legs."""
        first = min((half.leg for half in halves), key=lambda leg: (leg.time, leg.line))
        group = f"{ACCOUNT}:{first.time:%Y%m%dT%H%M%S}:{place}:many"
        for kind, sign in (("swap_out", -1), ("swap_in", 1)):
            for coin, legs in sorted(by_coin(half.leg for half in halves if half.leg.change * sign > 0).items()):
                at = At(min(leg.line for leg in legs), first.time, first.day, first.operation)
                self.add(at, kind, coin, abs(sum(leg.change for leg in legs)), group=group)
        at = At(first.line, first.time, first.day, first.operation)
        self.lone_fees(at, [half.fee for half in halves])
        self.book.notice(first.line, "notice_converted_together")
        self.settled([half.leg.line for half in halves], True)


def _converted(leg: Leg) -> bool:
    """A conversion, which no other export of the venue tells; trades have one that tells them apart."""
    words = leg.operation.casefold()
    return "dust" in words or "convert" in words or "small assets" in words


FORMAT = Format(
    "kucoin_history",
    (
        Column("Account Type", required=False),
        Column("Currency", ("Currency", "Coin")),
        Column("Side"),
        Column("Amount"),
        Column("Fee"),
        Column("Time", pattern="Time" + ZONE),
        Column("Remark", ("Remark", "Remarks")),
        Column("Type", required=False),
    ),
    HistoryRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="KuCoin",
    exchange=True,
    page="docs/sources/kucoin.md",
    moves=Moves(assets=("Currency",)),
)
