"""Statistics of the field (statistics.toml): no law, but what a policy page needs, each with source and confidence."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

CONFIDENCE = ("H", "M", "L")


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure. `period` is a year, quarter, month, or two of them with a slash between; `value` plain decimal text;
    `disputed`: another source says something else of the same measure and period."""

    measure: str
    period: str
    value: str
    unit: str
    source: str
    address: str
    confidence: str
    label: Mapping[str, str]
    note: Mapping[str, str] | None = None
    disputed: bool = False
    said_by: Mapping[str, str] = field(default_factory=dict)  # the source in kk, ru, en


def _said(source: str, words: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Mapping[str, str]:
    """Who says it in words: a name as it is, and who told it where it was read at another place."""
    who, told, by = source.partition(", as told by ")
    names = words["words"]
    if not told:
        return names.get(source) or dict.fromkeys(words["told"], source)
    first, second = _said(who, words), _said(by, words)
    return {lang: str(text).format(who=first[lang], by=second[lang]) for lang, text in words["told"].items()}


@cache
def statistics() -> tuple[Statistic, ...]:
    """Every row, by measure as the file orders them, then by period."""
    data = tomllib.loads((files("salyq.law") / "statistics.toml").read_text(encoding="utf-8"))
    measures = data["measure"]
    order = list(measures)
    count = Counter((r["measure"], r["period"]) for r in data["row"])
    found = [
        Statistic(
            r["measure"],
            r["period"],
            r["value"],
            measures[r["measure"]]["unit"],
            r["source"],
            r["address"],
            r["confidence"],
            measures[r["measure"]]["label"],
            r.get("note"),
            count[r["measure"], r["period"]] > 1,
            _said(r["source"], data["source"]),
        )
        for r in data["row"]
    ]
    return tuple(sorted(found, key=lambda s: (order.index(s.measure), s.period)))
