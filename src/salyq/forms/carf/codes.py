"""Code lists of CARF 1.5: our words beside OECD's codes, and how each kind of operation is told."""

from __future__ import annotations

import re
from typing import NamedTuple

NAMESPACE = "urn:oecd:ties:carf:v1"
TYPES = "urn:oecd:ties:carfstf:v5"
NEW, CORRECTION, NIL = "CARF701", "CARF702", "CARF703"

EXCHANGE = {"staking": "CARF401", "loan": "CARF402", "wrapping": "CARF403", "collateral": "CARF404"}
TRANSFER_IN = {
    "airdrop": "CARF501", "staking": "CARF502", "mining": "CARF503", "loan": "CARF504", "rcasp": "CARF505",
    "sale": "CARF506", "collateral": "CARF507", "other": "CARF508", "unknown": "CARF509",
}  # fmt: skip
TRANSFER_OUT = {
    "rcasp": "CARF601", "loan": "CARF602", "purchase": "CARF603", "collateral": "CARF604", "other": "CARF605",
    "unknown": "CARF606",
}  # fmt: skip
VALUATION = {"book": "CARF1001", "third_party": "CARF1002", "recent": "CARF1003", "estimate": "CARF1004"}
CONTROLLING = {f"CARF{n}" for n in range(801, 814)}
NEXUS = {f"CARF{n}" for n in range(901, 908)}


LONGEST = 200  # characters of a name, a street, a town, an asset, a number
# What XML 1.0 cannot hold at all, however it is written.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0d-\x1f\ud800-\udfff\ufffe\uffff]")


class Kind(NamedTuple):
    """How an operation is told. `types`: words for `transfer_type` (transfers) or `exchange`; `counted`: with a number
    of transactions; `valued`: an alternative valuation may stand."""

    element: str
    order: int
    types: dict[str, str]
    tag: str
    default: str
    counted: bool = True
    valued: bool = False


KINDS = {
    "crypto_to_crypto_in": Kind("CryptoToCryptoIn", 0, EXCHANGE, "ExchangeType", ""),
    "crypto_to_crypto_out": Kind("CryptoToCryptoOut", 1, EXCHANGE, "ExchangeType", ""),
    "crypto_fiat_in": Kind("CryptoFiatIn", 2, EXCHANGE, "ExchangeType", ""),
    "crypto_fiat_out": Kind("CryptoFiatOut", 3, EXCHANGE, "ExchangeType", ""),
    "transfer_in": Kind("CryptoTransferIn", 4, TRANSFER_IN, "TransferType", "CARF509", valued=True),
    "transfer_out": Kind("CryptoTransferOut", 5, TRANSFER_OUT, "TransferType", "CARF606", valued=True),
    "transfer_wallet": Kind("TransferWallet", 6, {}, "", "", counted=False, valued=True),
    "retail_payment": Kind("RRPT", 7, {}, "", ""),
}

# Numbers of rules (rules.toml says whose they are); a rule whose number is not known is told without one.
SCHEMA, FORMAT, USED, TEST_IN_LIVE, LIVE_IN_TEST = "50007", "50008", "50009", "50010", "50011"
NO_USERS = "60011"
DOC_USED, DOC_FORMAT, CORR_UNKNOWN, CORR_FALLEN = "80000", "80001", "80002", "80003"
CORR_FOR_NEW, CORR_MISSING, CORR_MESSAGE_DOC, CORR_MESSAGE_HEAD = "80004", "80005", "80006", "80007"
RESENT_USER, PROVIDER_ALONE, TYPE_MIX, CORR_TWICE = "80008", "80009", "80010", "80011"
TWO_PERIODS, RESENT_UNKNOWN, RESENT_FALLEN, NO_BODY = "80012", "80013", "80014", "80015"
