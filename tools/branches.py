"""Says which branches of law no worked case takes (every `when` of every rule version, both ways), and which versions
of its values no worked case really asked for.

    python tools/branches.py             # what is taken one way only, or never
    python tools/branches.py --count     # the counts alone

Runs the worked cases of the taxes (`law/*/cases.toml`) through the whole house; a case that takes the branch is
added beside the others, with an example that is worked out by hand.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import salyq
from salyq.assessing.year import law_graph
from salyq.law import shipped
from salyq.rulebook.check_rules import needs
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Value
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import OPS, Node
from salyq.rulebook.ops.choices import When
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.states import Unknown

LAW = Path(salyq.__file__).parent / "law"
Taken = dict[int, set[bool | None]]
Asked = set[tuple[str, date]]  # values: name, first day of the version


def recording(taken: Taken) -> When:
    """`when` that notes by node which way it went; None: the test was unknown."""

    class Recording(When):
        def step(self, node: Node, maker: Maker) -> Step:
            inner, test = super().step(node, maker), maker.step(node.args[0])

            def step(s: Scope) -> Any:
                value = test(s)
                taken[id(node)].add(None if type(value) is Unknown else bool(value))
                return inner(s)

            return step

    return Recording()


def run_cases(taken: Taken, asked: Asked | None = None) -> int:
    """Assesses every worked case that has files or a person, with recording steps; `asked` gathers the values."""
    own, value_at = OPS["when"], Graph.value_at

    def noted(graph: Graph, name: str, on: date) -> Value | None:
        found = value_at(graph, name, on)
        if found is not None and asked is not None:
            asked.add((name, found.start))
        return found

    OPS["when"] = recording(taken)
    Graph.value_at = noted  # type: ignore[method-assign]
    count = 0
    try:
        for path in sorted(LAW.glob("*/cases.toml")):
            for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
                if "person" not in case:
                    continue
                with tempfile.TemporaryDirectory() as place:
                    folder = Path(place)
                    (folder / "person.toml").write_text(case["person"], encoding="utf-8")
                    for name, text in case.get("files", {}).items():
                        (folder / name).parent.mkdir(parents=True, exist_ok=True)
                        (folder / name).write_text(text, encoding="utf-8")
                    salyq.assess(salyq.read_case(folder), year=case["year"])
                    count += 1
    finally:
        OPS["when"] = own
        Graph.value_at = value_at  # type: ignore[method-assign]
    return count


def conditions(node: Node, seen: set[int]) -> Iterator[Node]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.op == "when":
        yield node
    for arg in node.args:
        yield from conditions(arg, seen)


def shown(node: Node) -> str:
    """A test in short: the names that it asks for, and its operation."""
    if node.op in ("rule", "value", "input", "lookup"):
        data = node.data[-1] if node.op == "input" else node.data[0] if isinstance(node.data, tuple) else node.data
        return str(data)
    if node.op == "const":
        return repr(node.data)
    return f"{node.op}({', '.join(shown(a) for a in node.args)})"


class Condition(NamedTuple):
    """A condition of a rule version, and the ways in which cases took it."""

    version: RuleVersion
    node: Node
    ways: frozenset[bool]

    def __str__(self) -> str:
        way = "never" if not self.ways else f"only {'yes' if True in self.ways else 'no'}"
        return f"{self.version.name} since {self.version.since}: {way}: {shown(self.node.args[0])}"


def found(taken: Taken) -> Iterator[Condition]:
    """Every condition of the taxes' law as it is known now."""
    for version, tree in law_graph(shipped().known).trees.items():
        for node in conditions(tree, set()):
            yield Condition(version, node, frozenset(w for w in taken[id(node)] if w is not None))


def unasked(asked: Asked) -> Iterator[tuple[str, date]]:
    """Versions of values that rules need, that hold in a year assessed, and that no case asked for."""
    law = shipped()
    first, last = date(law.reading["first_year"], 1, 1), date(law.reading["last_year"], 12, 31)
    named = {n for tree in law_graph(law.known).trees.values() for op, n in needs(tree) if op == "value"}
    for name in sorted(named):
        series = law.series[name]
        for v in series.values:
            later = [w.start for w in series.values if w.start > v.start]
            ends = [e for e in (series.end_of(v, law.known), min(later, default=None)) if e]
            holds = v.start <= last and (not ends or min(ends) >= first)
            if holds and v.data is not None and (name, v.start) not in asked:
                yield name, v.start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", action="store_true")
    asked = parser.parse_args()
    taken: Taken = defaultdict(set)
    values: Asked = set()
    cases = run_cases(taken, values)
    every = list(found(taken))
    if not asked.count:
        print("\n".join(sorted(str(c) for c in every if len(c.ways) < len("yn"))))
        print("\n".join(f"value not asked for: {name} from {start}" for name, start in unasked(values)))
    counts = [sum(len(c.ways) == n for c in every) for n in (2, 1, 0)]
    print(f"{cases} cases; conditions taken both ways {counts[0]}, one way {counts[1]}, never {counts[2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
