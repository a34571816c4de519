"""What each Transaction Kind of the Crypto.com App is to us. A kind that is not here is rejected by name.

`Meaning.how`:
  exchange     Currency for To Currency, in one row
  card         against the native amount: the money of a card or of its balance
  half         `…_credited` or `…_debited`: rows of one second and family make a deal, several to one shared out
  receipt      comes in free; `what` is the kind
  reverted     takes back what came in free; `what` is the kind of that
  outgo        goes out; `what` is the kind
  transfer     by the sign; `what` is the other account, or empty
  own          between places of the App, or only held for an order: left out
  fiat         money in or out: left out
  uncovered    known, but no kind of ours says it (loans): rejected with that reason
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

EXCHANGE = "crypto.com exchange"


class Meaning(NamedTuple):
    how: str
    what: str = ""


_TABLE = {
    ("exchange", ""): "crypto_exchange viban_purchase van_purchase crypto_viban_exchange crypto_to_van_sell_order "
    "recurring_buy_order trading.limit_order.crypto_wallet.exchange trading.limit_order.fiat_wallet.purchase_commit "
    "trading.limit_order.fiat_wallet.sell_commit trading.limit_order.cash_account.purchase_commit "
    "trading.limit_order.cash_account.sell_commit",
    ("card", ""): "crypto_purchase trading.crypto_purchase.google_pay trading.crypto_purchase.apple_pay card_top_up",
    ("receipt", "interest"): "crypto_earn_interest_paid crypto_earn_extra_interest_paid "
    "finance.crypto_earn.loyalty_program_extra_interest_paid.crypto_wallet "
    "finance.defi_lending.compound_interest.crypto_wallet finance.defi_lending.non_compound_interest.crypto_wallet",
    ("receipt", "staked"): "mco_stake_reward staking_reward supercharger_reward_to_app_credited "
    "finance.lockup.dpos_compound_interest.crypto_wallet finance.dpos.compound_interest.crypto_wallet "
    "finance.dpos.non_compound_interest.crypto_wallet finance.dpos.non_compound_restaking_interest.crypto_wallet "
    "finance.defi_staking.non_compound_interest.crypto_wallet finance.defi_staking.compound_interest.crypto_wallet",
    ("receipt", "airdrop"): "referral_card_cashback reimbursement rewards_platform_deposit_credited referral_bonus "
    "referral_gift referral_commission campaign_reward admin_wallet_credited transfer_cashback pay_checkout_reward "
    "gift_card_reward crypto_basket_reward airdrop reward.loyalty_program.trading_rebate.crypto_wallet "
    "airdrop_to_exchange_transfer crypto_earn_loyalty_program_extra_interest_paid "
    "reward.loyalty_program.trading_rebate.exchange",
    ("reverted", "airdrop"): "card_cashback_reverted reimbursement_reverted referral_card_cashback_reverted",
    ("outgo", "lost"): "admin_wallet_debited",
    ("outgo", "spend"): "crypto_payment gift_card_purchase",
    ("refund", ""): "crypto_payment_refund",
    ("transfer", ""): "crypto_deposit crypto_withdrawal crypto_transfer invest_deposit invest_withdrawal",
    ("transfer", EXCHANGE): "crypto_to_exchange_transfer exchange_to_crypto_transfer",
    ("own", ""): "crypto_earn_program_created crypto_earn_program_withdrawn lockup_lock lockup_unlock lockup_upgrade "
    "lockup_withdrawal supercharger_deposit supercharger_withdrawal council_node_deposit_created "
    "finance.lockup.dpos_lock.crypto_wallet finance.lockup.dpos_unlock.crypto_wallet "
    "finance.dpos.staking.crypto_wallet finance.dpos.unstaking.crypto_wallet "
    "finance.dpos.stake.crypto_wallet finance.dpos.unstake.crypto_wallet "
    "finance.defi_staking.staking.crypto_wallet finance.defi_staking.unstaking.crypto_wallet "
    "finance.crypto_earn.program_created.crypto_wallet finance.crypto_earn.program_withdrawn.crypto_wallet "
    "crypto_earn_program_extended airdrop_locked lockup_swap_rebate dynamic_coin_swap_bonus_exchange_deposit",
    ("fiat", ""): "viban_deposit viban_withdrawal viban_card_top_up viban_deposit_precredit "
    "viban_deposit_precredit_repayment van_deposit van_withdrawal card_load fiat_deposit fiat_withdrawal",
    ("uncovered", ""): "crypto_credit_program_created crypto_credit_withdrawal_created crypto_credit_repayment_created "
    "crypto_credit_loan_credited crypto_credit_liquidation nft_purchase nft_payout_credited",
}
_ORDER = re.compile(r"trading\.limit_order\.[a-z_]+\.(?:[a-z]+_)?(?:(?P<held>lock|unlock)|(?P<done>commit))")
_HALVES = ("_credited", "_debited")
_FAMILIES = ("crypto_wallet_swap", "dust_conversion", "dynamic_coin_swap", "interest_swap", "lockup_swap")


@cache
def _meanings() -> Mapping[str, Meaning]:
    found = {name: Meaning(how, what) for (how, what), names in _TABLE.items() for name in names.split()}
    found |= {family + end: Meaning("half", family) for family in _FAMILIES for end in _HALVES}
    return found


def meaning(kind: str) -> Meaning | None:
    """What a Transaction Kind means, or None where it is not known. For halves, `what` is the family.

    Limit orders have a family of names: funds held and given back are no deal, only what was committed is."""
    name = kind.strip().casefold()
    found = _meanings().get(name)
    if found is None and (order := _ORDER.fullmatch(name)) is not None:
        return Meaning("own") if order["held"] else Meaning("exchange")
    return found
