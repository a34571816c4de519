"""Thresholds: comparisons of a rule with what law itself sets, and on which sides of them worked cases fell.

A limit that changes what follows is tried one step below it, at it and one step above: a tiyn, a day, one of what is
counted. So is a limit that cuts (the lesser or the greater of what was found and what law allows). `salyq law check`
refuses one that is not, unless `law/one_side.toml` says why no case can fall there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from salyq.rulebook.explain import Why
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import Node
from salyq.rulebook.op import At, Op, Teller
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.states import Unknown
from salyq.rulebook.tried import short
from salyq.rulebook.units import UNITS

COMPARED = ("lt", "le", "min", "max")
FAR = 2  # steps: farther from a limit than one step, on either side
EDGES: Mapping[str, Callable[..., Sequence[Any]]] = {
    "scale": lambda data, index: [over * index for over in data["over"][1:]],
    "table": lambda data: data["upto"],
}  # what has a threshold at every bracket
CODES = {-1: "law_no_case_below", 0: "law_no_case_at", 1: "law_no_case_above"}
ALL = frozenset(CODES)


class Threshold(NamedTuple):
    """A comparison with a limit of law: the rule, since when, and the comparison in short."""

    rule: str
    since: date
    compared: str

    def __str__(self) -> str:
        return f"{self.rule} since {self.since}: {self.compared}"


Sides = dict[Threshold, set[int]]  # −1 where what is compared was a step below the limit, 0 at it, 1 above; ±FAR


class SidedGraph(Graph):
    """The law as known on a day, which writes into `sides` where each asking fell; `under` has its trees."""

    def __init__(self, under: Graph, sides: Sides) -> None:
        super().__init__(under.law, under.known, under)
        self.trees = all_watched(under.law, under.trees, sides)


def one_side(sides: Sides, reasons: Mapping[str, str]) -> tuple[list[tuple[Threshold, int]], list[str]]:
    """(threshold, a side on which no case fell) where no reason says why; and reasons that are needed no more."""
    bare = sorted((t, side) for t, seen in sides.items() for side in ALL - seen if str(t) not in reasons)
    return bare, sorted(str(t) for t, seen in sides.items() if seen >= ALL and str(t) in reasons)


def why_one_side(root: Path) -> dict[str, str]:
    """The thresholds that a law says no case can try on all sides, each with the reason (`one_side.toml`)."""
    return reasons_in(root / "one_side.toml", "thresholds")


def reasons_in(path: Path, of: str) -> dict[str, str]:
    """What a file of reasons lets stand (the list `of` of each `[[reason]]`), each with why."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("reason", ())
    return {told: entry["why"] for entry in entries for told in entry[of]}


def side_faults(sides: Sides, law: Law) -> list[Fault]:
    """Thresholds that the cases do not try below, at and above; reasons that are needed no more."""
    bare, stale = one_side(sides, why_one_side(Path(str(law.root))))
    articles = {(v.name, v.since): v.cite for versions in law.rules.values() for v in versions}
    found = [fault(t.rule, articles[t.rule, t.since], CODES[s], threshold=str(t)) for t, s in bare]
    return found + [fault("", "", "law_one_side_stale", threshold=t) for t in stale]


def all_watched(law: Law, trees: Mapping[RuleVersion, Node], sides: Sides) -> dict[RuleVersion, Node]:
    """The trees of a law, with every threshold watched."""
    limits = Limits(law, trees)
    return {v: watched(v, tree, limits, sides) for v, tree in trees.items()}


def watched(version: RuleVersion, tree: Node, limits: Limits, sides: Sides) -> Node:
    """The tree anew, with every comparison with a limit watched."""
    made: dict[int, Node] = {}

    def anew(node: Node) -> Node:
        if id(node) not in made:
            args = tuple(map(anew, node.args))
            same = all(new is old for new, old in zip(args, node.args, strict=True))
            plain = node if same else Node(node.op, args, node.data, node.unit)
            turned = limits.side(node)
            if turned:
                key = Threshold(version.name, version.since, short(node))
                plain = Node("sided", (plain, *args), (sides.setdefault(key, set()), turned), node.unit)
            elif node.op in EDGES:
                plain = Node("edged", (plain, *args), (version, node, sides), node.unit)
            made[id(node)] = plain
        return made[id(node)]

    return anew(tree)


