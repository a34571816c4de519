"""What each type of Bybit's two ledgers is to us. A type that is not here is rejected by name.

`Meaning.how`, as in binance_operations: trade, convert (legs), own (between own sub-accounts and products: ignored),
derivative (results and funding of derivatives), reward (comes in free; `what` is the kind), transfer (`what`: a
counterparty), reverted (takes back what came in free), spend, gift, fee, lost, fiat, uncovered (known, but no kind of
ours says it: rejected with that reason), "" (not known).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Meaning(NamedTuple):
    how: str
    what: str = ""


UNKNOWN = Meaning("")
_UNIFIED = {
    "trade": "TRADE",
    "convert": "-- CONVERT CURRENCYBUY CURRENCYSELL SPOTREPAYMENTBUY SPOTREPAYMENTSELL AUTOBUY SMALLBALANCECONVERT "
    "TOKENSSUBSCRIPTION TOKENSREDEMPTION IDNCONVERTIN IDNCONVERTOUT",
    "own": "TRANSFERIN TRANSFEROUT FLEXIBLESTAKINGSUBSCRIPTION FLEXIBLESTAKINGREDEMPTION FIXEDSTAKINGSUBSCRIPTION "
    "FIXEDSTAKINGREDEMPTION FIXEDSTAKINGREFUND STAKINGSUBSCRIPTION STAKINGREDEMPTION EARNSUBSCRIPTION EARNREDEMPTION "
    "LAUNCHPOOLSUBSCRIPTION LAUNCHPOOLREDEMPTION BONUSTRANSFERIN BONUSTRANSFEROUT CUSTODYLOCK CUSTODYUNLOCK "
    "CUSTODYUNLOCKREFUND INTERNALACCOUNTTRANSFERDEPOSIT INTERNALACCOUNTTRANSFERWITHDRAWAL FLEXIBLESTAKINGREFUND "
    "ONCHAINEARNSUBSCRIPTION ONCHAINEARNREDEMPTION ONCHAINEARNREFUND STRUCTUREPRODUCTSUBSCRIPTION "
    "STRUCTUREPRODUCTREFUND CLASSICWEALTHMANAGEMENTSUBSCRIPTION PREMIMUMWEALTHMANAGEMENTSUBSCRIPTION "
    "PREMIMUMWEALTHMANAGEMENTREFUND PREMIUMWEALTHMANAGEMENTSUBSCRIPTION PREMIUMWEALTHMANAGEMENTREFUND "
    "LIQUIDITYMININGSUBSCRIPTION LIQUIDITYMININGREFUND PWMSUBSCRIPTION PWMREFUND DEFIINVESTMENTSUBSCRIPTION "
    "DEFIINVESTMENTREFUND DEFIINVESTMENTREDEMPTION",
    "derivative": "SETTLEMENT DELIVERY LIQUIDATION ADL FUNDING BUSTTRADE ADLTRADE SESSIONSETTLE",
    "airdrop": "AIRDROP BONUS FEEREFUND REBATE COMMISSION REWARD TRADINGBONUS",
    "interest": "EARNINTEREST FLEXIBLESTAKINGINTEREST",
    "borrow": "INTEREST",
    "fee": "CUSTODYNETWORKFEE CUSTODYSETTLEFEE SPREADFEEOUT BROKERABACCOUNTFEE",
    "reverted": "BONUSRECOLLECT",
    "lost": "AUTODEDUCTION",
    "uncovered": "BORROW REPAY LIABILITY AUTOREPAY MANUALBORROW SPREADFEEDEDUCTION LOANSBORROWFUNDS LOANSPLEDGEASSET "
    "BORROWEDAMOUNTINSLOAN PRINCIPLEREPAYMENTINSLOAN INTERESTREPAYMENTINSLOAN AUTOSOLDCOLLATERALINSLOAN "
    "AUTOBUYLIABILITYINSLOAN AUTOPRINCIPLEREPAYMENTINSLOAN AUTOINTERESTREPAYMENTINSLOAN TRANSFERININSLOAN "
    "TRANSFEROUTINSLOAN INSTITUTIONLOANIN INSTITUTIONPAYBACKPRINCIPALOUT INSTITUTIONPAYBACKINTERESTOUT "
    "INSTITUTIONEXCHANGESELL INSTITUTIONEXCHANGEBUY INSTITUTIONLIQPRINCIPALOUT INSTITUTIONLIQINTERESTOUT "
    "INSTITUTIONLOANTRANSFERIN INSTITUTIONLOANTRANSFEROUT INSTITUTIONLOANWITHOUTWITHDRAW INSTITUTIONLOANRESERVEIN "
    "INSTITUTIONLOANRESERVEOUT FLOATINGTOFIXEDBORROW FLOATINGTOFIXEDREPAY",
}
_REWARDS = ("airdrop", "interest")


def unified(text: str) -> Meaning:
    """A type of the unified trading account: TRADE, TRANSFER_IN, also transferIn; `borrow`: interest of either sign."""
    name = "--" if text.strip("-– ") == "" else re.sub(r"[^A-Z]", "", text.upper())
    return _unified().get(name, UNKNOWN)


@cache
def _unified() -> dict[str, Meaning]:
    return {
        name: Meaning("reward", how) if how in _REWARDS else Meaning(how)
        for how, names in _UNIFIED.items()
        for name in names.split()
    }


_PRODUCTS = ("earn", "launchpool", "staking", "savings", "wealth", "dual asset", "liquidity mining", "launchpad")
_BACK_AND_FORTH = ("subscri", "redemption", "redeem", "refund", "principal", "withdrawal", "auto-earn", "stake")
_YIELD = ("interest", "yield", "reward", "bonus", "airdrop", "profit", "distribution")
_FREE = ("airdrop", "bonus", "reward", "referral", "commission", "cashback", "rebate", "lucky", "voucher", "campaign")


def funding(kind_text: str, description: str) -> Meaning:
    """A type of the funding account, with its description, e.g. ("Earn", "Easy Earn | Flexible Redemption")."""
    kind, words = kind_text.casefold(), description.casefold()
    both = f"{kind} {words}"
    if words.strip() in ("deposit", "withdraw", "withdrawal") and not kind.startswith("fiat"):
        return Meaning("transfer")
    if kind == "convert" or "convert" in words:
        return Meaning("convert")
    if any(product in kind for product in _PRODUCTS):
        return _product(words)
    if kind.startswith("transfer"):
        return Meaning("own")
    if "p2p" in both:
        return Meaning("transfer", "p2p")
    if kind in ("deposit", "withdraw", "withdrawal"):
        return Meaning("fee" if "fee" in words else "transfer")
    if kind.startswith("fiat") or "buy crypto" in both or "one-click" in both:
        return Meaning("transfer", "bybit fiat")
    if "bybit pay" in both:
        return Meaning("transfer", "bybit pay")
    if "gift" in kind:
        return Meaning("gift")
    if "card" in kind:
        return Meaning("reward", "airdrop") if any(word in words for word in _FREE) else Meaning("spend")
    if any(word in kind for word in _FREE):
        return Meaning("reward", "airdrop")
    if "loan" in both or "borrow" in both or "repay" in both:
        return Meaning("uncovered")
    return Meaning("fee") if kind == "fee" else UNKNOWN


def _product(words: str) -> Meaning:
    earned = any(word in words for word in _YIELD)
    moved = any(word in words for word in _BACK_AND_FORTH)
    if earned == moved:  # "Bonus redemption" or neither: not told
        return UNKNOWN
    return Meaning("own") if moved else Meaning("reward", "staked" if "staking" in words else "interest")
