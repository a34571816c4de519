"""A population under the law as it stands and under a reform, in one pass over its rows: what is due, who gains, who
loses. Nothing is written but what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from salyq.assessing.result import DUE, Figure, Obligation
from salyq.assessing.year import owed
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import format_tiyn
from salyq.law import shipped
from salyq.law.named import INCOME, LEVY_PAYMENT
from salyq.law.reforms import Reform, read_text, reformed_graph
from salyq.population.engine import case_of, person_of
from salyq.population.engines import Local
from salyq.population.outputs import Outputs
from salyq.population.part import ROWS, Plan, persons, setting_of, stated_in, without
from salyq.population.part_many import plain_of, told_of_both
from salyq.population.run import check_year, parts_of, silent, spilled
from salyq.population.spill import Progress, load
from salyq.population.tables import PERSONS, find_tables
from salyq.population.told_many import KNOWN, Told
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.graph import Graph

NOBODY = ""  # of no region
Amounts = dict[str, int]  # duty -> tiyn
Owed = tuple[Sequence[Figure], Sequence[Obligation]]


@dataclass(slots=True)
class People:
    """Persons one after another: name, kind and region; income as law stands and what is due before and after, in
    tiyn. `duties`: duty -> (before, after) of all; `levy`: region -> (before, after)."""

    name: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    region: list[str] = field(default_factory=list)
    income: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    unknown: int = 0
    rejected: int = 0
    duties: dict[str, list[int]] = field(default_factory=dict)
    levy: dict[str, list[int]] = field(default_factory=dict)

    def add(self, name: str, kind: str, region: str, income: int, before: Amounts, after: Amounts) -> None:
        self.name.append(name)
        self.kind.append(kind)
        self.region.append(region)
        self.income.append(income)
        self.before.append(sum(before.values()))
        self.after.append(sum(after.values()))
        for side, amounts in enumerate((before, after)):
            for duty, amount in amounts.items():
                self.duties.setdefault(duty, [0, 0])[side] += amount
                if duty == LEVY_PAYMENT:
                    self.levy.setdefault(region, [0, 0])[side] += amount

    def owe(self, duty: str, side: int, regions: Any, amounts: Any) -> None:
        """Adds what persons of some regions owe of a duty, before (side 0) or after."""
        self.duties.setdefault(duty, [0, 0])[side] += int(amounts.sum())
        if duty == LEVY_PAYMENT:
            for region in sorted(set(regions.tolist())):
                self.levy.setdefault(region, [0, 0])[side] += int(amounts[regions == region].sum())

    def join(self, other: People) -> None:
        for one in ("name", "kind", "region", "income", "before", "after"):
            getattr(self, one).extend(getattr(other, one))
        self.unknown += other.unknown
        self.rejected += other.rejected
        for mine, theirs in ((self.duties, other.duties), (self.levy, other.levy)):
            for key, (before, after) in theirs.items():
                had = mine.setdefault(key, [0, 0])
                had[0] += before
                had[1] += after


@dataclass(frozen=True, slots=True)
class Group:
    """Persons who share something: how many pay less, more and the same under the reform, and what all of them owe."""

    key: str
    persons: int
    less: int
    more: int
    before: int
    after: int

    @property
    def same(self) -> int:
        return self.persons - self.less - self.more

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a comparison says; amounts in tiyn. `deciles` by taxed income, the lowest first; those without
    any stand before them under "0"."""

    year: int
    law: str
    reform: Reform
    whole: Group
    unknown: int
    rejected: int
    duties: Mapping[str, tuple[int, int]]
    levy: Mapping[str, tuple[int, int]]
    deciles: Sequence[Group]
    regions: Sequence[Group]
    kinds: Sequence[Group]


