from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.present.amounts import measure, money, number, plain

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("kk", "1 234 567,89 ₸"),
        ("ru", "1 234 567,89 ₸"),
        ("en", "1,234,567.89 KZT"),
    ],
)
def test_money_in_each_language(lang, shown):
    assert money(Decimal("1234567.89"), lang) == shown.replace(" ", NBSP)


def test_zero_negative_and_exponent():
    assert money(Decimal("0.00"), "en") == f"0.00{NBSP}KZT"
    assert money(Decimal("-0.00"), "en") == f"0.00{NBSP}KZT"
    assert money(Decimal("-1234.5"), "ru") == f"-1{NBSP}234,50{NBSP}₸"
    assert money(Decimal("1E+6"), "en") == f"1,000,000.00{NBSP}KZT"


def test_energy_keeps_its_own_decimals_and_unit():
    assert measure(Decimal("1234.500"), "kWh", "kk") == f"1{NBSP}234,5{NBSP}кВт·сағ"
    assert measure(Decimal("5"), "MCI", "en") == f"5{NBSP}MCI"
    assert measure(Decimal("0.15"), "", "en") == "0.15"


@given(st.integers(-(10**45), 10**45), st.integers(0, 18), st.sampled_from(["kk", "ru", "en"]))
def test_nothing_is_rounded(digits, places, lang):
    value = Decimal(f"{digits}E-{places}")
    shown = number(value, lang, decimals=2).replace(NBSP, "").replace(",", "." if lang != "en" else "")
    assert Decimal(shown) == value


@given(st.integers(0, 10**30))
def test_plain_tenge_has_two_decimals(tiyn):
    text = plain(Decimal(f"{tiyn}E-2"), "KZT")
    assert text == f"{tiyn // 100}.{tiyn % 100:02}"


def test_plain_has_no_exponent():
    assert plain(Decimal("1E+3"), "KZT") == "1000.00"
    assert plain(Decimal("1E+3"), "kWh") == "1000"
