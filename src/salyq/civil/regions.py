"""Regions and cities of Kazakhstan by day (KATO codes), and places below them that have rules of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from salyq.civil.compiled import toml_of


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the first level, or a place within one. `kind`: region | city | special; None: no limit known."""

    code: str
    kind: str
    name: Mapping[str, str]
    start: date | None = None
    until: date | None = None
    within: str = ""

    def exists(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.until is None or on <= self.until)


class Count(NamedTuple):
    """How many units of the first level there are on a day."""

    regions: int
    cities: int


@cache
def _places() -> tuple[Place, ...]:
    data = toml_of((files("salyq.civil") / "regions.toml").read_text(encoding="utf-8"))
    units = [Place(u["code"], u["kind"], u["name"], u.get("from"), u.get("until")) for u in data["unit"]]
    special = [Place(s["code"], "special", s["name"], s["from"], None, s["within"]) for s in data["special"]]
    return (*units, *special)


def units_on(on: date) -> tuple[Place, ...]:
    """Regions and cities of the first level on a day, by code."""
    return tuple(p for p in _places() if p.kind != "special" and p.exists(on))


def count_on(on: date) -> Count:
    """14 + 2, 14 + 3 or 17 + 3."""
    kinds = [p.kind for p in units_on(on)]
    return Count(kinds.count("region"), kinds.count("city"))


def unit_of(code: str, on: date | None = None) -> Place | None:
    """The unit of the first level that a KATO code (nine digits) lies in, on a day or ever; None: there is none."""
    if len(code) != 9 or not (code.isascii() and code.isdigit()):
        return None
    return next((p for p in _places() if p.code[:2] == code[:2] and (on is None or p.exists(on))), None)


def special_place(code: str, on: date) -> Place | None:
    """The place with rules of its own that a code names on a day."""
    return next((p for p in _places() if p.kind == "special" and p.code == code and p.exists(on)), None)
