"""Small parts of the venue readers: names of assets and pairs, amounts, clocks, wallets, hours, deals, fees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.civil.messages import catalog
from salyq.civil.numbers import format_scaled
from salyq.records.kinds import KINDS
from salyq.records.model import UNIT
from salyq.records.reading import FileReport, Reading
from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.clock import clock, epoch, header_zone, named_zone
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.readers.coinbase import operations as coinbase_operations
from salyq.sources.readers.crypto_com import kinds as crypto_com_kinds
from salyq.sources.readers.kraken.assets import is_staked, kraken_asset, kraken_pair
from salyq.sources.readers.kucoin import history as kucoin_history
from salyq.sources.readers.meters.times import hour_columns
from salyq.sources.readers.pools.table import distribution_day
from salyq.sources.readers.trezor.suite import wallet_of

Read = Callable[..., Reading]


@pytest.mark.parametrize(
    ("name", "asset"),
    [
        ("XXBT", "BTC"),
        ("XBT.M", "BTC"),
        ("XBT", "BTC"),
        ("ZEUR", "EUR"),
        ("EUR.HOLD", "EUR"),
        ("XXDG", "DOGE"),
        ("XTZ.S", "XTZ"),
        ("DOT28.S", "DOT"),
        ("SOL03.S", "SOL"),
        ("ETH2.S", "ETH"),
        ("ETH2", "ETH"),
        ("ZETA", "ZETA"),
        ("XMLN", "MLN"),
        ("1INCH", "1INCH"),
        ("ZRX", "ZRX"),
        ("USDT", "USDT"),
    ],
)
def test_names_of_kraken(name: str, asset: str) -> None:
    assert kraken_asset(name) == asset
    assert is_staked(name) == ("." in name or name == "ETH2")


@pytest.mark.parametrize(
    ("pair", "sides"),
    [
        ("XXBTZEUR", ("BTC", "EUR")),
        ("XETHXXBT", ("ETH", "BTC")),
        ("XBTEUR", ("BTC", "EUR")),
        ("XBT/USDT", ("BTC", "USDT")),
        ("XTZEUR", ("XTZ", "EUR")),
        ("USDTZUSD", ("USDT", "USD")),
        ("ZEURZUSD", ("EUR", "USD")),
        ("EURUSDT", ("EUR", "USDT")),
        ("XDGUSD", ("DOGE", "USD")),
        ("PAXGXBT", ("PAXG", "BTC")),
        ("ETH2.SETH", ("ETH", "ETH")),
        ("RLUSDUSD", ("RLUSD", "USD")),
        ("XRPRLUSD", ("XRP", "RLUSD")),
        ("DASHEUR", ("DASH", "EUR")),
        ("ETHWETH", ("ETHW", "ETH")),
        ("NONSENSE", None),
        ("EUR", None),
        ("", None),
    ],
)
def test_pairs_of_kraken(pair: str, sides: tuple[str, str] | None) -> None:
    assert kraken_pair(pair) == sides


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,5", "0.5"),
        ("-0,00000001", "-0.00000001"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1 234,5", "1234.5"),
        ("€597.49", "597.49"),
        ("-€597.49", "-597.49"),
        ("€-597.49", "-597.49"),
        ("\u2212597.49 ₸", "-597.49"),
        ("+3", "3"),
        ("9.3E-7", "0.00000093"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
    ],
)
def test_amounts(text: str, number: str) -> None:
    assert format_scaled(amount(text, "x")) == number


@pytest.mark.parametrize(
    "text", ["1,234", "12,345", "-€1,234", "1,23,456", "--1", "1.2.3", "+-1", "€", "1,2,3", "1.23,4"]
)
def test_amounts_that_are_not_guessed(text: str) -> None:
    with pytest.raises(RowError) as error:
        amount(text, "x")
    assert error.value.value == text


def test_thousands_where_the_venue_writes_them() -> None:
    assert amount("€1,234", "x", thousands=True) == 1234 * UNIT


@given(st.integers(-(10**30), 10**30))
def test_amounts_are_exact(number: int) -> None:
    text = format_scaled(number)
    assert amount(text, "x") == number
    assert amount(text.replace(".", ","), "x", thousands=True) in (number, number * 1000)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01 10:20:30", "2024-05-01T10:20:30"),
        ("2024-05-01T10:20:30.123Z", "2024-05-01T10:20:30.123"),
        ("2024-05-01 10:20:30 UTC", "2024-05-01T10:20:30"),
        ("2024-05-01 15:20:30+05:00", "2024-05-01T10:20:30"),
        ("2024-05-01 15:20:30 +0500", "2024-05-01T10:20:30"),
        ("24-05-01 10:20:30", "2024-05-01T10:20:30"),
        ("2024/5/1 9:20", "2024-05-01T09:20"),
        ("01.05.2024 10:20", "2024-05-01T10:20"),
        ("5/1/2024, 10:20:30 PM", "2024-05-01T22:20:30"),
        ("5/1/2024 12:00 AM", "2024-05-01T00:00"),
        ("2024-05-01", "2024-05-01T00:00"),
    ],
)
def test_clocks(text: str, moment: str) -> None:
    assert clock(UTC)(text) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "05/01/2024 10:20", "13:00", "2024-13-01 10:00", "1970-01-01 10:00", "13/1/2024 1:00 PM"]
)
def test_clocks_do_not_guess(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        clock(UTC)(text)


def test_zones() -> None:
    assert header_zone("UTC+08:00") == timezone(timedelta(hours=8))
    assert header_zone("UTC+8") == timezone(timedelta(hours=8))
    assert header_zone("UTC") is UTC
    amsterdam = named_zone("Europe/Amsterdam")
    assert amsterdam is not None
    assert clock(amsterdam)("2023-07-01 12:00:00") == datetime(2023, 7, 1, 10, tzinfo=UTC)
    assert named_zone("Mars/Olympus") is None
    assert named_zone("../zoneinfo/UTC") is None
    assert named_zone("zone.tab") is None
    assert epoch("1672567200") == epoch("1672567200000") == datetime(2023, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "wallet"),
    [
        ("x/dali__test_trezor_alice_btc.csv", ("trezor alice", "BTC")),
        ("trezor.csv", ("trezor", None)),
        ("export-btc-2024-05-01 (1).csv", ("trezor", "BTC")),
        ("trezor suite savings.csv", ("trezor savings", None)),
        ("Alice_Ethereum.csv", ("trezor alice", "ETH")),
    ],
)
def test_wallets_by_the_name_of_the_file(file: str, wallet: tuple[str, str | None]) -> None:
    assert wallet_of(file) == wallet


@pytest.mark.parametrize(
    ("titles", "first", "last"),
    [
        ([f"{h:02d}:00" for h in range(24)], 1, 24),
        ([f"{h}" for h in range(24)], 1, 24),
        ([f"{h}" for h in range(1, 25)], 1, 24),
        ([f"{h:02d}:00" for h in range(1, 25)], 1, 24),
        ([f"{h % 24:02d}:00" for h in range(1, 25)], 1, 24),
        ([f"{h:02d}:00-{h + 1:02d}:00" for h in range(24)], 1, 24),
        ([f"{h:02d}:00:00" for h in range(24)], 1, 24),
        ([f"{h} ч" for h in range(1, 25)], 1, 24),
        ([f"{h}" for h in range(23, -1, -1)], 24, 1),
    ],
)
def test_hours_of_a_wide_table(titles: list[str], first: int, last: int) -> None:
    found = hour_columns(["date", *titles, "total"])
    assert found is not None
    assert (found[0], found[23]) == (first, last)
    assert hour_columns(["date", *titles[1:]]) is None


def test_days_of_a_pool() -> None:
    assert {distribution_day(x).isoformat() for x in ("31.01.2025", "2025-01-31", "31.01.2025 10:00")} == {"2025-01-31"}
    with pytest.raises(ValueError, match="no day"):
        distribution_day("01/31/2025")


def test_tables_of_operations_name_known_kinds() -> None:
    kinds = {
        what
        for table in (coinbase_operations, kucoin_history)
        for how, what in table._TABLE
        if how in ("receipt", "outgo")
    }
    kinds |= {what for how, what in crypto_com_kinds._TABLE if how in ("receipt", "outgo")}
    assert kinds <= set(KINDS)


def test_an_hour_without_a_value_and_a_day_of_25_hours(read: Read) -> None:
    """Kazakhstan's clock went back an hour in the night to 1 March 2024: the day before had 25 hours."""
    header = "date," + ",".join(f"{h:02d}:00" for h in range(24))
    reading = read(f"{header}\n2024-02-29,{','.join('1' * 24)}\n2024-03-01,{','.join('1' * 24)}\n")
    assert len(reading.energy) == 48
    edges = sorted((e.start, e.end) for e in reading.energy)
    assert all(end == start for (_, end), (start, _) in pairwise(edges))
    assert edges[-1][1] - edges[0][0] == timedelta(hours=49)


