"""Symbols: what a rule may write, and that everything else is refused with the way out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from salyq.rulebook.node import OPS
from salyq.rulebook.nodes import (
    UNITS,
    LawError,
    Node,
    as_money,
    bounded,
    choose,
    floor0,
    largest,
    lift,
    lookup,
    rounded,
    smallest,
    when,
    worth,
)
from salyq.rulebook.op import Op


def symbol(unit: str) -> Node:
    return Node("input", (), ("year", unit), unit)


MONEY, RATIO, KWH, FLAG, TEXT, COUNT = (symbol(u) for u in ("KZT", "ratio", "kWh", "flag", "text", "count"))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: MONEY + KWH,
        lambda: MONEY - RATIO,
        lambda: MONEY * MONEY,
        lambda: MONEY * KWH,
        lambda: MONEY / KWH,
        lambda: MONEY < KWH,
        lambda: MONEY == KWH,
        lambda: MONEY & FLAG,
        lambda: ~MONEY,
        lambda: when(MONEY, MONEY, MONEY),
        lambda: when(FLAG, MONEY, KWH),
        lambda: largest(MONEY, KWH),
        lambda: smallest(MONEY, RATIO),
        lambda: rounded(MONEY),
        lambda: rounded(RATIO),
        lambda: bounded(MONEY, KWH, None),
        lambda: MONEY.amount,
        lambda: choose(TEXT, no=MONEY, yes=KWH),
        lambda: lift(object(), "KZT"),
        lambda: lift(Fraction(1, 2) and 1.5, "ratio"),
    ],
)
def test_units_that_do_not_go_together_are_refused(wrong: Callable[[], Any]) -> None:
    with pytest.raises(LawError):
        wrong()


@pytest.mark.parametrize(
    ("made", "unit"),
    [
        (lambda: MONEY + MONEY, "KZT"),
        (lambda: MONEY + MONEY * RATIO, "KZT*"),
        (lambda: rounded(MONEY * RATIO), "KZT"),
        (lambda: RATIO * MONEY, "KZT*"),
        (lambda: MONEY / MONEY, "ratio"),
        (lambda: symbol("MCI") * MONEY, "KZT*"),
        (lambda: KWH * symbol("KZT/kWh"), "KZT*"),
        (lambda: symbol("quantity") * symbol("price"), "amount*"),
        (lambda: symbol("amount") * symbol("rate"), "KZT*"),
        (lambda: as_money(symbol("quantity")), "amount"),
        (lambda: worth(symbol("amount"), "USD").currency, "text"),
        (lambda: floor0(MONEY), "KZT"),
        (lambda: COUNT * RATIO, "ratio"),
        (lambda: MONEY > 0, "flag"),
        (lambda: lookup("rate", TEXT, unit="rate"), "rate"),
    ],
)
def test_units_of_what_is_made(made: Callable[[], Node], unit: str) -> None:
    assert made().unit == unit
    assert unit in UNITS


def _if(x: Node) -> Node:
    return x if x > 0 else lift(0, "KZT")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: _if(MONEY),
        lambda: (MONEY > 0) and FLAG,
        lambda: (MONEY > 0) or FLAG,
        lambda: not FLAG,
        lambda: max(MONEY, lift(0, "KZT")),
        lambda: 0 < MONEY < 10,
    ],
)
def test_python_words_of_choice_are_refused_and_when_is_named(wrong: Callable[[], Any]) -> None:
    with pytest.raises(LawError, match=r"when\("):
        wrong()


def test_a_float_never_enters() -> None:
    for made in (lambda: MONEY * 0.1, lambda: lift(0.5, "ratio"), lambda: when(FLAG, 0.1, RATIO)):
        with pytest.raises(LawError, match="cannot stand in a rule"):
            made()


def test_an_operation_that_lacks_its_step_is_refused_where_it_is_declared() -> None:
    with pytest.raises(LawError, match="operation 'half_made' lacks step"):

        class HalfMade(Op):
            name = "half_made"

            def unit(self, args: tuple[Node, ...], data: object) -> str:
                return "flag"

    assert "half_made" not in OPS
