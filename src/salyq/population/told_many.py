"""What columns say of many persons: figures, duties and findings, each with the persons whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salyq.civil.messages import Message

KNOWN, NOT_APPLICABLE = "known", "not_applicable"


@dataclass(slots=True)
class FigureColumn:
    """One figure of one period: `persons` who have it, their values (smallest units) and bases (places in BASES)."""

    name: str
    period: str
    unit: str
    persons: Any
    values: Any
    status: str
    basis: Any


@dataclass(slots=True)
class DutyColumn:
    """One duty of one period; `amounts` in tiyn where `known` says so."""

    name: str
    period: str
    due: date | None
    status: str
    persons: Any
    amounts: Any
    known: Any


@dataclass(slots=True)
class FindingColumn:
    """One thing said of `persons`; `message` of the person's `count` (and of a first message)."""

    code: str
    severity: str
    persons: Any
    counts: Any
    message: Callable[[int], Message]


@dataclass(slots=True)
class Told:
    """All that columns say of a year; persons marked `odd` are to be assessed alone, whatever stands here of them."""

    figures: list[FigureColumn] = field(default_factory=list)
    duties: list[DutyColumn] = field(default_factory=list)
    findings: list[FindingColumn] = field(default_factory=list)
    odd: Any = None
