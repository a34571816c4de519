"""Law as data: dated, cited values and rule versions on two time axes, immutable once loaded (architecture §4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.units import LawError

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
    short: Mapping[str, str] | None = None  # how lawyers name it in a cite
    read: Mapping[str, str] | None = None  # of press and advisers: what a lawyer reads instead
    code: str = ""  # how facts of acts name its articles ("uk" of UK:214.1)
    divided: str = ""  # into what it is divided, where that is not articles: "rules" (2.13.11 is one number), "points"


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
    until_by: str = ""  # the act that made the end, and the day it was adopted: before it no end was known
    until_enacted: date | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A named value through time. `renews` is "yearly" where the state sets it anew each year: a version then lives to
    31 December of the year it begins in, unless it says its end. Nothing holds after `read_until`, if that is said."""

    name: str
    unit: str
    label: Mapping[str, str]
    values: tuple[Value, ...]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    renews: str = ""
    read_until: date | None = None

    def end_of(self, v: Value, known: date) -> date | None:
        """The last day a value holds as known on `known`, or None."""
        if v.until and (v.until_enacted is None or v.until_enacted <= known):
            return v.until
        if self.renews == "yearly":
            return date(v.start.year, 12, 31)
        return self.read_until


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of an act, in own words: what encodes it, or why nothing does (`gap`: no_fact, not_built,
    nothing_to_compute). `edition` is the day of the text that was read."""

    id: str
    subject: str
    act: str
    article: str
    start: date
    until: date | None
    until_by: str
    by: str
    edition: date
    basis: str
    text: Mapping[str, str]
    encodes: tuple[str, ...]
    gap: str
    reason: Mapping[str, str] | None = None
    note: Mapping[str, str] | None = None
    heading: str = ""

    @property
    def full(self) -> str:
        return f"{self.subject}/{self.id}"

    @property
    def cite(self) -> str:
        return f"{self.act}:{self.article}" if self.article else self.act


@dataclass(frozen=True, slots=True)
class Fact:
    """What one given column is called, the question for it, and the only texts it can have (none: any).

    `stated`: where a person writes it, a table or `table.key`; `of` whom it concerns; `otherwise` what it is where
    nothing is written. `told`: an explanation of the row tells it, whoever asks."""

    label: Mapping[str, str]
    question: Mapping[str, str]
    choices: tuple[str, ...] = ()
    stated: str = ""
    of: tuple[str, ...] = ()
    otherwise: object = None
    told: bool = False

    def key(self, column: str, table: str) -> str:
        """The key of a table at which a person writes this column; "" where it is not written there."""
        where, _, key = self.stated.partition(".")
        return (key or column) if where == table else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row or period the law speaks of: its given columns (name -> unit), row sets, references and parent.

    `label` is what one row is called; `earlier`: its rows may be of a day before the year assessed (a lot bought long
    ago); `daily`: there is one for every day of a span (a debt); `facts` has the words of columns, row sets and
    references, where the kind is declared as a class."""

    name: str
    parent: str | None
    columns: Mapping[str, str]
    rows: Mapping[str, str]
    refs: Mapping[str, str]
    label: Mapping[str, str] = field(default_factory=dict)
    earlier: bool = False
    daily: bool = False
    facts: Mapping[str, Fact] = field(default_factory=dict)


class StatedFact(NamedTuple):
    """How a person writes a fact: in which unit, which texts it can have (none: any), what it is where nothing is
    written (None: unknown)."""

    unit: str
    choices: tuple[str, ...] = ()
    otherwise: object = None


