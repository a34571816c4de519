"""Law as data: dated, cited values and rule versions on two time axes, immutable once loaded (architecture §4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from salyq.rulebook.nodes import LawError
from salyq.rulebook.rules import RuleVersion

BASES = ("statute", "official", "secondary", "reconstruction", "convention")  # strongest first
LANGUAGES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class Act:
    """An act, source or convention that is cited."""

    id: str
    kind: str
    title: Mapping[str, str]
    date: date | None
    address: str
    points: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of a convention: point -> words


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One dated version of a value. `data` is a Fraction, a text, a flag, or a dict (scale, table, deadline,
    election); None means the law or our reading of it gives no value: `reason` says why, in kk, ru, en."""

    start: date
    until: date | None
    enacted: date
    by: str
    data: Any
    cite: str
    basis: str
    reason: Mapping[str, str] | None = None
    note: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A named value through time."""

    name: str
    unit: str
    label: Mapping[str, str]
    values: tuple[Value, ...]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row or period the law speaks of: its given columns (name -> unit), row sets, references and parent.

    `earlier`: its rows may be of a day before the year assessed (a lot bought long ago)."""

    name: str
    parent: str | None
    columns: Mapping[str, str]
    rows: Mapping[str, str]
    refs: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    earlier: bool = False


@dataclass(frozen=True)
class Law:
    """All law that is loaded. Two time axes: in force (`on`) and known (`known`).

    `roots` are the rules and values that are asked for from outside the graph (how lots are walked, whom a tax
    concerns); with figures, findings and duties they are all that law is for."""

    series: Mapping[str, Series]
    rules: Mapping[str, tuple[RuleVersion, ...]]
    acts: Mapping[str, Act]
    labels: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, Kind]
    cases: Mapping[str, tuple[Mapping[str, Any], ...]]
    reading: Mapping[str, Any]
    roots: tuple[str, ...] = ()

    @cached_property
    def known(self) -> date:
        """The newest day on which something of this law was enacted: the default of `--known`."""
        days = [v.enacted for s in self.series.values() for v in s.values]
        days += [self.enacted(v) for vs in self.rules.values() for v in vs]
        days += [a.date for a in self.acts.values() if a.kind == "act" and a.date]
        return max(days)

    def enacted(self, version: RuleVersion) -> date:
        """When the act that made a rule version was adopted; a convention of ours was always known."""
        act = self.acts.get(version.by)
        if act is None or (act.date is None and act.kind == "act"):
            raise LawError(f"{version.name}: act {version.by!r} is not in acts.toml or has no date")
        return act.date or date.min

    def value_at(self, name: str, on: date, known: date) -> Value | None:
        """The value in force on `on` as known on `known`; None where the series has an end or has not begun."""
        found = [v for v in self.series[name].values if v.start <= on and v.enacted <= known]
        best = _latest(name, [(v.start, v.enacted, v.cite, v) for v in found])
        return None if best is None or (best.until and best.until < on) else best

    def rule_at(self, name: str, on: date, known: date) -> RuleVersion | None:
        """The version of a rule in force on `on` as known on `known`."""
        found = [(v.since, self.enacted(v), v.cite, v) for v in self.rules[name]]
        best = _latest(name, [f for f in found if f[0] <= on and f[1] <= known])
        return None if best is None or (best.until and best.until < on) else best

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """Every day on which some value or rule begins, or has just ended: law is the same between two of them."""
        return tuple(sorted({date.min, *self.changes_of("")}))

    def changes_of(self, subject: str) -> tuple[date, ...]:
        """The same for one subject (empty: all)."""
        lives = [(v.start, v.until) for n, s in self.series.items() if n.startswith(subject) for v in s.values]
        lives += [(r.since, r.until) for n, rules in self.rules.items() if n.startswith(subject) for r in rules]
        days = {start for start, _ in lives}
        days |= {date.fromordinal(until.toordinal() + 1) for _, until in lives if until}
        return tuple(sorted(days))

    def span(self, on: date) -> int:
        """The number of the span of unchanging law that a day lies in."""
        return bisect_right(self.changes, on) - 1

    def resolve(self, subject: str, name: str) -> str | None:
        """The full name of a rule or value that `subject` means by `name`: its own first, else the only one."""
        own = name if "." in name else f"{subject}.{name}"
        if own in self.rules or own in self.series:
            return own
        found = self._by_short_name.get(name, [])
        if len(found) > 1:
            raise LawError(f"{subject}: {name!r} could mean {', '.join(sorted(found))}")
        return found[0] if found else None

    @cached_property
    def _by_short_name(self) -> Mapping[str, list[str]]:
        names: dict[str, list[str]] = {}
        for full in [*self.rules, *self.series]:
            names.setdefault(full.rpartition(".")[2], []).append(full)
        return names


def weakest(bases: Iterable[str]) -> str:
    """The weakest of several bases; a figure is only as sure as the weakest thing it used."""
    return max(bases, key=BASES.index, default="statute")


def _latest(name: str, found: list[tuple[date, date, str, Any]]) -> Any:
    """Latest in force wins, then latest enacted; equal in both is an error naming both articles."""
    if not found:
        return None
    found.sort(key=lambda f: (f[0], f[1]))
    if len(found) > 1 and found[-1][:2] == found[-2][:2]:
        raise LawError(f"{name}: {found[-2][2]} and {found[-1][2]} begin and were enacted on the same days")
    return found[-1][3]
