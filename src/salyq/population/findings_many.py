"""Findings of many persons: what assessing/findings.py says of one, asked of columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.assessing.findings import EDGE, SEVERITIES
from salyq.civil.days import kz_midnight
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.law.named import applies
from salyq.population.columns_many import added
from salyq.population.noted_many import OF_QUARTER
from salyq.population.told_many import FindingColumn
from salyq.rulebook.columns import text_of
from salyq.rulebook.many_tables import Table
from salyq.rulebook.rules import RuleVersion

if TYPE_CHECKING:
    from salyq.population.figures_many import Telling


class Findings:
    """Says them into the `out` of a telling."""

    def __init__(self, telling: Telling) -> None:
        self.ask, self.world, self.year = telling.ask, telling.world, telling.year
        self.roll, self.records, self.rules = telling.roll, telling.records, telling.rules
        self.concerned, self.out, self.true = telling.concerned, telling.out, telling.true

    def say(self) -> None:
        for name, versions in self.rules.items():
            first = versions[0]
            if first.role == "finding":
                self._finding(name, first)
        self._of_quotes()
        self._of_lots()
        self._of_rows()
        self._of_readings()
        said = np.flatnonzero(~self.roll.each(lambda p: p.residence_stated))
        self._say(
            "residence_assumed", "notice", said, np.zeros(len(said), np.int64), self._with_year("residence_assumed")
        )

    def _with_year(self, code: str) -> Callable[[int], Message]:
        year = self.year
        return lambda _: Message(code, {"year": year})

    def _finding(self, name: str, first: RuleVersion) -> None:
        subject, _, code = name.rpartition(".")
        table, rows = self._rows_of(first.per)
        if table is None or not table.count:
            return
        person = self._person(table)
        rows = np.arange(table.count) if rows is None else rows
        if applies(subject) in self.rules:
            concerned = self.concerned.get(subject)
            if concerned is None:
                return
            rows = rows[(concerned & ~self.out.odd)[person[rows]]]
        parts: list[tuple[Any, RuleVersion]] = []
        for some, version in self.ask.versions(name, table, rows):
            if version is not None and len(rows):
                own = rows if some is None else rows[some]
                parts.append((own[self.true(name, table, own)], version))
        self._gathered(code, parts, person)

    def _gathered(self, code: str, parts: list[tuple[Any, RuleVersion]], person: Any) -> None:
        """One finding a person, as severe as the version of the first row that it is true of."""
        true = np.concatenate([own for own, _ in parts]) if parts else np.zeros(0, np.int64)
        if not len(true):
            return
        severity = np.concatenate(
            [np.full(len(o), SEVERITIES.index(v.extra.get("severity", "notice"))) for o, v in parts]
        )
        order = np.argsort(true, kind="stable")
        true, severity = true[order], severity[order]
        who, first, counts = np.unique(person[true], return_index=True, return_counts=True)
        year = self.year
        for kind in np.unique(severity[first]).tolist():
            own = severity[first] == kind
            self._say(
                code, SEVERITIES[kind], who[own], counts[own], lambda n: Message(code, {"year": year, "count": n})
            )

    def _rows_of(self, per: str) -> tuple[Table | None, Any]:
        world, rows = self.world, self.world.year.rows
        if per == "match":
            return world.match, world.taxed
        if per == "acquisition":
            return world.acquisition, np.unique(np.concatenate([rows["receipts"].order, rows["payouts"].order]))
        if per == "disposal":
            return world.disposal, np.sort(rows["disposals"].order)
        tables = {"year": world.year, "quarter": world.quarter, "sale": world.sale, "reading": world.reading}
        tables |= {"expense": world.expense, "loss": rows["losses"].table}
        return tables.get(per), None

    def _person(self, table: Table) -> Any:
        level, period = self.ask.periods[id(table)]
        return period // 4 if level == OF_QUARTER else period

    def _of_quotes(self) -> None:
        """One finding a person for each kind of thing that quotes had to say of an asset or currency."""
        groups: dict[tuple[str, str], list[tuple[str, Message, Any]]] = {}
        for (code, about, day), ((message, _), marks) in self.ask.messages.items():
            groups.setdefault((code, about), []).append((day, message, marks))
        for (code, _), said in sorted(groups.items()):
            said.sort(key=lambda m: m[0])
            first = np.full(self.roll.count, -1, np.int64)
            counts = np.zeros(self.roll.count, np.int64)
            for n, (_, _, marks) in enumerate(said):
                first[marks & (first < 0)] = n
                counts += marks
            who = np.flatnonzero(first >= 0)
            most = int(counts.max(initial=0)) + 1
            self._say(code, "notice", who, first[who] * most + counts[who], _and_more([m for _, m, _ in said], most))

    def _of_lots(self) -> None:
        """Sold with no known purchase: how much of what."""
        f, sale = self.world.matches, self.world.sale
        short = self.world.taxed[f.lot[self.world.taxed] < 0]
        if not len(short):
            return
        person, asset = sale.parent[1][f.sale[short]], sale.columns["asset"].parts[0][f.sale[short]]  # type: ignore[index]
        distinct, places = np.unique(asset, return_inverse=True)  # codes differ from process to process, names do not
        names = [text_of(a) for a in distinct.tolist()]
        rank = np.empty(len(names), np.int64)
        rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        order = np.lexsort((rank[places], person))
        person, asset = person[order], asset[order]
        new = np.ones(len(order), bool)
        new[1:] = (person[1:] != person[:-1]) | (asset[1:] != asset[:-1])
        first = np.flatnonzero(new)
        amounts = added((f.x1 - f.x0)[short[order]], first)
        pairs = zip(amounts.tolist(), asset[first].tolist(), strict=True)
        grain = self.records.grain
        shown = [f"{format_scaled(int(x) * grain)} {text_of(a)}" for x, a in pairs]
        code = "missing_acquisition"

        def message(place: int) -> Message:
            return Message("missing_acquisition_amount", {"amount": shown[place]})

        self.out.findings.append(FindingColumn(code, "warning", person[first], np.arange(len(first)), message, shown))

    def _of_rows(self) -> None:
        """What the rows themselves say: prices without papers, days beyond the law that was read, edges of the year."""
        r, m, count = self.records, self.world.moves, self.roll.count
        unproven = np.bincount(np.repeat(r.person, r.unproven), minlength=count)
        who = np.flatnonzero(unproven)
        notice = "notice_counts_as_documented"
        self._say(notice, "notice", who, unproven[who], lambda n: Message(notice, {"count": n}))
        rows = m.record[m.year == self.year]
        until: date = self.ask.law.reading["read_until"]
        late = np.bincount(r.person[rows[r.day[rows] > until.toordinal()]], minlength=count)
        late += np.bincount(self._read_after(until), minlength=count)
        who = np.flatnonzero(late)
        day = until.isoformat()
        self._say(
            "law_not_read_after",
            "notice",
            who,
            late[who],
            lambda n: Message("law_not_read_after", {"day": day, "count": n}),
        )
        first, last = (int(kz_midnight(date(y, 1, 1)).timestamp()) for y in (self.year, self.year + 1))
        edge = int(EDGE.total_seconds())
        near = rows[(r.time[rows] - first < edge) | (last - r.time[rows] <= edge)]
        counts = np.bincount(r.person[near], minlength=count)
        who = np.flatnonzero(counts)
        self._say("near_year_edge", "notice", who, counts[who], lambda n: Message("near_year_edge", {"count": n}))

    def _read_after(self, until: date) -> Any:
        """The persons of readings of which a part of the year lies after the last day whose law was read."""
        m = self.world.beside.readings
        if m is None:
            return np.zeros(0, np.int64)
        first, after = date(self.year, 1, 1).toordinal(), date(self.year + 1, 1, 1).toordinal()
        own = (m.day < after) & (m.end >= first) & (np.minimum(m.end, after) > until.toordinal() + 1)
        return m.person[own]

    def _of_readings(self) -> None:
        """Cells of meters and expenses that were empty, and what they were taken for."""
        meters, expenses = self.world.beside.readings, self.world.beside.expenses
        silent = [] if meters is None else [*meters.silent]
        if expenses is not None:
            silent.append(("currency", "KZT", expenses.silent))
        for column, taken, counts in silent:
            who = np.flatnonzero(counts)
            self._say("notice_default", "notice", who, counts[who], _default(column, taken))

    def _say(self, code: str, severity: str, persons: Any, counts: Any, message: Callable[[int], Message]) -> None:
        if len(persons):
            self.out.findings.append(FindingColumn(code, severity, persons, counts, message))


def _default(column: str, taken: str) -> Callable[[int], Message]:
    return lambda n: Message("notice_default", {"column": column, "default": taken, "count": n})


def _and_more(messages: Sequence[Message], most: int) -> Callable[[int], Message]:
    """Of a number that tells which message is the first, and how many there are (fewer than `most`)."""

    def said(number: int) -> Message:
        first, n = divmod(number, most)
        return messages[first] if n == 1 else Message("and_more", {"first": messages[first], "more": n - 1})

    return said
