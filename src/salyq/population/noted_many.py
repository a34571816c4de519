"""The reader of columns with a memory: what each person's figures really used, and what quotes had to say of them.

`for_one` notes for each period what a rule used, so that a figure's basis speaks of what decided (evaluate.py). Here
the same is kept as marks: for each pair (rule, what it used) the periods of the persons for whom it did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from salyq.civil.messages import Message
from salyq.facts.lookups import Answer, Lookups
from salyq.population.parts_many import with_kernel
from salyq.prices.book import PriceBook
from salyq.prices.model import MissingQuote, Quote
from salyq.rulebook import many_leaves as leaves
from salyq.rulebook.columns import Column
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import BASES
from salyq.rulebook.many import Many
from salyq.rulebook.many_ops import STEPS
from salyq.rulebook.many_tables import Rows, Table
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Article
from salyq.rulebook.states import Unknown

OF_YEAR, OF_QUARTER = 0, 1  # whose periods marks stand for: the persons, or their quarters one after another
QUARTERS = 4
Thing = tuple[object, int]  # (rule version, value or article; OF_YEAR or OF_QUARTER)


class Said(Lookups):
    """Lookups that remember what the last answer had to say."""

    def __init__(self, prices: PriceBook) -> None:
        super().__init__(prices)
        self.last: tuple[Message, str] | None = None

    def _answer(self, found: Quote | MissingQuote, value: object) -> Answer:
        if not isinstance(found, MissingQuote) and found.finding is not None:
            self.last = (found.finding, found.place)
        return super()._answer(found, value)


class Noted(Many):
    """`periods` answers (level, the period of each row) of a table: its person, or quarter."""

    def __init__(
        self,
        graph: Graph,
        prices: PriceBook,
        elections: Callable[[str, date], str],
        persons: int,
        house: frozenset[str],
    ) -> None:
        self.said = Said(prices)
        super().__init__(graph, self.said.table(), elections)
        self.persons, self.house = persons, house
        self.periods: dict[int, tuple[int, Any]] = {}
        self.quarter_of: dict[int, Any] = {}  # of rows that stand in the year: the quarter they belong to
        self.edges: dict[Thing, dict[Thing, Any]] = {}
        self.messages: dict[tuple[str, str, str], tuple[tuple[Message, str], Any]] = {}  # what quotes said -> to whom
        self._current: list[Thing] = []
        self.steps = {
            **with_kernel(self.steps), "rule": _rule, "value": _value, "election": _election, "cited": _cited,
            "lookup": _lookup,
        }  # fmt: skip

    def stand(self, table: Table, level: int, period: Any, quarter: Any = None) -> None:
        """Says whose the rows of a table are. `quarter`: where its rows are asked by quarters too, theirs."""
        self.periods[id(table)] = (level, period)
        if quarter is not None:
            self.quarter_of[id(table)] = quarter

    def _fill(self, memo: Any, name: str, table: Table, rows: Any, day: date) -> None:
        version = self.graph.rule_at(name, day)
        self._current.append((version, self.periods[id(table)][0]))
        try:
            super()._fill(memo, name, table, rows, day)
        finally:
            self._current.pop()

    # noting ---------------------------------------------------------------------------------------------------------
    def note(self, what: object, table: Table, rows: Rows, level: int) -> None:
        """Notes that the rule now being worked out used `what` for rows of a table. `level`: whose `what` is."""
        if not self._current:
            return
        asking = self._current[-1]
        fine = OF_QUARTER if OF_QUARTER in (asking[1], level) else OF_YEAR
        noted = self.edges.setdefault(asking, {})
        marks = noted.get((what, level))
        if marks is None:
            marks = noted[what, level] = np.zeros(self.persons * (QUARTERS if fine == OF_QUARTER else 1), bool)
        own, period = self.periods[id(table)]
        if fine == OF_QUARTER and own == OF_YEAR:
            quarter = self.quarter_of.get(id(table))
            if quarter is None:  # asked for the year as a whole: for each of its quarters
                found = np.zeros(self.persons, bool)
                found[period if rows is None else period[rows]] = True
                marks |= np.repeat(found, QUARTERS)
                return
            period = quarter
        marks[period if rows is None else period[rows]] = True

    def versions(self, name: str, table: Table, places: Rows) -> Iterator[tuple[Any, RuleVersion | None]]:
        """The versions of a rule that count for rows of a table, with the numbers of those rows (None: all)."""
        return self.by_day.versions(name, table, places)

    def level(self, table: Table) -> int:
        return self.periods[id(table)][0]

    def basis(self, version: object, level: int, rows: Any) -> Any:
        """The weakest basis (a place in BASES) of all that a rule used in a period of each person: `rows` of its
        level."""
        start = np.zeros(self.persons * (QUARTERS if level == OF_QUARTER else 1), bool)
        start[rows] = True
        reached: dict[Thing, Any] = {(version, level): start}
        weakest = np.zeros(self.persons, np.int8)
        for thing in self._order((version, level)):
            here = reached.pop(thing)
            what, own = thing
            if what is not None and what.cite not in self.house:  # type: ignore[attr-defined]
                place = BASES.index(what.basis)  # type: ignore[attr-defined]
                np.maximum(weakest, np.where(_to(here, own, OF_YEAR), place, 0), out=weakest, casting="unsafe")
            for used, marks in self.edges.get(thing, {}).items():
                fine = OF_QUARTER if OF_QUARTER in (own, used[1]) else OF_YEAR
                there = _to(_to(here, own, fine) & marks, fine, used[1])
                before = reached.get(used)
                reached[used] = there if before is None else before | there
        return weakest

    def _order(self, start: Thing) -> list[Thing]:
        """All that a rule can reach, each before what it used."""
        found: list[Thing] = []
        seen: set[Thing] = set()
        stack: list[tuple[Thing, bool]] = [(start, False)]
        while stack:
            thing, done = stack.pop()
            if done:
                found.append(thing)
            elif thing not in seen:
                seen.add(thing)
                stack.append((thing, True))
                stack += [(used, False) for used in self.edges.get(thing, ()) if used not in seen]
        return found[::-1]

    def heard(self, said: Sequence[tuple[Message, str] | None], places: Any, table: Table, rows: Rows) -> None:
        """Keeps for whom an answer had something to say; `places`: the number of each row's answer."""
        if not any(said):
            return
        level, period = self.periods[id(table)]
        owner = period if rows is None else period[rows]
        owner = owner // QUARTERS if level == OF_QUARTER else owner
        order = np.argsort(places, kind="stable")
        ends = np.searchsorted(places[order], np.arange(len(said) + 1))
        for answer, message in enumerate(said):
            if message is not None:
                key = (message[0].code, str(message[0].params.get("asset", "")), str(message[0].params.get("day", "")))
                told = self.messages.setdefault(key, (message, np.zeros(self.persons, bool)))
                told[1][owner[order[ends[answer] : ends[answer + 1]]]] = True


