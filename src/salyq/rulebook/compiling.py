"""Turns one rule version into a tree of nodes, by calling its function with symbols (architecture §4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from salyq.rulebook.law import Law
from salyq.rulebook.node import LawError, Node, Rows, Symbols
from salyq.rulebook.rules import RuleVersion


class Compiler:
    """Knows what a name means where it is written: a column, a row set, a reference, a value or another rule."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._of_kind: dict[str, list[str]] = {}

    def tree(self, version: RuleVersion) -> Node:
        """The steps of a rule version. LawError names the version where a name means nothing, units do not agree, or
        a symbol is misused."""
        try:
            node = version.function(*[self.symbol(version, n) for n in version.arguments])
        except LawError as error:
            raise LawError(f"{version.name} (since {version.since}): {error}") from None
        except Exception as error:  # a name that was not imported, a symbol where a number is wanted
            raise LawError(f"{version.name} (since {version.since}): {type(error).__name__}: {error}") from error
        if not isinstance(node, Node):
            raise LawError(f"{version.name} (since {version.since}): gives {node!r}, not a step of law")
        if node.unit != version.unit:
            raise LawError(f"{version.name} (since {version.since}): declared {version.unit}, gives {node.unit}")
        return node

    def ancestors(self, kind: str) -> Iterator[str]:
        """A kind and those it stands in, nearest first."""
        at: str | None = kind
        while at is not None:
            if at not in self.law.kinds:
                raise LawError(f"there is no kind of row {at!r}")
            yield at
            at = self.law.kinds[at].parent

    def symbol(self, version: RuleVersion, argument: str) -> Any:
        """What an argument name means for a rule: nearest first, then rules and values by their names."""
        law, name = self.law, _plain_name(argument)
        for at in self.ancestors(version.per):
            spec = law.kinds[at]
            if name in spec.columns:
                return Node("input", (), (at, name), spec.columns[name])
            if name in spec.rows:
                return Rows(name, at, spec.rows[name], lambda kind: Symbols(kind, self._resolver(version)))
            if name in spec.refs and at == version.per:
                return Symbols(spec.refs[name], self._resolver(version), (name,))
        full = law.resolve(version.subject, name)
        if full is None:
            raise LawError(f"nothing is called {name!r}")
        return self._named(full)

    def _per(self, kind: str) -> list[str]:
        """The rules that are asked of a kind of row."""
        if not self._of_kind:
            for name, versions in self.law.rules.items():
                self._of_kind.setdefault(versions[0].per, []).append(name)
        return self._of_kind.get(kind, [])

    def _named(self, full: str) -> Node:
        if full in self.law.series:
            series = self.law.series[full]
            if series.unit == "election":
                return Node("election", (), full, "text")
            return Node("value", (), full, series.unit)
        first = self.law.rules[full][0]
        return Node("rule", (), (full, first.per), first.unit)

    def _resolver(self, version: RuleVersion) -> Any:
        def resolve(kind: str, name: str) -> Any:
            spec = self.law.kinds[kind]
            if name in spec.columns:
                return Node("input", (), (kind, name), spec.columns[name])
            if name in spec.rows:
                return Rows(name, kind, spec.rows[name], lambda inner: Symbols(inner, self._resolver(version)))
            if name in spec.refs:
                return Symbols(spec.refs[name], self._resolver(version))
            own = f"{version.subject}.{name}"
            found = [n for n in self._per(kind) if n == own] or [
                n for n in self._per(kind) if n.rpartition(".")[2] == name or n == name.replace("__", ".")
            ]
            if len(found) > 1:
                raise LawError(f"{name!r} of a {kind} could mean {', '.join(sorted(found))}")
            if not found:
                raise LawError(f"a {kind} has no {name!r}")
            return self._named(found[0])

        return resolve


def _plain_name(argument: str) -> str:
    """What an argument asks for: `subject__name` names another subject's own; a trailing underscore only keeps the
    argument from hiding a builder of the same name."""
    return argument.rstrip("_").replace("__", ".")
