"""What a question is worth in tax: the year's tax under each reading of it, all else as it is.

A reading is an answer that the person might give, tried out: the files are reconciled again with it and law is asked
for the tax. So it costs time in proportion to the records; of many questions, those that move most income go first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from salyq.dialogue.answering import Near, named, near
from salyq.facts.case import Case
from salyq.facts.world import World
from salyq.reconcile.model import Question
from salyq.reconcile.run import reconcile
from salyq.records.answers import Answer
from salyq.records.model import UNIT, Record, Source
from salyq.records.reading import Reading
from salyq.rulebook.states import Unknown

BUDGET = 30_000  # records × years that may be gone through again, for all questions together
DEAR = 10**15 * UNIT  # tenge: a purchase that leaves no gain, whatever it was sold for
TRIED = Source("", 0)

Bounds = tuple[int, int]


def with_tax(case: Case, worlds: Sequence[World], asked: Sequence[Question]) -> list[Question]:
    """The questions with `tax` and `tax_year` where law can say them (tiyn)."""
    if not worlds:
        return list(asked)
    rule = worlds[0].regime.tax
    base = {w.year_number: _bounds(w, rule) for w in worlds}
    stakes = _Stakes(case, worlds, rule)
    order = sorted(range(len(asked)), key=lambda n: (-(asked[n].income_at_stake or 0), n))
    found = list(asked)
    for n in order:
        q = asked[n]
        best = stakes.of(q)
        if best is None and q.income_at_stake and q.year in base:
            own = base[q.year]
            best = None if own is None else (q.year, own)
        if best is not None:
            found[n] = replace(q, tax_year=best[0], tax=best[1])
    return found


class _Stakes:
    """Tries readings out, as long as the budget lasts."""

    def __init__(self, case: Case, worlds: Sequence[World], rule: str) -> None:
        self.case, self.worlds, self.rule = case, worlds, rule
        self.left = BUDGET

    @cached_property
    def by_place(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for r in self.case.reading.records:
            found.setdefault(r.source.place, []).append(r)
        return found

    @cached_property
    def near(self) -> Near:
        return near(self.case.reading.records)

    def of(self, question: Question) -> tuple[int, Bounds] | None:
        """(year, tax) of the year whose tax the readings move most; None where they move none or law cannot say."""
        years = [w for w in self.worlds if question.year is None or w.year_number >= question.year]
        each = len(self.case.reading.records) * len(years)
        readings = self._readings(question) if each <= self.left else []
        cost = each * len(readings)
        if not readings or not years or cost > self.left:
            return None
        self.left -= cost
        cases = [self._with(answers) for answers in readings]
        best: tuple[int, Bounds] | None = None
        for world in years:
            ends = [_bounds(World(c, world.year_number, world.graph, world.choices), self.rule) for c in cases]
            known = [b for b in ends if b is not None]
            if len(known) < len(ends):
                continue
            low, high = min(b[0] for b in known), max(b[1] for b in known)
            if high > low and (best is None or high - low > best[1][1] - best[1][0]):
                best = (world.year_number, (low, high))
        return best

    def _with(self, answers: list[Answer]) -> Case:
        """The case as it would be with these answers, and its own books."""
        old = self.case.reading
        files = [replace(f, ignored=f.ignored.copy(), rejected=f.rejected, joined=f.joined) for f in old.files]
        reading: Reading = replace(old, files=files, answers=[*old.answers, *answers])
        return replace(self.case, reading=reading, ledger=reconcile(reading, self.case.person))

    def _readings(self, q: Question) -> list[list[Answer]]:
        rows = [r for place in dict.fromkeys(s.place for s in q.sources) for r in self.by_place.get(place, ())]
        if not rows:
            return []
        if q.code in ("unmatched_transfer_in", "missing_acquisition") and not self.worlds[0].regime.books:
            quantity = q.quantity if q.code == "missing_acquisition" else None
            costs = [self._answer("cost", rows[:1], value=v, document="", quantity=quantity) for v in (0, DEAR)]
            return [[a] for a in costs]
        if q.code == "unmatched_transfer_out":
            return [[self._answer("own", rows[:1])], [self._answer("kind", rows[:1], kind="spend")]]
        if q.code == "maybe_same_event":
            return self._one_or_two(q)
        if q.code == "conflicting_rows":
            if len(rows) * len(self.case.reading.records) > self.left:  # before the readings are made: rows² names
                return []
            return [[self._answer("nothing", [x for x in rows if x is not r])] for r in rows]
        return []

    def _one_or_two(self, q: Question) -> list[list[Answer]]:
        pairs = [q.sources[n : n + 2] for n in range(0, len(q.sources), 2)]
        told = [[r for s in pair for r in self.by_place.get(s.place, ())[:1]] for pair in pairs]
        if any(len(pair) < 2 for pair in told):  # one of them is a payout: then the receipt alone is nothing new
            return [[], [self._answer("nothing", pair) for pair in told if pair]]
        return [[], [self._answer("together", pair) for pair in told]]

    def _answer(self, say: str, rows: Sequence[Record], **more: Any) -> Answer:
        return Answer(say, tuple(named(self.case, r, self.near) for r in rows), TRIED, **more)


def _bounds(world: World, rule: str) -> Bounds | None:
    """The tax of a world in tiyn: both ends; None where law cannot say one of them."""
    value = world.evaluator.value(rule, world.year)
    if type(value) is not Unknown:
        return (int(value), int(value)) if value is not None else None
    if value.low is None or value.high is None:
        return None
    return min(int(value.low), int(value.high)), max(int(value.low), int(value.high))
