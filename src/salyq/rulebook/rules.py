"""How a rule of law is declared: an ordinary function, its article, its dates (architecture §4.1)."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from inspect import signature
from typing import Any, Required, TypedDict, TypeVar, Unpack

from salyq.rulebook.units import TYPES

Date = date  # `date` is also the name of what a rule says of its version
F = TypeVar("F", bound=Callable[..., Any])

ROLES = ("rule", "figure", "finding", "duty", "verdict", "need")


@dataclass(frozen=True, slots=True, eq=False)
class RuleVersion:
    """One version of a rule: in force from `since` to `until` inclusive, made by act `by`; its end is known from
    `until_enacted`, or from the day of act `until_by` (none: from the beginning).

    `role`: rule (an intermediate step), figure (shown to people), finding (said when its flag holds), duty (a return,
    payment or report owed when its flag holds), verdict (what law says of an act), need (what it asks for first).
    `extra` holds what the role needs: severity; due, amount, to; quiet, falls.
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
    until_by: str = ""
    until_enacted: Date | None = None

    @property
    def subject(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        told = getattr(self.function, "__signature__", None)
        if told is not None:  # a rule of a reform says what it asks for
            return tuple(told.parameters)
        code = self.function.__code__  # what `inspect.signature` would find, without its work
        return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    @property
    def file(self) -> str:
        return self.function.__code__.co_filename

    @property
    def line(self) -> int:
        return self.function.__code__.co_firstlineno


_MARK = "__rule_versions__"


class Common(TypedDict, total=False):
    """What every kind of rule may say; see `rule`."""

    cite: Required[str]
    since: Required[str]
    per: Required[str]
    by: str | None
    until: str | None
    until_by: str
    until_enacted: str | None
    date: str
    basis: str


def rule(*, name: str | None = None, quiet: bool = False, **how: Unpack[Common]) -> Callable[[F], F]:
    """Declares a function to be a rule of law.

    `cite` is act:article; `by` the act that made this version (default: the act cited); `until_by` the act that ended
    it. `per` is the kind of row or period the rule is computed for; `date` the column of that row whose day picks the
    version. `quiet`: a test that is asked of everything; its article is told where it decides (`cited`), not wherever
    it was asked.
    """
    return _declared("rule", name, _said(quiet=quiet), **how)


def figure(
    *, name: str | None = None, quiet: bool = False, falls: bool = False, **how: Unpack[Common]
) -> Callable[[F], F]:
    """A rule whose value is shown to people under its full name. `quiet`: not where it is nought; `falls`: it falls as
    the tax rises."""
    return _declared("figure", name, _said(quiet=quiet, falls=falls), **how)


def finding(*, name: str | None = None, severity: str = "notice", **how: Unpack[Common]) -> Callable[[F], F]:
    """Something to be said whenever the flag holds; the message code is the function's name."""
    return _declared("finding", name, {"severity": severity}, **how)


def duty(
    *,
    name: str,
    due: str | None = None,
    amount: str | None = None,
    to: str | None = None,
    shown: str | None = None,
    **how: Unpack[Common],
) -> Callable[[F], F]:
    """A return, payment or report owed when the flag holds; `due` names a deadline value or a rule that gives the day,
    `amount` a figure or a step, `to` the authority it goes to; `shown` the name it is told under, where two duties with
    days of their own are one return to the reader."""
    return _declared("duty", name, {"due": due, "amount": amount, **_said(to=to, shown=shown)}, **how)


def verdict(*, name: str | None = None, **how: Unpack[Common]) -> Callable[[F], F]:
    """What law says of an act: a code."""
    return _declared("verdict", name, {}, **how)


def need(*, name: str | None = None, **how: Unpack[Common]) -> Callable[[F], F]:
    """What an act needs first when the flag holds."""
    return _declared("need", name, {}, **how)


def _said(**extra: Any) -> dict[str, Any]:
    return {k: v for k, v in extra.items() if v}


def _declared(
    role: str,
    name: str | None,
    extra: dict[str, Any],
    *,
    cite: str,
    since: str,
    per: str,
    by: str | None = None,
    until: str | None = None,
    until_by: str = "",
    until_enacted: str | None = None,
    date: str = "law_day",
    basis: str = "statute",
    **unknown: object,
) -> Callable[[F], F]:
    if unknown:
        raise TypeError(_no_such(role, next(iter(unknown))))

    def mark(function: F) -> F:
        returns = str(function.__annotations__.get("return"))  # a text: rules are written with deferred annotations
        if returns not in TYPES:
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
            TYPES[returns],
            role,
            extra,
            until_by,
            _day(until_enacted) if until_enacted else None,
        )
        versions = getattr(function, _MARK, ())
        setattr(function, _MARK, (*versions, version))
        return function

    return mark


def _no_such(role: str, said: str) -> str:
    own = (n for n, p in signature(globals()[role]).parameters.items() if p.kind is p.KEYWORD_ONLY)
    takes = (*own, *Common.__annotations__)
    right = get_close_matches(said, takes, 1) or takes
    return f"@{role} takes no “{said}”; right would be: {', '.join(right)}"


def versions_in(module: Any, subject: str) -> list[RuleVersion]:
    """All rule versions a module declares, under full names `subject.name` (a duty's name with a dot is full)."""
    found: list[RuleVersion] = []
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        for v in getattr(thing, _MARK, ()):
            full = v.name if "." in v.name and v.role == "duty" else f"{subject}.{v.name}"
            named = copy(v)
            object.__setattr__(named, "name", full)  # nobody has seen it yet; `replace` takes five times as long
            found.append(named)
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)
