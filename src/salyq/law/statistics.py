"""Statistics of the field (statistics.toml): no law, but what a policy page needs, each with source and confidence."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

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


def _said(row: Mapping[str, str], words: Mapping[str, Mapping[str, Any]]) -> Mapping[str, str]:
    """Who says it in words: a name as it is, and who told it where it was read at another place."""
    names = (row["source"], row.get("told_by", ""))
    who, by = (words["words"].get(name) or dict.fromkeys(words["told"], name) for name in names)
    told = words["told"] if names[1] else dict.fromkeys(words["told"], "{who}")
    return {lang: text.format(who=who[lang], by=by[lang]) for lang, text in told.items()}


@cache
def statistics() -> tuple[Statistic, ...]:
    """Every row, by measure as the file orders them, then by period."""
    data = tomllib.loads((files("salyq.law") / "statistics.toml").read_text(encoding="utf-8"))
    measures = data["measure"]
    order = list(measures)
    count = Counter((r["measure"], r["period"]) for r in data["row"])
    said = [_said(r, data["source"]) for r in data["row"]]
    found = [
        Statistic(
            r["measure"],
            r["period"],
            r["value"],
            measures[r["measure"]]["unit"],
            words["en"],
            r["address"],
            r["confidence"],
            measures[r["measure"]]["label"],
            r.get("note"),
            count[r["measure"], r["period"]] > 1,
            words,
        )
        for r, words in zip(data["row"], said, strict=True)
    ]
    return tuple(sorted(found, key=lambda s: (order.index(s.measure), s.period)))
