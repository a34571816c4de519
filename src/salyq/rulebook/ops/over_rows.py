"""Over rows: sums, questions about any row, least and most, intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from salyq.civil.numbers import format_scaled
from salyq.rulebook.explain import Why
from salyq.rulebook.law import Kind
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import Node
from salyq.rulebook.op import At, Op, Teller
from salyq.rulebook.ops.leaves import climbing
from salyq.rulebook.scopes import NO_ROWS, RowSet, Scope, Step, home
from salyq.rulebook.shown import ends_shown, shown, unit_shown
from salyq.rulebook.states import Missing, Unknown, because, both, branch, lifted, sum_of
from salyq.rulebook.stored import pick
from salyq.rulebook.units import UNITS, LawError


class _OverRows(Op):
    """`data` is (owner, name, kind) of the rows; the operands are what is asked of each row, then the test that keeps
    it, where there is one."""

    asks: ClassVar[int] = 1

    def parts(self, node: Node, maker: Maker) -> tuple[Callable[[Scope], RowSet], list[Step], Step | None]:
        """The rows of a scope, the steps asked of each, and the test that keeps them."""
        owner, name, kind = node.data
        up = climbing(maker.hops(owner))
        steps = maker.of(kind).steps(node)
        keep = steps[self.asks] if len(steps) > self.asks else None
        return (lambda s: up(s).rows.get(name) or NO_ROWS), steps[: self.asks], keep

    def kept(self, node: Node, at: At, teller: Teller) -> Sequence[Scope]:
        """The rows that are not surely left out, for telling."""
        owner, name, _ = node.data
        found = home(at.scope, owner).rows.get(name)
        rows: Sequence[Scope] = found.rows if found else []
        if len(node.args) <= self.asks or not rows:
            return rows
        keep = teller.values_of(node.args[self.asks], rows, at.day)
        return pick(rows, [n for n, kept in enumerate(keep) if kept is not False])

    def head(self, node: Node, at: At, teller: Teller, how: str) -> Why:
        name = node.data[1]
        value = teller.value_of(node, at)
        why = Why(name, shown(value, node.unit), unit_shown(node.unit), how=how, label=teller.law.labels.get(name))
        why.ends = ends_shown(value, node.unit)
        return why


class Sum(_OverRows):
    """Σ over the rows kept. Rows that could not be read make it unknown, with no ends but the sum so far."""

    name = "sum"
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if not UNITS[args[0].unit].number:
            raise LawError(f"there is no sum of {args[0].unit}")
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        rows, (body,), keep = self.parts(node, maker)
        zero = _zero(node.unit)
        day, total = maker.day, maker.evaluator.total

        def step(s: Scope) -> Any:
            found = rows(s)
            known, left = zero, found.rows
            unknowns: list[Unknown] = []
            if len(left) > 1:
                known, unknowns, left = total(node, left, day(s), zero)
            for row in left:
                if keep is not None:
                    kept = keep(row)
                    if kept is False:
                        continue
                    value = body(row) if kept is True else branch(kept, body(row), zero)
                else:
                    value = body(row)
                if type(value) is Unknown:
                    unknowns.append(value)
                else:
                    known += value
            if found.incomplete:
                unknowns.append(Unknown(found.incomplete, low=zero if found.adds else None, so_far=zero))
            if found.no_least:
                unknowns = [Unknown(u.missing, None, u.high, u.so_far) for u in unknowns]
            return sum_of(known, unknowns) if unknowns else known

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        """What is not known first, then the largest part; as many rows as the teller tells, the others in one step."""
        why = self.head(node, at, teller, "sum")
        rows = self.kept(node, at, teller)
        parts = [
            (part, n)
            for n, part in enumerate(teller.values_of(node.args[0], rows, at.day))
            if type(part) is Unknown or part != 0
        ]
        parts.sort(key=lambda p: (0, 0) if type(p[0]) is Unknown else (1, -abs(p[0])))
        rest, left = _zero(node.unit), 0
        for part, n in parts:
            if teller.limit is not None and len(why.inputs) >= teller.limit and type(part) is not Unknown:
                rest, left = rest + part, left + 1
                continue
            why.inputs.append(_row(node, At(rows[n], at.day), part, teller))
        if left:
            why.inputs.append(Why("rest", shown(rest, node.unit), unit_shown(node.unit), how="rest", detail=str(left)))
        return [why]


def _zero(unit: str) -> Any:
    return 0 if UNITS[unit].whole or unit == "count" else Fraction(0)


def _row(node: Node, at: At, part: Any, teller: Teller) -> Why:
    given, kind = at.scope.given, node.data[2]
    facts = [str(getattr(given, n)) for n in ("day", "asset") if getattr(given, n, None)]
    if getattr(given, "quantity", None):
        facts.insert(1, format_scaled(given.quantity))
    why = Why(kind, shown(part, node.unit), unit_shown(node.unit), how="row", place=at.scope.place)
    why.ends = ends_shown(part, node.unit)
    why.detail = " ".join(facts)
    why.label = teller.law.labels.get(f"{kind}.row")
    why.inputs = [*_beside(teller.law.kinds[kind], given), *teller.steps(node.args[0], at)]
    return why


def _beside(kind: Kind, given: Any) -> Iterator[Why]:
    """What stands beside a row for whoever reads its explanation."""
    for name, fact in kind.facts.items():
        value = getattr(given, name, None) if fact.told else None
        if value is not None:
            unit = kind.columns[name]
            yield Why(name, shown(value, unit), unit_shown(unit), how="input", label=fact.label)


class Any_(_OverRows):
    """Does the test hold for a row kept? One sure row decides."""

    name = "any"
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return "flag"

    def step(self, node: Node, maker: Maker) -> Step:
        rows, (test,), keep = self.parts(node, maker)

        def holds(row: Scope) -> Any:
            return test(row) if keep is None else both(keep(row), lambda: test(row))

        def step(s: Scope) -> Any:
            kept = rows(s)
            doubt: frozenset[Missing] = kept.incomplete
            for row in kept.rows:
                found = holds(row)
                if found is True:
                    return True
                if type(found) is Unknown:
                    doubt |= found.missing
            return Unknown(doubt, False, True) if doubt else False

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        """The row that decided, where one did."""
        why = self.head(node, at, teller, "condition")
        why.name = "any"
        for row in self.kept(node, at, teller):
            there = At(row, at.day)
            if teller.value_of(node.args[0], there) is True:
                why.inputs = teller.steps(node.args[0], there)
                break
        return [why]


class _End(_OverRows):
    """The least or most of what rows say; unknown where there is no row, or where one row is not known."""

    pick: ClassVar[Callable[..., Any]]
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if not UNITS[args[0].unit].number and args[0].unit not in ("day", "time"):
            raise LawError(f"{args[0].unit} has no least and no most")
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        rows, (body,), keep = self.parts(node, maker)
        pick = type(self).pick
        name = node.data[1]

        def step(s: Scope) -> Any:
            found = rows(s)
            if found.incomplete:
                return Unknown(found.incomplete)
            values: list[Any] = []
            for row in found.rows:
                kept = True if keep is None else keep(row)
                if kept is True:
                    values.append(body(row))
                elif type(kept) is Unknown:
                    return Unknown(kept.missing)
            if not values:
                return because("no_rows", name=name, place=s.place or s.group)
            if any(type(v) is Unknown for v in values):
                return lifted(lambda *all_: pick(all_), *values)
            return pick(values)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        why = self.head(node, at, teller, self.name)
        value = teller.value_of(node, at)
        for row in self.kept(node, at, teller):
            there = At(row, at.day)
            if type(value) is Unknown or teller.value_of(node.args[0], there) == value:
                why.inputs.append(_row(node, there, teller.value_of(node.args[0], there), teller))
        return [why]


class Least(_End):
    name, pick = "least", staticmethod(min)


class Most(_End):
    name, pick = "most", staticmethod(max)


class Spans(_OverRows):
    """Intervals of days, both ends inclusive; None for an end that has not come."""

    name, asks = "spans", 2

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if {a.unit for a in args[:2]} != {"day"}:
            raise LawError("an interval is from a day to a day")
        return "spans"

    def step(self, node: Node, maker: Maker) -> Step:
        rows, (first, last), keep = self.parts(node, maker)
        open_end = _open_end(node.args[1])

        def step(s: Scope) -> Any:
            found = rows(s)
            spans: list[Any] = []
            why = found.incomplete
            for row in found.rows:
                kept = True if keep is None else keep(row)
                if kept is False:
                    continue
                a, b = first(row), last(row)
                if type(b) is Unknown and open_end(row):
                    b = None
                for v in (kept, a, b):
                    if type(v) is Unknown:
                        why |= v.missing
                spans.append((a, b))
            return Unknown(why) if why else tuple(spans)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        why = Why(node.data[1], None, how="spans", label=teller.law.labels.get(node.data[1]))
        value = teller.value_of(node, at)
        if type(value) is not Unknown:
            why.value = "; ".join(f"{a}–{b or '…'}" for a, b in value)
        return [why] if why.value != "" else []


def _open_end(last: Node) -> Callable[[Scope], bool]:
    """Whether the last day of an interval is simply not there yet: a fact that was not stated."""
    if last.op != "input":
        return lambda _: False
    name = last.data[1]
    return lambda row: getattr(row.given, name, None) is None
