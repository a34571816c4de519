from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.civil.currencies import is_currency
from salyq.civil.errors import InputError
from salyq.civil.ids import check_digit, check_id, check_person
from salyq.civil.messages import Message


@pytest.mark.parametrize("good", ["900101300017", "230440900503", "210840900564", "211140900363", "221240021097"])
def test_good_numbers(good: str) -> None:
    assert check_id(good) is None


@pytest.mark.parametrize(
    ("number", "code"),
    [("900101300017", None), ("681122300036", None), ("230440900503", "id_no_person"), ("900101300018", "id_checksum")],
)
def test_the_number_of_an_organisation_is_no_persons(number: str, code: str | None) -> None:
    wrong = check_person(number)
    assert (wrong.code if wrong else None) == code


@given(st.text("0123456789", min_size=11, max_size=11))
def test_only_one_check_digit_is_good(first: str) -> None:
    digit = check_digit(first)
    good = [d for d in range(10) if check_id(f"{first}{d}") is None]
    assert good == ([] if digit is None else [digit])


def test_the_second_weights_and_numbers_never_issued() -> None:
    firsts = [f"{n:011d}" for n in range(20000)]
    second = next(
        f for f in firsts if sum(int(c) * (i + 1) for i, c in enumerate(f)) % 11 == 10 and check_digit(f) is not None
    )
    weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    assert check_digit(second) == sum(int(c) * w for c, w in zip(second, weights, strict=True)) % 11
    never = next(f for f in firsts if check_digit(f) is None)
    wrong = check_id(never + "0")
    assert wrong is not None
    assert wrong.code == "id_never_issued"


@pytest.mark.parametrize("text", ["", "90010130001", "9001013000170", "90010130001x", "９00101300017", "900 10130017"])
def test_not_twelve_digits(text: str) -> None:
    wrong = check_id(text)
    assert wrong is not None
    assert wrong.code == "id_not_12_digits"


def test_currencies() -> None:
    assert is_currency("KZT")
    assert is_currency("USD")
    for code in ("usd", "BTC", "USDT", "XXX", "", "KZT "):
        assert not is_currency(code)


def test_an_error_is_one_clean_line() -> None:
    error = InputError(Message("number_exponent"), file="a\x1b[31m.csv", line=3, column="quantity", value="1e5\n\x07")
    for lang in ("kk", "ru", "en"):
        text = error.text(lang)
        assert text.isprintable()
        assert ":3: quantity «1e5" in text
