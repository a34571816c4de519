"""Figures, duties and findings of many persons: what assessing/ says of one, asked of columns.

Of a figure that is not known the scenarios are told (scenarios_many.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from salyq.assessing.duties import deadline
from salyq.assessing.figures import HOUSE, names
from salyq.assessing.result import CANNOT_BE_TOLD, DUE
from salyq.facts.quarters import QUARTERS
from salyq.law.named import applies, not_covered
from salyq.law.regimes import TAX_SUBJECTS, Regime, regime_of
from salyq.population.beside_many import Beside
from salyq.population.columns_many import Roll
from salyq.population.findings_many import Findings
from salyq.population.losses_many import losses_not_stated
from salyq.population.matches_out import columns_of
from salyq.population.noted_many import OF_QUARTER, OF_YEAR, Noted, Quiet
from salyq.population.numbers_many import PLACES
from salyq.population.records_many import Records
from salyq.population.scenarios_many import HIGH, ends_of
from salyq.population.told_many import (
    KNOWN,
    NOT_APPLICABLE,
    UNKNOWN,
    DutyColumn,
    Ends,
    FigureColumn,
    Told,
)
from salyq.population.world_many import Builder, WorldMany
from salyq.prices.book import PriceBook
from salyq.rulebook.columns import OBJECT, Column, plain, spread, text_of
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import BASES
from salyq.rulebook.many_tables import Table
from salyq.rulebook.rules import RuleVersion

LARGEST = 2**63 - 1


class _Law:
    """The parts of a world that assessing/ asks by itself when it speaks of names and deadlines alone."""

    def __init__(self, graph: Graph, year: int) -> None:
        self.graph, self.year_number = graph, year


def tell(
    roll: Roll,
    records: Records,
    year: int,
    graph: Graph,
    prices: PriceBook,
    elections: Callable[[str, date], str],
    beside: Beside,
    places: tuple[Any, Any] | None = None,
) -> Told:
    """Everything that law says of persons of one kind. NotInForce where it has no answer for some row. `places`: (file,
    row) of each record as it was read, where matches are wanted too."""
    walk = walk_of(roll)
    ask = Noted(graph, prices, elections, roll.count, frozenset(HOUSE))
    world = Builder(roll, records, year, walk, prices.year_is_over(year), ask, beside).world()
    told = Telling(ask, world, year, roll, records, walk.books).told(True)
    before = partial(_earlier, roll, records, graph, prices, elections, beside)
    losses_not_stated(told, world, walk, graph.law, before)
    if places is not None:
        told.matches = columns_of(world, records, *places)
    world.let_go()
    return told


def walk_of(roll: Roll) -> Regime:
    """How all persons of a roll walk."""
    return regime_of(roll.templates[int(roll.alike[0])].kind)


def _earlier(
    roll: Roll, records: Records, graph: Graph, prices: PriceBook, elections: Callable[[str, date], str],
    beside: Beside, year: int,
) -> Told:  # fmt: skip
    """Figures of an earlier year: what persons state one by one is of the year assessed."""
    roll = Roll(roll.alike, roll.templates, {})
    ask, walk = Quiet(graph, prices, elections, roll.count), walk_of(roll)
    world = Builder(roll, records, year, walk, prices.year_is_over(year), ask, beside).world()
    if graph.hanging_on(rows=("readings",)).isdisjoint(name for _, name, _ in walk.losses):
        world.dark = np.zeros(roll.count, bool)
    told = Telling(ask, world, year, roll, records, walk.books).told(False)
    world.let_go()
    return told


Law = tuple[Graph, Callable[[str, date], str]]  # and who chooses where it leaves a choice


def tell_both(
    roll: Roll, records: Records, year: int, law: Law, reform: Law, anew: frozenset[str], prices: PriceBook,
    beside: Beside,
) -> tuple[Told, Told]:  # fmt: skip
    """Figures and duties of persons of one kind under two laws that differ in the rules `anew` alone: rows are matched
    once, and only those rules are worked out again."""
    walk = walk_of(roll)
    first, second = (Quiet(graph, prices, elections, roll.count) for graph, elections in (law, reform))
    builder = Builder(roll, records, year, walk, prices.year_is_over(year), first, beside)
    world = builder.world()
    before = Telling(first, world, year, roll, records, walk.books).told(False)
    other = builder.under(world, second, anew)
    after = Telling(second, other, year, roll, records, walk.books).told(False)
    world.let_go()
    other.let_go()
    return before, after


class Telling:
    """Asks the law of a world for everything that is told of its persons."""

    def __init__(self, ask: Noted, world: WorldMany, year: int, roll: Roll, records: Records, company: bool) -> None:
        self.ask, self.world, self.year, self.roll, self.records, self.company = (
            ask,
            world,
            year,
            roll,
            records,
            company,
        )
        self.rules = ask.law.rules
        self.scenarios = ends_of(ask)
        nobody = np.zeros(roll.count, bool)
        self.out = Told(odd=world.odd | world.dark, unknown=nobody.copy(), open=nobody.copy())
        self.concerned: dict[str, Any] = {}
        self.known: dict[tuple[str, str], tuple[Any, Any]] = {}  # figure, period -> (marks of who knows it, values)
        self.unknown: dict[tuple[str, str], Any] = {}  # figure, period -> marks of who does not

    def told(self, findings: bool) -> Told:
        for subject in TAX_SUBJECTS:
            self.concerned[subject] = self.true(applies(subject), self.world.year)
        for subject in TAX_SUBJECTS:
            self._figures(subject)
        if findings:
            Findings(self).say()
        self._duties()
        return self.out

    # asking ---------------------------------------------------------------------------------------------------------
    def true(self, name: str, table: Table, rows: Any = None) -> Any:
        """Rows of which a flag is known to be true."""
        column = self._asked(name, table, rows)
        count = table.count if rows is None else len(rows)
        if column is None:
            return np.zeros(count, bool)
        made = np.broadcast_to(np.asarray(column.parts[0], bool), count)
        return made if column.unknown is None else made & ~np.broadcast_to(column.unknown, count)

    def _asked(self, name: str, table: Table, rows: Any = None) -> Column | None:
        """The value of a rule; None where no version is in force for any of the rows."""
        if not table.count or name not in self.rules or (rows is not None and not len(rows)):
            return None
        return self.ask.rule(name, table, rows)

    def _version(self, name: str, period: str) -> RuleVersion | None:
        from salyq.civil.days import period_days

        return self.ask.graph.rule_at(name, period_days(period)[1])

    def _periods(self, per: str) -> Iterator[tuple[str, Table, Any]]:
        """(period, table, its rows for all persons) of years or quarters; nobody here has half-years."""
        if per == "quarter":
            for n, q in enumerate(QUARTERS):
                yield f"{self.year}-{q}", self.world.quarter, np.arange(self.roll.count) * 4 + n
        elif per == "year":
            yield str(self.year), self.world.year, np.arange(self.roll.count)

    # figures --------------------------------------------------------------------------------------------------------
    def _figures(self, subject: str) -> None:
        concerned = self.concerned[subject]
        if not concerned.any():
            return
        concerned = self._covered(subject, concerned)
        for name in names(_Law(self.ask.graph, self.year), subject):  # type: ignore[arg-type]
            first = self.rules[name][0]
            for period, table, rows in self._periods(first.per):
                version = self._version(name, period)
                if version is not None:
                    self._figure(name, period, version, table, rows, np.flatnonzero(concerned))

    def _covered(self, subject: str, concerned: Any) -> Any:
        """Those whose tax is computed; the others are told of one by one."""
        if not_covered(subject) not in self.rules:
            return concerned
        persons = np.flatnonzero(concerned)
        column = self._asked(not_covered(subject), self.world.year, persons)
        if column is not None:
            reasons = np.broadcast_to(column.parts[0], len(persons))
            open_ = np.array([bool(text_of(int(c))) for c in np.unique(reasons)], bool)[
                np.unique(reasons, return_inverse=True)[1]
            ]
            if column.unknown is not None:
                open_ = open_ | np.broadcast_to(column.unknown, len(persons))
            self.out.odd[persons[open_]] = True
            concerned = concerned.copy()
            concerned[persons[open_]] = False
        return concerned

    def _of_subject(self, name: str, version: RuleVersion, rule: str) -> str | None:
        """The rule of that name in the figure's own subject, where it speaks of such rows."""
        full = f"{name.partition('.')[0]}.{rule}"
        own = self.rules.get(full)
        return full if own and own[0].per == version.per else None

    def _figure(self, name: str, period: str, version: RuleVersion, table: Table, rows: Any, persons: Any) -> None:
        if off_rule := self._of_subject(name, version, "not_applicable"):
            off = self.true(off_rule, table, rows[persons])
            self._not_applicable(name, period, version, persons[off])
            persons = persons[~off]
        if not len(persons):
            return
        column = plain(self.ask.rule(name, table, rows[persons]))
        values, places = _in_places(spread(column.parts[0], len(persons)), version.unit)
        values = self._fitting(persons, values)
        known = np.ones(len(persons), bool)
        if column.unknown is not None:
            known &= ~np.broadcast_to(column.unknown, len(persons))
            if version.unit != "KZT":  # what it could be is told alone
                self.out.odd[persons[~known]] = True
            values, known = self._unknown(name, period, version, table, rows, persons, values, known)
        level = OF_QUARTER if table is self.world.quarter else OF_YEAR
        basis = self.ask.basis(version, level, rows)
        marks, all_values = np.zeros(self.roll.count, bool), np.zeros(self.roll.count, values.dtype)
        marks[persons[known]] = True
        all_values[persons] = values
        shown = marks & (all_values != 0).astype(bool) if version.extra.get("quiet") else marks
        if note := self._of_subject(name, version, "note"):
            told = shown | self.unknown.get((name, period), np.zeros(self.roll.count, bool))
            self._asked(note, table, rows[np.flatnonzero(told)])
        self.known[name, period] = (shown, all_values)
        who = np.flatnonzero(shown)
        if len(who):
            column_ = FigureColumn(name, period, version.unit, who, all_values[who], KNOWN, basis[who], None, places)
            self.out.figures.append(column_)
        for told_of in self.out.figures:
            if told_of.status == UNKNOWN and (told_of.name, told_of.period) == (name, period):
                told_of.basis = basis[told_of.persons]

    def _unknown(
        self, name: str, period: str, version: RuleVersion, table: Table, rows: Any, persons: Any, values: Any,
        known: Any,
    ) -> tuple[Any, Any]:  # fmt: skip
        """Values and marks of those who know the figure after all, as it is the same in both scenarios; the others are
        told with theirs."""
        places = np.flatnonzero(~known)
        who = persons[places]
        ends: dict[str, Ends] = {}
        for end, scenario in self.scenarios.items():
            column = plain(scenario.rule(name, table, rows[who]))
            there = np.ones(len(who), bool)
            if column.unknown is not None:
                there &= ~np.broadcast_to(column.unknown, len(who))
            ends[end] = (self._fitting(who, spread(column.parts[0], len(who))), there)
        (low, has_low), (high, has_high), so_far = ends.values()
        alike = has_low & has_high & np.asarray(low == high, bool)
        if alike.any():
            values = np.array(values.astype(object) if low.dtype == OBJECT else values)
            values[places[alike]] = low[alike]
            known = known.copy()
            known[places[alike]] = True
        left = np.flatnonzero(~alike)
        if len(left):
            two = has_low & has_high
            swap = np.where(two, np.asarray(low > high, bool), bool(version.extra.get("falls")))
            least = (np.where(swap, high, low)[left], np.where(swap, has_high, has_low)[left])
            most = (np.where(swap, low, high)[left], np.where(swap, has_low, has_high)[left])
            own = who[left]
            nothing = np.zeros(len(own), np.int64)
            told = (least, most, (so_far[0][left], so_far[1][left]))
            self.out.figures.append(FigureColumn(name, period, version.unit, own, nothing, UNKNOWN, nothing, told))
            marks = np.zeros(self.roll.count, bool)
            marks[own] = True
            self.unknown[name, period] = marks
            self.out.unknown |= marks
        return values, known

    def _fitting(self, persons: Any, values: Any) -> Any:
        """Amounts in 64 bits; whose are larger is assessed alone."""
        if values.dtype != OBJECT:
            return values
        large = np.asarray((values > LARGEST) | (values < -LARGEST), bool)
        self.out.odd[persons[large]] = True
        return np.where(large, 0, values).astype(np.int64)

    def _not_applicable(self, name: str, period: str, version: RuleVersion, persons: Any) -> None:
        if len(persons):
            basis = np.full(len(persons), BASES.index(version.basis), np.int8)
            nothing = np.zeros(len(persons), np.int64)
            self.out.figures.append(FigureColumn(name, period, version.unit, persons, nothing, NOT_APPLICABLE, basis))

    # duties ---------------------------------------------------------------------------------------------------------
    def _duties(self) -> None:
        for name, versions in self.rules.items():
            first = versions[0]
            if first.role != "duty":
                continue
            subject = name.rpartition(".")[0]
            persons = np.arange(self.roll.count)
            if not_covered(subject) in self.rules:
                all_ = self._covered_or_not(subject)
                persons = persons[all_]
            for period, table, rows in self._periods(first.per):
                version = self._version(name, period)
                if version is not None and len(persons):
                    self._duty(name, period, version, table, rows, persons)

    def _covered_or_not(self, subject: str) -> Any:
        """Persons of whom a subject's duties are told: not those whom it neither concerns nor covers."""
        column = self._asked(not_covered(subject), self.world.year)
        if column is None:
            return np.ones(self.roll.count, bool)
        reasons = np.broadcast_to(column.parts[0], self.roll.count)
        distinct, places = np.unique(reasons, return_inverse=True)
        open_ = np.array([bool(text_of(int(c))) for c in distinct.tolist()], bool)[places]
        if column.unknown is not None:
            open_ = open_ | np.broadcast_to(column.unknown, self.roll.count)
        self.out.odd |= open_ & self.concerned.get(subject, np.zeros(self.roll.count, bool))
        return ~open_

    def _duty(self, name: str, period: str, version: RuleVersion, table: Table, rows: Any, persons: Any) -> None:
        column = self.ask.rule(name, table, rows[persons])
        owed = np.array(np.broadcast_to(np.asarray(column.parts[0], bool), len(persons)))
        doubt = np.zeros(len(persons), bool)
        if column.unknown is not None:
            doubt |= column.unknown
            some = np.flatnonzero(doubt)
            most = self.scenarios[HIGH].rule(name, table, rows[persons[some]])
            never = ~np.broadcast_to(np.asarray(most.parts[0], bool), len(some))
            if most.unknown is not None:
                never = never & ~np.broadcast_to(most.unknown, len(some))
            owed[some] = ~never
        doubt, who = doubt[owed], persons[owed]
        if not len(who):
            return
        due, _, _, note = deadline(_Law(self.ask.graph, self.year), version.extra["due"], period)  # type: ignore[arg-type]
        wanted = version.extra.get("amount") or ""
        amounts, known = np.zeros(len(who), np.int64), np.zeros(len(who), bool)
        open_ = self.unknown.get((wanted, period))
        if open_ is not None:
            doubt = doubt | open_[who]
        if (wanted, period) in self.known:
            marks, values = self.known[wanted, period]
            amounts, known = values[who], marks[who]
        elif wanted and self.rules[wanted][0].role != "figure":
            found = plain(self.ask.rule(wanted, table, rows[who]))
            amounts = self._fitting(who, spread(found.parts[0], len(who)))
            known = np.ones(len(who), bool) if found.unknown is None else ~np.broadcast_to(found.unknown, len(who))
        if due is not None:
            self.out.open[who[doubt]] = True
        elif note is not None:
            doubt = np.ones(len(who), bool)
        shown = version.extra.get("shown", name)
        for status, chosen in ((DUE, ~doubt), (CANNOT_BE_TOLD, doubt)):
            if chosen.any():
                told = DutyColumn(shown, period, due, status, who[chosen], amounts[chosen], known[chosen])
                self.out.duties.append(told)


def _in_places(values: Any, unit: str) -> tuple[Any, int]:
    """Values counted in their last places behind the point, and how many those are: of tenge two; of another unit so
    many as some value has."""
    if unit == "KZT":
        return values, 2
    for places in (0, 3, 6):
        grain = 10 ** (PLACES - places)
        if not bool(np.asarray(values % grain != 0).any()):
            return values // grain, places
    return values, PLACES
