"""Asks law for every figure of a year, and says each with its state, basis and articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from salyq.assessing.result import Figure
from salyq.civil.messages import Message
from salyq.civil.numbers import round_half_up
from salyq.facts.wording import told_once
from salyq.facts.world import World
from salyq.law import named
from salyq.law.named import MINES_ALONE, applies
from salyq.law.regimes import TAX_SUBJECTS
from salyq.rulebook import law as laws
from salyq.rulebook.evaluate import Evaluator, Scope
from salyq.rulebook.graph import Graph, leaves
from salyq.rulebook.law import weakest
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Article
from salyq.rulebook.states import Missing, Unknown, settled
from salyq.rulebook.units import UNITS

# Conventions of arithmetic that every figure shares; they say nothing of how sure its law is.
HOUSE = ("salyq:parts", "salyq:coverage", "salyq:stale-quotes", "salyq:rounding")
_TEN, _LONGEST = 10, 18
NOTES = ("exempt", "out_of_scope")  # what a subject may say of its figures, by words of their own


def subjects(world: World) -> list[str]:
    """The taxes that concern this person this year."""
    return [s for s in TAX_SUBJECTS if world.evaluator.value(applies(s), world.year) is True]


def scopes(world: World, per: str) -> list[Scope]:
    return {"quarter": world.quarters, "half": world.halves}.get(per, [world.year])


def figures(world: World, without: str = "") -> list[Figure]:
    """All figures, in the order law states them; periods of one figure stand together. `without`: of the subjects but
    one, which is not asked anything yet."""
    found: list[Figure] = []
    for subject in (s for s in subjects(world) if s != without):
        reason = not_covered(world, subject)
        for name in names(world, subject):
            per = world.graph.law.rules[name][0].per
            for scope in scopes(world, per):
                figure = _figure(world, name, scope, reason)
                if figure is not None:
                    found.append(figure)
    return found


def names(world: World, subject: str) -> tuple[str, ...]:
    """The figures of a subject, each after those it is worked out from."""
    return _names(world.graph, subject)


@lru_cache(maxsize=256)
def _names(graph: Graph, subject: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name, versions in graph.law.rules.items():
        if versions[0].role == "figure" and name.startswith(f"{subject}."):
            _after_what_it_needs(graph, name, found, set())
    return tuple([n for n in found if graph.law.rules[n][0].role == "figure" and n.startswith(f"{subject}.")])


def _after_what_it_needs(graph: Graph, name: str, found: dict[str, None], above: set[str]) -> None:
    if name in found or name in above:
        return
    for version in graph.law.rules[name]:
        for needed, _ in leaves(graph.trees[version], "rule"):
            _after_what_it_needs(graph, needed, found, above | {name})
    found[name] = None


def not_covered(world: World, subject: str) -> str:
    """The code of the reason why this person's tax is not computed yet; empty where it is."""
    code = world.evaluator.value(named.not_covered(subject), world.year)
    if type(code) is Unknown:
        return next(iter(code.missing)).code
    return str(code or "")


def _figure(world: World, name: str, scope: Scope, reason: str) -> Figure | None:
    if reason:
        return _not_covered(world, name, scope, reason)
    version = world.evaluator.version(name, scope)
    if version is None:
        return None
    label, unit = world.graph.law.labels.get(name, {}), version.unit
    if _not_applicable(world.evaluator, name, scope):
        return Figure(name, scope.group, None, unit, "not_applicable", version.basis, (version.cite,), label)
    value = settled(world.evaluator.value(name, scope))
    known = type(value) is not Unknown
    if known and not value and version.extra.get("quiet"):
        return None
    used = world.evaluator.used_by(name, scope)
    figure = Figure(
        name,
        scope.group,
        decimal(value, unit) if known else None,
        unit,
        "known" if known else "unknown",
        _basis(used),
        _cites(version, world.evaluator.used_by(name, scope, within=True)),
        label,
        note=_note(world, name, scope),
    )
    return figure if known else _unknown(world, figure, value, bool(version.extra.get("falls")))


class Value(NamedTuple):
    """What a figure is under some choice, without its articles."""

    value: Decimal | None
    status: str
    bounds: tuple[Decimal | None, Decimal | None] | None


def values(world: World, evaluator: Evaluator, anew: frozenset[str]) -> dict[tuple[str, str], Value]:
    """The figures among the rules `anew`, by name and period, as `evaluator` has them."""
    found: dict[tuple[str, str], Value] = {}
    for subject in subjects(world):
        if not_covered(world, subject):
            continue
        for name in (n for n in names(world, subject) if n in anew):
            for scope in scopes(world, world.graph.law.rules[name][0].per):
                one = _value(evaluator, name, scope)
                if one is not None:
                    found[name, scope.group] = one
    return found


