"""Aliya's own wallets, written in Salyq's `records` format: a hardware wallet and a wallet on the phone."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from making.days import at, kz_day, kz_text
from making.files import Cell, named
from making.series import ASSETS, USD_KZT, cut

HEADER = (
    *("time", "kind", "asset", "quantity", "value", "currency", "fee", "fee_asset"),
    *("account", "counterparty", "group", "id", "note", "document", "hash"),
)
Row = dict[str, Cell]
D = Decimal


def wallets() -> list[Row]:
    """All rows in the order of the file."""
    rows = [*_cash_deals(), *_transfers(), *_received(), *_given()]
    rows.sort(key=lambda row: str(row["utc"]))
    for number, row in enumerate(rows, start=1):
        row["id"] = f"W-{number:03d}"
        _finish(row)
    return _with_a_repeat(rows)


def table_of_wallets() -> bytes:
    """The file."""
    return named(HEADER, wallets())


def _finish(row: Row) -> None:
    moment = at(str(row.pop("utc")))
    # One time is left without an offset, as people write it: Salyq takes Kazakhstan time and says so.
    row["time"] = kz_text(moment)[:-6] if row.pop("bare", None) else kz_text(moment)
    if row.pop("hashed", None):
        row["hash"] = "0x" + hashlib.sha256(f"made up {row.pop('told', moment)}".encode()).hexdigest()


def _with_a_repeat(rows: list[Row]) -> list[Row]:
    """The payment for a notebook was pasted twice, as happens by hand: the same id says that it is one event."""
    twice = next(position for position, row in enumerate(rows) if row["kind"] == "spend")
    return [*rows[: twice + 1], dict(rows[twice]), *rows[twice + 1 :]]


def _row(utc: str, kind: str, asset: str, quantity: str, account: str, **rest: Cell) -> Row:
    return {"utc": utc, "kind": kind, "asset": asset, "quantity": D(quantity), "account": account, **rest}


def _tenge(utc: str, asset: str, quantity: str, per_mille: int) -> Decimal:
    """A round price in tenge for a deal between people: the day's price and so many thousandths."""
    day = kz_day(at(utc))
    dollars = D(quantity) * (D(1) if asset == "USDC" else ASSETS[asset].on(day))
    return cut(dollars * USD_KZT.on(day) * (1000 + per_mille) / 1_000_000, 0) * 1000


def _cash_deals() -> list[Row]:
    deals = (
        ("2024-05-18 09:30:00", "buy", "BTC", "0.1", "ledger", 5, "Yerlan S. (made up)", "contract of 18.05.2024"),
        ("2024-05-28 11:05:00", "buy", "TON", "100", "phone-wallet", 8, "Dina K. (made up)", "contract of 28.05.2024"),
        # More TON is sold than was ever bought: 150 of the 250 have no known purchase.
        ("2024-10-08 12:20:00", "sell", "TON", "250", "phone-wallet", -6, "Dina K. (made up)", "receipt of 08.10.2024"),
        # Bought without any paper: from 2026 such a cost is zero.
        ("2026-01-20 10:15:00", "buy", "LTC", "3", "phone-wallet", 4, "a friend", "none"),
        ("2026-05-22 13:40:00", "sell", "LTC", "3", "phone-wallet", -4, "a friend", "receipt of 22.05.2026"),
    )
    return [
        _row(
            *(utc, kind, asset, quantity, account),
            value=_tenge(utc, asset, quantity, per_mille),
            currency="KZT",
            counterparty=who,
            document=paper,
        )
        for utc, kind, asset, quantity, account, per_mille, who, paper in deals
    ]


def _transfers() -> list[Row]:
    arrived = {"hashed": "yes", "counterparty": "binance"}
    within: Row = {"hashed": "yes", "told": "own move of November 2024"}
    return [
        _row("2024-04-09 10:52:40", "transfer_in", "BTC", "0.0499", "ledger", **arrived),
        _row("2024-07-02 06:18:25", "transfer_in", "ETH", "0.4988", "phone-wallet", **arrived),
        _row("2024-11-02 08:00:00", "transfer_out", "BTC", "0.02", "ledger", **_fee("0.00002"), **within),
        _row("2024-11-02 08:26:00", "transfer_in", "BTC", "0.02", "phone-wallet", **within),
        _row("2025-07-14 08:01:00", "transfer_out", "BTC", "0.03", "ledger", **_fee("0.000021"), **arrived),
        _row("2025-09-09 07:51:30", "transfer_in", "ETH", "0.5994", "phone-wallet", **arrived),
        _row("2026-04-15 08:33:00", "transfer_out", "BTC", "0.08", "ledger", **_fee("0.000015"), **arrived),
    ]


def _fee(amount: str) -> Row:
    return {"fee": D(amount), "fee_asset": "BTC"}


def _received() -> list[Row]:
    rewards = (
        ("2024-09-30 06:00:00", "0.00312"),
        ("2024-12-30 06:00:00", "0.00307"),
        ("2025-03-31 06:00:00", "0.00298"),
        ("2025-06-30 06:00:00", "0.0021"),
        ("2025-09-30 06:00:00", "0.00216"),
        ("2025-12-30 06:00:00", "0.00431"),
        ("2026-03-31 06:00:00", "0.00427"),
        ("2026-06-30 06:00:00", "0.00419"),
        ("2026-09-30 06:00:00", "0.00415"),
        ("2026-12-30 06:00:00", "0.00408"),
    )
    rows = [_row(utc, "staked", "ETH", amount, "phone-wallet", note="staking reward") for utc, amount in rewards]
    rows[3]["bare"] = "yes"
    gift: Row = {"counterparty": "sister", "note": "gift"}
    rows.append(_row("2025-03-08 07:10:00", "gift_in", "ETH", "0.05", "phone-wallet", **gift))
    return rows


def _given() -> list[Row]:
    swap: Row = {"group": "dex-2025-04-24", "hashed": "yes", "told": "swap of April 2025", "counterparty": "dex"}
    dollars = cut(D("0.3") * ASSETS["ETH"].on(kz_day(at("2025-04-24 14:02:00"))), 2)
    notebook = "2026-03-05 11:45:00"
    gift: Row = {"counterparty": "brother", "note": "gift", "fee": D("0.00015"), "fee_asset": "ETH"}
    return [
        _row("2025-04-24 13:55:00", "fee", "ETH", "0.0004", "phone-wallet", note="permission for the swap"),
        _row("2025-04-24 14:02:00", "swap_out", "ETH", "0.3", "phone-wallet", fee=D("0.0011"), fee_asset="ETH", **swap),
        _row("2025-04-24 14:02:00", "swap_in", "USDC", str(dollars), "phone-wallet", **swap),
        _row("2025-09-01 05:30:00", "gift_out", "ETH", "0.03", "phone-wallet", **gift),
        _row(
            *(notebook, "spend", "USDC", "380", "phone-wallet"),
            value=_tenge(notebook, "USDC", "380", 0),
            currency="KZT",
            counterparty="computer shop",
            note="notebook",
            document="receipt of 05.03.2026",
        ),
    ]
