"""`for_one`: reads the graph for one person, in plain exact integers (architecture §4.8).

Rules are computed once a scope and kept; each tree is turned into nested closures once. What was really evaluated is
noted, so that a figure's cites and basis speak of what decided and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from salyq.rulebook import ops  # noqa: F401  (registers the operations)
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law, Value
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import Node, NotInForce
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import PENDING, Article, Found, Memo, Part, RowSet, Scope, Step, Used, day_of
from salyq.rulebook.states import Unknown
from salyq.rulebook.stored import Joined, joined, pick

if TYPE_CHECKING:
    from salyq.rulebook.one_ends import Open
    from salyq.rulebook.one_many import OneMany

__all__ = ["Evaluator", "Found", "RowSet", "Scope"]


Noted = dict[str, tuple[Used, set[Used]]]  # group -> what a rule's value there is noted as, and what it used
Picked = tuple[RuleVersion, Step, Noted]
ABSENT: Memo = (None, None)  # no version is in force
COMPUTING: Memo = (PENDING, None)
LEAST = 256  # rows that are worth columns


class Evaluator:
    """Evaluates named rules in scopes. `lookups` answer what law asks of the world; `elections` the choices made."""

    def __init__(
        self,
        graph: Graph,
        lookups: Mapping[str, Callable[..., Found | Unknown]],
        elections: Callable[[str, date], str | Unknown],
    ) -> None:
        self.graph = graph
        self.lookups = lookups
        self.elections = elections
        self.uses: dict[Used, set[Used]] = {}
        self.elected: set[tuple[str, str, int]] = set()  # elections that were really asked: choice taken, year
        self.current: set[Used] = set()  # what the rule now being computed has used
        self._steps: dict[tuple[Node, str, int], Step] = {}
        self._columns = {name: versions[0].date for name, versions in graph.law.rules.items()}
        self._rule_steps: dict[RuleVersion, Step] = {}
        self._picked: dict[str, dict[date, Picked | None]] = {}
        self._keys: dict[RuleVersion, Noted] = {}
        self._many: OneMany | None = None

    def forget(self) -> None:
        """Lets go of what was noted, so that another event can be asked about; compiled steps are kept."""
        self.uses, self.elected, self.current = {}, set(), set()
        self._many = None
        for noted in self._keys.values():
            noted.clear()

    def turn_to(
        self,
        lookups: Mapping[str, Callable[..., Found | Unknown]],
        elections: Callable[[str, date], str | Unknown],
    ) -> Evaluator:
        """The same law for somebody else: what was noted is let go, compiled steps are kept."""
        self.lookups, self.elections = lookups, elections
        self.forget()
        return self

    # what steps ask of the law -----------------------------------------------------------------------------------
    @property
    def law(self) -> Law:
        return self.graph.law

    def value_at(self, name: str, on: date) -> Value | None:
        return self.graph.value_at(name, on)

    def ancestors(self, kind: str) -> Iterator[str]:
        return self.graph.ancestors(kind)

    def key(self, name: str) -> str:
        """What a rule's value is kept under in the memo of a scope."""
        return name

    # asking -----------------------------------------------------------------------------------------------------
    def value(self, name: str, scope: Scope) -> Any:
        """The value of a rule for a scope of its kind: exact, Unknown, or None where no version is in force."""
        got = scope.memo.get(self.key(name))
        if got is None:
            got = self.compute(name, scope)
        if got[1] is not None:
            self.current.add(got[1])
        return got[0]

    def version(self, name: str, scope: Scope) -> RuleVersion | None:
        """The version of a rule that counts for a scope."""
        return self.graph.rule_at(name, day_of(scope, self._columns[name]))

    def node_value(self, node: Node, scope: Scope, day: date) -> Any:
        """The value of one step within a rule (for explanations)."""
        key = (node, scope.kind, self.graph.span(day))  # law is the same within a span
        step = self._steps.get(key)
        if step is None:
            step = self._steps[key] = Maker(self, scope.kind, lambda _: day).step(node)
        outer, self.current = self.current, set()
        try:
            return step(scope)
        finally:
            self.current = outer

    def used_by(self, name: str, scope: Scope, *, within: bool = False) -> list[object]:
        """Everything that was really evaluated under a rule: versions and values, nearest first. `within`: other
        figures are named, but not what stands under them."""
        self.value(name, scope)
        start = scope.memo[self.key(name)][1]
        seen: dict[Used, None] = {}
        queue: list[Used] = [] if start is None else [start]
        for at in queue:
            if at in seen:
                continue
            seen[at] = None
            if within and at != start and getattr(at[0], "role", "") == "figure":
                continue
            queue.extend(sorted(self.uses.get(at, ()), key=_order))
        return [what for what, _ in seen]

    # many rows at once ------------------------------------------------------------------------------------------
    def every(self, name: str, scopes: Sequence[Scope]) -> list[Any]:
        """The value of a rule for each of many rows of one kind."""
        if len(scopes) >= LEAST:
            from salyq.rulebook.many_tables import NotInColumns

            try:
                return self.many.every(name, scopes)
            except (NotInColumns, NotInForce):
                pass
        return [self.value(name, s) for s in scopes]

    def total(self, node: Node, scopes: Sequence[Scope], day: date, zero: Any) -> Part:
        """Σ of a node's first operand over the rows that its second keeps, as far as columns know."""
        if isinstance(scopes, Joined):
            told = [self.total(node, rows, day, zero) for rows in scopes.parts]
            rest = joined(*[part.left for part in told])
            return Part(sum([p.known for p in told], zero), [u for p in told for u in p.unknowns], rest)
        if len(scopes) < LEAST:
            return Part(zero, [], scopes)
        from salyq.rulebook.many_tables import NotInColumns

        try:
            known, left = self.many.total(node, scopes, day, zero)
        except (NotInColumns, NotInForce):
            return Part(zero, [], scopes)
        return Part(known, [], pick(scopes, left))

    def where(self, name: str, scopes: Sequence[Scope]) -> Sequence[Scope]:
        """The rows for which a flag holds."""
        if len(scopes) >= LEAST:
            from salyq.rulebook.many_tables import NotInColumns

            with suppress(NotInColumns, NotInForce):
                return pick(scopes, self.many.where(name, scopes))
        return [s for s in scopes if self.value(name, s) is True]

    def step_values(self, node: Node, scopes: Sequence[Scope], day: date) -> list[Any]:
        """The value of one step for each of many rows of one kind (for explanations)."""
        outer, self.current = self.current, set()
        try:
            found: list[Any] = [None] * len(scopes)
            if len(scopes) >= LEAST:
                from salyq.rulebook.many_tables import NotInColumns

                with suppress(NotInColumns, NotInForce):
                    found = self.many.step_values(node, scopes, day)
        finally:
            self.current = outer
        return [self.node_value(node, scopes[n], day) if v is None else v for n, v in enumerate(found)]

    @property
    def many(self) -> OneMany:
        """This evaluator over columns of many rows."""
        if self._many is None:
            self._many = self._over_columns()
        return self._many

    def _over_columns(self) -> OneMany:
        from salyq.rulebook.one_many import OneMany

        return OneMany(self)

    # computing --------------------------------------------------------------------------------------------------
    def compute(self, name: str, scope: Scope) -> Memo:
        """The value of a rule in a scope that does not hold it yet, and what it is noted as; (None, None) where no
        version is in force."""
        column = self._columns[name]
        day = getattr(scope.given, column, None) or day_of(scope, column)
        days = self._picked.get(name)
        if days is None:
            days = self._picked[name] = {}
        try:
            picked = days[day]
        except KeyError:
            picked = days[day] = self._pick(name, day)
        at, memo = self.key(name), scope.memo
        if picked is None:
            memo[at] = ABSENT
            return ABSENT
        version, step, noted = picked
        try:
            key, used = noted[scope.group]
        except KeyError:
            key, used = noted[scope.group] = self._noted(version, scope.group)
        memo[at] = COMPUTING
        outer, self.current = self.current, used
        try:
            value = step(scope)
        except BaseException:
            memo.pop(at, None)
            raise
        finally:
            self.current = outer
        got = memo[at] = (value, key)
        return got

    def _pick(self, name: str, day: date) -> Picked | None:
        """The version in force on a day, its step, made once a version, and where its uses are noted by group."""
        version = self.graph.rule_at(name, day)
        if version is None:
            return None
        step = self._rule_steps.get(version)
        if step is None:
            column = version.date
            maker = Maker(self, version.per, lambda s: day_of(s, column))
            step = self._rule_steps[version] = maker.step(self.graph.trees[version])
        return version, step, self._keys.setdefault(version, {})

    def _noted(self, version: RuleVersion, group: str) -> tuple[Used, set[Used]]:
        """One key for all scopes of a group, and the set of all that they used."""
        key: Used = (version, group)
        return key, self.uses.setdefault(key, set())