def _value(evaluator: Evaluator, name: str, scope: Scope) -> Value | None:
    version = evaluator.version(name, scope)
    if version is None:
        return None
    if _not_applicable(evaluator, name, scope):
        return Value(None, "not_applicable", None)
    value = settled(evaluator.value(name, scope))
    if type(value) is Unknown:
        return Value(None, "unknown", bounds_of(value, version.unit, bool(version.extra.get("falls"))))
    if not value and version.extra.get("quiet"):
        return None
    return Value(decimal(value, version.unit), "known", None)


def _not_covered(world: World, name: str, scope: Scope, reason: str) -> Figure | None:
    """A figure of a tax that is not computed for this person yet: unknown, with the reason and its article."""
    first = world.graph.law.rules[name][0]
    if first.extra.get("quiet"):
        return None
    used = world.evaluator.used_by(named.not_covered(name.partition(".")[0]), world.year)
    version = world.evaluator.version(name, scope)
    cites = [
        x.cite for x in (*([version] if version else []), *used) if isinstance(x, RuleVersion | laws.Value | Article)
    ]
    own = tuple(dict.fromkeys(c for c in cites if c not in HOUSE))
    label = world.graph.law.labels.get(name, {})
    said = Message(reason, {"year": str(world.year_number)})
    return Figure(name, scope.group, None, first.unit, "unknown", _basis(used), own, label, (said,))


def _is_of(world: World, fact: Missing) -> bool:
    """Whether a doubt of law can concern the person: that of mining without a business needs a coin that was mined. A
    row that could not be read might tell of one, but then the row is what is missing."""
    return fact.code != MINES_ALONE or bool(world.rows["payouts"].rows)


def _unknown(world: World, figure: Figure, value: Unknown, falls: bool) -> Figure:
    return replace(
        figure,
        missing=told_once(world.graph.law, [m for m in value.missing if _is_of(world, m)]),
        bounds=bounds_of(value, figure.unit, falls),
        so_far=None if value.so_far is None else decimal(value.so_far, figure.unit),
    )


def _note(world: World, name: str, scope: Scope) -> Message | None:
    """What the subject says of all its figures of a period, where it has a rule `note`."""
    code = _of_subject(world.evaluator, name, "note", scope)
    return Message(code) if code in NOTES else None


def _not_applicable(evaluator: Evaluator, name: str, scope: Scope) -> bool:
    """Whether the subject says that its figures have no place here, where it has a rule `not_applicable`."""
    return _of_subject(evaluator, name, "not_applicable", scope) is True


def _of_subject(evaluator: Evaluator, name: str, rule: str, scope: Scope) -> Any:
    full = f"{name.partition('.')[0]}.{rule}"
    own = evaluator.law.rules.get(full)
    return evaluator.value(full, scope) if own and own[0].per == scope.kind else None


def decimal(value: Any, unit: str) -> Decimal:
    """A value in whole units of law (tenge, not tiyn), exactly; a fraction without end to 18 decimals."""
    found = UNITS[unit]
    exact = Fraction(value) / found.scale
    places = found.decimals or next((n for n in range(_LONGEST) if _TEN**n % exact.denominator == 0), _LONGEST)
    return Decimal(f"{round_half_up(exact.numerator * _TEN**places, exact.denominator)}E-{places}")


def bounds_of(value: Unknown, unit: str, falls: bool) -> tuple[Decimal | None, Decimal | None] | None:
    """Least and greatest value. A figure that falls as the tax rises (a loss) is least where the tax is most."""
    ends = [None if x is None else decimal(x, unit) for x in (value.low, value.high)]
    if ends == [None, None]:
        return None
    if None not in ends:
        ends.sort()
    elif falls:
        ends.reverse()
    return ends[0], ends[1]


def _basis(used: list[object]) -> str:
    return weakest(_bases(used))


def _bases(used: list[object]) -> Iterator[str]:
    for what in used:
        assert isinstance(what, RuleVersion | laws.Value | Article)
        if what.cite not in HOUSE:
            yield what.basis


def _cites(version: RuleVersion, used: list[object]) -> tuple[str, ...]:
    """The figure's own article, then those of what decided it; of other figures only their own."""
    found = [version.cite]
    for what in used:
        assert isinstance(what, RuleVersion | laws.Value | Article)
        quiet = isinstance(what, RuleVersion) and what.extra.get("quiet")
        of_ours = isinstance(what, RuleVersion) and what.cite.startswith("salyq:")
        if what.cite not in HOUSE and not quiet and not of_ours:
            found.append(what.cite)
    return tuple(dict.fromkeys(found))
