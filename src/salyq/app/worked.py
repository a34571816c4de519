"""Does a worked case hold? What it says of figures, bounds, alternatives and deadlines, beside what was worked out.

In `expect` a figure is a decimal, "unknown" or "not_applicable"; `expect_not` what it must never be; `bounds` its low
and high end; `alternatives` what another choice gives; `obligations` when something is due ("unknown": owed, but the
article on the day was not read; "absent": not owed). Of one row: `answers`, and in `missing` the facts asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from salyq.assessing.result import Assessment
from salyq.rulebook.asking import Asked

Wrong = tuple[str, str, str]  # what, as the case says, as it was found


def wrong_figures(case: Mapping[str, Any], result: Assessment) -> Iterator[Wrong]:
    """What the assessment of a person's case gives otherwise than the case says."""
    for key, wanted in case["expect"].items():
        if not same(state(result, key), wanted):
            yield key, wanted, str(state(result, key))
    for key, banned in case.get("expect_not", {}).items():
        if same(state(result, key), banned):
            yield key, f"≠ {banned}", banned
    for key, ends in case.get("bounds", {}).items():
        low_high = _figure(result, key).bounds
        if low_high != tuple(map(Decimal, ends)):
            yield f"{key} (bounds)", " – ".join(ends), " – ".join(map(str, low_high or ()))
    for key, wanted in case.get("alternatives", {}).items():
        name, _, choice = key.partition(":")
        values = {f"{a.election}={a.choice}": a.value for a in _figure(result, name).alternatives}
        if values.get(choice) != Decimal(wanted):
            yield key, wanted, str(values.get(choice))
    due = {f"{o.name}@{o.period}": "unknown" if o.due is None else o.due.isoformat() for o in result.obligations}
    for key, day in case.get("obligations", {}).items():
        if due.get(key, "absent") != day:
            yield key, day, due.get(key, "absent")


def wrong_answers(case: Mapping[str, Any], asked: Asked) -> Iterator[Wrong]:
    """What law answers about one row otherwise than the case says."""
    found = {name: asked.ask(name) for name in (*case["answers"], *case.get("missing", {}))}
    for name, wanted in case["answers"].items():
        said = found[name].text if found[name].status == "known" else found[name].status
        if said != wanted:
            yield name, wanted, str(said)
    for name, facts in case.get("missing", {}).items():
        lacking = [m.name for m in found[name].missing]
        if lacking != facts:
            yield f"{name} (missing)", ", ".join(facts), ", ".join(lacking)


def state(result: Assessment, key: str) -> Decimal | str:
    """The figure as a case writes it. A figure that does not apply may also be absent."""
    try:
        found = _figure(result, key)
    except KeyError:
        return "not_applicable"
    return Decimal(found.value) if found.status == "known" and found.value is not None else str(found.status)


def same(found: Decimal | str, wanted: str) -> bool:
    return found == wanted if isinstance(found, str) else wanted[-1].isdigit() and found == Decimal(wanted)


def _figure(result: Assessment, key: str) -> Any:
    name, _, period = key.partition("@")
    return result[(name, period)] if period else result[name]
