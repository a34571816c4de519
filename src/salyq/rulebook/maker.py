"""Turns a tree of nodes into nested closures, once; what each operation does stands in its class (ops/)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from salyq.rulebook.law import Law, Value
from salyq.rulebook.node import OPS, LawError, Node
from salyq.rulebook.scopes import DayOf, Memo, Part, Scope, Step, Used


class Asked(Protocol):
    """What steps ask of the evaluator: other rules, dated values, elections, the world; and where to note them."""

    lookups: Mapping[str, Callable[..., Any]]
    elections: Callable[[str, date], Any]
    elected: set[tuple[str, str, int]]
    current: set[Used]

    @property
    def law(self) -> Law: ...
    def value_at(self, name: str, on: date) -> Value | None: ...
    def ancestors(self, kind: str) -> Iterator[str]: ...
    def compute(self, name: str, scope: Scope) -> Memo: ...
    def key(self, name: str) -> str: ...
    def total(self, node: Node, scopes: Sequence[Scope], day: date, zero: Any) -> Part: ...


class Maker:
    """Makes steps that are asked of rows of `kind`, under the law of the day that `day` gives for a row."""

    __slots__ = ("day", "evaluator", "kind")

    def __init__(self, evaluator: Asked, kind: str, day: DayOf) -> None:
        self.evaluator, self.kind, self.day = evaluator, kind, day

    def step(self, node: Node) -> Step:
        return OPS[node.op].step(node, self)

    def steps(self, node: Node) -> list[Step]:
        """One step for each operand."""
        return [self.step(a) for a in node.args]

    def of(self, kind: str) -> Maker:
        """The maker for rows of another kind, under the law of the same day."""
        return Maker(self.evaluator, kind, self.day)

    def hops(self, target: str) -> int:
        """How many parents up a row of kind `target` stands."""
        for hops, kind in enumerate(self.evaluator.ancestors(self.kind)):
            if kind == target:
                return hops
        raise LawError(f"a {self.kind} stands in no {target}")
