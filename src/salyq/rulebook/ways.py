"""Which way a rule goes as what it asks for rises: only up, only down, or either.

An unknown has an end that leaves the least tax and one that leaves the most; arithmetic goes end by end (states.py).
What lies between comes out between only where a rule goes one way in what may be unknown. Each operation says how it
goes in each operand (`Op.ways`); here the marks of a rule's steps are put together. A rule that may go either way needs
somebody to have looked, and says why its ends hold all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from salyq.rulebook.law import Law
from salyq.rulebook.node import OPS, Node
from salyq.rulebook.rules import RuleVersion

UP, DOWN = 1, 2
EITHER = UP | DOWN
_MARKS = {"+": UP, "-": DOWN, "*": EITHER}
_HAVE_ENDS = ("bounded", "sum")  # a doubt has its own; rows that could not be read only add

Ways = dict[str, int]


class EitherWay(NamedTuple):
    """A version of a rule that may rise or fall as another rule rises, which may be unknown with ends."""

    version: RuleVersion
    asked: str

    def __str__(self) -> str:
        return f"{self.version.name} since {self.version.since}: {self.asked}"


def either_ways(law: Law, trees: Mapping[RuleVersion, Node]) -> Iterator[EitherWay]:
    """Every version and what it asks for that it may go either way in."""
    doubtful = _with_ends(law, trees)
    for versions in law.rules.values():
        for version in versions:
            for name, ways in sorted(ways_of(trees[version]).items()):
                if ways == EITHER and name in doubtful:
                    yield EitherWay(version, name)


def ways_of(node: Node) -> Ways:
    """How a step goes in each rule that it asks for."""
    if node.op == "rule":
        return {node.data[0]: UP}
    marks = OPS[node.op].ways
    found: Ways = {}
    for n, operand in enumerate(node.args):
        mark = _MARKS[marks[min(n, len(marks) - 1)]]
        for name, ways in ways_of(operand).items():
            found[name] = found.get(name, 0) | _through(mark, ways)
    return found


def _through(outer: int, inner: int) -> int:
    if EITHER in (outer, inner):
        return EITHER
    return UP if outer == inner else DOWN


def _with_ends(law: Law, trees: Mapping[RuleVersion, Node]) -> set[str]:
    """Rules that may be unknown with ends, themselves or through what they ask for."""
    users: dict[str, set[str]] = {}
    found: set[str] = set()
    for name, versions in law.rules.items():
        for version in versions:
            for node in _steps(trees[version]):
                if node.op == "rule":
                    users.setdefault(node.data[0], set()).add(name)
                elif node.op in _HAVE_ENDS:
                    found.add(name)
    queue = list(found)
    while queue:
        for user in users.get(queue.pop(), set()) - found:
            found.add(user)
            queue.append(user)
    return found


def _steps(node: Node) -> Iterator[Node]:
    yield node
    for operand in node.args:
        yield from _steps(operand)
