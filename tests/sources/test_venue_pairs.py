"""Pairs in one word, amounts with the coin glued on, ids that spreadsheets have mangled, running balances, clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.civil.numbers import format_scaled
from salyq.records.model import UNIT
from salyq.records.reading import FileReport, Reading
from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.balances import Balances
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.pairs import QUOTES, glued, split_pair


@pytest.mark.parametrize(
    ("symbol", "hints", "pair"),
    [
        ("BTCUSDT", (), ("BTC", "USDT")),
        ("BTC-USDT", (), ("BTC", "USDT")),
        ("btc_usdt", (), ("BTC", "USDT")),
        ("TOWNS/USDC", (), ("TOWNS", "USDC")),
        ("BTCBUSD", (), ("BTC", "BUSD")),
        ("BTCTUSD", (), ("BTC", "TUSD")),
        ("BTCFDUSD", (), ("BTC", "FDUSD")),
        ("FDUSDUSDT", (), ("FDUSD", "USDT")),
        ("BTCUSD", (), ("BTC", "USD")),
        ("ADAEUR", (), ("ADA", "EUR")),
        ("BTCAEUR", (), ("BTC", "AEUR")),
        ("FOOAEUR", ("FOO",), ("FOO", "AEUR")),
        ("FOOAEUR", ("EUR",), ("FOOA", "EUR")),
        ("USDTKZT", (), ("USDT", "KZT")),
        ("EURUSDT", (), ("EUR", "USDT")),
        ("1INCHUSDT", (), ("1INCH", "USDT")),
        ("SUSDT", (), ("S", "USDT")),
        ("FOOQUX", ("QUX",), ("FOO", "QUX")),
        ("FOOQUX", ("FOO",), ("FOO", "QUX")),
    ],
)
def test_pairs(symbol: str, hints: tuple[str, ...], pair: tuple[str, str]) -> None:
    assert split_pair(symbol, "Pair", hints) == pair


@pytest.mark.parametrize(
    ("symbol", "hints"),
    [("", ()), ("USDT", ()), ("FOOQUX", ()), ("FOOQUX", ("BNB",)), ("FOOAEUR", ("BNB",)), ("A-B-C", ()), ("-", ())],
)
def test_pairs_that_cannot_be_told(symbol: str, hints: tuple[str, ...]) -> None:
    with pytest.raises(RowError) as error:
        split_pair(symbol, "Pair", hints)
    assert error.value.message.code == "pair_unclear"


@given(st.text(alphabet="ABTUSDEIR1", min_size=1, max_size=6), st.sampled_from(sorted(set(QUOTES.split()))))
def test_a_pair_is_never_told_against_the_row(base: str, quote: str) -> None:
    """With what the fee was in, the answer is right or there is none, whatever else the pair could be."""
    try:
        found = split_pair(base + quote, "Pair", (base, quote))
    except RowError:
        return
    assert "".join(found) == base + quote
    assert base in found or quote in found


@pytest.mark.parametrize(
    ("text", "coins", "found"),
    [
        ("0.5BTC", (), (UNIT // 2, "BTC")),
        ("1,234.5BTC", (), (2469 * UNIT // 2, "BTC")),
        ("5.11INCH", ("1INCH",), (51 * UNIT // 10, "1INCH")),
        ("5.11INCH", (), (511 * UNIT // 100, "INCH")),
        ("-104.5 USDT", (), (-209 * UNIT // 2, "USDT")),
        ("1E-7BTC", (), (UNIT // 10**7, "BTC")),
        ("3LUNA2", (), (3 * UNIT, "LUNA2")),
        ("7", ("BTC",), (7 * UNIT, "")),
        ("0.1btc", ("BTC",), (UNIT // 10, "BTC")),
    ],
)
def test_glued(text: str, coins: tuple[str, ...], found: tuple[int, str]) -> None:
    assert glued(text, "Executed", coins) == found


@pytest.mark.parametrize("text", ["", "BTC", "1..2BTC", "1 2 3BTC!", "NaN"])
def test_glued_that_is_none(text: str) -> None:
    with pytest.raises(RowError):
        glued(text, "Executed")


@given(st.integers(1, 10**24), st.sampled_from(["BTC", "1INCH", "1000SATS", "LUNA2", "E"]))
def test_glued_is_exact(number: int, coin: str) -> None:
    assert glued(format_scaled(number) + coin, "Executed", (coin,)) == (number, coin)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8389770000000000001", "8389770000000000001"),
        ("'8389770000000000001", "8389770000000000001"),
        ("8,38977E+18", None),
        ("8.38977E+18", None),
        ("0", None),
        ("--", None),
        ("", None),
        ("x5", "x5"),
    ],
)
def test_ids(text: str, found: str | None) -> None:
    assert venue_id(text) == found


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
    st.integers(0, 10**6),
)
def test_balances_that_follow_are_never_doubted(changes: list[tuple[int, int]], rnd: object, start: int) -> None:
    """Whatever the order of rows: all breaks that are told are real."""
    reading = Reading()
    book = Book(reading, FileReport("f", "r", ""))
    balances = Balances(book)
    time, balance, rows = datetime(2025, 1, 1, tzinfo=UTC), start * UNIT, []
    for line, (wait, change) in enumerate(changes, 2):
        time += timedelta(seconds=wait)
        balance += change * UNIT
        rows.append((time, line, change * UNIT, balance))
    getattr(rnd, "shuffle")(rows)  # noqa: B009 - hypothesis types it as object
    for at, line, change, after in rows:
        balances.add("BTC", at, line, change, after)
    balances.finish()
    book.close()
    assert reading.notices == []