class Variant(Evaluator):
    """The same rows under other choices. Only rules that hang on what is other (`anew`) are computed again, beside the
    values that `like` has kept; what does not is shared. `close` lets go of what was computed anew."""

    def __init__(self, like: Evaluator, elections: Callable[[str, date], str | Unknown], anew: frozenset[str]) -> None:
        super().__init__(like.graph, like.lookups, elections)
        self.like, self.anew = like, anew
        self._names = {name: f"{name} (other)" for name in anew}
        self._touched: list[tuple[Scope, str]] = []
        self._open: Open | None = None

    def key(self, name: str) -> str:
        return self._names.get(name, name)

    def compute(self, name: str, scope: Scope) -> Memo:
        if name in self.anew:
            self._touched.append((scope, self._names[name]))
            return super().compute(name, scope)
        got = self.like.compute(name, scope)
        if got[1] is not None:
            self.current.add(got[1])
        return got

    def _over_columns(self) -> OneMany:
        from salyq.rulebook.one_many import OneMany

        return OneMany(self, self.like.many)

    def total(self, node: Node, scopes: Sequence[Scope], day: date, zero: Any) -> Part:
        """Rows that are not known by columns too, but for one: it says what is missing."""
        told = super().total(node, scopes, day, zero)
        if len(told.left) < max(LEAST, 2):
            return told
        from salyq.rulebook.many_tables import NotInColumns
        from salyq.rulebook.one_ends import Open

        if self._open is None:
            self._open = Open(self.many)
        try:
            more, unknown = self._open.total(node, told.left[1:], day, zero)
        except (NotInColumns, NotInForce):
            return told
        return Part(told.known + more, [] if unknown is None else [unknown], told.left[:1])

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        if self._many is not None:
            self._many.close()
        for scope, name in self._touched:
            scope.memo.pop(name, None)
        self._touched.clear()


def _order(used: Used) -> tuple[str, str, str]:
    what = used[0]
    if isinstance(what, RuleVersion):
        return ("1", what.name, str(what.since))
    if isinstance(what, Article):
        return ("2", what.cite, "")
    assert isinstance(what, Value)
    return ("0", what.cite, str(what.start))
