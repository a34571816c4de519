"""How much less may arrive than was sent, for the rest to pass as a network fee (a convention of ours).

Exchanges deduct a flat withdrawal fee from the amount; which one it was, an export often does not tell. For assets
listed here the largest usual fee bounds it, and never more than a quarter of the amount; for others, 2 % does. What
lies beyond is not matched but asked.
"""

from __future__ import annotations

from salyq.records.model import UNIT

SHARE, SHARE_OF_OTHERS = 4, 50  # never more than a quarter; of other assets, 2 %
LARGEST = {  # 10⁻¹⁸ units: generous against what venues charged in 2022-2026
    "BTC": 2 * UNIT // 1000,
    "ETH": 2 * UNIT // 100,
    "BNB": 2 * UNIT // 100,
    "LTC": 2 * UNIT // 100,
    "BCH": 2 * UNIT // 100,
    "SOL": 5 * UNIT // 100,
    "XRP": 2 * UNIT,
    "ADA": 3 * UNIT,
    "TON": UNIT // 2,
    "TRX": 30 * UNIT,
    "DOGE": 20 * UNIT,
    "USDT": 30 * UNIT,
    "USDC": 30 * UNIT,
}


def largest_fee(asset: str, sent: int) -> int:
    """The largest plausible network fee, in 10⁻¹⁸ of `asset`, on an amount sent."""
    known = LARGEST.get(asset)
    return sent // SHARE_OF_OTHERS if known is None else min(known, sent // SHARE)
