"""Steps over rows: sums and questions about any row."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from salyq.rulebook.maker import Make, Maker
from salyq.rulebook.nodes import Node
from salyq.rulebook.scopes import NO_ROWS, RowSet, Scope, Step
from salyq.rulebook.states import Missing, Unknown, both, branch, sum_of


def _row_set(node: Node, maker: Maker) -> Callable[[Scope], RowSet]:
    owner, name, _ = node.data
    hops = maker.hops(owner)

    def rows(s: Scope) -> RowSet:
        for _ in range(hops):
            s = s.parent  # type: ignore[assignment]
        return s.rows.get(name) or NO_ROWS

    return rows


def total(node: Node, maker: Maker) -> Step:
    """Σ over the rows kept. Rows that could not be read make it unknown, with no ends but the sum so far."""
    rows = _row_set(node, maker)
    body, *keeps = maker.of(node.data[2]).steps(node)
    keep = keeps[0] if keeps else None
    zero: Any = Fraction(0) if node.unit.endswith("*") else 0

    def step(s: Scope) -> Any:
        found = rows(s)
        known = zero
        unknowns: list[Unknown] = []
        for row in found.rows:
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
            unknowns.append(Unknown(found.incomplete, so_far=zero))
        return sum_of(known, unknowns) if unknowns else known

    return step


def any_(node: Node, maker: Maker) -> Step:
    """Does the test hold for a row kept? One sure row decides."""
    rows = _row_set(node, maker)
    test, *keeps = maker.of(node.data[2]).steps(node)
    keep = keeps[0] if keeps else None

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


OPS: dict[str, Make] = {"sum": total, "any": any_}
