"""Transfers of which one side stands in several rows."""

from __future__ import annotations

from reconcile_world import codes, coins, rec, settle

from salyq.reconcile.holdings import ON_THE_WAY, SENT, holdings
from salyq.records.model import Record


def ins(*quantities: str, account: str = "w", minutes: int = 20, **more: object) -> list[Record]:
    return [rec("transfer_in", "BTC", q, minutes + n, account=account, **more) for n, q in enumerate(quantities)]


def test_a_hash_joins_all_rows_of_a_transaction() -> None:
    sent = rec("transfer_out", "BTC", "1", hash="ab")
    ledger = settle(sent, *ins("0.6", "0.3995", hash="AB"))
    assert sorted((t.how, t.network_fee) for t in ledger.transfers) == [("split", 0), ("split", coins("0.0005"))]
    assert not ledger.questions
    assert sum(r.quantity for r in ledger.records if r.kind == "transfer_out") == coins("1")


def test_a_run_that_sums_up_exactly_is_one_transfer() -> None:
    ledger = settle(rec("transfer_out", "BTC", "1"), *ins("0.2", "0.3", "0.5"))
    assert [t.received.quantity for t in ledger.transfers] == [coins("0.2"), coins("0.3"), coins("0.5")]
    assert not codes(ledger)


def test_also_without_the_fee_that_the_row_tells() -> None:
    ledger = settle(rec("transfer_out", "BTC", "1", fee="0.01", fee_asset="BTC"), *ins("0.49", "0.5"))
    assert sum(t.network_fee for t in ledger.transfers) == coins("0.01")
    assert all(r.fee is None for r in ledger.records)


def test_several_sent_and_one_received() -> None:
    outs = [rec("transfer_out", "BTC", q, n) for n, q in enumerate(("0.4", "0.6"))]
    ledger = settle(*outs, *ins("1"))
    assert [(t.sent.quantity, t.received.quantity) for t in ledger.transfers] == [
        (coins("0.4"),) * 2,
        (coins("0.6"),) * 2,
    ]
    held = [h for h in holdings(ledger, outs[0].day) if h.account in (SENT, ON_THE_WAY)]
    assert not held


def test_two_runs_that_would_do_are_no_answer() -> None:
    ledger = settle(rec("transfer_out", "BTC", "1"), *ins("0.4", "0.6"), *ins("0.7", "0.3", account="v"))
    assert not ledger.transfers
    assert codes(ledger) == ["unmatched_transfer_out"] + ["unmatched_transfer_in"] * 4


def test_rows_that_two_splits_want_stay_open() -> None:
    outs = [rec("transfer_out", "BTC", "1", n, account=a) for n, a in enumerate(("binance", "okx"))]
    assert not settle(*outs, *ins("0.4", "0.6")).transfers


def test_a_run_too_late_or_too_large_is_none() -> None:
    assert not settle(rec("transfer_out", "BTC", "1"), *ins("0.4", "0.6", minutes=1500)).transfers
    assert not settle(rec("transfer_out", "BTC", "1"), *ins("0.4", "0.61")).transfers


def test_an_equal_row_comes_before_a_split() -> None:
    ledger = settle(rec("transfer_out", "BTC", "1"), *ins("0.4", "0.6"), *ins("1", account="v"))
    assert [(t.how, t.received.account) for t in ledger.transfers] == [("exact", "v")]
