"""`for_one`: reads the graph for one person, in plain exact integers (architecture §4.8).

A scope is one row or period with its given columns, its row sets and its parent. Rules are computed once a scope and
kept; each tree is turned into nested closures once. What was really evaluated is noted, so that a figure's cites and
basis speak of what decided and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from salyq.civil.numbers import round_half_up
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Value
from salyq.rulebook.nodes import LawError, Node
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.states import Missing, Unknown, because, lifted

CURRENCY_UNIT = 10**18
TIYN = 100


class Found(NamedTuple):
    """What a lookup answers: the value, and where it comes from (for the explanation)."""

    value: Any
    origin: str = ""
    place: str = ""
    detail: str = ""


class RowSet(NamedTuple):
    """Rows of one kind; `incomplete` names rows that should be here but could not be read."""

    rows: Sequence[Scope]
    incomplete: frozenset[Missing] = frozenset()


class Scope:
    """One row or period. `given` has the columns as attributes; `group` is the period that cites are gathered by."""

    __slots__ = ("given", "group", "kind", "memo", "parent", "place", "refs", "rows")

    def __init__(
        self,
        kind: str,
        given: Any,
        parent: Scope | None = None,
        *,
        rows: Mapping[str, RowSet] | None = None,
        refs: Mapping[str, Scope] | None = None,
        place: str = "",
        group: str = "",
    ) -> None:
        self.kind = kind
        self.given = given
        self.parent = parent
        self.rows = {} if rows is None else rows
        self.refs = {} if refs is None else refs
        self.place = place
        self.group = group or (parent.group if parent else "")
        self.memo: dict[str, tuple[Any, object]] = {}


Step = Callable[[Scope], Any]
Used = tuple[object, str]  # (RuleVersion | Value, group)


class Evaluator:
    """Evaluates named rules in scopes. `lookups` answer what law asks of the world; `elections` the choices made."""

    def __init__(
        self,
        graph: Graph,
        lookups: Mapping[str, Callable[..., Found | Unknown]],
        elections: Callable[[str, date], str | Unknown],
    ) -> None:
        self.graph = graph
        self.lookups = lookups
        self.elections = elections
        self.uses: dict[Used, set[Used]] = {}
        self.elected: set[tuple[str, str]] = set()  # elections that were really asked, with the choice taken
        self._current: set[Used] = set()
        self._steps: dict[tuple[Node, str, date], Step] = {}
        self._rule_steps: dict[RuleVersion, Step] = {}

    # asking -----------------------------------------------------------------------------------------------------
    def value(self, name: str, scope: Scope) -> Any:
        """The value of a rule for a scope of its kind: exact, Unknown, or None where no version is in force."""
        got = scope.memo.get(name)
        if got is None:
            got = self._compute(name, scope)
        if got[1] is not None:
            self._current.add((got[1], scope.group))
        return got[0]

    def version(self, name: str, scope: Scope) -> RuleVersion | None:
        """The version of a rule that counts for a scope."""
        any_version = self.graph.law.rules[name][0]
        return self.graph.rule_at(name, _day_of(scope, any_version.date))

    def node_value(self, node: Node, scope: Scope, day: date) -> Any:
        """The value of one step within a rule (for explanations)."""
        key = (node, scope.kind, day)
        step = self._steps.get(key)
        if step is None:
            step = self._steps[key] = self._step(node, scope.kind, _fixed(day))
        outer, self._current = self._current, set()
        try:
            return step(scope)
        finally:
            self._current = outer

    def used_by(self, name: str, scope: Scope) -> list[object]:
        """Everything that was really evaluated under a rule: versions and values, nearest first."""
        self.value(name, scope)
        start = (scope.memo[name][1], scope.group)
        seen: dict[Used, None] = {}
        queue: list[Used] = [start]
        for at in queue:
            if at in seen or at[0] is None:
                continue
            seen[at] = None
            queue.extend(sorted(self.uses.get(at, ()), key=_order))
        return [what for what, _ in seen]

    # computing --------------------------------------------------------------------------------------------------
    def _compute(self, name: str, scope: Scope) -> tuple[Any, object]:
        version = self.version(name, scope)
        if version is None:
            got: tuple[Any, object] = (None, None)
            scope.memo[name] = got
            return got
        scope.memo[name] = (_PENDING, None)
        outer, self._current = self._current, set()
        try:
            step = self._rule_steps.get(version)
            if step is None:
                tree = self.graph.trees[version]
                step = self._rule_steps[version] = self._step(tree, version.per, _column_day(version.date))
            value = step(scope)
        finally:
            inner, self._current = self._current, outer
        self.uses.setdefault((version, scope.group), set()).update(inner)
        got = (value, version)
        scope.memo[name] = got
        return got

    def _step(self, node: Node, kind: str, day: Callable[[Scope], date]) -> Step:
        make = getattr(self, f"_{node.op}")
        step: Step = make(node, kind, day)
        return step

    def _climb(self, start: str, target: str) -> int:
        for hops, kind in enumerate(self.graph.ancestors(start)):
            if kind == target:
                return hops
        raise LawError(f"a {start} stands in no {target}")

    # leaves -----------------------------------------------------------------------------------------------------
    def _const(self, node: Node, kind: str, day: Any) -> Step:
        value = node.data
        return lambda s: value

    def _unknown(self, node: Node, kind: str, day: Any) -> Step:
        code = node.data
        return lambda s: because(code, place=s.place or s.group)

    def _bounded(self, node: Node, kind: str, day: Any) -> Step:
        has_least, has_most = node.data
        inner, *ends = (self._step(a, kind, day) for a in node.args)
        least = ends[0] if has_least else None
        most = ends[-1] if has_most else None

        def step(s: Scope) -> Any:
            x = inner(s)
            if type(x) is not Unknown:
                return x
            low = least(s) if x.low is None and least else x.low
            high = most(s) if x.high is None and most else x.high
            return Unknown(x.missing, _end(low, "low"), _end(high, "high"), x.so_far)

        return step

    def _known_or(self, node: Node, kind: str, day: Any) -> Step:
        first, second = (self._step(a, kind, day) for a in node.args)

        def step(s: Scope) -> Any:
            x = first(s)
            return second(s) if type(x) is Unknown else x

        return step

    def _input(self, node: Node, kind: str, day: Any) -> Step:
        at, name = node.data
        hops = self._climb(kind, at)

        def step(s: Scope) -> Any:
            for _ in range(hops):
                s = s.parent  # type: ignore[assignment]
            value = getattr(s.given, name)
            return because("missing_fact", fact=name, place=s.place or s.group) if value is None else value

        return step

    def _rule(self, node: Node, kind: str, day: Any) -> Step:
        name, per = node.data
        hops = self._climb(kind, per)

        def step(s: Scope) -> Any:
            for _ in range(hops):
                s = s.parent  # type: ignore[assignment]
            got = s.memo.get(name)
            if got is None:
                got = self._compute(name, s)
            value, version = got
            if value is None:
                raise LawError(f"{name} is not in force where it is needed ({s.kind} {s.place} {s.group})")
            if value is _PENDING:
                raise LawError(f"{name} depends on itself")
            self._current.add((version, s.group))
            return value

        return step

    def _value(self, node: Node, kind: str, day: Callable[[Scope], date]) -> Step:
        name = node.data

        def step(s: Scope) -> Any:
            found = self.graph.value_at(name, day(s))
            if found is None:
                raise LawError(f"{name} has no value on {day(s)}")
            self._current.add((found, s.group))
            return because("missing_value", name=name, day=day(s)) if found.data is None else found.data

        return step

    def _election(self, node: Node, kind: str, day: Callable[[Scope], date]) -> Step:
        name = node.data

        def step(s: Scope) -> Any:
            on = day(s)
            choice = self.elections(name, on)
            if isinstance(choice, str):
                self.elected.add((name, choice))
                found = self.graph.value_at(name, on)
                if found is not None:
                    self._current.add((found, s.group))
            return choice

        return step

    # rows -------------------------------------------------------------------------------------------------------
    def _rowset(self, node: Node, kind: str) -> Callable[[Scope], RowSet]:
        owner, name, _ = node.data
        hops = self._climb(kind, owner)

        def rows(s: Scope) -> RowSet:
            for _ in range(hops):
                s = s.parent  # type: ignore[assignment]
            return s.rows.get(name) or _NO_ROWS

        return rows

    def _sum(self, node: Node, kind: str, day: Any) -> Step:
        rows = self._rowset(node, kind)
        row_kind = node.data[2]
        body = self._step(node.args[0], row_kind, day)
        keep = self._step(node.args[1], row_kind, day) if len(node.args) > 1 else None
        zero: Any = Fraction(0) if node.unit.endswith("*") else 0

        def step(s: Scope) -> Any:
            found = rows(s)
            total = zero
            unknowns: list[Unknown] = []
            for row in found.rows:
                if keep is not None:
                    kept = keep(row)
                    if kept is False:
                        continue
                    value = body(row) if kept is True else _branch(kept, body(row), zero)
                else:
                    value = body(row)
                if type(value) is Unknown:
                    unknowns.append(value)
                else:
                    total += value
            if found.incomplete:
                unknowns.append(Unknown(found.incomplete, so_far=zero))
            return _sum_unknown(total, unknowns) if unknowns else total

        return step

    def _any(self, node: Node, kind: str, day: Any) -> Step:
        rows = self._rowset(node, kind)
        test = self._step(node.args[0], node.data[2], day)
        keep = self._step(node.args[1], node.data[2], day) if len(node.args) > 1 else None

        def step(s: Scope) -> Any:
            doubt: frozenset[Missing] = frozenset()
            for row in rows(s).rows:
                holds = test(row) if keep is None else _and(keep(row), lambda row=row: test(row))
                if holds is True:
                    return True
                if type(holds) is Unknown:
                    doubt |= holds.missing
            return Unknown(doubt, False, True) if doubt else False

        return step

    def _at(self, node: Node, kind: str, day: Callable[[Scope], date]) -> Step:
        name = node.data
        target = self.graph.law.kinds[kind].refs[name]
        inner = self._step(node.args[0], target, day)
        return lambda s: inner(s.refs[name])

    # arithmetic -------------------------------------------------------------------------------------------------
    def _two(self, node: Node, kind: str, day: Any, function: Callable[[Any, Any], Any]) -> Step:
        first, second = (self._step(a, kind, day) for a in node.args)

        def step(s: Scope) -> Any:
            a, b = first(s), second(s)
            if type(a) is Unknown or type(b) is Unknown:
                return lifted(function, a, b)
            return function(a, b)

        return step

    def _add(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: a + b)

    def _sub(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: a - b)

    def _mul(self, node: Node, kind: str, day: Any) -> Step:
        units = {node.args[0].unit.rstrip("*"), node.args[1].unit}
        # An amount (10⁻¹⁸) at tenge per unit, or energy (10⁻¹⁸ kWh) at tenge per kWh, gives tenge: to tiyn.
        if "rate" in units or "KZT/kWh" in units:
            return self._two(node, kind, day, lambda a, b: Fraction(a * TIYN) * b / CURRENCY_UNIT)
        return self._two(node, kind, day, lambda a, b: a * Fraction(b) if type(b) is not Fraction else b * a)

    def _share(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: Fraction(a) / b if b else Fraction(0))

    def _eq(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: a == b)

    def _lt(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: a < b)

    def _le(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: a <= b)

    def _max(self, node: Node, kind: str, day: Any) -> Step:
        return self._many(node, kind, day, max)

    def _min(self, node: Node, kind: str, day: Any) -> Step:
        return self._many(node, kind, day, min)

    def _many(self, node: Node, kind: str, day: Any, function: Callable[..., Any]) -> Step:
        steps = [self._step(a, kind, day) for a in node.args]

        def step(s: Scope) -> Any:
            values = [f(s) for f in steps]
            if any(type(v) is Unknown for v in values):
                return lifted(function, *values)
            return function(*values)

        return step

    def _one(self, node: Node, kind: str, day: Any, function: Callable[[Any], Any]) -> Step:
        inner = self._step(node.args[0], kind, day)

        def step(s: Scope) -> Any:
            a = inner(s)
            return lifted(function, a) if type(a) is Unknown else function(a)

        return step

    def _round(self, node: Node, kind: str, day: Any) -> Step:
        return self._one(node, kind, day, round_whole)

    def _not(self, node: Node, kind: str, day: Any) -> Step:
        return self._one(node, kind, day, lambda a: not a)

    def _isin(self, node: Node, kind: str, day: Any) -> Step:
        choices = node.data
        return self._one(node, kind, day, lambda a: a in choices)

    def _amount_of(self, node: Node, kind: str, day: Any) -> Step:
        return self._one(node, kind, day, lambda a: a[0])

    def _currency_of(self, node: Node, kind: str, day: Any) -> Step:
        inner = self._step(node.args[0], kind, day)

        def step(s: Scope) -> Any:
            a = inner(s)
            if type(a) is not Unknown:
                return a[1]
            known = {e[1] for e in (a.low, a.high) if e is not None}
            return known.pop() if len(known) == 1 else lifted(lambda w: w[1], a)

        return step

    def _worth(self, node: Node, kind: str, day: Any) -> Step:
        return self._two(node, kind, day, lambda a, b: (a, b))

    def _and(self, node: Node, kind: str, day: Any) -> Step:
        first, second = (self._step(a, kind, day) for a in node.args)
        return lambda s: _and(first(s), lambda: second(s))

    def _or(self, node: Node, kind: str, day: Any) -> Step:
        first, second = (self._step(a, kind, day) for a in node.args)
        return lambda s: _or(first(s), lambda: second(s))

    def _given(self, node: Node, kind: str, day: Any) -> Step:
        at, name = node.args[0].data
        hops = self._climb(kind, at)

        def step(s: Scope) -> Any:
            for _ in range(hops):
                s = s.parent  # type: ignore[assignment]
            return getattr(s.given, name) is not None

        return step

    # choosing ---------------------------------------------------------------------------------------------------
    def _when(self, node: Node, kind: str, day: Any) -> Step:
        test, then, otherwise = (self._step(a, kind, day) for a in node.args)

        def step(s: Scope) -> Any:
            holds = test(s)
            if holds is True:
                return then(s)
            if holds is False:
                return otherwise(s)
            return _branch(holds, then(s), otherwise(s))

        return step

    def _choose(self, node: Node, kind: str, day: Any) -> Step:
        election = self._step(node.args[0], kind, day)
        branches = {n: self._step(a, kind, day) for n, a in zip(node.data, node.args[1:], strict=True)}

        def step(s: Scope) -> Any:
            choice = election(s)
            if type(choice) is Unknown:
                return Unknown(choice.missing)
            return branches[choice](s)

        return step

    # law data ---------------------------------------------------------------------------------------------------
    def _scale(self, node: Node, kind: str, day: Any) -> Step:
        base, brackets, index = (self._step(a, kind, day) for a in node.args)

        def step(s: Scope) -> Any:
            data, unit = brackets(s), index(s)
            a = base(s)
            tax = lambda x: marginal(x, data["over"], data["rate"], unit)  # noqa: E731
            return lifted(tax, a) if type(a) is Unknown else tax(a)

        return step

    def _table(self, node: Node, kind: str, day: Any) -> Step:
        base, steps = (self._step(a, kind, day) for a in node.args)

        def step(s: Scope) -> Any:
            data = steps(s)
            a = base(s)
            pick = lambda x: stepped(x, data["upto"], data["is"])  # noqa: E731
            return lifted(pick, a) if type(a) is Unknown else pick(a)

        return step

    def _part(self, node: Node, kind: str, day: Any) -> Step:
        return self._many(node, kind, day, divided)

    def _lookup(self, node: Node, kind: str, day: Any) -> Step:
        ask = self.lookups[node.data]
        steps = [self._step(a, kind, day) for a in node.args]

        def step(s: Scope) -> Any:
            args = [f(s) for f in steps]
            for a in args:
                if type(a) is Unknown:
                    return Unknown(a.missing)
            found = ask(*args)
            return found if type(found) is Unknown else found.value  # type: ignore[union-attr]

        return step


# helpers --------------------------------------------------------------------------------------------------------
class _Pending:
    """A rule that is being computed: meeting it again is a circle."""


_PENDING = _Pending()
_NO_ROWS = RowSet(())


def round_whole(x: Any) -> int:
    """Half up to a whole number, exactly (salyq:rounding)."""
    return round_half_up(x.numerator, x.denominator)


def marginal(x: int, over: Sequence[Fraction], rate: Sequence[Fraction], unit: int) -> Fraction:
    """Σ over brackets of (the slice of x inside) × rate; thresholds are multiples of `unit` (tiyn)."""
    tax = Fraction(0)
    for i, (start, r) in enumerate(zip(over, rate, strict=True)):
        low = start * unit
        if x <= low:
            break
        high = over[i + 1] * unit if i + 1 < len(over) else None
        tax += ((x if high is None else min(x, high)) - low) * r
    return tax


def divided(total: int, quantity: int, x0: int, x1: int, grain: int | Fraction) -> int:
    """A(x1) − A(x0) with A(x) = half up of total · x / quantity, in whole grains (architecture §3)."""
    step = int(grain)
    whole = quantity * step
    return (round_half_up(total * x1, whole) - round_half_up(total * x0, whole)) * step


def stepped(x: int, upto: Sequence[Fraction], entries: Sequence[Fraction]) -> Fraction:
    """The entry for x (10⁻¹⁸ units) in steps with inclusive upper bounds; the last entry is for all above."""
    for bound, entry in zip(upto, entries, strict=False):
        if Fraction(x, CURRENCY_UNIT) <= bound:
            return entry
    return entries[-1]


def _branch(condition: Unknown, then: Any, otherwise: Any) -> Unknown:
    """A choice whose condition is unknown: each scenario takes its own branch."""
    why = condition.missing
    for v in (then, otherwise):
        if type(v) is Unknown:
            why = why | v.missing
    ends = []
    for end in ("low", "high", "so_far"):
        holds = getattr(condition, end)
        taken = then if holds else otherwise
        ends.append(None if holds is None else getattr(taken, end) if type(taken) is Unknown else taken)
    return Unknown(why, *ends)


def _and(a: Any, b: Callable[[], Any]) -> Any:
    if a is False:
        return False
    c = b()
    if a is True or c is False:
        return c
    return lifted(lambda x, y: x and y, a, c)


def _or(a: Any, b: Callable[[], Any]) -> Any:
    if a is True:
        return True
    c = b()
    if a is False or c is True:
        return c
    return lifted(lambda x, y: x or y, a, c)


def _sum_unknown(total: Any, unknowns: list[Unknown]) -> Unknown:
    why: set[Missing] = set()
    ends: list[Any] = [total, total, total]
    for u in unknowns:
        why |= u.missing
        for i, end in enumerate(("low", "high", "so_far")):
            more = getattr(u, end)
            ends[i] = None if more is None or ends[i] is None else ends[i] + more
    return Unknown(frozenset(why), *ends)


def _end(x: Any, end: str) -> Any:
    return getattr(x, end) if type(x) is Unknown else x


def _column_day(name: str) -> Callable[[Scope], date]:
    return lambda s: _day_of(s, name)


def _fixed(day: date) -> Callable[[Scope], date]:
    return lambda s: day


def _day_of(scope: Scope | None, name: str) -> date:
    """The day that picks a version: the column of the row itself, or of what it stands in."""
    while scope is not None:
        day = getattr(scope.given, name, None)
        if day is not None:
            return day  # type: ignore[no-any-return]
        scope = scope.parent
    raise LawError(f"no {name!r} to pick a version by")


def _order(used: Used) -> tuple[str, str, str]:
    what = used[0]
    if isinstance(what, RuleVersion):
        return ("1", what.name, str(what.since))
    assert isinstance(what, Value)
    return ("0", what.cite, str(what.start))
