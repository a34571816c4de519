"""How a rule of law is declared: an ordinary function, its article, its dates (architecture §4.1)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# Return annotations a rule may have, and the unit each means.
RETURNS = {
    "Money": "KZT",
    "Exact": "KZT*",
    "Amount": "amount",
    "Quantity": "quantity",
    "Energy": "kWh",
    "Tariff": "KZT/kWh",
    "Price": "price",
    "Rate": "rate",
    "Ratio": "ratio",
    "Multiple": "MCI",
    "Count": "count",
    "Day": "day",
    "Text": "text",
    "Flag": "flag",
    "Worth": "worth",
}


@dataclass(frozen=True, slots=True, eq=False)
class RuleVersion:
    """One version of a rule: in force from `since` to `until` inclusive, made by act `by`.

    `role`: rule (an intermediate step), figure (shown to people), finding (said when its flag holds), duty (a return
    or payment owed when its flag holds). `extra` holds what the role needs: severity, due, amount.
    """

    name: str
    function: Callable[..., Any]
    cite: str
    by: str
    since: date
    until: date | None
    per: str
    date: str
    basis: str
    unit: str
    role: str = "rule"
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.function).parameters)


_MARK = "__rule_versions__"


def rule(
    *,
    cite: str,
    since: str,
    per: str,
    by: str | None = None,
    until: str | None = None,
    date: str = "law_day",
    basis: str = "statute",
    role: str = "rule",
    name: str | None = None,
    **extra: Any,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declares a function to be a rule of law.

    `cite` is act:article; `by` the act that made this version (default: the act cited). `per` is the kind of row or
    period the rule is computed for; `date` the column of that row whose day picks the version.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        returns = str(inspect.signature(function).return_annotation)
        if returns not in RETURNS:
            raise TypeError(f"{function.__qualname__}: returns {returns}, which is no unit of law")
        version = RuleVersion(
            name or function.__name__.rstrip("_"),
            function,
            cite,
            by or cite.partition(":")[0],
            _day(since),
            _day(until) if until else None,
            per,
            date,
            basis,
            RETURNS[returns],
            role,
            extra,
        )
        versions = getattr(function, _MARK, ())
        setattr(function, _MARK, (*versions, version))
        return function

    return mark


def figure(**how: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A rule whose value is shown to people under its full name."""
    return rule(role="figure", **how)


def finding(*, severity: str = "notice", **how: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Something to be said whenever the flag holds; the message code is the function's name."""
    return rule(role="finding", severity=severity, **how)


def duty(*, name: str, due: str, amount: str | None = None, **how: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A return or payment owed when the flag holds; `due` names a deadline value, `amount` a figure."""
    return rule(role="duty", name=name, due=due, amount=amount, **how)


def versions_in(module: Any, subject: str) -> list[RuleVersion]:
    """All rule versions a module declares, under full names `subject.name` (a name with a dot is full already)."""
    found: list[RuleVersion] = []
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        for v in getattr(thing, _MARK, ()):
            full = v.name if "." in v.name and v.role == "duty" else f"{subject}.{v.name}"
            found.append(
                RuleVersion(
                    full, v.function, v.cite, v.by, v.since, v.until, v.per, v.date, v.basis, v.unit, v.role, v.extra
                )
            )
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)
