"""The mean rate of a year: exact, over calendar days, and only of a year that the rates show to be over."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from price_rows import rate

from salyq.prices.book import PriceBook
from salyq.prices.model import MissingQuote


def every_day(year, rate_of, last=None):
    day, rows = date(year, 1, 1), []
    while day.year == year and (last is None or day <= last):
        rows.append(rate(day.isoformat(), str(rate_of(day)), line=len(rows) + 2))
        day += timedelta(days=1)
    return rows


def test_a_stated_mean_wins():
    rows = [*every_day(2026, lambda d: 500), rate("2026-12-31", "512.34", kind="year_mean", origin="NBK", line=9)]
    found = PriceBook([], rows).year_mean("USD", 2026)
    assert found.value == Fraction("512.34")
    assert (found.origin, found.place, found.finding) == ("NBK", "prices/rates.csv:9", None)


def test_a_stated_mean_serves_its_own_year_and_currency_only():
    book = PriceBook([], [rate("2026-03-01", "512", kind="year_mean")])
    assert book.year_mean("USD", 2026).value == 512
    assert isinstance(book.year_mean("USD", 2025), MissingQuote)
    assert book.year_mean("EUR", 2026).reason.code == "year_mean_no_rates"


def test_the_mean_counts_calendar_days_and_carries_the_last_rate():
    # 400 for the first 90 days of 2026, 500 for the other 275
    rows = [rate("2026-01-01", "400"), rate("2026-04-01", "500", line=3), rate("2026-12-31", "500", line=4)]
    found = PriceBook([], rows).year_mean("USD", 2026)
    assert found.value == Fraction(400 * 90 + 500 * 275, 365)
    assert found.place == "prices/rates.csv:4"
    assert found.finding.code == "year_mean_long_gap"
    assert found.finding.params["row_day"] == "2026-04-01"


def test_weekends_carry_friday():
    working = [row for row in every_day(2026, lambda d: d.toordinal() % 97 + 400) if row.day.weekday() < 5]
    found = PriceBook([], working).year_mean("USD", 2026)
    total, carried = 0, None
    amounts = {row.day: row.rate // 10**18 for row in working}
    for n in range(365):
        carried = amounts.get(date(2026, 1, 1) + timedelta(days=n), carried)
        total += carried
    assert found.value == Fraction(total, 365)
    assert found.finding.code == "year_mean_computed"
    assert found.finding.params["carried"] == 365 - len(working)


def test_a_leap_year_has_one_day_more():
    rows = [*every_day(2024, lambda d: 1 if d < date(2024, 3, 1) else 2)]
    assert PriceBook([], rows).year_mean("USD", 2024).value == Fraction(60 + 2 * 306, 366)


def test_the_year_is_over_with_its_last_working_day():
    # 31.12.2023 is a Sunday: rates to Friday the 29th are enough, to Thursday the 28th are not.
    assert PriceBook([], every_day(2023, lambda d: 450, date(2023, 12, 29))).year_mean("USD", 2023).value == 450
    found = PriceBook([], every_day(2023, lambda d: 450, date(2023, 12, 28))).year_mean("USD", 2023)
    assert found.reason.code == "year_mean_unfinished"
    assert found.reason.params["day"] == "2023-12-29"


def test_an_unfinished_year_has_a_mean_so_far_up_to_its_last_row():
    rows = [rate("2026-01-01", "400"), rate("2026-01-04", "500", line=3)]
    found = PriceBook([], rows).year_mean("USD", 2026)
    assert isinstance(found, MissingQuote)
    assert found.so_far == Fraction(3 * 400 + 500, 4)
    texts = found.reason.texts()
    assert "reach 2026-01-04" in texts["en"]
    assert "2026-12-31" in texts["ru"]
    assert "2026-01-04" in texts["kk"]


def test_days_before_the_first_row_of_the_year_are_unknown():
    # Not even a rate of 31 December of the year before is carried over.
    rows = [rate("2025-12-31", "1"), *every_day(2026, lambda d: 500)[1:]]
    found = PriceBook([], rows).year_mean("USD", 2026)
    assert isinstance(found, MissingQuote)
    assert found.reason.code == "year_mean_late_start"
    assert "2026-01-02" in found.reason.text("en")
    assert found.so_far == 500


def test_a_market_rate_is_no_part_of_the_mean():
    rows = [rate(row.day.isoformat(), "500", kind="market") for row in every_day(2026, lambda d: 500)]
    book = PriceBook([], rows)
    assert isinstance(book.year_mean("USD", 2026), MissingQuote)
    assert not book.year_is_over(2026)


def test_rates_of_another_year_say_nothing_of_this_one():
    found = PriceBook([], every_day(2025, lambda d: 500)).year_mean("USD", 2026)
    assert found.reason.code == "year_mean_no_rates"
    assert found.so_far is None
    assert set(found.reason.texts()) == {"kk", "ru", "en"}


def test_year_is_over():
    assert not PriceBook([], []).year_is_over(2026)
    assert not PriceBook([], [rate("2026-12-30", "500")]).year_is_over(2026)
    assert PriceBook([], [rate("2026-12-31", "500", currency="EUR")]).year_is_over(2026)
    assert PriceBook([], [rate("2027-02-01", "500")]).year_is_over(2026)
    assert PriceBook([], [rate("2026-05-05", "500", kind="year_mean")]).year_is_over(2026)
    assert not PriceBook([], [rate("2025-05-05", "500", kind="year_mean")]).year_is_over(2026)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.integers(1, 364), st.tuples(st.integers(1, 10**6), st.integers(1, 999)), max_size=40))
def test_equals_a_day_by_day_mean(table):
    table = {0: (450, 1), 364: (470, 1), **table}
    rows = [
        rate((date(2026, 1, 1) + timedelta(days=n)).isoformat(), str(amount), quantity=str(quantity), line=n + 2)
        for n, (amount, quantity) in table.items()
    ]
    total, last = Fraction(0), Fraction(0)
    for n in range(365):
        last = Fraction(*table[n]) if n in table else last
        total += last
    assert PriceBook([], rows).year_mean("USD", 2026).value == total / 365
