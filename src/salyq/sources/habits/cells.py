"""Single cells: numbers, flags, choices. Each raises RowError naming the column, the value and what would be right."""

from __future__ import annotations

from collections.abc import Collection

from salyq.civil.ids import check_id
from salyq.civil.numbers import NumberError, expand_exponent, parse_written
from salyq.sources.format import RowError
from salyq.sources.habits.words import meant


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
