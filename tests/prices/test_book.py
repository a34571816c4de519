"""The book of quotes: which row answers for a day, what is said about it, and what contradicts."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from price_rows import rate, value

from salyq.civil.errors import InputError
from salyq.prices.book import PriceBook
from salyq.prices.model import MissingQuote, Quote

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2025, 6, 13) + timedelta(days=n) for n in range(4))


def all_words(message):
    texts = message.texts()
    assert set(texts) == {"kk", "ru", "en"}
    assert all(text and "{" not in text for text in texts.values())
    assert len(set(texts.values())) == 3
    return texts["en"]


# Official values


def test_official_value_of_the_day_itself():
    book = PriceBook([value("2025-06-13", "100.5", line=7, origin="KGD")], [])
    found = book.official_value("BTC", FRIDAY, previous_working_day=True)
    assert found == Quote(Fraction(201, 2), "USD", FRIDAY, "KGD", "prices/values.csv:7", None)


@pytest.mark.parametrize("day", [SATURDAY, SUNDAY])
def test_a_day_off_takes_the_last_working_day_even_with_a_row_of_its_own(day):
    book = PriceBook([value("2025-06-13", "100"), value("2025-06-14", "1"), value("2025-06-15", "2")], [])
    found = book.official_value("BTC", day, previous_working_day=True)
    assert (found.value, found.day, found.finding) == (100, FRIDAY, None)


def test_before_that_order_the_row_of_the_day_itself_counts():
    book = PriceBook([value("2025-06-13", "100"), value("2025-06-14", "1")], [])
    assert book.official_value("BTC", SATURDAY, previous_working_day=False).value == 1
    found = book.official_value("BTC", SUNDAY, previous_working_day=False)
    assert isinstance(found, MissingQuote)
    assert found.reason.params["day"] == "2025-06-15"


def test_a_missing_working_day_is_missing_and_names_the_day_needed():
    book = PriceBook([value("2025-06-12", "99"), value("2025-06-14", "1"), value("2025-06-16", "2")], [])
    found = book.official_value("BTC", SUNDAY, previous_working_day=True)
    assert isinstance(found, MissingQuote)
    assert found.reason.code == "missing_quote"
    assert found.reason.params["day"] == "2025-06-13"
    assert found.so_far is None
    assert all_words(found.reason) == (
        "no quote: BTC, official value, 2025-06-13; add a row for that day to an asset_values file"
    )


def test_holidays_are_days_off_too():
    book = PriceBook([value("2024-03-20", "5"), value("2024-03-22", "6")], [])
    assert book.official_value("BTC", date(2024, 3, 22), previous_working_day=True).value == 5  # Nauryz


def test_kinds_and_assets_do_not_mix():
    book = PriceBook([value("2025-06-13", "1", kind="market"), value("2025-06-13", "2", asset="ETH")], [])
    assert isinstance(book.official_value("BTC", FRIDAY, previous_working_day=True), MissingQuote)


# Day averages and market prices


def test_asset_quote_of_the_day_has_no_finding():
    book = PriceBook([value("2025-06-13", "7", kind="day_average")], [])
    assert book.asset_quote("day_average", "BTC", FRIDAY).finding is None


def test_asset_quote_goes_back_only_as_far_as_allowed_and_says_so():
    book = PriceBook([value("2025-06-06", "7", kind="day_average"), value("2025-06-01", "1", kind="day_average")], [])
    assert isinstance(book.asset_quote("day_average", "BTC", FRIDAY), MissingQuote)
    assert isinstance(book.asset_quote("day_average", "BTC", FRIDAY, stale_days=6), MissingQuote)
    found = book.asset_quote("day_average", "BTC", FRIDAY, stale_days=7)
    assert (found.value, found.day) == (7, date(2025, 6, 6))
    assert found.finding.code == "quote_older"
    assert "the one of 2025-06-06 was used" in all_words(found.finding)


def test_a_later_row_never_stands_in():
    book = PriceBook([value("2025-06-14", "7", kind="market")], [])
    found = book.asset_quote("market", "BTC", FRIDAY, stale_days=7)
    assert isinstance(found, MissingQuote)
    assert "2025-06-13 (or earlier, from 2025-06-06 on)" in all_words(found.reason)


# Rates


def test_a_rate_is_tenge_for_one_unit_exactly():
    book = PriceBook([], [rate("2025-06-13", "3.1", currency="RUB", quantity="3")])
    assert book.rate("official", "RUB", FRIDAY).value == Fraction(31, 30)
    assert book.rate("official", "RUB", FRIDAY).currency == "KZT"


def test_tenge_itself_is_one():
    book = PriceBook([], [])
    assert book.rate("market", "KZT", FRIDAY).value == 1
    assert book.year_mean("KZT", 2026).value == 1


def test_a_market_rate_wins_even_when_older():
    book = PriceBook([], [rate("2025-06-13", "500"), rate("2025-06-06", "510", kind="market")])
    found = book.rate("market", "USD", FRIDAY)
    assert (found.value, found.finding.code) == (510, "quote_older")


def test_an_official_rate_stands_in_for_a_market_rate_and_says_so():
    book = PriceBook([], [rate("2025-06-12", "500"), rate("2025-06-05", "510", kind="market")])
    found = book.rate("market", "USD", FRIDAY)
    assert (found.value, found.day, found.finding.code) == (500, date(2025, 6, 12), "official_rate_stood_in")
    assert "official rate of 2025-06-12" in all_words(found.finding)


def test_an_official_rate_of_the_very_day_standing_in_is_said_too():
    book = PriceBook([], [rate("2025-06-13", "500")])
    assert book.rate("market", "USD", FRIDAY).finding.code == "official_rate_stood_in"
    assert book.rate("official", "USD", FRIDAY).finding is None


def test_a_market_rate_never_stands_in_for_an_official_one():
    book = PriceBook([], [rate("2025-06-13", "500", kind="market")])
    found = book.rate("official", "USD", FRIDAY)
    assert isinstance(found, MissingQuote)
    assert found.reason.params["table"] == "exchange_rates"


def test_rates_grow_stale_after_the_days_given():
    book = PriceBook([], [rate("2025-06-06", "500")])
    assert book.rate("official", "USD", FRIDAY).finding.code == "quote_older"
    assert isinstance(book.rate("official", "USD", SATURDAY), MissingQuote)
    assert isinstance(book.rate("official", "USD", FRIDAY, stale_days=0), MissingQuote)
    assert isinstance(book.rate("market", "USD", SATURDAY), MissingQuote)


# Contradictions


def test_two_values_for_one_day_name_both_places():
    rows = [value("2025-06-13", "2", line=9, file="b.csv"), value("2025-06-13", "1", line=3, file="a.csv")]
    for order in (rows, rows[::-1]):
        with pytest.raises(InputError) as caught:
            PriceBook(order, [])
        assert caught.value.message.code == "conflicting_quotes"
        assert caught.value.text("en") == (
            "b.csv:9: value «2 USD»: BTC, official value, 2025-06-13: a.csv:3 has another value, 1 USD; "
            "keep the right row"
        )
        all_words(caught.value.message)


def test_the_same_number_in_another_currency_contradicts():
    with pytest.raises(InputError):
        PriceBook([value("2025-06-13", "1"), value("2025-06-13", "1", currency="KZT")], [])


def test_two_rates_for_one_day_contradict():
    with pytest.raises(InputError) as caught:
        PriceBook([], [rate("2025-06-13", "500"), rate("2025-06-13", "501", line=4)])
    assert caught.value.text().startswith("prices/rates.csv:4: rate «501 KZT / 1 USD»: USD, official exchange rate")
    assert "has another value, 500 KZT / 1 USD" in caught.value.text()


def test_two_means_of_one_year_contradict_whatever_their_day():
    rows = [rate("2026-12-31", "500", kind="year_mean"), rate("2026-01-01", "501", kind="year_mean", line=3)]
    with pytest.raises(InputError) as caught:
        PriceBook([], rows)
    assert "mean rate of the year, 2026" in caught.value.text()


def test_equal_rows_are_fine_and_the_first_place_is_named():
    values = [value("2025-06-13", "1", line=5), value("2025-06-13", "1.0", line=3)]
    rates = [rate("2025-06-13", "4500", quantity="10", line=8), rate("2025-06-13", "450", line=2)]
    for order in (1, -1):
        book = PriceBook(values[::order], rates[::order])
        assert book.asset_quote("official", "BTC", FRIDAY).place == "prices/values.csv:3"
        assert book.rate("official", "USD", FRIDAY).place == "prices/rates.csv:2"


def test_other_kinds_on_the_same_day_are_no_contradiction():
    PriceBook(
        [value("2025-06-13", "1"), value("2025-06-13", "2", kind="market")],
        [rate("2025-06-13", "1"), rate("2025-06-13", "2", kind="market"), rate("2025-06-13", "3", kind="year_mean")],
    )


@pytest.mark.parametrize(
    ("values", "rates", "start"),
    [
        ([value("2025-06-13", "-1", line=6)], [], "prices/values.csv:6: value «-1»: "),
        ([], [rate("2025-06-13", "0", line=6)], "prices/rates.csv:6: rate «0»: "),
        ([], [rate("2025-06-13", "1", quantity="0", line=6)], "prices/rates.csv:6: quantity «0»: "),
    ],
)
def test_impossible_numbers_are_refused_with_their_place(values, rates, start):
    with pytest.raises(InputError) as caught:
        PriceBook(values, rates)
    assert caught.value.text().startswith(start)
    all_words(caught.value.message)


# Against a plain search over all rows

DAYS = st.dates(date(2025, 1, 1), date(2025, 3, 1))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.tuples(DAYS, st.sampled_from(["market", "official"])), st.integers(1, 10**6)),
    DAYS,
    st.integers(0, 9),
)
def test_rates_equal_a_plain_search(table, day, stale):
    rows = [rate(d.isoformat(), str(amount), kind=kind) for (d, kind), amount in table.items()]
    found = PriceBook([], rows).rate("market", "USD", day, stale_days=stale)
    for kind in ("market", "official"):
        near = [(d, n) for (d, k), n in table.items() if k == kind and 0 <= (day - d).days <= stale]
        if near:
            assert (found.day, found.value) == max(near)
            assert (found.finding is None) == (kind == "market" and max(near)[0] == day)
            return
    assert isinstance(found, MissingQuote)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(DAYS, st.integers(1, 3)), max_size=12), st.randoms())
def test_the_order_of_rows_changes_nothing(pairs, random):
    rows = [value(d.isoformat(), str(d.day), line=line + 2, kind="market") for line, (d, _) in enumerate(pairs)]
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, other = PriceBook(rows, []), PriceBook(shuffled, [])
    for n in range(0, 62, 3):
        day = date(2025, 1, 1) + timedelta(days=n)
        assert one.asset_quote("market", "BTC", day, stale_days=5) == other.asset_quote(
            "market", "BTC", day, stale_days=5
        )
