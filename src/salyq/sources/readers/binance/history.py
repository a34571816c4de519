"""Binance transaction history ("statement"): a ledger of legs, signed changes in several sub-accounts, no trade id.

Header: User_ID,UTC_Time,Account,Operation,Coin,Change,Remark (newer exports: User ID, Time). Times are UTC; where the
header says only Time, a zone in the file's name, as in "…(UTC+5).csv", counts.
Every record's account is "binance"; its note is the operation. binance/operations.py says what each operation is,
habits/pairing.py which legs make a trade.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.records.model import Record
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.pairing import Leg, Trade, by_coin, lines_of, one_sided, pair, several
from salyq.sources.habits.products import is_product, settle_moves
from salyq.sources.habits.rules import FIAT, OWN, ZERO
from salyq.sources.habits.times import utc_time
from salyq.sources.habits.ways import against
from salyq.sources.habits.zone import is_stated, zone_time
from salyq.sources.readers.binance.earn import coin_of, lies_in_earn
from salyq.sources.readers.binance.operations import NUMBERED, ORDER, Meaning, family, is_futures, meaning, noted
from salyq.sources.readers.binance.single_trades import SingleTrades
from salyq.sources.taken_back import TakenBack

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

ACCOUNT = "binance"
_APART = timedelta(seconds=2)  # two halves of one trade are seldom a second or two apart
_ALONE = {  # families whose rows may stand alone, and with whom
    "fiat_buy": "binance fiat",
    "token_swap": "binance token swap",
    "launchpad": "binance launchpad",
}


class StatementRows:
    """Rows of a statement: most wait until the end, when all legs of their second are known."""

    def __init__(self, book: Book, facts: Facts) -> None:
        self.book = book
        self.parse = utc_time if "utc" in facts else zone_time(book.report.file)
        self.stated = "utc" in facts or is_stated(book.report.file)
        self.thousands = facts.get("delimiter") in (",", "")  # a decimal comma parts cells otherwise
        self.groups: dict[tuple[str, str, object], list[Leg]] = {}
        self.trades = SingleTrades(book, ACCOUNT)
        self.products: list[Leg] = []
        self.nothing: set[tuple[str, str, datetime]] = set()  # the seconds in which a leg of a deal rounded to nothing

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, account, operation, coin_text, change_text, remark = cells
        book = self.book
        time, day = book.venue_time(time_text, self.parse, "UTC_Time")
        if not self.stated:
            book.notice(line, "notice_zone_assumed")
        coin = coin_of(book, coin_text, "Coin", line)
        change = amount(change_text, "Change", thousands=self.thousands)
        found = meaning(operation)
        if found is None:
            raise RowError("Operation", operation or None, "binance_unknown_operation")
        if change == 0:
            if found.how == "leg":
                second = time.replace(microsecond=0)
                self.nothing.update((place, family(found), second) for place in (account.casefold(), ""))
            return ZERO
        leg = Leg(line, time, day, coin, change, found.what or found.how, operation, remark)
        if found.how == "fee" and is_futures(account):
            return self.one(leg, "fee" if change < 0 else "airdrop")
        if found.how in ("leg", "fee", "distribution"):
            kin = "distribution" if found.how == "distribution" else family(found)
            order = remark if kin in NUMBERED and ORDER.fullmatch(remark) else ""
            place = "" if order else account.casefold()
            self.groups.setdefault((place, kin, order or time), []).append(leg)
            return None
        return self.single(leg, found, account)

    def many(self, lines: Sequence[int], columns: Sequence[Cells | None], one: Callable[[int], None]) -> int:
        """Legs of trades, as `row` reads them; any other row goes to `one`. None is used before the end."""
        from salyq.sources.readers.binance.statement_columns import legs_of_trades

        told = legs_of_trades(self.book, self.parse, lines, columns)
        groups, start = self.groups, 0
        for end in [*sorted(told.bad), len(lines)]:
            self.book.wait_all(lines[start:end])
            if not self.stated:
                self.book.notice_lines(lines[start:end], "notice_zone_assumed")
            for key, leg in zip(told.keys[start:end], told.legs[start:end], strict=True):
                groups.setdefault(key, []).append(leg)
            if end < len(lines):
                one(end)
            start = end + 1
        return 0

    def single(self, leg: Leg, found: Meaning, account: str) -> Rule | bool | None:
        """A row that says all by itself."""
        if found.how == "own":
            if is_currency(leg.coin) or not is_product(leg.operation):
                return OWN
            self.products.append(leg)
            return None
        if found.how == "uncovered":
            raise RowError("Operation", leg.operation, "binance_not_covered")
        if is_currency(leg.coin):
            return FIAT
        incoming = leg.change > 0
        if found.how == "derivative":
            return self.one(leg, "derivative_result")
        if found.how == "transfer" and not found.what and against(leg.operation, leg.change):
            return self.taken_back(leg, "transfer_out" if incoming else "transfer_in")
        if found.how in ("transfer", "fiat"):
            return self.one(leg, "transfer_in" if incoming else "transfer_out", found.what or None)
        if found.how == "mined":
            pool = account.casefold() == "pool"  # elsewhere the same words mean the yield of a savings pool
            return self.one(leg, self.incoming(leg, "mined" if pool else "interest"), "Binance Pool" if pool else None)
        if found.how == "signed":
            kind = found.what.split("/")[0 if incoming else 1]
            return self.one(leg, kind or self.incoming(leg, ""))
        if leg.change < 0:
            return self.taken_back(leg, found.what)
        return self.one(leg, found.what)

    def taken_back(self, leg: Leg, kind: str) -> Rule | bool:
        """A reward or rebate corrected downwards; a withdrawal that came back, a deposit that was taken back."""
        reason = Message("binance_wrong_sign", {"operation": leg.operation})
        group, value = (ACCOUNT, kind, leg.coin), format_scaled(leg.change)
        row = TakenBack(leg.line, leg.time, leg.day, group, abs(leg.change), "Change", value, reason)
        return self.book.take_back(row)

    def incoming(self, leg: Leg, kind: str) -> str:
        """`kind`, where the change has the sign that it must have."""
        if leg.change < 0 or not kind:
            raise RowError("Change", format_scaled(leg.change), "binance_wrong_sign", operation=leg.operation)
        return kind

    def one(self, leg: Leg, kind: str, counterparty: str | None = None) -> bool:
        """One record of one row."""
        derivative = kind == "derivative_result"
        self.add(
            [leg],
            kind,
            counterparty=counterparty,
            value=leg.change if derivative else None,
            currency=leg.coin if derivative else None,
        )
        return True

    def add(
        self,
        legs: Sequence[Leg],
        kind: str,
        *,
        note: str | None = None,
        value: int | None = None,
        currency: str | None = None,
        fee: tuple[int, str] | None = None,
        group: str | None = None,
        counterparty: str | None = None,
    ) -> None:
        """A record of the joined `legs` of one coin; its evidence is the first of their rows."""
        first = when = legs[0]
        if len(legs) > 1:
            first = min(legs, key=lambda leg: leg.line)
            when = min(legs, key=lambda leg: leg.time)
        self.book.reading.records.append(
            Record(
                when.time,
                when.day,
                kind,
                first.coin,
                abs(sum(leg.change for leg in legs)),
                value,
                currency,
                fee[0] if fee else None,
                fee[1] if fee else None,
                ACCOUNT,
                counterparty,
                group,
                None,
                note or first.operation,
                source=self.book.source(first.line),
            )
        )

    def finish(self) -> None:
        """Pair the legs of every second; what lacks a counterpart may find it a second or two away."""
        waiting: dict[str, list[tuple[str, list[Leg]]]] = {}
        settle_moves(self.book, self.products, self.product, "Operation")
        self.join_dust()
        for (account, kin, _), legs in self.groups.items():
            if self.trades.took(account, kin, legs):
                continue
            fees, rest = [x for x in legs if x.side == "fee"], [x for x in legs if x.side != "fee"]
            if kin == "distribution" and all(x.change > 0 for x in rest):
                for leg in rest:  # nothing was given for it
                    self.by_itself(leg, leg.side)
                continue
            trades = pair(rest) if rest else []
            if trades is None and kin == "fiat_buy":
                rest, trades = self.without_top_up(rest)
            if (
                trades is None
                and one_sided(rest)
                and rest[0].change < 0
                and self.rounds_to_nothing(account, kin, rest[0].time)
            ):
                self.lone_fees([*rest, *fees])
                continue
            if trades is None and one_sided(rest):
                waiting.setdefault(kin, []).append((account, legs))
                continue
            if trades is None and kin != "spot" and several(rest):  # trades have an export that tells them apart
                self.together(account, kin, rest)
                self.lone_fees(fees)
                continue
            self.settle(account, kin, rest, fees, trades)
        for kin, halves in waiting.items():
            self.join_halves(kin, halves)
        self.groups.clear()

    def product(self, legs: Sequence[Leg]) -> None:
        """A product that gave another coin for what was put in."""
        self.settle("", "product", [*legs], [], pair(legs))

    def join_dust(self) -> None:
        """Small assets converted at once may be booked over two seconds: coins out, then the rest and what came in."""
        dust = [key for key in self.groups if key[1] == "dust"]
        for first, then in pairwise(sorted(dust, key=lambda key: (key[0], self.groups[key][0].time))):
            legs, more = self.groups[first], self.groups[then]
            if first[0] != then[0] or more[0].time - legs[0].time > _APART or len({x.change > 0 for x in legs}) != 1:
                continue
            still = len({x.change > 0 for x in [*legs, *more]}) == 1  # coins out second after second
            if (still or len({x.coin for x in legs}) > 1) and not self.rounds_to_nothing(*first[:2], legs[0].time):
                self.groups[then] = [*legs, *more]
                del self.groups[first]

    def without_top_up(self, legs: list[Leg]) -> tuple[list[Leg], list[Trade] | None]:
        """A purchase by card may show its money coming in and going out again: what came in is left out."""
        spent = {leg.coin for leg in legs if leg.change < 0}
        top_up = [leg for leg in legs if leg.change > 0 and leg.coin in spent and is_currency(leg.coin)]
        rest = [leg for leg in legs if leg not in top_up]
        trades = pair(rest) if top_up and rest else None
        if trades is None:
            return legs, None
        self.book.ignore(FIAT, *lines_of(top_up))
        return rest, trades

    def together(self, account: str, kin: str, legs: Sequence[Leg]) -> None:
        """Several coins for several in one second, and nothing tells which for which: one swap of many legs."""
        start = min(leg.time for leg in legs)
        note = ", ".join(sorted({leg.operation for leg in legs})) + f" ×{len(legs)}"
        group = f"binance:{start:%Y%m%dT%H%M%SZ}:{account}:{kin}:many"
        before = len(self.book.reading.records)
        for kind, sign in (("swap_out", -1), ("swap_in", 1)):
            for _, own in sorted(by_coin(leg for leg in legs if leg.change * sign > 0).items()):
                self.add(own, kind, note=note, group=group)
        self.book.notice(min(leg.line for leg in legs), "notice_converted_together")
        self.book.use(*lines_of(legs))
        self.join_rows(legs, before)

    def alone(self, leg: Leg, counterparty: str) -> None:
        """A leg whose other side is not in the statement: a card, an older name of the coin, a launch."""
        self.by_itself(leg, "transfer_in" if leg.change > 0 else "transfer_out", counterparty)

    def by_itself(self, leg: Leg, kind: str, counterparty: str | None = None) -> None:
        """A row that becomes a record of its own in the end; of money it is none."""
        if is_currency(leg.coin):
            self.book.ignore(FIAT, leg.line)
            return
        self.one(leg, kind, counterparty)
        self.book.use(leg.line)

    def rounds_to_nothing(self, account: str, kin: str, time: datetime) -> bool:
        """Whether what came in for a leg out rounded to nothing, within two seconds of it."""
        second, near = time.replace(microsecond=0), _APART.seconds
        return any((account, kin, second + timedelta(seconds=n)) in self.nothing for n in range(-near, near + 1))

    def join_halves(self, kin: str, halves: list[tuple[str, list[Leg]]]) -> None:
        """Halves within two seconds of each other, in one sub-account or two, are one trade if there are just two and
        they fit."""
        halves.sort(key=lambda half: (half[1][0].time, half[0]))
        near: list[tuple[str, list[Leg]]] = []
        for half in halves:
            if near and half[1][0].time - near[-1][1][0].time > _APART:
                self.join(kin, near)
                near = []
            near.append(half)
        if near:
            self.join(kin, near)

    def join(self, kin: str, near: list[tuple[str, list[Leg]]]) -> None:
        legs = [leg for _, half in near for leg in half]
        fees, rest = [x for x in legs if x.side == "fee"], [x for x in legs if x.side != "fee"]
        trades = pair(rest) if len(near) == 2 else None
        if trades is None and kin == "fiat_buy":
            rest, trades = self.without_top_up(rest)
        if trades is not None:
            self.book.notice(min(x.line for x in rest), "notice_binance_seconds")
        self.settle(min(account for account, _ in near), kin, rest, fees, trades)

    def settle(self, account: str, kin: str, legs: list[Leg], fees: list[Leg], trades: list[Trade] | None) -> None:
        """Records for the trades of one group, or rejections; its fees go with a single trade, else stand alone."""
        if trades is None and kin == "dust" and all("fee" in leg.operation.casefold() for leg in legs):
            self.lone_fees(legs)  # a fee in BNB, and what it replaced stands elsewhere
        elif trades is None and kin in _ALONE:
            for leg in legs:
                self.alone(leg, _ALONE[kin])
        elif trades is None:
            reason = Message("binance_half_trade" if one_sided(legs) else "binance_legs_unclear")
            self.unclear(kin, legs)
            for leg in legs:
                self.book.reject(leg.line, "Operation", leg.operation, reason, leg.day, only(leg.coin, leg.change))
        paid: list[tuple[int, str]] = []
        attached: list[Leg] = []
        if trades is not None and len(trades) == 1 and fees and all(x.change < 0 for x in fees):
            sums = {coin: -sum(x.change for x in group) for coin, group in by_coin(fees).items()}
            money = any(is_currency(leg.coin) for side in trades[0] for leg in side)
            if len(sums) <= (1 if money else 2):  # one record holds one fee; a swap has two records
                paid = [(sums[coin], coin) for coin in sorted(sums)]
                self.book.use(*lines_of(fees))
                attached, fees = fees, []
        for outs, ins in trades or []:
            before = len(self.book.reading.records)
            self.trade(account, kin, outs, ins, paid)
            self.join_rows([*outs, *ins, *attached], before)
        self.lone_fees(fees)

    def unclear(self, kin: str, legs: Sequence[Leg]) -> None:
        """Legs that the list of trades beside the statement may tell apart, second by second."""
        if kin == "spot":
            self.book.unclear(ACCOUNT, [(leg.time, leg.coin, leg.change, leg.line) for leg in legs])

    def trade(self, account: str, kin: str, outs: list[Leg], ins: list[Leg], paid: list[tuple[int, str]]) -> None:
        """buy or sell where one side is money, else a swap pair; money for money is no event of ours."""
        legs = [*outs, *ins]
        given, taken = outs[0].coin, ins[0].coin
        note = noted(leg.operation for leg in legs) + (f" ×{len(legs)}" if len(legs) > 2 else "")
        fee = paid[0] if paid else None
        if is_currency(given) and is_currency(taken):
            self.book.ignore(FIAT, *lines_of(legs))
            return
        self.book.use(*lines_of(legs))
        if is_currency(given):
            self.add(ins, "buy", note=note, value=self.money(outs), currency=given, fee=fee)
        elif is_currency(taken):
            self.add(outs, "sell", note=note, value=self.money(ins), currency=taken, fee=fee)
        else:
            start = min(leg.time for leg in legs)
            group = f"binance:{start:%Y%m%dT%H%M%SZ}:{account}:{kin}:{given}>{taken}"
            self.add(outs, "swap_out", note=note, fee=fee, group=group)
            self.add(ins, "swap_in", note=note, fee=paid[1] if len(paid) > 1 else None, group=group)

    def join_rows(self, legs: Sequence[Leg], before: int) -> None:
        """Rows that went into the records made since `before`, but whose line none of these names."""
        own = {r.source.line for r in self.book.reading.records[before:]}
        rest = {leg.line for leg in legs} - own
        if own and rest:
            self.book.report.join(min(own), rest)

    def money(self, legs: Sequence[Leg]) -> int:
        amount = abs(sum(leg.change for leg in legs))
        return self.book.tenge(amount, legs[0].line) if legs[0].coin == "KZT" else amount

    def lone_fees(self, fees: Sequence[Leg]) -> None:
        """Fees that no single trade owns are records of their own; a fee handed back comes in free."""
        for leg in fees:
            self.by_itself(leg, "fee" if leg.change < 0 else "airdrop")


FORMAT = Format(
    "binance_history",
    (
        Column("UTC_Time", pattern=r"(?P<utc>UTC[_ ]Time(?:\(UTC\))?|Time\(UTC\))|Time"),
        Column("Account"),
        Column("Operation"),
        Column("Coin"),
        Column("Change"),
        Column("Remark", ("Remark", "Remarks"), required=False),
    ),
    StatementRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
    moves=Moves(assets=("Coin",), change="Change", rename=lies_in_earn),
)
