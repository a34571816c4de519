"""Who must declare and pay, and when (interfaces §5: obligations)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from salyq.assessing.figures import bounds_of, decimal, not_covered, scopes, subjects
from salyq.assessing.result import CANNOT_BE_TOLD, DUE, Figure, Obligation
from salyq.civil.days import is_working_day, period_days
from salyq.civil.messages import Message
from salyq.facts.wording import told
from salyq.facts.world import World
from salyq.law import named
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Unknown

MONTHS = 12

Bounds = tuple[Decimal | None, Decimal | None]


def obligations(world: World, figures: list[Figure]) -> list[Obligation]:
    """Every return and payment of the year, by due date."""
    amounts = {(f.name, f.period): f for f in figures}
    found: list[Obligation] = []
    concerned = subjects(world)
    for name, versions in world.graph.law.rules.items():
        if versions[0].role != "duty":
            continue
        subject = name.rpartition(".")[0]
        reason = not_covered(world, subject) if named.not_covered(subject) in world.graph.law.rules else ""
        if reason and subject not in concerned:
            continue
        for scope in scopes(world, versions[0].per):
            duty = _obligation(world, name, scope, amounts)
            if reason and duty is None and versions[0].per == "year":
                duty = _open(world, name, scope)
            if duty is not None:
                why = Message(reason, {"year": str(world.year_number)}) if reason else None
                found.append(replace(duty, amount=None, status=CANNOT_BE_TOLD, why=why) if why else duty)
    return sorted(found, key=lambda o: (o.due or date.max, o.name, o.period))


def _obligation(world: World, name: str, scope: Scope, amounts: dict[tuple[str, str], Figure]) -> Obligation | None:
    version = world.evaluator.version(name, scope)
    if version is None:
        return None
    owed = world.evaluator.value(name, scope)
    if owed is False or (type(owed) is Unknown and owed.high is False):
        return None
    due, cite, basis, note = deadline(world, version.extra["due"], scope.group)
    figure = amounts.get((version.extra.get("amount") or "", scope.group))
    amount = figure.value if figure is not None and figure.status == "known" else None
    bounds = figure.bounds if figure is not None and figure.status == "unknown" else None
    wanted = version.extra.get("amount")
    if wanted and figure is None and world.graph.law.rules[wanted][0].role != "figure":
        amount, bounds = _of_rule(world, wanted, scope)
    why = note if due is None else None
    if figure is not None and figure.status == "unknown":
        why = _why(figure.missing)
    if type(owed) is Unknown:
        note = note or Message("duty_may_arise")
        why = why or _why([told(world.graph.law, m) for m in sorted(owed.missing, key=repr)])
    cites = tuple(dict.fromkeys((version.cite, cite)))
    status = DUE if why is None else CANNOT_BE_TOLD
    shown = version.extra.get("shown", name)
    return Obligation(shown, scope.group, due, amount, cites, basis, note, status, why, name, bounds)


def _of_rule(world: World, name: str, scope: Scope) -> tuple[Decimal | None, Bounds | None]:
    """The amount of a step that is shown nowhere by itself, or the ends between which it lies."""
    exact = world.evaluator.value(name, scope)
    if type(exact) is Unknown:
        return None, bounds_of(exact, "KZT", falls=False)
    return None if exact is None else decimal(exact, "KZT"), None


def _open(world: World, name: str, scope: Scope) -> Obligation | None:
    """A duty of a person whose tax is not computed yet: whether it is owed, nobody has asked."""
    first = min(world.graph.law.rules[name], key=lambda v: v.since)
    version = world.evaluator.version(name, scope) or first
    if version.extra.get("shown"):
        return None
    due, cite, basis, note = deadline(world, version.extra["due"], scope.group)
    return Obligation(name, scope.group, due, None, tuple(dict.fromkeys((version.cite, cite))), basis, note)


def _why(missing: Sequence[Message]) -> Message:
    """Why a duty cannot be told: the first fact that is missing, and how many more there are."""
    if not missing:
        return Message("duty_may_arise")
    return missing[0] if len(missing) == 1 else Message("and_more", {"first": missing[0], "more": len(missing) - 1})


def deadline(world: World, name: str, period: str) -> tuple[date | None, str, str, Message | None]:
    """(due date, article, basis, note) of a deadline for a period. The article's own date; a day off is said."""
    _, last = period_days(period)
    found = world.graph.value_at(name, last)
    if found is None:
        return None, "", "reconstruction", Message("deadline_not_in_force")
    if found.data is None:
        return None, found.cite, found.basis, Message("deadline_not_read")
    months = last.year * MONTHS + last.month - 1 + found.data["month"]
    day = date(months // MONTHS, months % MONTHS + 1, found.data["day"])
    note = None if is_working_day(day) else Message("due_on_day_off", {"day": day.isoformat()})
    return day, found.cite, found.basis, note
