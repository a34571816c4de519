"""Fills joined into sales, swaps with both legs, the order of equal instants, and the movements of a record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from reconcile_world import codes, coins, rec, settle

from salyq.civil.days import kz_day
from salyq.reconcile.legs import Leg, legs
from salyq.reconcile.order import ACQUIRED, DISPOSED, rank
from salyq.reconcile.sales import join_sales
from salyq.records.kinds import KINDS
from salyq.records.model import Record
from salyq.records.table import Records


def sale(minutes: int = 0, **more: object) -> Record:
    known = {"value": "500000", "currency": "KZT"}
    return rec("sell", "BTC", "0.1", minutes, **(known | more))  # type: ignore[arg-type]


def joined(*rows: Record) -> dict[int, int]:
    return settle(*rows).sales


def test_fills_of_one_order_are_one_sale_whenever_they_fill() -> None:
    assert joined(sale(0, group="o1"), sale(5, group="o2"), sale(90, group="o1")) == {0: 0, 2: 0}


@pytest.mark.parametrize("other", [{"account": "okx"}, {"currency": "USD"}, {"group": None}])
def test_another_account_or_currency_is_another_sale(other: dict[str, object]) -> None:
    assert joined(sale(0, group="o1"), sale(5, **({"group": "o1"} | other))) == {}


def test_without_an_order_id_the_second_decides() -> None:
    first = sale()
    later = first._replace(time=first.time.replace(microsecond=900_000))
    next_second = first._replace(time=first.time.replace(second=1))
    assert joined(first, later, next_second) == {0: 0, 1: 0}
    assert joined(first, first._replace(kind="buy")) == {}


def test_swaps_join_by_pair_and_second() -> None:
    def swap(group: str, asset: str) -> list[Record]:
        return [rec("swap_out", "BTC", "0.1", group=group), rec("swap_in", asset, "5", group=group)]

    ledger = settle(*swap("g1", "ETH"), *swap("g2", "ETH"), *swap("g3", "USDT"))
    fills = [ledger.records[n].group for n in ledger.sales]
    assert sorted(filter(None, fills)) == ["g1", "g2"]
    assert codes(ledger) == []


def test_an_order_filled_over_new_year_is_a_sale_in_each_year() -> None:
    fills = [datetime(2025, 12, 31, 18, 50, tzinfo=UTC), datetime(2025, 12, 31, 19, 10, tzinfo=UTC)]
    rows = [sale(group="o")._replace(time=t, day=kz_day(t)) for t in fills]
    assert [r.day.year for r in rows] == [2025, 2026]
    assert joined(*rows) == {}


def test_the_join_does_not_depend_on_the_order_given() -> None:
    rows = sorted((sale(m, group="o") for m in (0, 3, 9)), key=lambda r: r.time)
    assert join_sales(Records(rows)) == {0: 0, 1: 0, 2: 0}
    assert settle(*rows[::-1]).sales == settle(*rows).sales


def test_half_a_swap_is_a_question() -> None:
    ledger = settle(rec("swap_out", "BTC", "0.1", group="g1"), rec("swap_in", "ETH", "2", group="g2"))
    assert codes(ledger) == ["half_swap", "half_swap"]
    assert (
        codes(settle(rec("swap_out", "BTC", "0.1", group="g"), rec("swap_in", "ETH", "2", 5, "okx", group="g"))) == []
    )


def test_equal_instants_acquire_before_they_dispose_before_they_pay() -> None:
    kinds = ["fee", "sell", "transfer_out", "buy", "transfer_in"]
    rows = [rec(kind, "BTC", "1", account=kind[:1]) for kind in kinds]
    assert [r.kind for r in settle(*rows).records] == ["buy", "transfer_in", "sell", "transfer_out", "fee"]
    assert rank(rec("derivative_result", "USDT", "1", value=-5)) == 1
    assert rank(rec("derivative_result", "USDT", "1", value=5)) == 0


@pytest.mark.parametrize("field", ["note", "lot", "document", "hash", "counterparty", "group", "fee_asset"])
def test_rows_that_differ_in_one_field_have_an_order_of_their_own(field: str) -> None:
    one, other = (rec("airdrop", "BTC", "1")._replace(**{field: text}) for text in "ab")  # type: ignore[arg-type]
    assert [getattr(r, field) for r in settle(one, other).records] == ["a", "b"]
    assert [getattr(r, field) for r in settle(other, one).records] == ["a", "b"]


def test_every_kind_moves_as_its_table_says() -> None:
    sign = {"in": 1, "out": -1}
    for kind in KINDS.values():
        moved = legs(rec(kind.name, "BTC", "2", value=-7))
        if kind.direction in sign:
            assert [leg.quantity for leg in moved] == [sign[kind.direction] * coins("2")], kind.name
    assert {k for k, v in KINDS.items() if v.direction == "in"} == ACQUIRED | {"transfer_in"}
    assert {k for k, v in KINDS.items() if v.direction == "out"} == DISPOSED | {"transfer_out", "fee"}


def test_a_purchase_in_an_asset_moves_that_asset_too() -> None:
    bought = rec("buy", "BTC", "1", value="60000", currency="USDT", fee="0.2", fee_asset="BNB")
    assert legs(bought) == [
        Leg("BTC", coins("1"), "acquire"),
        Leg("USDT", -coins("60000"), "dispose"),
        Leg("BNB", -coins("0.2"), "fee"),
    ]
    assert legs(bought._replace(kind="sell"))[:2] == [
        Leg("BTC", -coins("1"), "dispose"),
        Leg("USDT", coins("60000"), "acquire"),
    ]


def test_money_is_no_asset() -> None:
    assert legs(rec("buy", "BTC", "1", value="9", currency="KZT", fee="5", fee_asset="KZT")) == [
        Leg("BTC", coins("1"), "acquire")
    ]


def test_a_value_that_only_states_a_worth_moves_nothing() -> None:
    assert legs(rec("spend", "BTC", "1", value="60000", currency="USDT")) == [Leg("BTC", -coins("1"), "dispose")]
    assert legs(rec("reversal", "BTC", "1", fee="1", fee_asset="BTC")) == []
    assert legs(rec("derivative_result", "USDT", "3", value=-3)) == [Leg("USDT", -coins("3"), "dispose")]
