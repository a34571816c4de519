"""What each transaction type of Coinbase is to us. A type that is not here is rejected by name.

`Meaning.how`:
  buy, sell   against the price currency, or against the asset that Notes name
  convert     the second asset stands in Notes
  halves      two rows of one second, one out and one in: the same asset renamed, or a swap
  receipt     comes in free; `what` is the kind
  outgo       goes out; `what` is the kind
  in, out     a transfer; `what` is the other account, or empty
  own         between the person's own places at Coinbase: left out
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

PRO, PRIME = "coinbase-pro", "coinbase-prime"


class Meaning(NamedTuple):
    how: str
    what: str = ""


RENAMES = "Asset Migration"  # both halves: the coin has a new name
_TABLE = {
    ("buy", ""): "Buy; Advanced Trade Buy; Advance Trade Buy; Recurring Buy",
    ("sell", ""): "Sell; Advanced Trade Sell; Advance Trade Sell",
    ("convert", ""): "Convert",
    (
        "halves",
        "",
    ): "Retail Eth2 Deprecation; Retail ETH Deprecation; Asset Migration; Wrap Asset; Unwrap Asset; Wrap; "
    "Unwrap; Retail Simple Dust",
    ("receipt", "staked"): "Staking Income; Inflation Reward; Staking Reward",
    ("receipt", "interest"): "Rewards Income; Reward Income; Interest Payout; Interest Income",
    ("receipt", "airdrop"): "Coinbase Earn; Learning Reward; Incentives Rewards Payout; Subscription Rebate; "
    "Subscription Rebates (24 Hours); Subscription Rebates; Credit Card Reward; Card Reward; Credit; Airdrop; "
    "Referral Reward; Promotion; Retail Simple Price Improvement",
    ("receipt", "fork"): "Fork; Hard Fork",
    ("outgo", "spend"): "Card Spend; Paid for an order; Payment; Order; Subscription",
    ("outgo", "gift_out"): "Donation",
    ("outgo", "lost"): "Admin Debit",
    ("out", ""): "Send; Withdrawal",
    ("in", ""): "Receive; Deposit",
    ("out", PRO): "Pro Deposit; Exchange Deposit; Coinbase Pro Deposit",
    ("in", PRO): "Pro Withdrawal; Exchange Withdrawal; Coinbase Pro Withdrawal",
    ("out", PRIME): "Prime Deposit",
    ("in", PRIME): "Prime Withdrawal",
    (
        "own",
        "",
    ): "Retail Staking Transfer; Retail Unstaking Transfer; Vault Withdrawal; Vault Deposit; Cash To Savings; "
    "Savings To Cash; Intx Deposit To Self; Staking Transfer; Unstaking Transfer",
}


@cache
def _meanings() -> Mapping[str, Meaning]:
    return {
        name.strip().casefold(): Meaning(how, what)
        for (how, what), names in _TABLE.items()
        for name in names.split(";")
    }


def meaning(kind: str) -> Meaning | None:
    """What a transaction type means, or None where it is not known."""
    return _meanings().get(kind.strip().casefold())
