"""A made-up Binance account: every operation writes the legs that the venue's own statement would show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from making.days import at, kz_day
from making.series import ASSETS, USD_KZT, cut, wiggle

D = Decimal
MONEY = ("KZT",)
USER = "100000001"


@dataclass(frozen=True)
class Leg:
    """One row of the statement."""

    time: datetime
    account: str
    operation: str
    coin: str
    change: Decimal
    remark: str


@dataclass(frozen=True)
class Order:
    """One P2P order; `time` is when it was created."""

    time: datetime
    number: str
    side: str
    total: Decimal
    price: Decimal
    quantity: Decimal
    maker_fee: Decimal
    counterparty: str
    status: str


@dataclass
class Binance:
    """The account so far. Times are given as UTC text."""

    legs: list[Leg] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    def leg(self, when: str, account: str, operation: str, coin: str, change: Decimal, remark: str = "") -> None:
        """Any single row."""
        self.legs.append(Leg(at(when), account, operation, coin, change, remark))

    # Trading

    def buy(self, when: str, coin: str, quantity: str, fee: str = "BNB", fills: int = 1) -> None:
        """Buy `quantity` of `coin` for USDT on the spot market, in equal fills of the same second."""
        self._trade(when, coin, D(quantity) / fills, 1, fee, fills)

    def sell(self, when: str, coin: str, quantity: str, fee: str = "BNB", fills: int = 1) -> None:
        """Sell `quantity` of `coin` for USDT on the spot market, in equal fills of the same second."""
        self._trade(when, coin, D(quantity) / fills, -1, fee, fills)

    def _trade(self, when: str, coin: str, quantity: Decimal, sign: int, fee: str, fills: int) -> None:
        paid = cut(quantity * ASSETS[coin].deal(kz_day(at(when)), when), 8)
        got, gave = ("Buy", "Spend") if sign > 0 else ("Sold", "Revenue")
        for _ in range(fills):
            self.leg(when, "Spot", f"Transaction {got}", coin, sign * quantity)
            self.leg(when, "Spot", f"Transaction {gave}", "USDT", -sign * paid)
            self._fee(when, fee, coin, quantity, paid)

    def _fee(self, when: str, fee: str, coin: str, quantity: Decimal, paid: Decimal) -> None:
        """0.1 % in the coin itself or in USDT, 0.075 % when it is paid in BNB."""
        if fee == "BNB":
            amount = paid * D("0.00075") / ASSETS["BNB"].on(kz_day(at(when)))
        else:
            amount = (quantity if fee == coin else paid) * D("0.001")
        self.leg(when, "Spot", "Transaction Fee", fee, -cut(amount, 8))

    def cross(self, when: str, sold: str, quantity: str, bought: str) -> None:
        """Sell one coin for another on their own pair; the fee is paid in BNB."""
        day = kz_day(at(when))
        gave = D(quantity)
        got = cut(gave * ASSETS[sold].deal(day, when) / ASSETS[bought].on(day), 8)
        self.leg(when, "Spot", "Transaction Sold", sold, -gave)
        self.leg(when, "Spot", "Transaction Revenue", bought, got)
        self._fee(when, "BNB", sold, gave, cut(gave * ASSETS[sold].on(day), 8))

    def convert(self, when: str, sold: str, quantity: str, bought: str, operation: str = "Binance Convert") -> None:
        """The convert page (or the dust page): two legs, the fee is inside the rate. USDT counts as one dollar."""
        day = kz_day(at(when))
        worth = D(quantity) * (D(1) if sold == "USDT" else ASSETS[sold].on(day)) * D("0.999")
        got = cut(worth / (D(1) if bought == "USDT" else ASSETS[bought].on(day)), 8)
        self.leg(when, "Spot", operation, sold, -D(quantity))
        self.leg(when, "Spot", operation, bought, got)

    def tenge_trade(self, when: str, coin: str, quantity: str, sign: int) -> None:
        """Buy (sign 1) or sell (-1) a coin straight for tenge; the fee is paid in BNB."""
        day = kz_day(at(when))
        dollars = D(quantity) * ASSETS[coin].deal(day, when)
        tenge = cut(dollars * USD_KZT.on(day) * (1 + sign * D("0.004")), 2)
        got, gave = ("Buy", "Spend") if sign > 0 else ("Sold", "Revenue")
        self.leg(when, "Spot", f"Transaction {got}", coin, sign * D(quantity))
        self.leg(when, "Spot", f"Transaction {gave}", "KZT", -sign * tenge)
        self._fee(when, "BNB", coin, D(quantity), cut(dollars, 8))

    # Peer to peer

    def p2p(self, when: str, side: str, quantity: str, who: str, status: str = "Completed", fee: str = "0") -> None:
        """A P2P order in tenge; when completed it shows in the statement some minutes after it was created."""
        created = at(when)
        sign = 1 if side == "Buy" else -1
        price = cut(USD_KZT.on(kz_day(created)) * (1 + sign * D("0.006")) * wiggle(f"p2p {when}", 3), 2)
        number = f"{created:%y%m%d%H%M}{len(self.orders) + 1:09d}"
        total = cut(price * D(quantity), 2)
        self.orders.append(Order(created, number, side, total, price, D(quantity), D(fee), who, status))
        if status == "Completed":
            # A maker's fee of a sale leaves together with the coins sold.
            change = D(quantity) if sign > 0 else -(D(quantity) + D(fee))
            done = created + timedelta(minutes=4 + len(self.orders) % 9, seconds=11)
            self.leg(f"{done:%Y-%m-%d %H:%M:%S}", "Funding", "P2P Trading", "USDT", change)

    # Moving within and out of the venue

    def move(self, when: str, source: str, target: str, coin: str, quantity: str) -> None:
        """Between the Spot and the Funding account."""
        operation = "Transfer Between Main and Funding Wallet"
        self.leg(when, source, operation, coin, -D(quantity))
        self.leg(when, target, operation, coin, D(quantity))

    def earn(self, when: str, coin: str, quantity: str, *, redeem: bool = False) -> None:
        """Into or out of Simple Earn."""
        operation = "Simple Earn Flexible " + ("Redemption" if redeem else "Subscription")
        sign = -1 if redeem else 1
        self.leg(when, "Spot", operation, coin, -sign * D(quantity))
        self.leg(when, "Earn", operation, coin, sign * D(quantity))

    def interest(self, when: str, coin: str, quantity: str) -> None:
        """Simple Earn pays."""
        self.leg(when, "Earn", "Simple Earn Flexible Interest", coin, D(quantity))

    def withdraw(self, when: str, coin: str, quantity: str) -> None:
        """`quantity` leaves, the network fee is inside it."""
        self.leg(when, "Spot", "Withdraw", coin, -D(quantity), "Withdraw fee is included")

    # Proof that the story holds together

    def statement(self) -> list[Leg]:
        """All rows in time order; within a second as written. Raises if any balance would fall below zero."""
        held: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        ordered = sorted(self.legs, key=lambda leg: leg.time)
        for position, leg in enumerate(ordered):
            held[leg.account, leg.coin] += leg.change
            last_of_second = position + 1 == len(ordered) or ordered[position + 1].time != leg.time
            if last_of_second:
                short = {key: left for key, left in held.items() if left < 0}
                if short:
                    raise ValueError(f"the made-up account is overdrawn at {leg.time}: {short}")
        return ordered

    def held(self, account: str, coin: str) -> Decimal:
        """What the account holds after everything so far, in any order."""
        return sum((leg.change for leg in self.legs if (leg.account, leg.coin) == (account, coin)), D(0))


def whole(quantity: Decimal, decimals: int) -> str:
    """A quantity rounded down, as text."""
    return str(quantity.quantize(D(1).scaleb(-decimals), rounding=ROUND_DOWN))
