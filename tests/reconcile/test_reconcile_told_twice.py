"""One event told twice: payouts and their receipts, P2P orders and statement rows; what is near is asked."""

from __future__ import annotations

from datetime import date

import pytest
from reconcile_world import PERSON, codes, coins, payout, reading, rec, settle

from salyq.civil.days import kz_day, kz_midnight
from salyq.reconcile import reconcile

DAY = date(2025, 3, 1)  # the day of START
HOUR = 60


def test_a_payout_makes_one_mined_record() -> None:
    (record,) = settle(payouts=[payout(DAY, "BTC", "0.5", wallet="bc1", commission=coins("0.01"))]).records
    assert (record.kind, record.asset, record.quantity) == ("mined", "BTC", coins("0.5"))
    assert (record.account, record.counterparty, record.time, record.day) == ("bc1", "MadePool", kz_midnight(DAY), DAY)
    assert (record.source.file, record.source.line) == ("payouts.csv", 2)
    assert kz_day(record.time) == DAY


def test_without_a_wallet_the_coins_are_at_the_pool() -> None:
    assert settle(payouts=[payout(DAY, "BTC", "0.5")]).records[0].account == "MadePool"
    assert settle(payouts=[payout(DAY, "BTC", "0.5", pool=None)]).records[0].account == "pool"


@pytest.mark.parametrize("kind", ["mined", "transfer_in"])
@pytest.mark.parametrize(("days", "same"), [(-3, False), (-2, True), (0, True), (2, True), (3, False)])
def test_a_receipt_within_two_days_is_the_payout(kind: str, days: int, same: bool) -> None:
    found = reading({"a.csv": [rec(kind, "BTC", "0.5", days * 1440, "wallet")]}, {"p.csv": [payout(DAY, "BTC", "0.5")]})
    ledger = reconcile(found, PERSON)
    assert len(ledger.records) == (1 if same else 2)
    assert [(s.kept.source.file, s.dropped.source.file, s.how) for s in ledger.same_events] == (
        [("p.csv", "a.csv", "payout")] if same else []
    )
    assert dict(found.files[0].ignored) == ({"told_twice": 1} if same else {})
    assert all(f.balanced() for f in found.files)
    if same:
        assert (ledger.records[0].account, ledger.records[0].day) == ("wallet", DAY)


def test_a_payout_may_be_told_by_the_pool_and_by_the_wallet() -> None:
    ledger = settle(
        rec("mined", "BTC", "0.5", account="pool"),
        rec("transfer_in", "BTC", "0.5", HOUR, "wallet"),
        payouts=[payout(DAY, "BTC", "0.5")],
    )
    assert [(r.kind, r.account) for r in ledger.records] == [("mined", "wallet")]
    assert len(ledger.same_events) == 2


def test_equal_payouts_day_by_day_take_one_receipt_each() -> None:
    days = [date(2025, 3, n) for n in (1, 2, 3, 4)]
    ledger = settle(
        *[rec("transfer_in", "BTC", "0.5", n * 1440 + 600, "wallet") for n in range(6)],
        payouts=[payout(d, "BTC", "0.5") for d in days],
    )
    assert len(ledger.same_events) == 4
    assert [r.kind for r in ledger.records] == ["mined"] * 4 + ["transfer_in"] * 2


def test_coins_sent_on_to_an_exchange_are_a_transfer_and_not_the_payout_again() -> None:
    ledger = settle(
        rec("transfer_in", "BTC", "0.5", 0, "wallet"),
        rec("transfer_out", "BTC", "0.5", HOUR, "wallet"),
        rec("transfer_in", "BTC", "0.5", 2 * HOUR, "binance"),
        payouts=[payout(DAY, "BTC", "0.5")],
    )
    assert [s.dropped.account for s in ledger.same_events] == ["wallet"]
    assert [(t.sent.account, t.received.account) for t in ledger.transfers] == [("wallet", "binance")]
    assert codes(ledger) == []


def test_the_payouts_own_wallet_comes_before_any_other_account() -> None:
    ledger = settle(
        rec("transfer_out", "BTC", "0.5", 30),
        rec("transfer_in", "BTC", "0.5", 60, "ledger"),
        rec("transfer_in", "BTC", "0.5", 120, "wallet"),
        payouts=[payout(DAY, "BTC", "0.5", wallet="wallet")],
    )
    assert [s.dropped.account for s in ledger.same_events] == ["wallet"]
    assert [(t.sent.account, t.received.account) for t in ledger.transfers] == [("binance", "ledger")]


