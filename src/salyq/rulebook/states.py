"""Known, unknown, not applicable: three states, never a silent zero (architecture §4.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from salyq.civil.messages import Message

ENDS = ("low", "high", "so_far")  # the scenarios of an unknown


class Missing(NamedTuple):
    """A fact that is not there: a message code with parameters, hashable so that each is named once."""

    code: str
    params: tuple[tuple[str, Any], ...] = ()

    def message(self) -> Message:
        return Message(self.code, {k: v.message() if isinstance(v, Missing) else v for k, v in self.params})


def missing(code: str, **params: object) -> Missing:
    """A missing fact by its message code; messages among the parameters stay messages."""
    return Missing(code, tuple((k, _plain(v)) for k, v in params.items()))


def from_message(message: Message) -> Missing:
    return missing(message.code, **message.params)


def _plain(value: object) -> object:
    return from_message(value) if isinstance(value, Message) else str(value)


class Unknown:
    """A value that is not known, and what is missing.

    `low` and `high` are the value in two scenarios: every unknown at the end that leaves the least tax, and at the
    end that leaves the most (a purchase that can't be shown: at its proceeds, at zero). None: the law allows no such
    end. `so_far` is the value with the facts so far, where a year is not over. Arithmetic goes scenario by scenario,
    so a figure's bounds are exact wherever it only rises or only falls in what is unknown (ways.py).
    """

    __slots__ = ("high", "low", "missing", "so_far")

    def __init__(self, why: frozenset[Missing], low: Any = None, high: Any = None, so_far: Any = None) -> None:
        self.missing = why
        self.low = low
        self.high = high
        self.so_far = so_far

    def __repr__(self) -> str:
        return f"Unknown({sorted(m.code for m in self.missing)}, {self.low}, {self.high}, {self.so_far})"


def because(code: str, **params: object) -> Unknown:
    """Unknown for one reason, with no bounds."""
    return Unknown(frozenset({missing(code, **params)}))


def lifted(function: Callable[..., Any], *values: Any) -> Any:
    """`function` applied in each scenario; unknown where any value is, or where `function` finds no answer there."""
    why: frozenset[Missing] = frozenset()
    for v in values:
        if type(v) is Unknown:
            why = v.missing if not why else why | v.missing
    ends = []
    for end in ENDS:
        args = [end_of(v, end) for v in values]
        found = None if any(a is None for a in args) else function(*args)
        if type(found) is Unknown:
            why, found = why | found.missing, None
        ends.append(found)
    return Unknown(why, *ends)


def end_of(value: Any, end: str) -> Any:
    """A value in one scenario: low, high or so_far."""
    return getattr(value, end) if type(value) is Unknown else value


def settled(value: Any) -> Any:
    """A value that is the same in both scenarios, whatever the missing facts be; else the value as it is."""
    if type(value) is Unknown and value.low is not None and value.low == value.high:
        return value.low
    return value


def branch(condition: Unknown, then: Any, otherwise: Any) -> Unknown:
    """A choice whose condition is unknown: each scenario takes its own branch; alike ones need no condition."""
    why = condition.missing
    for v in (then, otherwise):
        if type(v) is Unknown:
            why = why | v.missing
    ends = []
    for end in ENDS:
        holds = getattr(condition, end)
        if holds is None:
            yes, no = end_of(then, end), end_of(otherwise, end)
            ends.append(yes if yes == no else None)
        else:
            ends.append(end_of(then if holds else otherwise, end))
    return Unknown(why, *ends)


def both(a: Any, b: Callable[[], Any]) -> Any:
    """a and b; b is asked only where a does not decide."""
    if a is False:
        return False
    c = b()
    if a is True or c is False:
        return c
    return lifted(lambda x, y: x and y, a, c)


def either(a: Any, b: Callable[[], Any]) -> Any:
    """a or b; b is asked only where a does not decide."""
    if a is True:
        return True
    c = b()
    if a is False or c is True:
        return c
    return lifted(lambda x, y: x or y, a, c)


def sum_of(known: Any, unknowns: list[Unknown]) -> Unknown:
    """A sum of what is known and what is not, scenario by scenario."""
    why: set[Missing] = set()
    ends: list[Any] = [known, known, known]
    for u in unknowns:
        why |= u.missing
        for i, end in enumerate(ENDS):
            more = getattr(u, end)
            ends[i] = None if more is None or ends[i] is None else ends[i] + more
    return Unknown(frozenset(why), *ends)
