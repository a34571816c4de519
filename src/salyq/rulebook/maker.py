"""Turns a tree of nodes into nested closures, once; what each op does stands in the steps_* modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from salyq.rulebook.nodes import LawError, Node
from salyq.rulebook.scopes import DayOf, Step

if TYPE_CHECKING:
    from salyq.rulebook.evaluate import Evaluator

Make = Callable[[Node, "Maker"], Step]


class Maker:
    """Makes steps that are asked of rows of `kind`, under the law of the day that `day` gives for a row."""

    __slots__ = ("day", "evaluator", "kind", "ops")

    def __init__(self, evaluator: Evaluator, ops: Mapping[str, Make], kind: str, day: DayOf) -> None:
        self.evaluator, self.ops, self.kind, self.day = evaluator, ops, kind, day

    def step(self, node: Node) -> Step:
        return self.ops[node.op](node, self)

    def steps(self, node: Node) -> list[Step]:
        """One step for each operand."""
        return [self.step(a) for a in node.args]

    def of(self, kind: str) -> Maker:
        """The maker for rows of another kind, under the law of the same day."""
        return Maker(self.evaluator, self.ops, kind, self.day)

    def hops(self, target: str) -> int:
        """How many parents up a row of kind `target` stands."""
        for hops, kind in enumerate(self.evaluator.graph.ancestors(self.kind)):
            if kind == target:
                return hops
        raise LawError(f"a {self.kind} stands in no {target}")