def compare_population(
    folder: Path,
    reform: Reform,
    year: int,
    *,
    workers: int = 2,
    memory: int = 2 << 30,
    settings: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Everybody in `folder` for `year`, as law stands and under `reform`. InputError: input that cannot be used."""
    files = find_tables(folder)
    check_year(year)
    people = People()
    with TemporaryDirectory(prefix="salyq-compare-") as scratch:
        parts = parts_of(files, workers, memory)
        plan = Plan(Path(scratch), tuple(files), year, tuple(sorted((settings or {}).items())), "en", parts)
        by = Local(workers, partial(compare_part, reform.text, reform.file))
        spilled(plan, by, progress)
        for done, found in enumerate(by.work(plan, range(parts)), start=1):
            people.join(found)
            progress("compare", done, parts)
    return _compared(people, year, Graph(shipped()).fingerprint, reform)


# one part -----------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def _laws(text: str, file: str) -> tuple[Evaluator, Evaluator]:
    """Who asks the law as it stands, and the law under the reform."""
    graph = Graph(shipped())
    laws = (graph, reformed_graph(graph, read_text(text, file)))
    before, after = (Evaluator(law, {}, lambda name, _: name) for law in laws)
    return before, after


def compare_part(text: str, file: str, plan: Plan, part: int) -> People:
    """The persons of one part under both laws."""
    laws = _laws(text, file)
    common = setting_of(plan.files, plan.year, plan.settings)
    tables = dict(load(plan.out / ROWS, part))
    stated = stated_in(tables.pop(PERSONS, None), Outputs(plan.lang, [f.name for f in plan.files]))
    out = People()
    served: set[str] = set()
    law, reform = (evaluator.graph for evaluator in laws)
    for people in plain_of(tables, (stated.table, stated.at), common, law, reform):
        both = told_of_both(people, common, law, reform, reform.hanging_on(anew=reform.law.over))
        if both is not None:
            served |= _by_columns(out, people.names, people.persons, *both)
    for name, rows in persons(without(tables, served), [n for n in stated if n not in served]):
        own = stated.get(name)
        try:
            if own is None:
                raise InputError(_unknown_person(name))
            who = person_of(own.cells, plan.year, name)
            case = case_of(who, rows, common)
            results = [owed(case, plan.year, law, common.settings) for law in laws]
        except InputError:
            out.rejected += 1
            continue
        _alone(out, name, who.kind, who.region or NOBODY, results)
    return out


def _unknown_person(name: str) -> Message:
    return Message("population_person_unknown", {"person": name})


def _by_columns(out: People, names: Sequence[str], who: Sequence[Any], before: Told, after: Told) -> set[str]:
    fine = ~(before.odd | after.odd)
    count = len(fine)
    unknown = fine & (before.unknown | before.open | after.unknown | after.open)
    served = {names[n] for n in np.flatnonzero(fine).tolist()}
    out.unknown += int(unknown.sum())
    fine &= ~unknown
    income = np.zeros(count, object)
    for f in before.figures:
        if f.name.endswith(INCOME) and f.status == KNOWN:
            income[f.persons] += f.values
    rows = np.flatnonzero(fine)
    regions = np.array([p.region or NOBODY for p in who], object)[rows]
    for side, (told, sums) in enumerate(((before, out.before), (after, out.after))):
        whole = np.zeros(count, object)
        for d in told.duties:
            owed_, there = np.zeros(count, object), np.zeros(count, bool)
            owed_[d.persons[d.known]] = d.amounts[d.known]
            there[d.persons[d.known]] = True
            whole += owed_
            if (there & fine).any():
                out.owe(d.name, side, regions[there[rows]], owed_[rows[there[rows]]])
        sums += whole[rows].tolist()
    out.name += [names[n] for n in rows.tolist()]
    out.kind += [who[n].kind for n in rows.tolist()]
    out.region += regions.tolist()
    out.income += income[rows].tolist()
    return served


def _alone(out: People, name: str, kind: str, region: str, results: Sequence[Owed]) -> None:
    before, after = (_due(*result) for result in results)
    if before is None or after is None:
        out.unknown += 1
        return
    income = sum(int(f.value * 100) for f in results[0][0] if f.name.endswith(INCOME) and f.value is not None)
    out.add(name, kind, region, income, before, after)


def _due(figures: Sequence[Figure], duties: Sequence[Obligation]) -> Amounts | None:
    """What is due; None where a figure is not known, or whether a duty is owed. A day that law was not read for is no
    matter of amounts."""
    open_ = any(d.status != DUE and d.due is not None for d in duties)
    if open_ or any(f.status == "unknown" for f in figures):
        return None
    found: Amounts = {}
    for duty in duties:
        if duty.amount is not None:
            found[duty.name] = found.get(duty.name, 0) + int(duty.amount * 100)
    return found


# all together -------------------------------------------------------------------------------------------------------
def _compared(people: People, year: int, law: str, reform: Reform) -> Comparison:
    before, after = np.array(people.before, object), np.array(people.after, object)
    everybody = np.arange(len(before))

    def group(key: str, rows: Any) -> Group:
        b, a = before[rows], after[rows]
        less, more = int((a < b).sum()) if len(rows) else 0, int((a > b).sum()) if len(rows) else 0
        return Group(key, len(rows), less, more, int(b.sum()), int(a.sum()))

    def by(labels: Sequence[str]) -> list[Group]:
        known = np.array(labels, object)
        return [group(key, np.flatnonzero(known == key)) for key in sorted(set(labels))]

    return Comparison(
        year, law, reform, group("", everybody), people.unknown, people.rejected,
        {d: (b, a) for d, (b, a) in sorted(people.duties.items())},
        {r: (b, a) for r, (b, a) in sorted(people.levy.items())},
        [group(key, rows) for key, rows in _deciles(people)], by(people.region), by(people.kind),
    )  # fmt: skip


def _deciles(people: People) -> Iterator[tuple[str, Any]]:
    """Those without taxed income, then tenths of the others by income; equal incomes in order of names."""
    order = sorted((n for n, x in enumerate(people.income) if x > 0), key=lambda n: (people.income[n], people.name[n]))
    none = [n for n, x in enumerate(people.income) if x <= 0]
    if none:
        yield "0", np.array(none, np.int64)
    for tenth in range(10):
        first, last = len(order) * tenth // 10, len(order) * (tenth + 1) // 10
        if last > first:
            yield str(tenth + 1), np.array(order[first:last], np.int64)


# told ---------------------------------------------------------------------------------------------------------------
def as_json(c: Comparison) -> dict[str, Any]:
    """The comparison as plain data: amounts are tenge as text."""
    return {
        "year": c.year,
        "law": c.law,
        "reform": c.reform.as_json(),
        "persons": {"compared": c.whole.persons, "unknown": c.unknown, "rejected": c.rejected},
        "whole": _group_json(c.whole),
        "duties": [{"duty": d, **_pair(*amounts)} for d, amounts in c.duties.items()],
        "by_decile": [_group_json(g) for g in c.deciles],
        "by_region": [_group_json(g) for g in c.regions],
        "by_kind": [_group_json(g) for g in c.kinds],
        "levy_by_region": [{"region": r, **_pair(*amounts)} for r, amounts in c.levy.items()],
    }


def _group_json(g: Group) -> dict[str, Any]:
    return {
        "key": g.key,
        "persons": g.persons,
        "pay_less": g.less,
        "pay_more": g.more,
        "same": g.same,
        **_pair(g.before, g.after),
    }


def _pair(before: int, after: int) -> dict[str, str]:
    return {"baseline": format_tiyn(before), "reform": format_tiyn(after), "difference": format_tiyn(after - before)}
