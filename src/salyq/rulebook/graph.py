"""Compiles law to one immutable graph: every rule version is called once with symbols (architecture §4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from salyq.civil.compiled import found_once
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.law import Law, Value
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion

ENGINE = "1"  # part of the fingerprint: raise it when the same law would give other figures


class Graph:
    """All rule versions as trees of nodes, and which version or value counts on a day, as known on `known`.

    Leaves: `input` (a given column or fact), `rule` (another rule, by name), `value` (a dated value, by name),
    `election`. Raises LawError where a name means nothing, units do not agree, or a symbol is misused.

    `like`: a graph of the same names and units, whose trees are taken over for the versions that both have. `name`:
    what this very law is called among what is kept of it (civil/installed.py).
    """

    def __init__(self, law: Law, known: date | None = None, like: Graph | None = None, name: str = "") -> None:
        self.law = law
        self.known = known or law.known
        self._name, self._like = name, like
        self._compiler = Compiler(law)
        had: Mapping[RuleVersion, Node] = {} if like is None else like.trees
        laid = (v for versions in law.over.values() for v in versions if isinstance(v, RuleVersion))
        every = (*(v for versions in law.rules.values() for v in versions), *laid)
        self.trees: dict[RuleVersion, Node] = {v: had[v] if v in had else self._compiler.tree(v) for v in every}
        self._rules: dict[tuple[str, int], RuleVersion | None] = {}
        self._values: dict[tuple[str, int], Value | None] = {}
        self._spans: dict[date, int] = {}

    # reading the graph ------------------------------------------------------------------------------------------
    def span(self, on: date) -> int:
        span = self._spans.get(on)
        if span is None:
            span = self._spans[on] = self.law.span(on)
        return span

    def rule_at(self, name: str, on: date) -> RuleVersion | None:
        key = (name, self.span(on))
        if key not in self._rules:
            self._rules[key] = self.law.rule_at(name, on, self.known)
        return self._rules[key]

    def value_at(self, name: str, on: date) -> Value | None:
        key = (name, self.span(on))
        if key not in self._values:
            self._values[key] = self.law.value_at(name, on, self.known)
        return self._values[key]

    def ancestors(self, kind: str) -> Iterator[str]:
        """A kind and those it stands in, nearest first."""
        return self._compiler.ancestors(kind)

    def hanging_on(
        self, elections: Iterable[str] = (), rows: Iterable[str] = (), anew: Iterable[str] = ()
    ) -> frozenset[str]:
        """The rules whose value may be another where an election or a set of rows is another, or where values,
        elections or rules are made anew; those rules themselves too."""
        marks = {("election", name) for name in elections} | {("rows", name) for name in rows}
        marks |= {(what, name) for what in ("election", "value", "rule") for name in anew}
        found = {name for mark in marks for name in self._users.get(mark, ())}
        found |= {name for name in anew if name in self.law.rules}
        queue = list(found)
        while queue:
            for name in self._users.get(("rule", queue.pop()), ()):
                if name not in found:
                    found.add(name)
                    queue.append(name)
        return frozenset(found)

    @cached_property
    def _users(self) -> Mapping[tuple[str, str], set[str]]:
        """Election, value, set of rows or rule -> the rules that ask for it in any version."""
        found: dict[tuple[str, str], set[str]] = {}
        for version, tree in self.trees.items():
            for mark in _marks(tree):
                found.setdefault(mark, set()).add(version.name)
        return found

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the canonical law (values, rules as graphs, acts) and the engine version; of a law with others
        laid over it, over the fingerprint of the law below and what is laid."""
        if self.law.over and self._like is not None:
            return _hashed({"law": self._like.fingerprint, "known": str(self.known), "over": self._over()})
        if not self._name:
            return self.canonical_hash()
        return str(found_once(self._name, lambda: {"fingerprint": self.canonical_hash()})["fingerprint"])

    def canonical_hash(self) -> str:
        """The fingerprint, worked out."""
        law = self.law
        body = {
            "engine": ENGINE,
            "known": str(self.known),
            "values": {n: [s.unit, [_value(v) for v in s.values]] for n, s in law.series.items()},
            "rules": {
                n: [
                    [v.cite, v.by, str(v.since), str(v.until), v.per, v.date, v.basis, _canonical(self.trees[v])]
                    for v in vs
                ]
                for n, vs in law.rules.items()
            },
            "acts": {n: [a.kind, str(a.date)] for n, a in law.acts.items()},
        }
        if law.over:
            body["over"] = self._over()
        return _hashed(body)

    def _over(self) -> dict[str, list[list[object]]]:
        return {n: [self._laid(v) for v in vs] for n, vs in self.law.over.items()}

    def _laid(self, v: Value | RuleVersion) -> list[object]:
        if isinstance(v, RuleVersion):
            return [str(v.since), str(v.until), _canonical(self.trees[v])]
        return _value(v)


def _hashed(body: Mapping[str, object]) -> str:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _value(v: Value) -> list[object]:
    return [str(v.start), str(v.until), str(v.enacted), v.by, v.cite, v.basis, _plain(v.data)]


def _plain(data: object) -> object:
    if isinstance(data, Mapping):
        return {str(k): _plain(x) for k, x in data.items()}
    if isinstance(data, frozenset):
        return sorted(str(x) for x in data)
    if isinstance(data, list | tuple):
        return [_plain(x) for x in data]
    return data if isinstance(data, bool | int | str) or data is None else str(data)


def _canonical(node: Node) -> list[object]:
    return [node.op, node.unit, _plain(node.data), [_canonical(a) for a in node.args]]


def _marks(node: Node) -> Iterator[tuple[str, str]]:
    """What a tree asks for: elections, values, rules, sets of rows."""
    if node.op in ("election", "value"):
        yield node.op, node.data
    elif node.op == "rule":
        yield "rule", node.data[0]
    elif isinstance(node.data, tuple) and len(node.data) >= 3 and isinstance(node.data[1], str):
        yield "rows", node.data[1]
    for arg in node.args:
        yield from _marks(arg)


def leaves(node: Node, op: str) -> Iterator[Any]:
    """The `data` of every leaf of one kind in a tree."""
    if node.op == op:
        yield node.data
    for arg in node.args:
        yield from leaves(arg, op)
