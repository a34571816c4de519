"""What a value is: units, and the products of units that mean something.

The engine knows only units that every law has: numbers, days, texts, flags. A law declares its own (its money, its
energy, its index) with `declare` and `products` when it is imported; nothing here names a country.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


class LawError(Exception):
    """The law itself is written wrongly: names the rule or value and what is wrong. A defect of ours."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`scale`: how many smallest steps one unit has (tiyn in a tenge: 100); a value counts those steps, as a whole
    number where `whole`, else as an exact fraction. `exact` is the unit of fractions that belongs to a whole one,
    `rounds_to` the way back; `rounding` cites the named rounding. `types` are names for annotations; `decimals` is how
    many decimals are always shown; `shown` is what people read after the number; `step`: how far apart two values are
    that people still tell apart, as a value is counted."""

    name: str
    what: str
    types: tuple[str, ...] = ()
    number: bool = True
    whole: bool = False
    scale: int = 1
    exact: str = ""
    rounds_to: str = ""
    rounding: str = ""
    decimals: int = 0
    shown: str = ""
    step: Fraction | int = 1


UNITS: dict[str, Unit] = {}
TYPES: dict[str, str] = {}  # the name of an annotation -> unit
_PRODUCTS: dict[tuple[str, str], str] = {}


def declare(*units: Unit) -> None:
    """Adds units. Declaring one twice alike does nothing; differently, it is a LawError."""
    for unit in units:
        if UNITS.setdefault(unit.name, unit) != unit:
            raise LawError(f"unit {unit.name!r} is declared twice, differently")
        for name in unit.types:
            if TYPES.setdefault(name, unit.name) != unit.name:
                raise LawError(f"{name} means {TYPES[name]} and {unit.name}")


def products(found: Iterable[tuple[str, str, str]]) -> None:
    """(a, b, c): a × b is c, either way round."""
    for a, b, c in found:
        for name in (a, b, c):
            unit_named(name)
        if _PRODUCTS.setdefault((a, b), c) != c:
            raise LawError(f"{a} × {b} is declared twice, differently")


def unit_named(name: str) -> Unit:
    """LawError, naming what there is, for a unit that nobody declared."""
    found = UNITS.get(name)
    if found is None:
        raise LawError(f"there is no unit {name!r}; there are {', '.join(sorted(UNITS))}")
    return found


def product(a: str, b: str) -> str | None:
    """The unit of a product; None where it means nothing. Any number times a ratio is its own exact kind."""
    found = _PRODUCTS.get((a, b)) or _PRODUCTS.get((b, a))
    if found is None:
        for one, other in ((a, b), (b, a)):
            if other == "ratio" and UNITS[one].number and (UNITS[one].exact or not UNITS[one].whole):
                return exact(one)
    return found


def exact(name: str) -> str:
    """The unit of exact fractions that belongs to a unit."""
    return UNITS[name].exact or name


def plain(name: str) -> str:
    """A unit and its exact kind are one when they are added or compared."""
    return UNITS[name].rounds_to or name


declare(
    Unit("ratio", "exact fraction", ("Ratio",), step=Fraction(1, 10000)),
    Unit("count", "number", ("Count",)),
    Unit("day", "date", ("Day",), number=False),
    Unit("time", "moment with its offset", ("Time",), number=False),
    Unit("term", "so many days, working days, hours, months or years", ("Term",), number=False),
    Unit("text", "code", ("Text",), number=False),
    Unit("flag", "true or false", ("Flag",), number=False),
    Unit("set", "codes that belong to a list", ("Set",), number=False),
    Unit("spans", "intervals of days", (), number=False),
    Unit("deadline", "month after the end of a period, and day of it", (), number=False),
    Unit("election", "a choice that the law leaves", ("Election",), number=False),
    Unit("worth", "(amount, currency)", ("Worth",), number=False),
)
products([("count", "ratio", "ratio")])