class Quiet(Noted):
    """Notes nothing: for who asks for amounts alone."""

    def __init__(self, graph: Graph, prices: PriceBook, elections: Callable[[str, date], str], persons: int) -> None:
        super().__init__(graph, prices, elections, persons, frozenset())
        self.steps = with_kernel(STEPS)

    def _fill(self, memo: Any, name: str, table: Table, rows: Any, day: date) -> None:
        Many._fill(self, memo, name, table, rows, day)

    def basis(self, version: object, level: int, rows: Any) -> Any:  # noqa: ARG002
        """Nobody asks: the first basis for all."""
        return np.zeros(self.persons, np.int8)


def _to(marks: Any, level: int, wanted: int) -> Any:
    """Marks of persons as marks of their quarters, or back."""
    if level == wanted:
        return marks
    return np.repeat(marks, QUARTERS) if wanted == OF_QUARTER else marks.reshape(-1, QUARTERS).any(axis=1)


# steps --------------------------------------------------------------------------------------------------------------
def _rule(m: Noted, node: Node, t: Table, r: Rows, d: date) -> Column:
    name, kind = node.data
    got = leaves.rule(m, node, t, r, d)
    above, places = m.climb(t, r, kind)
    for rows, version in m.versions(name, above, places):
        own = r if rows is None else rows if r is None else r[rows]
        m.note(version, t, own, m.level(above))
    return got


def _value(m: Noted, node: Node, t: Table, r: Rows, d: date) -> Column:
    got = leaves.value(m, node, t, r, d)
    m.note(m.graph.value_at(node.data, d), t, r, m.level(t))
    return got


def _election(m: Noted, node: Node, t: Table, r: Rows, d: date) -> Column:
    got = leaves.election(m, node, t, r, d)
    found = m.graph.value_at(node.data, d)
    if found is not None:
        m.note(found, t, r, m.level(t))
    return got


def _cited(m: Noted, node: Node, t: Table, r: Rows, d: date) -> Column:
    m.note(Article(*node.data), t, r, m.level(t))
    return leaves.same(m, node, t, r, d)


def _lookup(m: Noted, node: Node, t: Table, r: Rows, d: date) -> Column:
    ask = m.lookups[node.data]
    said: list[tuple[Message, str] | None] = []

    def answer(*key: Any) -> Any:
        m.said.last = None
        found = ask(*key)
        said.append(m.said.last)
        return None if isinstance(found, Unknown) else found.value

    return leaves.distinct(m, node, t, r, d, answer, lambda places: m.heard(said, places, t, r))
