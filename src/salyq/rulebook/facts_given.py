"""Facts as people and programs write them, read by the unit that law declares for each: no file, no case, no person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from numbers import Rational, Real
from types import SimpleNamespace
from typing import Any

from salyq.civil.days import parse_day, parse_time
from salyq.civil.messages import Message
from salyq.rulebook.law import Kind, Law
from salyq.rulebook.rows import LAW_DAY
from salyq.rulebook.scopes import RowSet, Scope
from salyq.rulebook.terms import parse_term
from salyq.rulebook.units import UNITS

_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_YES = ("yes", "true", "да", "иә", "1")
_NO = ("no", "false", "нет", "жоқ", "0")


class FactError(ValueError):
    """A fact that law does not know, or that is written so that it cannot be read. `.message` says what would be
    right; `.fact` and `.value` what was written."""

    def __init__(self, fact: str, value: object, code: str, **params: object) -> None:
        self.fact, self.value = fact, value
        self.message = Message(code, {"fact": fact, "value": str(value), **params})
        super().__init__(self.message.text())


def scope_of(law: Law, kind: str, facts: Mapping[str, Any], on: date) -> Scope:
    """The scope of one event, with its row sets and what it stands in. FactError for a fact that no kind here has."""
    chain = _chain(law, kind)
    known = {n for k in chain for n in (*k.columns, *k.rows, *k.refs)}
    for name in facts:
        if name not in known:
            near = get_close_matches(name, sorted(known - {LAW_DAY}), 1)
            raise FactError(name, facts[name], "fact_unknown", right=near[0] if near else _listed(known))
    scope: Scope | None = None
    for at in reversed(chain):
        scope = _scope(law, at, facts, on, scope)
    assert scope is not None
    return scope


def _chain(law: Law, kind: str) -> list[Kind]:
    found: list[Kind] = []
    at: str | None = kind
    while at is not None:
        found.append(law.kinds[at])
        at = law.kinds[at].parent
    return found


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names - {LAW_DAY}))


def _scope(law: Law, kind: Kind, facts: Mapping[str, Any], on: date, parent: Scope | None) -> Scope:
    given: dict[str, Any] = dict.fromkeys(kind.columns)
    for name, unit in kind.columns.items():
        written = facts.get(name)
        if written is not None:
            said = kind.facts.get(name)
            given[name] = read_fact(name, unit, written, said.choices if said else ())
    given[LAW_DAY] = on  # of a row whose own day was not stated too: law of this day is asked for
    scope = Scope(kind.name, SimpleNamespace(**given), parent, group=str(on))
    scope.rows = {n: RowSet(_rows(law, n, inner, facts, on, scope)) for n, inner in kind.rows.items() if n in facts}
    scope.refs = _Rows(law, kind, facts, on, scope)
    return scope


class _Rows(dict[str, Scope]):
    """The rows that a row points at, by name; of one that was not given nothing is known, and it says so."""

    def __init__(self, law: Law, kind: Kind, facts: Mapping[str, Any], on: date, scope: Scope) -> None:
        self._made: Callable[[str], Scope] = lambda name: _inner(law, kind.refs[name], {}, on, scope)
        given = {n: facts[n] for n in kind.refs if isinstance(facts.get(n), Mapping)}
        super().__init__({n: _inner(law, kind.refs[n], f, on, scope) for n, f in given.items()})

    def __missing__(self, name: str) -> Scope:
        made = self[name] = self._made(name)
        return made


def _rows(law: Law, name: str, kind: str, facts: Mapping[str, Any], on: date, parent: Scope) -> list[Scope]:
    written = facts[name]
    if not isinstance(written, Sequence) or not all(isinstance(r, Mapping) for r in written):
        raise FactError(name, written, "fact_no_rows")
    rows = [_inner(law, kind, row, on, parent) for row in written]
    for number, row in enumerate(rows, start=1):
        row.place = f"{name} {number}"
    return rows


def _inner(law: Law, kind: str, facts: Mapping[str, Any], on: date, parent: Scope) -> Scope:
    """One row: it knows only its own columns; what it stands in is there already."""
    own = law.kinds[kind]
    known = {*own.columns, *own.rows, *own.refs}
    for name in facts:
        if name not in known:
            near = get_close_matches(name, sorted(known), 1)
            raise FactError(name, facts[name], "fact_unknown", right=near[0] if near else _listed(known))
    return _scope(law, own, facts, on, parent)


# one fact -----------------------------------------------------------------------------------------------------------
def read_fact(name: str, unit: str, written: Any, choices: Sequence[str] = ()) -> Any:
    """The value of a fact in its unit. FactError for what cannot be one, with what would be right."""
    if isinstance(written, Real) and not isinstance(written, Rational):
        raise FactError(name, written, "fact_float")  # binary, never exact
    if unit == "flag":
        return _flag(name, written)
    if unit == "text":
        if choices and written not in choices:
            raise FactError(name, written, "fact_not_one_of", right=", ".join(choices))
        if not isinstance(written, str):
            raise FactError(name, written, "fact_wrong", right='"…"')
        return written
    if unit == "day":
        return _day(name, written)
    if unit == "time":
        return _time(name, written)
    if unit == "worth":
        return _worth(name, written)
    if unit == "term":
        try:
            return parse_term(str(written))
        except ValueError:
            raise FactError(name, written, "fact_wrong", right="15 working days") from None
    return _number(name, unit, written)


def _flag(name: str, written: Any) -> bool:
    if isinstance(written, bool):
        return written
    text = str(written).strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise FactError(name, written, "fact_wrong", right="yes, no")


def _day(name: str, written: Any) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return parse_day(str(written))
    except ValueError:
        raise FactError(name, written, "fact_wrong", right="YYYY-MM-DD") from None


def _time(name: str, written: Any) -> datetime:
    if isinstance(written, datetime) and written.tzinfo is not None:
        return written
    try:
        return parse_time(str(written))[0]
    except ValueError:
        raise FactError(name, written, "fact_wrong", right="YYYY-MM-DDTHH:MM+05:00") from None


def _worth(name: str, written: Any) -> tuple[int, str]:
    amount, _, currency = str(written).partition(" ")
    if not currency:
        raise FactError(name, written, "fact_wrong", right="100.50 USD")
    value: int = _number(name, "amount", amount)
    return value, currency


def _number(name: str, unit: str, written: Any) -> Any:
    text = str(written).strip()
    if isinstance(written, bool) or not isinstance(written, str | int | Decimal | Fraction):
        raise FactError(name, written, "fact_wrong", right="1000.50")
    if isinstance(written, str) and not _NUMBER.fullmatch(text):
        raise FactError(name, written, "fact_wrong", right="1000.50")
    if isinstance(written, Decimal) and not written.is_finite():
        raise FactError(name, written, "fact_wrong", right="1000.50")
    number = Fraction(text) if isinstance(written, str) else Fraction(written)
    found = UNITS[unit]
    if not found.whole:
        return number
    steps = number * found.scale
    if steps.denominator != 1:
        raise FactError(name, written, "fact_too_fine", unit=found.shown or unit)
    return int(steps)
