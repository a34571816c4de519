"""What each operation of Binance's transaction history is to us. An operation that is not here is rejected by name.

`Meaning.how`:
  leg            one leg of a trade; `what` is the family: legs of one second, sub-account and family belong together
  fee            a trading fee: goes with the trade of its second
  reward         comes in free; `what` is the kind of the record
  distribution   both signs in one second: a token swap; only incoming: a reward of kind `what`
  own            a move between the person's own sub-accounts: ignored by rule `own_sub_account`
  transfer       to or from elsewhere; `what` is a counterparty, or empty
  fiat           money in or out: ignored by rule `fiat_movement`
  derivative     result or funding of a derivative, by the sign of the change
  signed         by sign: `what` is "kind_in/kind_out"
  uncovered      known, but no kind of ours says it (loans): rejected with that reason
Names differ by year and spelling; they are compared without case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from salyq.sources.habits.renaming import renaming


class Meaning(NamedTuple):
    how: str
    what: str = ""


ORDER = re.compile(r"[A-Za-z]{0,4}\d{8,}", re.ASCII)  # a remark that is the number of an order
NUMBERED = frozenset(("fiat_buy", "convert"))  # families whose remark may be one: their sides are seconds apart
_RENAMES = "token swap - redenomination/rebranding"  # both legs: the coin has a new name
_TABLE = {
    ("leg", "buy"): "Buy; Transaction Buy; Transaction Spend",
    ("leg", "sell"): "Sell; Transaction Sold; Transaction Revenue",
    ("leg", "related"): "Transaction Related",
    ("fee", ""): "Fee; Transaction Fee; Isolated Margin Liquidation - Fee",
    ("leg", "otc"): "Large OTC trading; OTC Trading",
    ("leg", "convert"): "Binance Convert; Convert; Asset Conversion Transfer; Futures Convert; "
    "Stablecoins Auto-Conversion; Instant Swap; The Easiest Way to Trade; Futures Convert - From; "
    "Futures Convert - To; DOT Slot Auction Convert",
    ("leg", "dust"): "Small Assets Exchange BNB; Small Assets Exchange; BNB Fee Deduction; BNB deducts fee; "
    "Cross Margin Liquidation - Small Assets Takeover",
    ("leg", "eth2"): "ETH 2.0 Staking; ETH 2.0 Staking Withdrawals; WBETH2.0 - Staking; BETH to WBETH Wrapping; "
    "WBETH to BETH Unwrapping",
    ("leg", "fiat_buy"): "Buy Crypto; Buy Crypto With Fiat; Buy Crypto With Card; Sell Crypto To Fiat; Sell Crypto; "
    "Sell to Card; Convert Fiat to Crypto OCBS",
    ("leg", "auto_invest"): "Auto-Invest Transaction; Auto-Invest",
    ("leg", "liquid_swap"): "Liquid Swap Sell; Swap Farming Transaction; Liquid Swap Buy",
    ("leg", "leverage_token"): "Leverage Token Redemption",
    ("leg", "launchpad"): "Launchpad Token Distribution",
    ("leg", "token_swap"): "Token Swap - Distribution; Token Swap - Redenomination/Rebranding; Token Swap",
    ("distribution", "airdrop"): "Distribution; Asset - Transfer",
    ("reward", "airdrop"): "Airdrop Assets; Airdrop; Simple Earn Flexible Airdrop; Earn - Airdrop Distribution; "
    "Launchpool Airdrop; Launchpool Airdrop - User Claim Distribution; Launchpool Airdrop - System Distribution; "
    "HODLer Airdrops Distribution; Megadrop Rewards; Campaign Related Reward; Cash Voucher; Cashback Voucher; "
    "Cash Voucher Distribution; Commission History; Commission Rebate; Commission Fee Shared With You; "
    "Referral Kickback; Referral Commission; Referrer Commission; Referrer Rebates; Referee Rebates; "
    "Futures Referral Rebate; Binance Card Cashback; Card Cashback; Mission Reward Distribution; Referee Commission; "
    "Rewards Distribution; Trading Fee Rebate; Gift Card Redemption",
    ("reward", "interest"): "Simple Earn Flexible Interest; Simple Earn Locked Rewards; Simple Earn Locked Interest; "
    "Savings Interest; Savings Distribution; POS Savings Interest; Launchpool Interest; "
    "Liquid Swap Rewards; Swap Farming Rewards; Launchpool Earnings Withdrawal; Flexible Interest; "
    "Simple Earn Flexible Bonus Tiered APR Rewards; Dual Investment Interest; Simple Earn Locked Reward",
    ("reward", "staked"): "Staking Rewards; Staking Reward; ETH 2.0 Staking Rewards; BNB Vault Rewards; "
    "DOT Slot Auction Rewards; SOL Staking Rewards; On-chain Yields Rewards; Super BNB Mining",
    ("mined", ""): "Pool Distribution; Mining Distribution",
    ("own", ""): "transfer_in; transfer_out; Savings Purchase; Savings Principal Redemption; POS Savings Purchase; "
    "POS Savings Redemption; Staking Purchase; Staking Redemption; Simple Earn Flexible Subscription; "
    "Simple Earn Flexible Redemption; Simple Earn Locked Subscription; Simple Earn Locked Redemption; "
    "Launchpool Subscription/Redemption; Launchpool Subscription; Launchpool Redemption; Launchpad Subscribe; "
    "Launchpad Redemption; BNB Vault Subscription; BNB Vault Redemption; Main And Funding Account Transfer; "
    "Transfer Funds To Spot; Transfer Funds To Spot Account; Transfer Funds To Funding Wallet; "
    "On-chain Yields Subscription; On-chain Yields Redemption; Megadrop Subscription; Megadrop Redemption; "
    "Futures Account Transfer; Sub-account Transfer; Inter-Wallet Transfer; Transfer; Ledger - Fund Migration; "
    "Staking Unlocked; DOT Slot Auction Staking; DOT Slot Auction Redemption",
    (
        "transfer",
        "",
    ): "Deposit; Withdraw; Withdrawal; Crypto Deposit; Crypto Withdrawal; Send; Send/Receive; Send/Recieve",
    ("transfer", "p2p"): "P2P Trading; C2C Transfer",
    ("transfer", "binance pay"): "Binance Pay; Pay; C2C Pay; Payment",
    ("fiat", ""): "Fiat Deposit; Fiat Withdraw; Fiat Withdrawal; Fiat OCBS - Add Fiat and Fees; Deposit Fiat OCBS",
    ("derivative", ""): "Realized Profit and Loss; Realize Profit and Loss; Realized PnL; Funding Fee; "
    "Insurance Fund Compensation; Insurance Fund Refund; Insurance Clear; Options Settlement Profit",
    ("signed", "gift_in/gift_out"): "Crypto Box",
    ("signed", "transfer_in/lost"): "Asset Recovery; Fund Recovery",
    ("signed", "airdrop/fee"): "Strategy Trading Fee Rebate",
    ("signed", "transfer_in/spend"): "Binance Card Spending; Merchant Acquiring",
    ("uncovered", ""): "Margin Loan; Isolated Margin Loan; Margin Repayment; Isolated Margin Repayment; "
    "Cross Margin Liquidation - Repayment; Loan; Loan Repayment; Crypto Loan; Margin Interest; "
    "Isolated Margin Interest; Leveraged Coin Consolidation; Margin Fee; IsolatedMargin Loan; "
    "IsolatedMargin Repayment; Isolated Margin Liquidation - Forced Repayment; Liquid Swap Add; Liquid Swap Remove; "
    "Liquid Swap Add/Sell; Liquidity Farming Add; Liquidity Farming Remove; Dual Investment - Subscribe; "
    "Dual Investment - Settlement",
}
_SPOT = ("buy", "sell", "related")


@cache
def operations() -> Mapping[str, Meaning]:
    """Meaning by operation name without case."""
    return {
        name.strip().casefold(): Meaning(how, what)
        for (how, what), names in _TABLE.items()
        for name in names.split(";")
    }


def meaning(operation: str) -> Meaning | None:
    """What an operation is, or None where it is not known."""
    name = operation.casefold()
    found = operations().get(name)
    if found is None and name.startswith(("transfer between ", "transfer from ", "transfer to ")):
        return Meaning("own")
    return found


def family(found: Meaning) -> str:
    """Which legs belong together: buys, sells, their related legs and fees are one family."""
    return "spot" if found.how == "fee" or found.what in _SPOT else found.what


def is_futures(account: str) -> bool:
    """Whether a sub-account holds derivatives (USD-M Futures, Coin-M Futures, Options …)."""
    name = account.casefold()
    return "futures" in name or "option" in name


def noted(operations: Iterable[str]) -> str:
    """The note of a trade: its operations, as the statement has them."""
    words = sorted({*operations})
    note = ", ".join(words)
    return renaming(note) if [w.casefold() for w in words] == [_RENAMES] else note