def rows() -> VenueRows:
    return VenueRows(Book(Reading(), FileReport("f.csv", "x", "")), "x")


AT = At(2, datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC).date(), "n", "id")
CODES = st.sampled_from(["BTC", "ETH", "EUR", "USD", "BNB"])


@given(
    CODES, CODES, st.integers(1, 10**24), st.integers(1, 10**24), st.lists(st.tuples(st.integers(-9, 10**20), CODES))
)
@settings(max_examples=150)
def test_a_deal_moves_what_it_says(given_: str, taken: str, out: int, come: int, fees: list[tuple[int, str]]) -> None:
    """Quantities of assets in the records, fees included, are those of the deal; money makes no lot."""
    handler = rows()
    result = handler.deal(AT, Side(given_, out), Side(taken, come), fees)
    moved: dict[str, int] = {}
    for r in handler.book.reading.records:
        sign = 1 if KINDS[r.kind].direction == "in" else -1
        moved[r.asset] = moved.get(r.asset, 0) + sign * r.quantity
        if r.fee and r.fee_asset:
            moved[r.fee_asset] = moved.get(r.fee_asset, 0) - r.fee
    wanted = {given_: -out}
    wanted[taken] = wanted.get(taken, 0) + come
    for fee, asset in fees:
        wanted[asset] = wanted.get(asset, 0) - fee
    assets = {"BTC", "ETH", "BNB"}
    assert {a: n for a, n in moved.items() if a in assets and n} == {
        a: n for a, n in wanted.items() if a in assets and n
    }
    assert (result is True) == bool(handler.book.reading.records)


