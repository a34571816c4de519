"""Single cells: numbers, flags, choices. Each raises RowError naming the column, the value and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from salyq.civil.currencies import is_currency
from salyq.civil.ids import check_id
from salyq.civil.numbers import NumberError, expand_exponent, parse_written
from salyq.sources.format import RowError
from salyq.sources.habits.words import meant

# What stands for a currency beside a number.
SIGNS = {"₸": "KZT", "$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₿": "BTC"}
SIGNS |= {"тг": "KZT", "тенге": "KZT", "теңге": "KZT", "руб": "RUB"}
_SIGN = r"([^\W\d_]{1,12}\.?|[₸$€£¥₽₿])?"
_SIGNED = re.compile(rf"([(-]?) ?{_SIGN} ?([^\w]?.*?\d\)?) ?{_SIGN}(\)?)")
_LONGEST = 120


def number(text: str, column: str) -> int:
    """A decimal in 10⁻¹⁸, of either sign: plain, or with marks that can be read in one way only ("1 000,50").

    RowError: no number, or a comma that could part thousands as well as decimals."""
    if not text:
        raise RowError(column, None, "row_cell_missing", column=column)
    try:
        return parse_written(text)
    except NumberError as error:
        raise RowError(column, text, error.message.code, **error.message.params) from None


def positive(text: str, column: str) -> int:
    """A plain decimal above zero, in 10⁻¹⁸."""
    n = number(text, column)
    if n <= 0:
        raise RowError(column, text, "row_not_positive")
    return n


def not_negative(text: str, column: str) -> int:
    """A plain decimal of zero or more, in 10⁻¹⁸."""
    n = number(text, column)
    if n < 0:
        raise RowError(column, text, "row_negative")
    return n


def optional(text: str, column: str) -> int | None:
    """As `not_negative`; an empty cell is an absent value."""
    return not_negative(text, column) if text else None


def signed(text: str, column: str) -> int:
    """As `number`, where a number below zero has a meaning: accounts write it in brackets too ("(500)")."""
    inner = text[1:-1].strip() if text[:1] == "(" and text[-1:] == ")" else ""
    if not inner[:1].isdigit():
        return number(text, column)
    try:
        return -number(inner, column)
    except RowError as error:
        raise RowError(column, text, error.message.code, **error.message.params) from None


def money(text: str, column: str, currency: str | None, read: Callable[[str, str], int]) -> int:
    """An amount of `currency`, which may stand beside the number too ("1 000 ₸", "KZT 1000"); what is left is read by
    `read`. RowError: another currency stands there."""
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return read(text, column)  # most cells
    found = _SIGNED.fullmatch(" ".join(text.split())) if currency and len(text) <= _LONGEST else None
    before, after = (found[2] or "", found[4] or "") if found else ("", "")
    word = (before or after).rstrip(".")
    code = SIGNS.get(word.casefold(), word.upper())
    if not found or bool(before) == bool(after) or not (code == currency or word in SIGNS or is_currency(code)):
        return read(text, column)
    if code != currency:
        raise RowError(column, text, "amount_of_other_coin", coin=currency)
    try:
        return read(found[1] + found[3] + found[5], column)
    except RowError as error:
        raise RowError(column, text, error.message.code, **error.message.params) from None


def flag(text: str, column: str) -> bool | None:
    """`yes` or `no` (да, нет, иә, жоқ); an empty cell is an absent value."""
    if text == "":
        return None
    word = meant(text.casefold(), "flag", ("yes", "no"))
    if word is None:
        raise RowError(column, text, "row_bad_flag")
    return word == "yes"


def choice(text: str, column: str, choices: Collection[str]) -> str:
    """One of a few words, or a Russian or Kazakh word for it (words.toml)."""
    if not text:
        raise RowError(column, None, "row_cell_missing", column=column)
    word = meant(text, column, choices)
    if word is None:
        raise RowError(column, text, "row_bad_choice", choices=", ".join(choices))
    return word


def identifier(text: str, column: str) -> str | None:
    """An IIN or BIN with a good check digit; an empty cell is an absent value."""
    if not text:
        return None
    wrong = check_id(text)
    if wrong is not None:
        raise RowError(column, text, wrong.code, **wrong.params)
    return text


def venue_number(text: str, column: str) -> int:
    """A number as a venue writes it, in 10⁻¹⁸: exponents and thousands commas in their places are read exactly."""
    body = text.lstrip("-")
    if "," in body:
        whole, point, tail = body.partition(".")
        first, *groups = whole.split(",")
        if first.isdigit() and len(first) <= 3 and all(len(g) == 3 and g.isdigit() for g in groups):
            text = text[: len(text) - len(body)] + first + "".join(groups) + point + tail
    elif "e" in body or "E" in body:
        text = expand_exponent(text)
    return number(text, column)
