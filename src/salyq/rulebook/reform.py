"""A reform: law as it would be if some values or rules were others. Laid over law that itself never changes.

What it says counts in its own span before everything that the law has, whatever day law is known on. Reading its file:
reform_file.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Act, Law, Value
from salyq.rulebook.rules import RuleVersion

ACT = "reform"  # how figures under a reform cite it
BASIS = "convention"


@dataclass(frozen=True, slots=True)
class Reform:
    """What a file would make other: versions of values and rules by their full names. `text` is the file as it was
    read (so that another process reads the same), `sha256` of its bytes."""

    title: Mapping[str, str]
    file: str
    text: str
    sha256: str
    values: Mapping[str, tuple[Value, ...]]
    rules: Mapping[str, tuple[RuleVersion, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.values, *self.rules)

    def as_json(self) -> dict[str, Any]:
        """What a result says of the reform that it was made under."""
        return {"title": dict(self.title), "file": self.file, "sha256": self.sha256, "names": list(self.names)}


def reformed(law: Law, reform: Reform) -> Law:
    """A law with the reform laid over it, as far as the law has its names. The law itself stays as it is: all that it
    holds is shared, nothing is changed."""
    over: dict[str, tuple[Any, ...]] = {n: vs for n, vs in reform.values.items() if n in law.series}
    over |= {n: vs for n, vs in reform.rules.items() if n in law.rules}
    act = Act(ACT, "act", reform.title, None, "", {}, reform.title)
    return replace(law, over=over, acts={**law.acts, ACT: act})


def reformed_graph(graph: Graph, reform: Reform) -> Graph:
    """The same law compiled, under a reform: only the rules that it replaces are compiled anew."""
    return Graph(reformed(graph.law, reform), graph.known, like=graph)


@lru_cache(maxsize=16)
def as_of(graph: Graph, on: date, known: date) -> Graph:
    """The same law compiled, as if it had always been and stayed what it was on one day, as known on another. Many
    cases are worked out under one such law, so the last ones are kept."""
    return Graph(replace(graph.law, frozen=(on, known)), known, like=graph)
