"""What a procedure asks of law: the facts of its form go in, the whole answer is kept with the step that rested on
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from salyq.app.asking import ask_act
from salyq.civil.errors import UsageError
from salyq.office.procedures.model import Case, Procedure


def ask_law(spec: Procedure, form: Mapping[str, Any], on: date, more: Mapping[str, Any]) -> dict[str, Any] | None:
    """Law's answer (interfaces §7, without its trees) on the day; None where the procedure asks nothing, or the law
    on it was not read for that day.

    `more` are facts of the procedure itself (filed, returned, stopped_days …). UsageError: a fact of a wrong kind.
    """
    if spec.ask is None or on < _read_since(spec.ask.act):
        return None
    facts: dict[str, Any] = dict(spec.ask.given)
    for fact, source in spec.ask.facts.items():
        value = _filled(source, form) if "{" in source else form.get(source)
        if value is not None:
            facts[fact] = _as_fact(value)
    facts |= {fact: _as_fact(form[fact]) for fact in spec.ask.record if form.get(fact) is not None}
    known = _known_facts(spec.ask.act)
    facts |= {k: _as_fact(v) for k, v in more.items() if v is not None and k in known}
    return ask_act(spec.ask.act, facts, on, explain=False).as_json(explain=False)


def told_by(spec: Procedure, case: Case) -> dict[str, object]:
    """Facts that the case itself tells: days of its steps, whether a step was taken, what a step said."""
    if spec.ask is None:
        return {}
    found: dict[str, object] = {}
    for fact, name in spec.ask.days.items():
        taken = case.last(name)
        found[fact] = taken.day if taken else None
    found |= {fact: case.last(name) is not None or None for fact, name in spec.ask.taken.items()}
    for fact, field in spec.ask.says.items():
        found[fact] = next((s.content[field] for s in reversed(case.steps) if field in s.content), None)
    return found


def due_of(answer: Mapping[str, Any] | None, duty: str) -> date | None:
    """The day of a duty in the answer; None where law names none that was found."""
    for found in (answer or {}).get("duties", ()):
        if found["name"] == duty and found.get("due"):
            return date.fromisoformat(str(found["due"])[:10])
    return None


def amount_of(answer: Mapping[str, Any] | None, name: str) -> str | None:
    for found in (answer or {}).get("amounts", ()):
        if found["name"] == name:
            value = found.get("value")
            return None if value is None else str(value)
    return None


def _read_since(act: str) -> date:
    from salyq.app.asking import act_as_json

    return date.fromisoformat(act_as_json(act)["since"])


def _known_facts(act: str) -> set[str]:
    from salyq.app.asking import act_as_json

    return {fact["name"] for fact in act_as_json(act)["facts"]}


def _filled(source: str, form: Mapping[str, Any]) -> str | None:
    try:
        return source.format_map(form)
    except KeyError:
        return None


def _as_fact(value: Any) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def checked(spec: Procedure, form: Mapping[str, Any], on: date) -> UsageError | None:
    """What is wrong with the facts of a form, as law says it; None where it can be asked."""
    try:
        ask_law(spec, form, on, {"filed": on})
    except UsageError as error:
        return error
    return None
