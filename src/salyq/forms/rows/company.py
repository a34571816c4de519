"""Sums of a company's year that 100.00 and 220.00 show apart: sales, costs of what was sold, expenses by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from salyq.forms.asked import Asked, is_known, reason, tenge
from salyq.forms.filled import Blank
from salyq.law import named
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Unknown

SERVICES = ("electricity", "hosting", "pool_service", "rent")
APART = ("payroll", "depreciation", "mining_fee")  # each has a line of its own
NOT_DEDUCTED = ("equipment", "tax")
LAST_OF_CODE_2017 = 2025  # the form's own words name its articles
Sum = Fraction | Blank | None


def proceeds(asked: Asked) -> Sum:
    """All sales of digital assets, in tenge of their days."""
    return _matches(asked, ("difference", "excluded", "over_taxed"), named.PROCEEDS)


def proceeds_excluded(asked: Asked) -> Sum:
    """Sales of assets whose value was income when they were mined."""
    return _matches(asked, ("excluded",), named.PROCEEDS)


def cost_of_sold(asked: Asked) -> Sum:
    """What assets bought and sold had cost."""
    return _matches(asked, ("difference",), named.MATCH_COST)


def denied(asked: Asked) -> Sum:
    """Expenses and purchase costs that article 264 denies."""
    return _sum(asked, [asked.law(name, asked.world.year) for name in named.DENIED])


def services(asked: Asked) -> Sum:
    """Power, hosting, the pool's service, rent, and fees of sales."""
    fees = asked.law(named.SELLING_COSTS, asked.world.year)
    return _sum(asked, [*_expenses(asked, lambda c: c in SERVICES), fees])


def of_category(category: str) -> Callable[[Asked], Sum]:
    """Expenses of one category."""
    return lambda asked: _sum(asked, _expenses(asked, lambda c: c == category))


def other_expenses(asked: Asked) -> Sum:
    """Expenses that have no line of their own here."""
    apart = (*SERVICES, *APART, *NOT_DEDUCTED)
    return _sum(asked, _expenses(asked, lambda c: c not in apart))


def free_receipts(asked: Asked) -> Sum:
    """Assets received free."""
    return _sum(asked, [asked.law(named.FREE_RECEIPTS, asked.world.year)])


def rate(asked: Asked) -> Fraction | None:
    """Per cent of corporate income tax on the last day of the period."""
    value = asked.world.graph.value_at(named.CORPORATE_RATE, asked.days[1])
    return None if value is None or value.data is None else Fraction(value.data) * 100


def taxable_services(asked: Asked) -> Sum:
    """Hosting and services of the quarter, paid for in money or in digital assets."""
    return _turnover(asked, *named.SERVICES)


def taxable_turnover(asked: Asked) -> Sum:
    """The same with the sale of digital assets, where it is ordinary turnover."""
    return _turnover(asked, *named.SERVICES, named.ASSET_TURNOVER)


def _turnover(asked: Asked, *names: str) -> Sum:
    quarter = next(q for q in asked.world.quarters if q.group == asked.period)
    in_money = quarter.given.money_turnover or 0  # as the person states it; the rest is asked of law
    return _sum(asked, [in_money, *(asked.law(n, quarter) for n in names)])


def article_mined(asked: Asked) -> str | None:
    """The article of mining income, as the form wants it beside the amount: of the law of the year."""
    found = [f for f in asked.figures(named.MINING_INCOME) if f.value]
    return next((_article(c) for f in found for c in f.cites if c.startswith("tax-code-")), None)


def article_excluded(asked: Asked) -> str | None:
    """The article by which sales of assets taxed when mined leave the income; the code of 2025 was not read for it."""
    if asked.year > LAST_OF_CODE_2017:
        return None
    return "241(1)(11-1)" if isinstance(value := proceeds_excluded(asked), Fraction) and value else None


def _article(cite: str) -> str:
    """The article of a cite, without its paragraphs."""
    return cite.partition(":")[2].partition(".")[0]


def _matches(asked: Asked, treatments: tuple[str, ...], rule: str) -> Sum:
    world = asked.world
    own = [m for found in world.matches.values() for m in found if _treatment(asked, m) in treatments]
    return _sum(asked, [asked.law(rule, m) for m in own])


def _treatment(asked: Asked, match: Scope) -> Any:
    return asked.law(named.TREATMENT, match) or "no_sale"


def _expenses(asked: Asked, wanted: Callable[[str], bool]) -> list[Any]:
    rows = [x for x in asked.world.rows["expenses"].rows if wanted(x.given.category)]
    return [asked.law(named.EXPENSE_TENGE, x) for x in rows]


def _sum(asked: Asked, values: Iterable[Any]) -> Sum:
    total, any_known = 0, False
    for value in values:
        if isinstance(value, Unknown):
            return Blank(reason(asked, value))
        if is_known(value):
            total, any_known = total + value, any_known or bool(value)
    return tenge(total) if any_known else None
