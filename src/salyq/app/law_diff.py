"""What changed in the law between two days: provisions that began or ended, values that are others.

Each day is asked as known on a day of its own, so one day with two days of knowing shows what the legislature changed
backwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from salyq.civil.messages import LANGUAGES
from salyq.rulebook.law import Law, Value
from salyq.rulebook.provisions import filled, in_force
from salyq.rulebook.shown import data_shown, unit_shown

BEGAN, ENDED, CHANGED = "began", "ended", "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is began, ended or changed. A provision has words, a value has both ends as text ("" where there is none,
    None where it is not known)."""

    act: str
    what: str
    name: str  # subject/provision, or the name of a value
    title: Mapping[str, str]
    cite: str
    day: date  # its first day, or its last where it ended
    before: str | None = None
    after: str | None = None
    unit: str = ""
    values: tuple[Value | None, Value | None] = (None, None)  # both ends, for those who say them in words

    @property
    def of_value(self) -> bool:
        return "/" not in self.name


def differences(
    law: Law, first: date, second: date, knowns: tuple[date, date], act: str | None = None
) -> list[Difference]:
    """By act, then by day. `act` keeps those that stand in it or were made or ended by it."""
    found = [*_provisions(law, first, second, knowns, act), *_values(law, first, second, knowns, act)]
    return sorted(found, key=lambda d: (d.act, d.day, d.of_value, d.name))


def _provisions(
    law: Law, first: date, second: date, knowns: tuple[date, date], act: str | None
) -> Iterator[Difference]:
    then = {p.full: p for p in in_force(law, first, knowns[0])}
    now = {p.full: p for p in in_force(law, second, knowns[1])}
    for name in sorted(then.keys() ^ now.keys()):
        began = name in now
        p = now.get(name) or then[name]
        made = p.by if began else p.until_by
        if act not in (None, p.act, made):
            continue
        on, known = (second, knowns[1]) if began else (first, knowns[0])
        words = {lang: filled(law, p, lang, on, known) for lang in LANGUAGES}
        day = p.start if began else p.until or second
        yield Difference(made or p.act, BEGAN if began else ENDED, name, words, p.cite, day)


def _values(law: Law, first: date, second: date, knowns: tuple[date, date], act: str | None) -> Iterator[Difference]:
    for name, series in sorted(law.series.items()):
        then, now = law.value_at(name, first, knowns[0]), law.value_at(name, second, knowns[1])
        if then is None and now is None:
            continue
        before, after = _told(then, series.unit), _told(now, series.unit)
        if before == after:
            continue
        shown = now or then
        assert shown is not None
        made = shown.by or shown.cite.partition(":")[0]
        if act not in (None, made, shown.cite.partition(":")[0]):
            continue
        what = CHANGED if then and now else (BEGAN if now else ENDED)
        day = shown.start if now else shown.until or second
        unit = unit_shown(series.unit)
        yield Difference(made, what, name, series.label, shown.cite, day, before, after, unit, (then, now))


def _told(found: Value | None, unit: str) -> str | None:
    return "" if found is None else data_shown(found, unit)


def difference_json(d: Difference) -> dict[str, Any]:
    made: dict[str, Any] = {"act": d.act, "what": d.what, "name": d.name, "day": d.day.isoformat(), "cite": d.cite}
    made["title"] = dict(d.title)
    if d.of_value:
        made |= {"before": d.before, "after": d.after, "unit": d.unit}
    return made
