"""A graph that notes what is really asked of it: versions of values and rules, and which way every condition went.

The test of every `when` is wrapped in an operation of its own, which gives its value on and remembers it. What can
only read the plain operations (columns, kernels) does not know it, so that cases run here step by step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from salyq.rulebook.explain import Why
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law, Value
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import Node
from salyq.rulebook.op import At, Op, Teller
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.states import Unknown

BOTH = frozenset((True, False))


class Condition(NamedTuple):
    """A condition of a rule version, and the ways in which it went."""

    version: RuleVersion
    test: Node
    ways: frozenset[bool]

    def __str__(self) -> str:
        way = "never" if not self.ways else f"only {'yes' if True in self.ways else 'no'}"
        return f"{self.version.name} since {self.version.since}: {way}: {short(self.test)}"


class Notes:
    """What was asked for, over any number of cases and graphs of one law."""

    def __init__(self) -> None:
        self.ways: dict[tuple[RuleVersion, int], set[bool]] = {}
        self.tests: dict[tuple[RuleVersion, int], Node] = {}
        self.values: set[tuple[str, date]] = set()  # name, first day of the version
        self.rules: set[RuleVersion] = set()
        self.sides: dict[Any, set[int]] = {}  # of thresholds (sides.py): where what is compared fell
        self.wrong: list[tuple[str, Mapping[str, Any], str, str, str]] = []  # subject, case, what, as it says, as found

    def conditions(self) -> Iterator[Condition]:
        for key, test in self.tests.items():
            yield Condition(key[0], test, frozenset(self.ways[key]))


class TriedGraph(Graph):
    """The law as known on a day, which writes into `notes` what is asked of it."""

    def __init__(self, law: Law, notes: Notes, known: date | None = None) -> None:
        super().__init__(law, known)
        self.notes = notes
        self.trees = {version: _Marking(version, notes).marked(tree) for version, tree in self.trees.items()}

    def value_at(self, name: str, on: date) -> Value | None:
        found = super().value_at(name, on)
        if found is not None:
            self.notes.values.add((name, found.start))
        return found

    def rule_at(self, name: str, on: date) -> RuleVersion | None:
        found = super().rule_at(name, on)
        if found is not None:
            self.notes.rules.add(found)
        return found


class _Marking:
    """Makes the tree of a version anew, with every test of a `when` marked; what stands twice is marked once."""

    def __init__(self, version: RuleVersion, notes: Notes) -> None:
        self.version, self.notes, self.count = version, notes, 0
        self.made: dict[int, Node] = {}

    def marked(self, node: Node) -> Node:
        if id(node) not in self.made:
            args = tuple(map(self.marked, node.args))
            if node.op == "when":
                args = (self.test(node.args[0], args[0]), *args[1:])
            same = all(new is old for new, old in zip(args, node.args, strict=True))
            self.made[id(node)] = node if same else Node(node.op, args, node.data, node.unit)
        return self.made[id(node)]

    def test(self, plain: Node, marked: Node) -> Node:
        key = (self.version, self.count)
        self.count += 1
        self.notes.tests[key] = plain
        return Node("tried", (marked,), self.notes.ways.setdefault(key, set()), marked.unit)


class Tried(Op):
    """Its operand; the ways it went stand in `data`."""

    name = "tried"

    def step(self, node: Node, maker: Maker) -> Step:
        (inner,), ways = maker.steps(node), node.data

        def step(s: Scope) -> Any:
            value = inner(s)
            if type(value) is not Unknown:
                ways.add(bool(value))
            return value

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return teller.steps(node.args[0], at)


def short(node: Node) -> str:
    """A test in short: the names that it asks for, and its operation."""
    if node.op in ("rule", "value", "input", "lookup"):
        data = node.data[-1] if node.op == "input" else node.data[0] if isinstance(node.data, tuple) else node.data
        return str(data)
    if node.op == "const":
        return repr(node.data)
    return f"{node.op}({', '.join(short(a) for a in node.args)})"


def one_way(conditions: Iterator[Condition], reasons: Mapping[str, str]) -> tuple[list[Condition], list[str]]:
    """Conditions that went one way only and have no reason; and reasons that are needed no more."""
    bare = [c for c in conditions if c.ways != BOTH]
    return [c for c in bare if str(c) not in reasons], sorted(set(reasons) - {str(c) for c in bare})
