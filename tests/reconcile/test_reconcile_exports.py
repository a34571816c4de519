"""The same account told by several exports: a ledger, its fills, its orders, its deposits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile_world import coins, reading, rec

from salyq.reconcile import reconcile
from salyq.reconcile.holdings import holdings
from salyq.reconcile.model import Ledger
from salyq.records.model import Record
from salyq.records.person import Person
from salyq.records.reading import FileReport, Tells
from salyq.sources.registry import formats

PERSON = Person("900101300017", "individual")
Files = dict[str, tuple[str, Sequence[Record]]]  # file -> (reader, rows)


TELLS = {form.name: form.tells for form in formats()}


def said_by(report: FileReport, reader: str) -> None:
    """As if that reader had taken the file."""
    report.reader, report.tells = reader, TELLS.get(reader, Tells.FILLS)


def settled(files: Files) -> Ledger:
    found = reading({name: rows for name, (_, rows) in files.items()})
    for report in found.files:
        said_by(report, files[report.file][0])
    ledger = reconcile(found, PERSON)
    assert all(report.balanced() for report in found.files)
    return ledger


def swap(out: str, gave: str, into: str, got: str, minutes: int = 0, **more: object) -> list[Record]:
    group = f"{minutes}:{gave}:{more.get('id')}:{more.get('tie')}"
    more.pop("tie", None)
    fee = {"fee": more.pop("fee"), "fee_asset": more.pop("fee_asset")} if "fee" in more else {}
    one = rec("swap_out", out, gave, minutes, group=group, **more, **fee)
    return [one, rec("swap_in", into, got, minutes, group=group, **more)]


def files_kept(ledger: Ledger) -> set[str]:
    return {r.source.file for r in ledger.records}


def test_ids_of_the_venue_make_one_deal_of_two_exports_and_the_ledger_keeps_its_fee() -> None:
    ledgers = [rec("buy", "BTC", "1", id="T1", value="200.0001", currency="EUR", fee="0.5", fee_asset="EUR")]
    trades = [rec("buy", "BTC", "1", id="T1", value="200", currency="EUR", fee="0.52", fee_asset="EUR", group="O1")]
    ledger = settled({"t.csv": ("kraken_trades", trades), "l.csv": ("kraken_ledgers", ledgers)})
    (kept,) = ledger.records
    assert (kept.source.file, kept.fee, kept.group) == ("l.csv", coins("0.5"), "O1")
    assert [e.how for e in ledger.same_events] == ["exports"]
    assert not ledger.questions


def test_swaps_by_id_too() -> None:
    ledgers = swap("USDT", "100", "ETH", "0.05", id="T2")
    trades = [rec("buy", "ETH", "0.05", id="T2", value="100", currency="USDT", fee="0.1", fee_asset="USDT")]
    ledger = settled({"t.csv": ("kraken_trades", trades), "l.csv": ("kraken_ledgers", ledgers)})
    assert files_kept(ledger) == {"l.csv"}
    assert not ledger.questions


def test_one_id_that_tells_two_amounts_is_a_question() -> None:
    one = [rec("buy", "BTC", "1", id="T1", value="200", currency="EUR")]
    other = [rec("buy", "BTC", "2", id="T1", value="400", currency="EUR")]
    ledger = settled({"t.csv": ("kraken_trades", other), "l.csv": ("kraken_ledgers", one)})
    assert len(ledger.records) == 2
    assert [q.code for q in ledger.questions] == ["maybe_same_event"]


def test_a_statement_joins_the_fills_that_a_trade_history_tells_one_by_one() -> None:
    statement = swap("USDT", "300", "BTC", "0.006", fee="0.0001", fee_asset="BNB")
    fills = [
        *swap("USDT", "100", "BTC", "0.002", tie=1, fee="0.00003", fee_asset="BNB"),
        *swap("USDT", "200", "BTC", "0.004", tie=2, fee="0.00007", fee_asset="BNB"),
    ]
    ledger = settled({"s.csv": ("binance_history", statement), "t.csv": ("binance_trades", fills)})
    assert files_kept(ledger) == {"s.csv"}
    assert not ledger.questions
    held = {h.asset: h.quantity for h in holdings(ledger, statement[0].day)}
    assert held == {"USDT": -coins("300"), "BTC": coins("0.006"), "BNB": -coins("0.0001")}


def test_the_three_exports_of_a_venue_tell_a_deal_once() -> None:
    statement = swap("USDT", "300", "BTC", "0.006")
    fills = swap("USDT", "300", "BTC", "0.006", tie=3)
    orders = [r._replace(time=r.time.replace(second=3)) for r in swap("USDT", "300", "BTC", "0.006", tie=9)]
    files: Files = {"s.csv": ("binance_history", statement), "t.csv": ("binance_trades", fills)}
    assert files_kept(settled({**files, "o.csv": ("binance_orders", orders)})) == {"s.csv"}
    assert files_kept(settled({"t.csv": files["t.csv"], "o.csv": ("binance_orders", orders)})) == {"t.csv"}


def test_what_only_one_export_tells_stays() -> None:
    statement = swap("USDT", "300", "BTC", "0.006")
    fills = [*swap("USDT", "300", "BTC", "0.006", tie=1), *swap("USDT", "7", "BTC", "0.001", 90)]
    ledger = settled({"s.csv": ("binance_history", statement), "t.csv": ("binance_trades", fills)})
    assert [(r.source.file, r.quantity) for r in ledger.records if r.kind == "swap_in"] == [
        ("s.csv", coins("0.006")),
        ("t.csv", coins("0.001")),
    ]


def test_sums_that_differ_in_one_second_are_asked() -> None:
    ledger = settled(
        {
            "s.csv": ("binance_history", swap("USDT", "300", "BTC", "0.006")),
            "t.csv": ("binance_trades", swap("USDT", "310", "BTC", "0.0062", tie=1)),
        }
    )
    assert [q.code for q in ledger.questions] == ["maybe_same_event"]


def test_two_accounts_of_one_second_are_two_deals() -> None:
    ledger = settled(
        {
            "s.csv": ("binance_history", swap("USDT", "300", "BTC", "0.006")),
            "t.csv": ("bybit_funding", swap("USDT", "300", "BTC", "0.006", tie=1, account="bybit")),
        }
    )
    assert files_kept(ledger) == {"s.csv", "t.csv"}


def test_a_fee_told_in_the_row_of_a_deal_goes_with_it() -> None:
    fills = [*swap("USDT", "300", "BTC", "0.006", tie=1), rec("fee", "BNB", "0.1", note="BTCUSDT fee")]
    found = reading({"s.csv": [*swap("USDT", "300", "BTC", "0.006"), rec("fee", "BNB", "0.1")], "t.csv": fills})
    for report, reader in zip(found.files, ("binance_history", "binance_trades"), strict=True):
        said_by(report, reader)
    line = found.records[3].source.line  # both legs and the fee of the fill stand in one row of the file
    found.records[3:] = [r._replace(source=r.source._replace(line=line)) for r in found.records[3:]]
    found.files[1].read = found.files[1].used = 1
    ledger = reconcile(found, PERSON)
    assert [r.source.file for r in ledger.records if r.kind == "fee"] == ["s.csv"]


@pytest.mark.parametrize(("apart", "kept", "asked"), [(0, 1, 0), (9, 1, 0), (60, 2, 1), (60 * 30, 2, 0)])
def test_a_deposit_of_two_exports(apart: int, kept: int, asked: int) -> None:
    one = rec("transfer_in", "BTC", "1", account="kucoin")
    other = rec("transfer_in", "BTC", "1", apart, account="kucoin", hash="ab12")
    ledger = settled({"h.csv": ("kucoin_history", [one]), "d.csv": ("kucoin_transfers", [other])})
    assert len(ledger.records) == kept
    assert [q.code for q in ledger.questions].count("maybe_same_event") == asked
    if kept == 1:
        assert ledger.records[0].hash == "ab12"


@pytest.mark.parametrize(
    ("told", "fee", "apart", "kept", "asked"),
    [
        ("0.4999", "", 0, 2, 1),  # the list leaves out the fee that the ledger has inside
        ("0.49", "", 0, 2, 0),  # too much for a fee
        ("0.5001", "", 0, 2, 0),  # more than left
        ("0.4999", "", 60, 2, 0),
        ("0.4999", "0.0001", 0, 1, 0),
        ("0.4999", "0.0001", 60 * 5, 2, 1),  # a time zone apart
    ],
)
def test_a_withdrawal_with_its_fee_inside(told: str, fee: str, apart: int, kept: int, asked: int) -> None:
    one = rec("transfer_out", "BTC", "0.5", account="bybit")
    other = rec("transfer_out", "BTC", told, apart, account="bybit", hash="ab12")
    if fee:
        other = other._replace(fee=coins(fee), fee_asset="BTC")
    ledger = settled({"h.csv": ("bybit_funding", [one]), "d.csv": ("bybit_transfers", [other])})
    assert len(ledger.records) == kept
    assert [q.code for q in ledger.questions].count("maybe_same_event") == asked


def test_transfers_of_two_hashes_are_two() -> None:
    one = rec("transfer_in", "BTC", "1", account="kucoin", hash="ab12")
    other = rec("transfer_in", "BTC", "1", 1, account="kucoin", hash="cd34")
    ledger = settled({"h.csv": ("kucoin_history", [one]), "d.csv": ("kucoin_transfers", [other])})
    assert len(ledger.records) == 2


def test_of_two_deposits_one_told_again_is_not_asked_for_the_other() -> None:
    ours = [rec("transfer_in", "BTC", "1", n, account="kucoin") for n in (0, 600)]
    theirs = [rec("transfer_in", "BTC", "1", n, account="kucoin", note="d") for n in (1, 1200)]
    ledger = settled({"h.csv": ("kucoin_history", ours), "d.csv": ("kucoin_transfers", theirs)})
    assert len(ledger.records) == 3
    (question,) = [q for q in ledger.questions if q.code == "maybe_same_event"]
    assert [str(s) for s in question.sources] == ["h.csv:3", "d.csv:3"]


def test_a_reward_of_two_exports_keeps_the_kind_of_the_ledger() -> None:
    one, other = rec("staked", "SOL", "0.01"), rec("interest", "SOL", "0.01")
    ledger = settled({"h.csv": ("binance_history", [one]), "d.csv": ("binance_distributions", [other])})
    assert [r.kind for r in ledger.records] == ["staked"]


fill = st.tuples(st.integers(0, 3), st.integers(1, 5), st.sampled_from(["BTC", "ETH"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(fill, max_size=12), st.integers(0, 12))
def test_a_full_ledger_beside_part_of_its_fills_is_the_ledger(fills: list[tuple[int, int, str]], part: int) -> None:
    told = [(m, q, a) for m, q, a in sorted(fills)]
    each = [swap("USDT", str(q * 10), a, str(q), m, tie=n) for n, (m, q, a) in enumerate(told)]
    sums: dict[tuple[int, str], int] = {}
    for m, q, a in told:
        sums[m, a] = sums.get((m, a), 0) + q
    statement = [r for (m, a), q in sums.items() for r in swap("USDT", str(q * 10), a, str(q), m, tie=a)]
    seconds = sorted({m for m, _, _ in told})[:part]
    some = [r for (m, _, _), legs in zip(told, each, strict=True) for r in legs if m in seconds]
    both = settled({"s.csv": ("binance_history", statement), "t.csv": ("binance_trades", some)})
    alone = settled({"s.csv": ("binance_history", statement)})
    assert [r[:-1] for r in both.records] == [r[:-1] for r in alone.records]
    assert not both.questions