@given(
    st.lists(st.tuples(st.integers(1, 10**20), st.integers(0, 10**20)), min_size=1, max_size=6), st.integers(1, 10**20)
)
@settings(max_examples=100)
def test_dust_is_shared_out_whole(given_: list[tuple[int, int]], come: int) -> None:
    """Shares sum to what was received and follow the weights to within a unit; the order of rows does not matter."""
    sides = [(Side(f"A{n}", quantity), weight) for n, (quantity, weight) in enumerate(given_)]
    one, other = rows(), rows()
    one.shared_deal(AT, sides, Side("CRO", come), "g")
    other.shared_deal(AT, sides[::-1], Side("CRO", come), "g")
    assert sorted(one.book.reading.records) == sorted(other.book.reading.records)
    shares = {r.group: r.quantity for r in one.book.reading.records if r.kind == "swap_in"}
    assert sum(shares.values()) == come
    total = sum(weight for _, weight in sides) or len(sides)
    for side, weight in sides:
        exact = Fraction(come * (weight if any(w for _, w in sides) else 1), total)
        assert abs(shares.get(f"g:{side.asset}>CRO", 0) - exact) <= 1
    gone = {r.asset: r.quantity for r in one.book.reading.records if r.kind in ("swap_out", "fee")}
    assert gone == {side.asset: side.quantity for side, _ in sides}


def test_words_of_the_readers() -> None:
    for code in ("operation_unknown", "deal_half", "deal_unclear", "number_comma_unclear", "pool_several_miners"):
        assert all(catalog()[code][lang] for lang in ("kk", "ru", "en"))


def test_running_balances_of_one_wallet_are_handed_on(read: Read) -> None:
    """Spot and staked DOT have a balance each: neither is the account's. Money is left out."""
    head = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
    text = (
        "L1,R1,2024-05-01 10:00:00,deposit,,currency,XXBT,1,0,1\n"
        "L2,R2,2024-05-02 10:00:00,withdrawal,,currency,XBT,-0.4,0.1,0.5\n"
        "L3,R3,2024-05-03 10:00:00,deposit,,currency,DOT,5,0,5\n"
        "L4,R4,2024-05-04 10:00:00,staking,,currency,DOT.S,1,0,1\n"
        "L5,R5,2024-05-05 10:00:00,deposit,,currency,ZEUR,5,0,5\n"
    )
    one = read(head + text.replace(",XBT,", ",XXBT,"))
    assert [(b.account, b.asset, b.quantity, b.source.line) for b in one.balances] == [
        ("kraken", "BTC", UNIT, 2),
        ("kraken", "BTC", UNIT // 2, 3),
    ]
    assert read(head + text).balances == []
