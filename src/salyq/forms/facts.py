"""Facts that lines ask for by name: the person, the period, and what the user says on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from salyq.civil.messages import Message
from salyq.civil.numbers import format_tiyn
from salyq.forms.asked import Asked, is_known, tenge
from salyq.forms.filled import Blank
from salyq.forms.rows import company
from salyq.law.named import ASSET_INCOME, DEDUCTIONS

Fact = Callable[[Asked], Any]


def _licence(asked: Asked) -> Any:
    """The mining licence in force at the end of the period, else the last one that was within it."""
    first, last = asked.days
    own = [x for x in asked.case.person.licences if x.mines or x.pools]
    within = [x for x in own if x.start <= last and (x.until is None or x.until >= first)]
    return max(within, key=lambda x: x.start, default=None)


def _quarter(asked: Asked) -> int:
    return int(asked.period[-1])


def _resident(asked: Asked) -> bool | None:
    return asked.case.person.resident_on(asked.days[1])


def _name(asked: Asked) -> str | None:
    return asked.case.person.name


def _stated(name: str) -> Fact:
    def stated(asked: Asked) -> Fraction | None:
        tiyn = asked.case.person.years.get(asked.year, {}).get(name)
        return Fraction(int(tiyn), 100) if tiyn else None

    return stated


def _has_income(asked: Asked) -> bool | None:
    known = [f.value for f in asked.figures(ASSET_INCOME) if f.value is not None]
    return any(known) if known else None


def _deductions(asked: Asked) -> Fraction | None:
    """Deductions that the person stated, within what law allows; None where there are none."""
    value = asked.law(DEDUCTIONS, asked.world.year)
    return tenge(value) if is_known(value) and value else None


def _apart(name: str, code: str) -> Fact:
    """Income that law taxes apart: where it was stated, the line is the person's to fill, and why."""

    def apart(asked: Asked) -> Blank | None:
        sum_ = _stated(name)(asked)
        if not sum_:
            return None
        return Blank(Message(code, {"sum": format_tiyn(int(sum_ * 100)), "year": str(asked.year)}))

    return apart


FACTS: dict[str, Fact] = {
    "person.id": lambda a: a.case.person.id or None,
    "person.name": _name,
    "person.name_capitals": lambda a: (_name(a) or "").upper(),
    "person.resident": _resident,
    "person.not_resident": lambda a: None if _resident(a) is None else not _resident(a),
    "year": lambda a: a.year,
    "year.last_day": lambda a: date(a.year, 12, 31),
    "quarter": _quarter,
    "period.first_day": lambda a: a.days[0],
    "period.last_day": lambda a: a.days[1],
    "period.day_after": lambda a: a.days[1] + timedelta(days=1),
    "currency": lambda _: "KZT",
    "licence.number": lambda a: getattr(_licence(a), "number", None),
    "licence.from": lambda a: getattr(_licence(a), "start", None),
    "half": lambda a: int(a.period[-1]),
    "year.business_losses_brought": _stated("business_losses_brought"),
    "pit.has_income": _has_income,
    "pit.deductions": _deductions,
    "pit.dividends": _apart("dividends", "form_dividends_apart"),
    "pit.private_practice": _apart("private_practice_income", "form_practice_by_month"),
    "cit.proceeds": company.proceeds,
    "cit.proceeds_excluded": company.proceeds_excluded,
    "cit.cost_of_sold": company.cost_of_sold,
    "cit.denied": company.denied,
    "cit.services": company.services,
    "cit.payroll": company.of_category("payroll"),
    "cit.depreciation": company.of_category("depreciation"),
    "cit.mining_fee": company.of_category("mining_fee"),
    "cit.other_expenses": company.other_expenses,
    "cit.free_receipts": company.free_receipts,
    "cit.rate": company.rate,
    "vat.taxable_services": company.taxable_services,
    "vat.taxable_turnover": company.taxable_turnover,
    "cit.article_mined": company.article_mined,
    "cit.article_excluded": company.article_excluded,
    "option.revision": lambda a: a.options.get("revision"),
    "option.phone": lambda a: a.options.get("phone"),
    "option.email": lambda a: a.options.get("email"),
    "option.tax_office_text": lambda a: a.options.get("tax_office", ""),
    "year.other_income": _stated("other_income"),
    "option.tax_office": lambda a: a.options.get("tax_office"),
    "option.kind": lambda a: a.options.get("kind"),
    "option.kind_list": lambda a: {"regular": ["NEXT_PRIORITY"]}.get(a.options.get("kind", ""), []),
    "option.is_first": lambda a: _is_kind(a, "first"),
    "option.is_regular": lambda a: _is_kind(a, "regular"),
    "option.is_additional": lambda a: _is_kind(a, "additional"),
    "option.is_on_notice": lambda a: _is_kind(a, "on_notice"),
}


def _is_kind(asked: Asked, kind: str) -> bool | None:
    stated = asked.options.get("kind")
    return None if stated is None else stated == kind
