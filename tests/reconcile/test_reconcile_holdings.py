"""What is held where at the end of a Kazakhstan day."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, timedelta

import pytest
from reconcile_world import coins, rec, settle

from salyq.civil.days import kz_day
from salyq.reconcile.holdings import ON_THE_WAY, SENT, Holding, holdings, negative_balances
from salyq.records import columns
from salyq.records.model import Record

LATE = date(2027, 1, 1)


def at(record: Record, when: datetime) -> Record:
    return record._replace(time=when, day=kz_day(when))


def test_balances_by_account_and_asset_without_zeros() -> None:
    ledger = settle(
        rec("buy", "BTC", "1", value="60000", currency="USDT", fee="0.01", fee_asset="BNB"),
        rec("buy", "USDT", "60000", -10, value="30000000", currency="KZT"),
        rec("buy", "BNB", "1", -10, value="300000", currency="KZT"),
        rec("transfer_out", "BTC", "0.4", 60),
        rec("transfer_in", "BTC", "0.3995", 70, "wallet"),
    )
    assert holdings(ledger, LATE) == [
        Holding("binance", "BNB", coins("0.99")),
        Holding("binance", "BTC", coins("0.6")),
        Holding("wallet", "BTC", coins("0.3995")),
    ]


def test_the_day_ends_at_midnight_in_kazakhstan() -> None:
    bought = at(rec("buy", "BTC", "1", value="1", currency="KZT"), datetime(2025, 12, 31, 18, 59, 59, tzinfo=UTC))
    ledger = settle(bought, at(bought, datetime(2025, 12, 31, 19, 0, tzinfo=UTC)))
    assert holdings(ledger, date(2025, 12, 30)) == []
    assert holdings(ledger, date(2025, 12, 31)) == [Holding("binance", "BTC", coins("1"))]
    assert holdings(ledger, date(2026, 1, 1)) == [Holding("binance", "BTC", coins("2"))]


def test_what_was_sent_away_unmatched_is_still_owned() -> None:
    ledger = settle(rec("buy", "BTC", "1", value="1", currency="KZT"), rec("transfer_out", "BTC", "0.3", 60))
    assert holdings(ledger, LATE) == [
        Holding(SENT, "BTC", coins("0.3")),
        Holding("binance", "BTC", coins("0.7")),
    ]
    assert holdings(ledger, date(2025, 2, 28)) == []


def test_what_travels_over_the_end_of_the_year_is_still_owned() -> None:
    night = datetime(2025, 12, 31, 18, 50, tzinfo=UTC)
    ledger = settle(
        at(rec("buy", "BTC", "1", value="1", currency="KZT"), night - timedelta(days=1)),
        at(rec("transfer_out", "BTC", "1"), night),
        at(rec("transfer_in", "BTC", "0.9995", account="wallet"), night + timedelta(minutes=30)),
    )
    assert holdings(ledger, date(2025, 12, 31)) == [Holding(ON_THE_WAY, "BTC", coins("0.9995"))]
    assert holdings(ledger, date(2026, 1, 1)) == [Holding("wallet", "BTC", coins("0.9995"))]


def test_the_first_record_below_zero_is_named() -> None:
    sold = [rec("sell", "BTC", "0.6", m, value="1", currency="KZT", id=str(m)) for m in (10, 20, 30)]
    ledger = settle(rec("buy", "BTC", "1", value="1", currency="KZT"), *sold)
    (found,) = negative_balances(ledger)
    assert (found.account, found.asset, found.record.id, found.balance) == (
        "binance",
        "BTC",
        "20",
        -coins("0.2"),
    )


def test_of_two_records_in_one_instant_the_first_is_named() -> None:
    sold = [rec("sell", "BTC", "0.6", value="1", currency="KZT", id=n) for n in "12"]
    assert [n.record.id for n in negative_balances(settle(*sold))] == ["1"]


def test_records_of_one_instant_count_together() -> None:
    """A coin bought with USDT that comes in the same second is no debt."""
    swap = [rec("swap_out", "ETH", "1", group="g"), rec("swap_in", "USDT", "3000", group="g", account="binance")]
    ledger = settle(
        rec("buy", "ETH", "1", -10, value="1", currency="KZT"),
        rec("buy", "BTC", "0.05", value="3000", currency="USDT"),
        *swap,
    )
    assert negative_balances(ledger) == []


@pytest.mark.parametrize("many", [1, 10**9])
def test_of_many_accounts_and_assets_only_those_that_occur_are_reckoned(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "MANY", many)
    ledger = settle(*[rec("buy", f"C{n}", "1", n, f"a{n}", value="1", currency="KZT") for n in range(200)])
    tracemalloc.start()
    try:
        found, below = holdings(ledger, LATE), negative_balances(ledger)
        assert tracemalloc.get_traced_memory()[1] < 10**6  # a place of each account and asset takes far more
    finally:
        tracemalloc.stop()
    assert {(h.account, h.asset): h.quantity for h in found} == {(f"a{n}", f"C{n}"): coins("1") for n in range(200)}
    assert below == []
