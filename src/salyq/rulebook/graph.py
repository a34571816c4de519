"""Compiles law to one immutable graph: every rule version is called once with symbols (architecture §4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from salyq.rulebook.law import Law, Value
from salyq.rulebook.nodes import LawError, Node, Rows, Symbols
from salyq.rulebook.rules import RuleVersion

ENGINE = "1"  # part of the fingerprint: raise it when the same law would give other figures


class Graph:
    """All rule versions as trees of nodes, and which version or value counts on a day, as known on `known`.

    Leaves: `input` (a given column or fact), `rule` (another rule, by name), `value` (a dated value, by name),
    `election`. Raises LawError where a name means nothing, units do not agree, or a symbol is misused.
    """

    def __init__(self, law: Law, known: date | None = None) -> None:
        self.law = law
        self.known = known or law.known
        self.trees: dict[RuleVersion, Node] = {}
        for versions in law.rules.values():
            for version in versions:
                self.trees[version] = self._compile(version)
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
        at: str | None = kind
        while at is not None:
            yield at
            at = self.law.kinds[at].parent

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the canonical law (values, rules as graphs, acts) and the engine version."""
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
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    # compiling --------------------------------------------------------------------------------------------------
    def _compile(self, version: RuleVersion) -> Node:
        try:
            symbols = [self._symbol(version, version.per, _plain_name(n)) for n in version.arguments]
            node = version.function(*symbols)
        except LawError as error:
            raise LawError(f"{version.name} (since {version.since}): {error}") from None
        if not isinstance(node, Node):
            raise LawError(f"{version.name} (since {version.since}): gives {node!r}, not a step of law")
        if node.unit != version.unit:
            raise LawError(f"{version.name} (since {version.since}): declared {version.unit}, gives {node.unit}")
        return node

    def _symbol(self, version: RuleVersion, kind: str, name: str) -> Any:
        """What an argument name means for a rule computed per `kind`: nearest first, then values by date."""
        law = self.law
        for at in self.ancestors(kind):
            spec = law.kinds[at]
            if name in spec.columns:
                return Node("input", (), (at, name), spec.columns[name])
            if name in spec.rows:
                return Rows(name, at, spec.rows[name], self._row_symbols(version))
            if name in spec.refs and at == kind:
                return Symbols(spec.refs[name], self._resolver(version), (name,))
        full = law.resolve(version.subject, name)
        if full is None:
            raise LawError(f"nothing is called {name!r}")
        return self._named(full)

    def _named(self, full: str) -> Node:
        if full in self.law.series:
            series = self.law.series[full]
            if series.unit == "election":
                return Node("election", (), full, "text")
            return Node("value", (), full, series.unit)
        first = self.law.rules[full][0]
        return Node("rule", (), (full, first.per), first.unit)

    def _row_symbols(self, version: RuleVersion) -> Any:
        return lambda kind: Symbols(kind, self._resolver(version))

    def _resolver(self, version: RuleVersion) -> Any:
        def resolve(kind: str, name: str) -> Any:
            spec = self.law.kinds[kind]
            if name in spec.columns:
                return Node("input", (), (kind, name), spec.columns[name])
            if name in spec.rows:
                return Rows(name, kind, spec.rows[name], self._row_symbols(version))
            if name in spec.refs:
                return Symbols(spec.refs[name], self._resolver(version))
            own = [f"{version.subject}.{name}", *(n for n in self.law.rules if n.rpartition(".")[2] == name)]
            for full in own:
                if full in self.law.rules and self.law.rules[full][0].per == kind:
                    return self._named(full)
            raise LawError(f"a {kind} has no {name!r}")

        return resolve


def _plain_name(argument: str) -> str:
    """What an argument asks for: `subject__name` names another subject's own; a trailing underscore only keeps the
    argument from hiding a builder of the same name."""
    return argument.rstrip("_").replace("__", ".")


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


def leaves(node: Node, op: str) -> Iterator[Any]:
    """The `data` of every leaf of one kind in a tree."""
    if node.op == op:
        yield node.data
    for arg in node.args:
        yield from leaves(arg, op)
