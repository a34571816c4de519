"""A small whole law of no country, and a way to build others like it: what the checks are shown their faults in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any

import salyq.law.units  # noqa: F401  (declares the units)
from salyq.rulebook.evaluate import Evaluator, RowSet, Scope
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Act, Kind, Law, Series, Value
from salyq.rulebook.nodes import (
    Election,
    Flag,
    Money,
    Ratio,
    Rows,
    Scale,
    Symbols,
    choose,
    floor0,
    rounded,
    scale,
    stated_or_zero,
)
from salyq.rulebook.rules import duty, figure, rule, versions_in

WORDS = {"kk": "сөз", "ru": "слово", "en": "word"}
Sale = Symbols
Lot = Symbols

ACTS = {
    "code": Act("code", "act", WORDS, date(2020, 1, 1), "https://law.example/code"),
    "amendment": Act("amendment", "act", WORDS, date(2024, 6, 1), "https://law.example/amendment"),
    "own": Act("own", "convention", WORDS, None, "docs/own.md", {"rounding": WORDS}),
}
YEAR = {
    "law_day": "day",
    "salary": "KZT",
    "credit": "KZT",
    "a": "KZT",
    "b": "KZT",
    "c": "KZT",
    "f": "flag",
    "g": "flag",
}
KINDS = {
    "year": Kind("year", None, YEAR, {"sales": "sale"}, {}),
    "sale": Kind("sale", "year", {"day": "day", "price": "KZT", "cost": "KZT"}, {}, {"lot": "lot"}),
    "lot": Kind("lot", "year", {"bought": "day", "paid": "KZT"}, {}, {}),
}
READING = {"first_year": 2022, "last_year": 2024}


def value(data: Any, start: str = "2022-01-01", **more: Any) -> Value:
    """One dated value, by default of the code from 2022 on."""
    fields: dict[str, Any] = {
        "until": None,
        "enacted": "2020-01-01",
        "by": "code",
        "cite": "code:1",
        "basis": "statute",
    }
    fields |= more
    for name in ("until", "enacted"):
        if isinstance(fields[name], str):
            fields[name] = date.fromisoformat(fields[name])
    return Value(start=date.fromisoformat(start), data=data, **fields)


def series(name: str, unit: str, *values: Value, choices: Iterable[str] = ()) -> Series:
    return Series(f"tax.{name}", unit, WORDS, values, dict.fromkeys(choices, WORDS))


def law_of(*functions: Callable[..., Any], values: Iterable[Series] = (), **parts: Any) -> Law:
    """A law of these rule functions and values under the subject `tax`; words and worked cases are made up whole."""
    found: dict[str, list[Any]] = {}
    for function in functions:
        module = ModuleType(function.__module__)
        vars(module)["only"] = function
        for version in versions_in(module, "tax"):
            found.setdefault(version.name, []).append(version)
    rules = {n: tuple(sorted(vs, key=lambda v: v.since)) for n, vs in found.items()}
    own = {s.name: s for s in values}
    shown = [n for n, vs in rules.items() if vs[0].role != "rule"]
    case = {"expect": dict.fromkeys(shown, "0.00")}
    defaults: dict[str, Any] = {
        "acts": ACTS,
        "labels": dict.fromkeys([*rules, *own], WORDS),
        "kinds": KINDS,
        "cases": {"tax": tuple({**case, "year": y} for y in (2022, 2023, 2024))},
        "reading": READING,
    }
    return Law(series=own, rules=rules, **{**defaults, **parts})


# the whole law --------------------------------------------------------------------------------------------------
@rule(cite="code:2", per="sale", date="day", since="2022-01-01")
def gain(price: Money, cost: Money) -> Money:
    return floor0(price - cost)


@figure(cite="code:3", per="year", since="2022-01-01")
def income(sales: Rows[Sale], salary: Money, count_salary: Election) -> Money:
    own = sales.sum(lambda s: s.gain)
    return choose(count_salary, no=own, yes=own + stated_or_zero(salary))


@figure(cite="code:4", per="year", since="2022-01-01")
def tax(income: Money, brackets: Scale, unit: Money) -> Money:
    return rounded(scale(income, brackets, unit))


@figure(cite="code:5", per="year", since="2022-01-01", until="2023-12-31")
def surcharge(tax: Money, extra: Ratio) -> Money:
    return rounded(tax * extra)


@duty(cite="code:6", per="year", since="2022-01-01", name="tax.payment", due="tax.due", amount="tax.tax")
def payment(tax: Money) -> Flag:
    return tax > 0


RULES = (gain, income, tax, surcharge, payment)
VALUES = (
    series(
        "brackets", "KZT", value({"over": [Fraction(0), Fraction(100)], "rate": [Fraction(1, 10), Fraction(3, 20)]})
    ),
    series("unit", "KZT", value(1000)),
    series("extra", "ratio", value(Fraction(1, 50), until="2023-12-31")),
    series("due", "deadline", value({"month": 3, "day": 31})),
    series("count_salary", "election", value({"default": "no", "choices": ("no", "yes")}), choices=("no", "yes")),
)


def whole_law(**changed: Any) -> Law:
    """The law in which no check finds a fault. `changed` replaces series by short name, or parts of Law."""
    own = {s.name.rpartition(".")[2]: s for s in VALUES}
    for name in list(changed):
        if name in own:
            own[name] = changed.pop(name)
    rules = changed.pop("rules", RULES)
    more = changed.pop("more", ())
    return law_of(*rules, values=[*own.values(), *more], **changed)


def with_values(name: str, *values: Value) -> Series:
    """A series of the whole law with other values."""
    return replace(next(s for s in VALUES if s.name == f"tax.{name}"), values=values)


# asking ---------------------------------------------------------------------------------------------------------
def year(facts: Mapping[str, Any] | None = None, sales: Iterable[Scope] = (), on: str = "2023-12-31") -> Scope:
    """A year's scope; columns not given are absent. `sales` are put below it."""
    given: dict[str, Any] = dict.fromkeys(YEAR)
    given.update(facts or {}, law_day=date.fromisoformat(on))
    scope = Scope("year", SimpleNamespace(**given), group=on[:4])
    rows = list(sales)
    for row in rows:
        row.parent, row.group = scope, scope.group
    scope.rows = {"sales": RowSet(rows)}
    return scope


def sale(price: Any, cost: Any, day: str = "2023-05-05", place: str = "") -> Scope:
    return Scope("sale", SimpleNamespace(day=date.fromisoformat(day), price=price, cost=cost), place=place)


def evaluator(law: Law, elections: Mapping[str, str] | None = None, **how: Any) -> Evaluator:
    chosen = elections or {}
    return Evaluator(Graph(law, how.get("known")), how.get("lookups", {}), lambda name, day: chosen.get(name, "no"))
