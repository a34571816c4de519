"""The front door: facts in, what law says out, with what is missing and why. No file, no case, no person needed.

`Door` holds one law as known on one day; `about` takes the facts of one event and answers any number of names about
it, each rule computed once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salyq.civil.messages import Message
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.explain import Why
from salyq.rulebook.facts_given import FactError, scope_of
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law, Value, weakest
from salyq.rulebook.node import NotInForce
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Article, Found, Scope
from salyq.rulebook.shown import fraction_shown, shown, unit_shown
from salyq.rulebook.states import Missing, Unknown, because, settled
from salyq.rulebook.trace import Tracer
from salyq.rulebook.units import UNITS
from salyq.rulebook.wording import told

__all__ = ["Answer", "Asked", "Door", "FactError", "MissingFact"]

NO_LOOKUP = "missing_lookup"  # why something that only files know is not known here


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that would settle an answer: its name, words, the question for it and the texts it can have."""

    name: str
    kind: str
    unit: str
    label: Mapping[str, str]
    question: Mapping[str, str]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What law says under one name. `status`: known | unknown | not_applicable (nothing of the name is in force).

    `value` is exact: a Decimal (a Fraction where none is exact), text, bool, date or time; `text` the same as shown.
    Unknown comes with `missing` (facts that would settle it) and `reasons` (what else stands in the way)."""

    name: str
    role: str
    status: str
    value: Any
    unit: str
    text: str | None
    label: Mapping[str, str]
    cites: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    basis: str = ""
    missing: tuple[MissingFact, ...] = ()
    reasons: tuple[Message, ...] = ()
    bounds: tuple[Any, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    _explain: Callable[[], Why] | None = field(default=None, repr=False, compare=False)

    def explain(self) -> Why:
        """The tree behind the answer, made when asked for."""
        assert self._explain is not None
        return self._explain()


class Door:
    """One law as known on one day. Safe to use from several threads."""

    def __init__(self, law: Law, known: date | None = None, graph: Graph | None = None) -> None:
        """`graph`: the law already compiled, or under a reform."""
        self.graph = graph or Graph(law, known)
        self.law = law
        self._own = threading.local()

    def about(self, kind: str, facts: Mapping[str, Any], on: date, choices: Mapping[str, str] | None = None) -> Asked:
        """The facts of one event (or row, or year) of a kind, ready to be asked about. FactError for a fact that law
        does not know or cannot read; KeyError for a kind that it has not."""
        return Asked(self, scope_of(self.law, kind, facts, on), on, dict(choices or {}))

    def ask(self, name: str, facts: Mapping[str, Any], on: date, choices: Mapping[str, str] | None = None) -> Answer:
        """One answer. KeyError for a name that law has not."""
        return self.about(self.law.rules[name][0].per, facts, on, choices).ask(name)

    def evaluator(self, choices: Mapping[str, str]) -> Evaluator:
        """This thread's evaluator, with nothing noted yet: compiled steps are kept from ask to ask."""
        found: Evaluator | None = getattr(self._own, "evaluator", None)
        if found is None:
            found = self._own.evaluator = self.new_evaluator({})
        found.elections = self._elected(choices)
        found.forget()
        return found

    def new_evaluator(self, choices: Mapping[str, str]) -> Evaluator:
        return Evaluator(self.graph, _Nowhere(), self._elected(choices))

    def _elected(self, choices: Mapping[str, str]) -> Callable[[str, date], str | Unknown]:
        def chosen(name: str, on: date) -> str | Unknown:
            if name in choices:
                return choices[name]
            found = self.graph.value_at(name, on)
            if found is None or found.data is None:
                return because("missing_value", name=name, day=on)
            return str(found.data["default"])

        return chosen


class _Nowhere(Mapping[str, Callable[..., Found | Unknown]]):
    """Lookups without files: every one answers that it cannot know."""

    def __getitem__(self, name: str) -> Callable[..., Found | Unknown]:
        return lambda *args: because(NO_LOOKUP, name=name, of=" ".join(map(str, args)))

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


