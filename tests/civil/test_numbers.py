from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salyq.civil.numbers import (
    NumberError,
    expand_exponent,
    format_scaled,
    format_tiyn,
    parse_scaled,
    parse_written,
    part,
    round_half_up,
)

fits = st.integers(-(10**38) + 1, 10**38 - 1)


@given(fits, st.sampled_from([0, 2, 18]))
def test_format_and_parse_are_each_others_inverse(n: int, decimals: int) -> None:
    text = format_scaled(n, decimals)
    assert "e" not in text.lower()
    assert parse_scaled(text, decimals) == n
    assert Fraction(text) == Fraction(n, 10**decimals)


def test_plain_decimals() -> None:
    assert parse_scaled("12.5") == 12_500000000000000000
    assert parse_scaled("-0.10", 2) == -10
    assert parse_scaled(".5", 1) == 5
    assert parse_scaled("0.1" + "0" * 40) == 10**17
    assert parse_scaled("99999999999999999999.999999999999999999") == 10**38 - 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1e5", "number_exponent"),
        ("1.5E-7", "number_exponent"),
        ("1,000.5", "number_thousands"),
        ("1 000", "number_thousands"),
        ("0,5", "number_thousands"),
        ("+1", "number_not_plain"),
        ("--1", "number_not_plain"),
        ("1.", "number_not_plain"),
        (".", "number_not_plain"),
        ("", "number_not_plain"),
        ("-", "number_not_plain"),
        ("nan", "number_not_plain"),
        ("Infinity", "number_not_plain"),
        ("٣", "number_not_plain"),
        ("1²", "number_not_plain"),
        ("0x10", "number_not_plain"),
        ("1_0", "number_thousands"),
        ("1" * 40, "number_too_long"),
        ("1" * 5000, "number_too_long"),
        ("0." + "1" * 19, "number_too_many_decimals"),
        ("100000000000000000000", "number_too_long"),
    ],
)
def test_what_is_no_plain_decimal(text: str, code: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_scaled(text)
    assert caught.value.message.code == code
    assert all(caught.value.message.texts().values())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("520 000,00", "520000"),
        ("520\u00a0000,00", "520000"),
        ("520\u202f000,5", "520000.5"),
        ("520000,5", "520000.5"),
        ("-1.000.000,25", "-1000000.25"),
        ("1,000,000.25", "1000000.25"),
        ("0,125", "0.125"),
        ("1'000.50", "1000.5"),
        ("-1\u2019000\u2019000,25", "-1000000.25"),
        ("12.5", "12.5"),
    ],
)
def test_numbers_as_people_write_them(text: str, plain: str) -> None:
    assert parse_written(text, 3) == parse_scaled(plain, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "number_comma_unclear"),  # 1234 or 1.234
        ("52 0000", "number_thousands"),
        ("1'00", "number_thousands"),
        ("1 000'000", "number_thousands"),  # two marks of one meaning
        ("1 000,", "number_thousands"),
        ("1 000,005", "number_too_many_decimals"),
        ("1e5", "number_exponent"),
        ("тысяча", "number_not_plain"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: str, code: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_written(text, 2)
    assert caught.value.message.code == code


def test_more_decimals_than_tiyn_are_refused() -> None:
    with pytest.raises(NumberError):
        parse_scaled("1.005", 2)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=12))
def test_exponents_are_written_out_exactly(number: object) -> None:
    text = f"{number:.12E}"
    written = expand_exponent(text)
    assert "E" not in written
    assert Fraction(written) == Fraction(text)


@pytest.mark.parametrize("text", ["12", "1,5", "E5", "1E", "1E5000", "1e+-3", "x1e5", "1.5.5e3"])
def test_other_texts_stay(text: str) -> None:
    assert expand_exponent(text) == text


def test_tiyn() -> None:
    assert format_tiyn(20000000) == "200000.00"
    assert format_tiyn(-5) == "-0.05"


@given(st.integers(-(10**80), 10**80), st.integers(1, 10**40))
@example(-1, 2)
@example(5, 2)
@example(-(10**60) - 5, 10)
def test_half_goes_away_from_zero(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    assert rounded == -round_half_up(-numerator, denominator)
    assert rounded == round_half_up(-numerator, -denominator)
    apart = abs(Fraction(numerator, denominator)) - abs(rounded)
    assert Fraction(-1, 2) <= apart < Fraction(1, 2)


@given(st.integers(0, 10**38), st.lists(st.integers(1, 10**20), min_size=1, max_size=12))
def test_parts_sum_exactly_and_do_not_drift(total: int, pieces: list[int]) -> None:
    quantity, x, parts = sum(pieces), 0, []
    for piece in pieces:
        got = part(total, quantity, x, x + piece)
        assert got >= 0
        assert abs(got - Fraction(total * piece, quantity)) <= 1
        parts.append(got)
        x += piece
    assert sum(parts) == total
    middle = pieces[0]
    assert part(total, quantity, 0, quantity) == part(total, quantity, 0, middle) + part(
        total, quantity, middle, quantity
    )
