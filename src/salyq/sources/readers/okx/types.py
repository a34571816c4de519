"""What each trade type, action and funding type of OKX is to us. One that is not here is rejected by name."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Meaning(NamedTuple):
    """`how`: spot, own, derivative, funding_fee, convert, renamed (a convert that sells
    nothing), reward (`what`: kind), transfer (`what`: counterparty),
    spend, fee, uncovered, or "" for what is not known."""

    how: str
    what: str = ""


UNKNOWN = Meaning("")
_DERIVATIVES = ("swap", "perpetual", "perpetuals", "futures", "expiryfutures", "option", "options", "perpetualfutures")
_DEALS = (
    "",
    "buy",
    "sell",
    "spotbuy",
    "spotsell",
    "convert",
    "convertin",
    "convertout",
    "easyconvertin",
    "easyconvertout",
)
_UNCOVERED = ("interest", "borrow", "repay", "loan", "liabilit")


def trading(trade_type: str, action: str) -> Meaning:
    """A row of the trading account by its trade type ("Spot") and action ("Buy")."""
    kind, deed = _letters(trade_type), _letters(action)
    if any(word in kind or word in deed for word in _UNCOVERED):
        return Meaning("uncovered")
    if kind == "systemtokenconversion" or deed.startswith("systemtokenconversion"):  # a coin taken off the list
        return Meaning("spot")
    if kind == "transfer" or deed in ("transferin", "transferout"):
        return Meaning("own")
    if "fundingfee" in kind or "fundingfee" in deed:
        return Meaning("funding_fee")
    if kind in _DERIVATIVES:
        return Meaning("derivative")
    if kind in ("spot", "margin", "convert", "smallassetsconvert", "easyconvert", "simpletrade"):
        return Meaning("spot") if deed in _DEALS else UNKNOWN
    return UNKNOWN


_FUNDING = {
    (
        "transfer",
        "",
    ): "Deposit; Withdrawal; Withdraw; Transfer from other users; Internal transfer; Canceled withdrawal",
    ("own", ""): "From unified trading account; To unified trading account; Transfer in; Transfer out; "
    "Data migration in; Data migration out; Stake; Redeem staking; Staking; Unstake; Redeem stake; "
    "Savings subscription; Savings redemption; Simple Earn subscription; Simple Earn redemption; Earn subscription; "
    "Earn redemption; Subscription; Redemption; From spot account; To spot account; From trading account; "
    "To trading account; From sub-account; To sub-account; Transfer to sub-account; Transfer from sub-account; "
    "Jumpstart subscription; Jumpstart redemption; On-chain Earn subscription; On-chain Earn redemption; "
    "Structured products subscription; Structured products redemption; From futures account; To futures account; "
    "From perpetual account; To perpetual account; From margin account; To margin account; "
    "Transferred from Trading account; Transferred to Trading account; ETH 2.0 Subscription; "
    "Transfer in trading sub-account; Transfer out trading sub-account",
    ("reward", "interest"): "Deposit yield; Savings yield; Simple Earn yield; Earn yield; Interest; Savings interest; "
    "Simple Earn interest; Yield; Structured products yield",
    (
        "reward",
        "staked",
    ): "ETH 2.0 Earnings; Staking Yield; Staking rewards; Staking reward; On-chain Earn yield; Jumpstart yield",
    ("reward", "airdrop"): "Fee rebate; Received; Airdrop; Reward; Rewards; Bonus; Referral reward; "
    "Referral commission; Commission; Crypto dust auto-transfer in; Trading bonus; Campaign reward; Learn and earn; "
    "Rebate; Affiliate commission; Mystery box; Jumpstart distribution; Gift card redemption; "
    "Event Reward; Mystery box reward; Invite friends rewards; Sub-affiliate commission; Broker reward; Joiner reward",
    ("convert", ""): "Convert; Buy; Sell; Convert small assets; Small assets convert; Easy convert; Dust conversion; "
    "Convert in; Convert out; Conversion; Delisted crypto; Cross chain exchange; ETH 2.0 Swapping",
    ("renamed", ""): "Token migration completed; Token migration",
    ("transfer", "p2p"): "Place an order; P2P buy; P2P sell; P2P; Fulfill an order; Cancel an order; "
    "Buy crypto (P2P); Sell crypto (P2P); C2C",
    ("transfer", "okx fiat"): "Buy crypto; Sell crypto; Express buy; Express sell; Card purchase; Third-party buy",
    ("spend", ""): "Payment; Card spending; OKX Card; Card payment; OKX Pay payment",
    ("fee", ""): "Fee; Network fee; Withdrawal fee; Withdrawal fee refund; Blockchain's withdrawal fee",
    ("uncovered", ""): "Loan; Borrow; Repay; Repayment; Crypto loan; Collateral; Flexible loan; Flash loan",
}


@cache
def _funding() -> dict[str, Meaning]:
    return {_letters(name): Meaning(how, what) for (how, what), names in _FUNDING.items() for name in names.split(";")}


def funding(kind: str) -> Meaning:
    """A row of the funding account by its type, compared without case, blanks and signs."""
    return _funding().get(_letters(kind), UNKNOWN)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