def test_a_payout_may_explain_what_made_a_transfer_ambiguous() -> None:
    ledger = settle(
        rec("transfer_out", "BTC", "0.5", 0),
        rec("transfer_in", "BTC", "0.5", 30, "wallet"),
        rec("transfer_in", "BTC", "0.5", 60, "ledger"),
        payouts=[payout(DAY, "BTC", "0.5")],
    )
    assert (len(ledger.same_events), len(ledger.transfers), codes(ledger)) == (1, 1, [])


def test_a_receipt_short_of_the_commission_is_asked() -> None:
    ledger = settle(
        rec("transfer_in", "BTC", "0.48", HOUR, "wallet"),
        payouts=[payout(DAY, "BTC", "0.5", commission=coins("0.02"))],
    )
    assert sorted(codes(ledger)) == ["maybe_same_event", "unmatched_transfer_in"]
    assert len(ledger.records) == 2


ORDER = rec("buy", "USDT", "100", value="52000", currency="KZT", id="2091", counterparty="seller1")
ROW = rec("transfer_in", "USDT", "100", 12, counterparty="p2p", note="P2P Trading")


def test_a_p2p_order_and_its_statement_row_are_one() -> None:
    ledger = settle(ORDER, ROW)
    assert [r.kind for r in ledger.records] == ["buy"]
    assert [(s.kept.id, s.dropped.note, s.how) for s in ledger.same_events] == [("2091", "P2P Trading", "p2p")]
    assert (codes(ledger), ledger.unmatched_in) == ([], [])


@pytest.mark.parametrize("quantity", ["99.9", "100", "100.1"])
def test_the_row_may_be_net_or_gross_of_the_fee(quantity: str) -> None:
    order = ORDER._replace(fee=coins("0.1"), fee_asset="USDT")
    assert len(settle(order, ROW._replace(quantity=coins(quantity))).same_events) == 1


def test_a_sold_order_goes_with_an_outgoing_row_only() -> None:
    sold = ORDER._replace(kind="sell")
    assert settle(sold, ROW).same_events == []
    assert len(settle(sold, ROW._replace(kind="transfer_out")).same_events) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": coins("99")},
        {"time": ROW.time.replace(hour=23)},
    ],
)
def test_a_near_miss_is_asked(change: dict[str, object]) -> None:
    ledger = settle(ORDER, ROW._replace(**change))  # type: ignore[arg-type]
    assert ledger.same_events == []
    assert "maybe_same_event" in codes(ledger)
    assert len(ledger.unmatched_in) == 1


@pytest.mark.parametrize("change", [{"account": "okx"}, {"asset": "USDC"}, {"quantity": coins("55")}])
def test_another_account_asset_or_amount_is_another_event(change: dict[str, object]) -> None:
    ledger = settle(ORDER, ROW._replace(**change))  # type: ignore[arg-type]
    assert (ledger.same_events, codes(ledger)) == ([], ["p2p_bought_without_order"])


def test_a_p2p_row_is_never_an_own_transfer() -> None:
    out = rec("transfer_out", "USDT", "100", 0, "wallet")
    assert settle(out, ROW).transfers == []


def test_three_orders_and_two_rows_leave_one_order_without_a_row() -> None:
    orders = [ORDER._replace(id=str(n)) for n in range(3)]
    ledger = settle(*orders, ROW, ROW)
    assert len(ledger.same_events) == 2
    assert [r.kind for r in ledger.records] == ["buy"] * 3


def test_rows_of_two_files_alike_but_for_details_are_asked() -> None:
    one = rec("buy", "BTC", "0.1", value="500000", currency="KZT", id="t1")
    ledger = settle(one, files={"b.csv": [one._replace(id=None, note="by hand")]})
    assert codes(ledger) == ["maybe_same_event"]
    assert len(ledger.records) == 2
    same_file = settle(one, one._replace(id=None, note="by hand"))
    two_ids = settle(one, files={"b.csv": [one._replace(id="t2")]})
    other_value = settle(one, files={"b.csv": [one._replace(id=None, value=coins("1"))]})
    assert codes(same_file) == codes(two_ids) == codes(other_value) == []


def test_rows_that_one_file_tells_both_of_are_two() -> None:
    first = rec("buy", "BTC", "0.1", value="500000", currency="KZT")
    second = rec("buy", "BTC", "0.1", 1, value="500000", currency="KZT")
    assert codes(settle(first, second, files={"0.csv": [first]})) == []
    assert codes(settle(second, files={"0.csv": [first]})) == ["maybe_same_event"]
