"""What columns say of many persons: figures, duties and findings, each with the persons whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from salyq.civil.messages import Message

if TYPE_CHECKING:
    from salyq.population.matches_out import MatchColumns

KNOWN, UNKNOWN, NOT_APPLICABLE = "known", "unknown", "not_applicable"
Ends = tuple[Any, Any]  # (whole numbers, marks of the persons who have one)


@dataclass(slots=True)
class FigureColumn:
    """One figure of one period: `persons` who have it, their values and bases (places in BASES).
    `ends`: of those who do not know it, least, most and with the facts so far."""

    name: str
    period: str
    unit: str
    persons: Any
    values: Any
    status: str
    basis: Any
    ends: tuple[Ends, Ends, Ends] | None = None
    places: int = 2  # of values, behind the point


@dataclass(slots=True)
class DutyColumn:
    """One duty of one period, all of one status; `amounts` in tiyn where `known` says so."""

    name: str
    period: str
    due: date | None
    status: str
    persons: Any
    amounts: Any
    known: Any


@dataclass(slots=True)
class FindingColumn:
    """One thing said of `persons`; `message` of the person's `count` (and of a first message), `amounts` their own."""

    code: str
    severity: str
    persons: Any
    counts: Any
    message: Callable[[int], Message]
    amounts: Sequence[str] | None = None


@dataclass(slots=True)
class Told:
    """All that columns say of a year; persons marked `odd` are to be assessed alone, whatever stands here of them."""

    figures: list[FigureColumn] = field(default_factory=list)
    duties: list[DutyColumn] = field(default_factory=list)
    findings: list[FindingColumn] = field(default_factory=list)
    matches: MatchColumns | None = None
    odd: Any = None
    unknown: Any = None  # persons of whom a figure is not known
    open: Any = None  # persons of whom nobody knows whether they owe something