class Asked:
    """One event under one law: any number of questions, each rule computed once."""

    def __init__(self, door: Door, scope: Scope, on: date, choices: Mapping[str, str]) -> None:
        self.door, self.scope, self.on, self.choices = door, scope, on, choices

    def names(self, *roles: str) -> list[str]:
        """The rules of this kind that have one of these roles, in the order law states them."""
        rules = self.door.law.rules
        return [n for n, vs in rules.items() if vs[0].role in roles and vs[0].per == self.scope.kind]

    def ask(self, name: str) -> Answer:
        """What law says under a name that is asked of this kind. KeyError for a name that law has not."""
        law = self.door.law
        first = law.rules[name][0]
        evaluator = self.door.evaluator(self.choices)
        try:
            value = settled(evaluator.value(name, self.scope))
            version = evaluator.version(name, self.scope)
            used = evaluator.used_by(name, self.scope)
        except NotInForce as error:
            value, version, used = because("not_in_force_then", day=self.on, why=error), None, []
        label = law.labels.get(name, {})
        unit = unit_shown(first.unit)
        if version is None and type(value) is not Unknown:
            return Answer(name, first.role, "not_applicable", None, unit, None, label, _explain=self._why(name))
        sure = type(value) is not Unknown
        return Answer(
            name,
            first.role,
            "known" if sure else "unknown",
            plain(value, first.unit) if sure else None,
            unit,
            shown(value, first.unit),
            label,
            _cites(used),
            tuple(dict.fromkeys(x.by for x in used if isinstance(x, RuleVersion | Value))),
            weakest(x.basis for x in used if isinstance(x, RuleVersion | Value | Article)),
            () if sure else self._missing(value),
            () if sure else self._reasons(value),
            None if sure else _bounds(value, first.unit),
            {} if version is None else version.extra,
            self._why(name),
        )

    def _why(self, name: str) -> Callable[[], Why]:
        return lambda: Tracer(self.door.new_evaluator(self.choices)).rule(name, self.scope)

    def _missing(self, value: Unknown) -> tuple[MissingFact, ...]:
        facts = sorted({str(dict(m.params)["fact"]) for m in value.missing if m.code == "missing_fact"})
        return tuple(self.fact(name) for name in facts)

    def fact(self, name: str) -> MissingFact:
        """One given column of this kind, of what it stands in, or of its rows."""
        kinds = self.door.law.kinds
        near = list(self.door.graph.ancestors(self.scope.kind))
        inner = [*kinds[self.scope.kind].rows.values(), *kinds[self.scope.kind].refs.values()]
        for kind in (*near, *inner, *kinds):
            if name in kinds[kind].columns:
                said = kinds[kind].facts.get(name)
                unit = kinds[kind].columns[name]
                if said is not None:
                    return MissingFact(name, kind, unit, said.label, said.question, said.choices)
                label = self.door.law.labels.get(f"{kind}.{name}", {})
                return MissingFact(name, kind, unit, label, label)
        raise KeyError(name)

    def _reasons(self, value: Unknown) -> tuple[Message, ...]:
        others = [m for m in value.missing if m.code != "missing_fact"]
        return tuple(told(self.door.law, m) for m in sorted(others, key=_first))


def _first(m: Missing) -> str:
    return repr(m)


def _cites(used: list[object]) -> tuple[str, ...]:
    """The articles of branches that decided come first: they say it most exactly."""
    branches = [x.cite for x in used if isinstance(x, Article)]
    return tuple(dict.fromkeys([*branches, *(x.cite for x in used if isinstance(x, RuleVersion | Value))]))


def plain(value: Any, unit: str) -> Any:
    """A value as people count: tenge, not tiyn. A Decimal where one is exact, else a Fraction."""
    found = UNITS.get(unit)
    if found is None or not found.number or isinstance(value, bool):
        return value
    number = Fraction(value) / found.scale
    text = fraction_shown(number)
    if "/" in text:
        return number
    exact = Decimal(text)
    return exact.quantize(Decimal(1).scaleb(-found.decimals)) if found.decimals else exact


def _bounds(value: Unknown, unit: str) -> tuple[Any, Any] | None:
    found = UNITS.get(unit)
    if found is None or not found.number or (value.low is None and value.high is None):
        return None
    low, high = (None if x is None else plain(x, unit) for x in (value.low, value.high))
    return (high, low) if low is not None and high is not None and low > high else (low, high)