class Limits:
    """Which operands are limits: made of values of law alone, perhaps through other rules."""

    def __init__(self, law: Law, trees: Mapping[RuleVersion, Node]) -> None:
        self.law, self.trees = law, trees
        self.of_rules: dict[str, frozenset[str]] = {}

    def __contains__(self, node: Node) -> bool:
        found = self.made_of(node)
        return "value" in found and found <= {"value", "const"}

    def side(self, node: Node) -> int:
        """1 where the right operand of a comparison is the limit, −1 where the left one is, 0 where there is none."""
        if node.op not in COMPARED or len(node.args) != 2:
            return 0
        left, right = node.args
        if (left in self) != (right in self):
            return 1 if right in self else -1
        for given, limit, found in ((left, right, 1), (right, left, -1)):
            if given.op == "input" and "value" in self.made_of(limit):
                return found
        return 0

    def made_of(self, node: Node) -> frozenset[str]:
        """The kinds of leaves that it rests on."""
        if node.op == "rule":
            return self._of_rule(node.data[0])
        if not node.args:
            return frozenset((node.op,))
        return frozenset().union(*map(self.made_of, node.args))

    def _of_rule(self, name: str) -> frozenset[str]:
        if name not in self.of_rules:
            self.of_rules[name] = frozenset(("rule",))  # while it is looked at
            own = [self.made_of(self.trees[v]) for v in self.law.rules.get(name, ())]
            self.of_rules[name] = frozenset().union(*own) or frozenset(("rule",))
        return self.of_rules[name]


def steps_off(found: Any, limit: Any, step: Any) -> int:
    """Where what was found stands to a limit: 0 at it, ±1 within a step of it, ±FAR farther."""
    side = int(found > limit) - int(found < limit)
    return side if not side or abs(found - limit) <= step else FAR * side


def step_of(unit: str, limit: Any) -> Any:
    """The least that two values of a unit differ by, as people state them."""
    if isinstance(limit, datetime):
        return timedelta(minutes=1)
    return timedelta(days=1) if isinstance(limit, date) else UNITS[unit].step


class Sided(Op):
    """A comparison; where its operands stood to each other is written into `data`."""

    name = "sided"

    def step(self, node: Node, maker: Maker) -> Step:
        inner, left, right = maker.steps(node)
        seen, turned = node.data
        unit = node.args[1].unit

        def step(s: Scope) -> Any:
            a, b = left(s), right(s)
            if type(a) is not Unknown and type(b) is not Unknown:
                seen.add(turned * steps_off(a, b, step_of(unit, b)))
            return inner(s)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return teller.steps(node.args[0], at)


class Edged(Op):
    """A scale or a table; which side of every edge its argument fell on is written down."""

    name = "edged"

    def step(self, node: Node, maker: Maker) -> Step:
        inner, base, *rest = maker.steps(node)
        version, plain, sides = node.data
        unit = UNITS[plain.args[0].unit]
        # What a scale gives moves by less than its rounding where its argument moves by a smallest step.
        whole, apart = (unit.scale, unit.step) if plain.op == "table" else (1, unit.scale)

        def step(s: Scope) -> Any:
            x, found = base(s), [r(s) for r in rest]
            if not any(type(v) is Unknown for v in (x, *found)):
                for number, edge in enumerate(EDGES[plain.op](*found), 1):
                    key = Threshold(version.name, version.since, f"{short(plain)}, edge {number}")
                    sides.setdefault(key, set()).add(steps_off(x, edge * whole, apart))
            return inner(s)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return teller.steps(node.args[0], at)