def stated(kinds: Mapping[str, Kind], table: str) -> dict[str, StatedFact]:
    """The keys of a table that a person writes facts at."""
    found: dict[str, StatedFact] = {}
    for kind in kinds.values():
        for column, said in kind.facts.items():
            key, own = said.key(column, table), StatedFact(kind.columns.get(column, ""), said.choices, said.otherwise)
            if key and found.setdefault(key, own) != own:
                raise LawError(f"{kind.name}.{column}: {table}.{key} is stated as {found[key].unit} too")
    return found


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
    provisions: Mapping[str, tuple[Provision, ...]] = field(default_factory=dict)
    root: Any = None  # the folder it was read from, for telling where something stands
    over: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # a reform: what counts before all versions
    frozen: tuple[date, date] | None = None  # every question is answered as of this day, as known on that one

    @cached_property
    def known(self) -> date:
        """The newest day on which something of this law was enacted: the default of `--known`."""
        days = [d for s in self.series.values() for v in s.values for d in (v.enacted, v.until_enacted) if d]
        days += [self.enacted(v) for vs in self.rules.values() for v in vs]
        days += [a.date for a in self.acts.values() if a.kind == "act" and a.date]
        return max(days)

    def enacted(self, version: RuleVersion) -> date:
        """When the act that made a rule version was adopted; a convention of ours was always known."""
        act = self.acts.get(version.by)
        if act is None or (act.date is None and act.kind == "act"):
            raise LawError(f"{version.name}: act {version.by!r} is not in acts.toml or has no date")
        return act.date or date.min

    def ended(self, version: RuleVersion | Value) -> date | None:
        """The day from which the end of a version is known; None: from the beginning."""
        if version.until_enacted or not version.until_by:
            return version.until_enacted
        act = self.acts.get(version.until_by)
        return act.date if act else None

    def value_at(self, name: str, on: date, known: date) -> Value | None:
        """The value in force on `on` as known on `known`; None where the series has an end or has not begun."""
        on, known = self.frozen or (on, known)
        laid: Value | None = self._laid_over(name, on)
        if laid is not None:
            return laid
        series = self.series[name]
        found = [v for v in series.values if v.start <= on and v.enacted <= known]
        best = _latest(name, [(v.start, v.enacted, v.cite, v) for v in found])
        if best is None:
            return None
        end = series.end_of(best, known)
        return None if end and end < on else best

    def rule_at(self, name: str, on: date, known: date) -> RuleVersion | None:
        """The version of a rule in force on `on` as known on `known`."""
        on, known = self.frozen or (on, known)
        laid: RuleVersion | None = self._laid_over(name, on)
        if laid is not None:
            return laid
        found = [(v.since, self.enacted(v), v.cite, v) for v in self.rules[name]]
        best: RuleVersion | None = _latest(name, [f for f in found if f[0] <= on and f[1] <= known])
        if best is None or not best.until or best.until >= on:
            return best
        ended = self.ended(best)
        return None if ended is None or ended <= known else best

    def _laid_over(self, name: str, on: date) -> Any:
        """What a reform says under a name on a day, whatever was known then; None: law as it stands."""
        return next((v for v in self.over.get(name, ()) if _start(v) <= on and not (v.until and v.until < on)), None)

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """Every day on which some value or rule begins, or has just ended: law is the same between two of them."""
        return tuple(sorted({date.min, *self.changes_of("")}))

    def changes_of(self, subject: str) -> tuple[date, ...]:
        """The same for one subject (empty: all)."""
        if self.frozen:
            return ()
        series = [s for n, s in self.series.items() if n.startswith(subject)]
        lives = [(v.start, s.end_of(v, date.max)) for s in series for v in s.values]
        lives += [(v.start, v.until) for s in series for v in s.values if v.until]
        lives += [(r.since, r.until) for n, rules in self.rules.items() if n.startswith(subject) for r in rules]
        lives += [(_start(v), v.until) for n, vs in self.over.items() if n.startswith(subject) for v in vs]
        days = {start for start, _ in lives}
        days |= {date.fromordinal(until.toordinal() + 1) for _, until in lives if until and until < date.max}
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


def _start(version: Value | RuleVersion) -> date:
    return version.since if isinstance(version, RuleVersion) else version.start


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
