"""The statement reader. Every row is made up; the operations are those that real statements name."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salyq.civil.messages import catalog
from salyq.records.kinds import KINDS
from salyq.records.model import UNIT, Record
from salyq.records.reading import Reading
from salyq.sources.readers.binance.operations import meaning, operations

Read = Callable[..., Reading]
Row = tuple[str, ...]  # time, account, operation, coin, change[, remark]
T = "2025-03-01 07:00:00"
HEAD = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"


def statement(rows: Sequence[Row]) -> str:
    return HEAD + "".join(f"1,{','.join([*row, *([''] * (6 - len(row)))])}\n" for row in rows)


def brief(record: Record) -> tuple[object, ...]:
    """kind, asset, quantity, value, currency, fee, fee_asset in whole units where they are whole."""

    def n(x: int | None) -> object:
        return x if x is None or x % UNIT else x // UNIT

    fee = (n(record.fee), record.fee_asset) if record.fee is not None else ()
    return (record.kind, record.asset, n(record.quantity), n(record.value), record.currency, *fee)


def rejected(reading: Reading) -> list[tuple[int, str]]:
    return [(r.source.line, r.reason.code) for r in reading.files[0].rejected]


def test_a_trade_of_three_legs(read: Read) -> None:
    rows = [
        (T, "Spot", "Transaction Buy", "BTC", "2"),
        (T, "Spot", "Transaction Fee", "BNB", "-1"),
        (T, "Spot", "Transaction Spend", "USDT", "-100"),
    ]
    reading = read(statement(rows))
    out, taken = reading.records
    assert brief(out) == ("swap_out", "USDT", 100, None, None, 1, "BNB")
    assert brief(taken) == ("swap_in", "BTC", 2, None, None)
    assert out.group == taken.group
    assert (out.account, out.time, out.day) == ("binance", datetime(2025, 3, 1, 7, tzinfo=UTC), date(2025, 3, 1))
    assert [r.source.line for r in reading.records] == [4, 2]
    assert (reading.files[0].read, reading.files[0].used) == (3, 3)


def test_money_on_one_side_is_a_purchase_or_a_sale(read: Read) -> None:
    rows = [
        (T, "Spot", "Buy", "BTC", "2"),
        (T, "Spot", "Transaction Related", "KZT", "-100.005"),
        (T, "Spot", "Fee", "BTC", "-1"),
        ("2025-03-02 07:00:00", "Spot", "Transaction Sold", "BTC", "-1"),
        ("2025-03-02 07:00:00", "Spot", "Transaction Revenue", "EUR", "50"),
        ("2025-03-02 07:00:00", "Spot", "Transaction Fee", "EUR", "-1"),
        ("2025-03-03 07:00:00", "Spot", "Binance Convert", "EUR", "-10"),
        ("2025-03-03 07:00:00", "Spot", "Binance Convert", "USD", "11"),
    ]
    reading = read(statement(rows))
    buy, sell = reading.records
    assert brief(buy) == ("buy", "BTC", 2, 100_010000000000000000, "KZT", 1, "BTC")
    assert brief(sell) == ("sell", "BTC", 1, 50, "EUR", 1, "EUR")
    assert dict(reading.files[0].ignored) == {"fiat_movement": 2}


def test_fills_of_one_pair_are_one_trade_and_true_repeats_are_real(read: Read) -> None:
    fill = [
        (T, "Spot", "Buy", "BTC", "1"),
        (T, "Spot", "Transaction Related", "USDT", "-50"),
        (T, "Spot", "Fee", "BNB", "-1"),
    ]
    reading = read(statement(fill * 3))
    assert [brief(r) for r in reading.records] == [
        ("swap_out", "USDT", 150, None, None, 3, "BNB"),
        ("swap_in", "BTC", 3, None, None),
    ]
    assert reading.files[0].used == 9


def test_a_buy_and_a_sale_of_one_second_stay_apart(read: Read) -> None:
    rows = [
        (T, "Spot", "Transaction Buy", "BTC", "1"),
        (T, "Spot", "Transaction Spend", "USDT", "-50"),
        (T, "Spot", "Transaction Sold", "ETH", "-3"),
        (T, "Spot", "Transaction Revenue", "USDT", "9"),
        (T, "Spot", "Transaction Fee", "BNB", "-1"),
    ]
    expected = {
        ("swap_out", "USDT", 50, None, None),
        ("swap_in", "BTC", 1, None, None),
        ("swap_out", "ETH", 3, None, None),
        ("swap_in", "USDT", 9, None, None),
        ("fee", "BNB", 1, None, None),
    }
    reading = read(statement(rows))
    assert {brief(r) for r in reading.records} == expected
    assert len({r.group for r in reading.records}) == 3
    older = {
        "Transaction Buy": "Buy",
        "Transaction Spend": "Transaction Related",
        "Transaction Sold": "Sell",
        "Transaction Revenue": "Transaction Related",
        "Transaction Fee": "Fee",
    }
    old = [(time, account, older[operation], *rest) for time, account, operation, *rest in rows]
    assert {brief(r) for r in read(statement(old)).records} == expected


def test_related_legs_go_by_sign_where_fills_are_many(read: Read) -> None:
    rows = [
        (T, "Spot", "Buy", "BTC", "1"),
        (T, "Spot", "Transaction Related", "USDT", "-50"),
        (T, "Spot", "Buy", "BTC", "2"),
        (T, "Spot", "Transaction Related", "USDT", "-100"),
        (T, "Spot", "Sell", "BTC", "-1"),
        (T, "Spot", "Transaction Related", "USDT", "49"),
    ]
    assert {brief(r)[:3] for r in read(statement(rows)).records} == {
        ("swap_out", "USDT", 150),
        ("swap_in", "BTC", 3),
        ("swap_out", "BTC", 1),
        ("swap_in", "USDT", 49),
    }


def test_four_different_coins_in_one_second_are_one_swap_and_with_money_unclear(read: Read) -> None:
    coins = [("A", "-1"), ("B", "-1"), ("C", "1"), ("D", "1")]
    reading = read(statement([(T, "Spot", "Binance Convert", *c) for c in coins]))
    assert {brief(r)[:3] for r in reading.records} == {
        ("swap_out", "A", 1),
        ("swap_out", "B", 1),
        ("swap_in", "C", 1),
        ("swap_in", "D", 1),
    }
    assert len({r.group for r in reading.records}) == 1
    assert [m.code for _, m in reading.notices] == ["notice_converted_together"]
    coins[0] = ("EUR", "-1")
    reading = read(statement([(T, "Spot", "Binance Convert", *c) for c in coins]))
    assert rejected(reading) == [(n, "binance_legs_unclear") for n in (2, 3, 4, 5)]


def test_a_chain_of_converts_pairs_in_one_way_only(read: Read) -> None:
    rows = [
        (T, "Spot", "Binance Convert", "USDT", "-100"),
        (T, "Spot", "Binance Convert", "BTC", "2"),
        (T, "Spot", "Binance Convert", "BTC", "-2"),
        (T, "Spot", "Binance Convert", "ETH", "30"),
    ]
    groups = {r.group: [] for r in read(statement(rows)).records}
    for r in read(statement(rows)).records:
        groups[r.group].append((r.kind, r.asset))
    assert sorted(map(sorted, groups.values())) == [
        [("swap_in", "BTC"), ("swap_out", "USDT")],
        [("swap_in", "ETH"), ("swap_out", "BTC")],
    ]


def test_equal_remarks_tell_trades_apart(read: Read) -> None:
    rows = [
        (T, "Spot", "Small Assets Exchange BNB", "ADA", "-5", "a"),
        (T, "Spot", "Small Assets Exchange BNB", "XRP", "-7", "b"),
        (T, "Spot", "Small Assets Exchange BNB", "BNB", "1", "a"),
        (T, "Spot", "Small Assets Exchange BNB", "BNB", "2", "b"),
    ]
    groups: dict[str | None, set[tuple[object, ...]]] = {}
    for r in read(statement(rows)).records:
        groups.setdefault(r.group, set()).add(brief(r)[1:3])
    assert sorted(map(sorted, groups.values())) == [[("ADA", 5), ("BNB", 1)], [("BNB", 2), ("XRP", 7)]]


def test_what_cannot_be_told_apart_is_rejected_not_guessed(read: Read) -> None:
    rows = [
        (T, "Spot", "Large OTC trading", "ADA", "-5"),
        (T, "Spot", "Large OTC trading", "XRP", "-7"),
        (T, "Spot", "Large OTC trading", "EUR", "3"),
        ("2025-03-02 07:00:00", "Spot", "Transaction Buy", "BTC", "1"),
        ("2025-03-02 07:00:00", "Spot", "Transaction Fee", "BNB", "-1"),
    ]
    reading = read(statement(rows))
    assert rejected(reading) == [(n, "binance_legs_unclear") for n in (2, 3, 4)] + [(5, "binance_half_trade")]
    assert [brief(r) for r in reading.records] == [("fee", "BNB", 1, None, None)]
    assert {r.year for r in reading.files[0].rejected} == {2025}


def test_two_halves_a_second_or_a_sub_account_apart(read: Read) -> None:
    rows = [
        ("2025-03-01 07:00:00", "Spot", "Binance Convert", "USDT", "-100"),
        ("2025-03-01 07:00:01", "Funding", "Binance Convert", "BTC", "2"),
    ]
    reading = read(statement(rows))
    assert [brief(r)[:3] for r in reading.records] == [("swap_out", "USDT", 100), ("swap_in", "BTC", 2)]
    assert {r.note for r in reading.records} == {"Binance Convert"}
    assert [m.code for _, m in reading.notices] == ["notice_binance_seconds"]
    late = [rows[0], ("2025-03-01 07:00:03", *rows[1][1:])]
    assert len(rejected(read(statement(late)))) == 2
    third = [*rows, ("2025-03-01 07:00:02", "Spot", "Binance Convert", "ETH", "9")]
    assert len(rejected(read(statement(third)))) == 3
    other = [*rows, ("2025-03-01 07:00:02", "Spot", "Binance Convert", "USDT", "-50")]
    assert len(rejected(read(statement(other)))) == 3


def test_parts_of_one_order_stand_at_the_first_of_them(read: Read) -> None:
    """Over the midnight of Kazakhstan: what was bought came in two parts, the later one stands first in the file."""
    rows = [
        ("2025-12-31 19:00:01", "Spot", "Buy Crypto", "BTC", "1", "12345678"),
        ("2025-12-31 18:59:59", "Spot", "Buy Crypto", "BTC", "1", "12345678"),
        ("2025-12-31 18:59:58", "Spot", "Buy Crypto", "EUR", "-100", "12345678"),
    ]
    (bought,) = read(statement(rows)).records
    assert brief(bought) == ("buy", "BTC", 2, 100, "EUR")
    assert (bought.day, bought.time.second, bought.source.line) == (date(2025, 12, 31), 59, 2)
    assert bought.note == "Buy Crypto ×3"
    assert read(statement(rows[1:])).records[0].note == "Buy Crypto"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Spot", "Deposit", "BTC", "1"), ("transfer_in", "BTC", 1, None, None)),
        (("Spot", "Withdraw", "BTC", "-1"), ("transfer_out", "BTC", 1, None, None)),
        (("Spot", "P2P Trading", "USDT", "5"), ("transfer_in", "USDT", 5, None, None)),
        (("Funding", "P2P Trading", "USDT", "-5"), ("transfer_out", "USDT", 5, None, None)),
        (("Earn", "Simple Earn Flexible Interest", "USDT", "1"), ("interest", "USDT", 1, None, None)),
        (("Spot", "Simple Earn Locked Rewards", "USDT", "1"), ("interest", "USDT", 1, None, None)),
        (("Spot", "Staking Rewards", "DOT", "1"), ("staked", "DOT", 1, None, None)),
        (("Spot", "Airdrop Assets", "X", "1"), ("airdrop", "X", 1, None, None)),
        (("Spot", "Distribution", "X", "1"), ("airdrop", "X", 1, None, None)),
        (("Spot", "Referral Commission", "X", "1"), ("airdrop", "X", 1, None, None)),
        (("Pool", "Pool Distribution", "BTC", "1"), ("mined", "BTC", 1, None, None)),
        (("Earn", "Pool Distribution", "BTC", "1"), ("interest", "BTC", 1, None, None)),  # a savings pool
        (("Spot", "Crypto Box", "X", "1"), ("gift_in", "X", 1, None, None)),
        (("Spot", "Crypto Box", "X", "-1"), ("gift_out", "X", 1, None, None)),
        (("Spot", "Asset Recovery", "X", "-1"), ("lost", "X", 1, None, None)),
        (("Card", "Binance Card Spending", "X", "-1"), ("spend", "X", 1, None, None)),
        (("USD-M Futures", "Realized Profit and Loss", "USDT", "-4"), ("derivative_result", "USDT", 4, -4, "USDT")),
        (("USDT-Futures", "Funding Fee", "USDT", "4"), ("derivative_result", "USDT", 4, 4, "USDT")),
        (("Coin-M Futures", "Fee", "BTC", "-4"), ("fee", "BTC", 4, None, None)),
        (("Spot", "Fee", "BNB", "-4"), ("fee", "BNB", 4, None, None)),
        (("Spot", "Fee", "BNB", "4"), ("airdrop", "BNB", 4, None, None)),
    ],
)
def test_rows_that_say_all_by_themselves(read: Read, row: Row, expected: tuple[object, ...]) -> None:
    reading = read(statement([(T, *row)]))
    assert [brief(r) for r in reading.records] == [expected]
    assert reading.records[0].note == row[1]
    if row[1] == "P2P Trading":
        assert reading.records[0].counterparty == "p2p"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("Spot", "Simple Earn Flexible Subscription", "BTC", "-1"), "own_sub_account"),
        (("Earn", "Simple Earn Locked Redemption", "BTC", "1"), "own_sub_account"),
        (("Spot", "Transfer Between Main and Funding Wallet", "BTC", "-1"), "own_sub_account"),
        (("Spot", "transfer_out", "BTC", "-1"), "own_sub_account"),
        (("Spot", "Deposit", "KZT", "1000"), "fiat_movement"),
        (("Spot", "Fiat Withdraw", "EUR", "-10"), "fiat_movement"),
        (("Spot", "Distribution", "EUR", "10"), "fiat_movement"),
        (("Spot", "Transaction Buy", "BTC", "0.00000000"), "zero_change"),
        (("Spot", "Transaction Buy", "BTC", "0E-8"), "zero_change"),
    ],
)
def test_rows_that_a_named_rule_leaves_out(read: Read, row: Row, rule: str) -> None:
    reading = read(statement([(T, *row)]))
    assert reading.records == []
    assert dict(reading.files[0].ignored) == {rule: 1}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ((T, "Spot", "Teleport", "BTC", "1"), "Operation", "binance_unknown_operation"),
        ((T, "Spot", "", "BTC", "1"), "Operation", "binance_unknown_operation"),
        ((T, "Cross Margin", "Margin Loan", "BTC", "1"), "Operation", "binance_not_covered"),
        ((T, "Spot", "Staking Rewards", "BTC", "-1"), "Change", "binance_wrong_sign"),
        ((T, "Spot", "Deposit", "BTC", "one"), "Change", "number_not_plain"),
        ((T, "Spot", "Deposit", "", "1"), "Coin", "row_cell_missing"),
        (("03/01/2025 07:00", "Spot", "Deposit", "BTC", "1"), "UTC_Time", "row_bad_venue_time"),
        (("", "Spot", "Deposit", "BTC", "1"), "UTC_Time", "row_bad_venue_time"),
    ],
)
def test_rows_that_cannot_be_used(read: Read, row: Row, column: str, code: str) -> None:
    reading = read(statement([row]))
    assert [(r.column, r.reason.code) for r in reading.files[0].rejected] == [(column, code)]


def test_times_numbers_and_wrappings_of_real_exports(read: Read) -> None:
    plain = [(T, "Spot", "Deposit", "BTC", "0.00000093")]
    expected = [r._replace(source=None) for r in read(statement(plain)).records]  # type: ignore[arg-type]
    variants = [
        statement([("25-03-01 07:00:00", "Spot", "deposit", "btc", "9.3E-7")]),
        statement([("2025/3/1 7:00", "Spot", "Deposit", "BTC", "0.000000930000")]),
        "\ufeff" + statement(plain),
        statement(plain).replace("User_ID,UTC_Time", "User ID,Time"),
        "".join(f'"{line}"\n' for line in statement(plain).splitlines()),
        "".join(f'"{line}"\n' for line in statement(plain).replace("Spot", '""Spot""').splitlines()),
        "Export of 2025\nsome, preamble, lines\n\n" + statement(plain),
        statement(plain).replace(",", ";"),
    ]
    for content in variants:
        got = [r._replace(source=None, note="Deposit") for r in read(content).records]  # type: ignore[arg-type]
        assert got == expected
    for encoding in ("utf-16", "utf-16-le", "cp1251"):
        assert len(read(statement([(*plain[0], "пополнение")]).encode(encoding)).records) == 1
    assert read(statement([(T, "Spot", "Deposit", "BTC", '"1,234.5"')])).records[0].quantity == 1234_500000000000000000


def test_the_table_of_operations_is_sound() -> None:
    for found in operations().values():
        if found.how == "reward":
            assert found.what in KINDS
        if found.how == "signed":
            assert all(k in KINDS for k in found.what.split("/") if k)
    assert meaning("Transfer Between Spot Account and UM Futures Account") is not None
    assert meaning("TRANSACTION BUY") == meaning("Buy")
    assert {"binance_half_trade", "binance_legs_unclear"} <= set(catalog())


LEGS = st.tuples(
    st.sampled_from(["2025-03-01 07:00:00", "2025-03-01 07:00:01", "2025-03-05 07:00:00"]),
    st.sampled_from(["Spot", "Funding"]),
    st.sampled_from(
        ["Buy", "Sell", "Transaction Related", "Fee", "Transaction Spend", "Binance Convert", "Distribution", "Deposit"]
    ),
    st.sampled_from(["BTC", "USDT", "ETH", "KZT"]),
    st.sampled_from(["1", "-1", "2.5", "-0.00000001", "0"]),
    st.sampled_from(["", "", "a", "b"]),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LEGS, max_size=12), st.randoms(use_true_random=False))
def test_conservation_and_order(read: Read, rows: list[Row], shuffle: random.Random) -> None:
    """Every row is accounted for, used legs are conserved coin by coin, and the order of rows changes nothing."""
    reading = read(statement(rows))
    lost = {r.source.line for r in reading.files[0].rejected}
    sums: dict[str, int] = {}
    for line, (_, _, _, coin, change, _) in enumerate(rows, start=2):
        if line not in lost and coin != "KZT":
            sums[coin] = sums.get(coin, 0) + int(float(change) * 10**8)
    for r in reading.records:
        sign = 1 if KINDS[r.kind].direction == "in" else -1
        sums[r.asset] = sums.get(r.asset, 0) - sign * (r.quantity // 10**10)
        if r.fee is not None and r.fee_asset != "KZT":
            sums[str(r.fee_asset)] = sums.get(str(r.fee_asset), 0) + r.fee // 10**10
    assert not any(sums.values())

    def content(found: Reading) -> list[str]:
        return sorted(repr(r._replace(source=None)) for r in found.records)  # type: ignore[arg-type]

    mixed = list(rows)
    shuffle.shuffle(mixed)
    other = read(statement(mixed))
    assert content(other) == content(reading)
    assert other.files[0].ignored == reading.files[0].ignored


def test_what_a_pool_paid_is_never_taken_away(read: Read) -> None:
    reading = read(statement([(T, "Pool", "Pool Distribution", "BTC", "-1")]))
    assert (reading.records, rejected(reading)) == ([], [(2, "binance_wrong_sign")])


def test_a_coin_that_came_as_money_comes_is_a_transfer(read: Read) -> None:
    rows = [(T, "Spot", "Fiat Deposit", "USDT", "5"), (T, "Spot", "Fiat Withdraw", "USDT", "-2")]
    assert [brief(r)[:3] for r in read(statement(rows)).records] == [
        ("transfer_in", "USDT", 5),
        ("transfer_out", "USDT", 2),
    ]


def test_small_assets_converted_twice_in_three_seconds_are_two_conversions(read: Read) -> None:
    """Each has both of its sides in one second: nothing of the one waits for the other."""
    what = "Small assets exchange BNB"
    rows = [
        ("2025-03-01 07:00:00", "Spot", what, "XRP", "-3"),
        ("2025-03-01 07:00:00", "Spot", what, "BNB", "1"),
        ("2025-03-01 07:00:01", "Spot", what, "ADA", "-4"),
        ("2025-03-01 07:00:01", "Spot", what, "BNB", "2"),
    ]
    groups: dict[str | None, set[tuple[object, ...]]] = {}
    for r in read(statement(rows)).records:
        groups.setdefault(r.group, set()).add(brief(r)[:3])
    assert sorted(map(sorted, groups.values())) == [
        [("swap_in", "BNB", 1), ("swap_out", "XRP", 3)],
        [("swap_in", "BNB", 2), ("swap_out", "ADA", 4)],
    ]


def test_one_small_asset_left_alone_is_not_put_to_the_next_conversion(read: Read) -> None:
    what = "Small assets exchange BNB"
    rows = [
        ("2025-03-01 07:00:00", "Spot", what, "XRP", "-3"),
        ("2025-03-01 07:00:01", "Spot", what, "ADA", "-4"),
        ("2025-03-01 07:00:01", "Spot", what, "BNB", "2"),
    ]
    reading = read(statement(rows))
    assert [brief(r)[:3] for r in reading.records] == [("swap_out", "ADA", 4), ("swap_in", "BNB", 2)]
    assert rejected(reading) == [(2, "binance_half_trade")]
