"""What acts ask beyond the rulebook's own operations: a window over days that a fact lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from salyq.civil.days import add_months
from salyq.rulebook.nodes import Node, lookup
from salyq.rulebook.scopes import Found


def most_within(days: Node, months: Node) -> Node:
    """The largest count of events within any window of so many months; `days` are their days, comma between."""
    return lookup("most_within", days, months, unit="count")


def _most_within(days: str, months: Any) -> Found:
    known = sorted(date.fromisoformat(d) for d in days.split(",") if d)
    counts = [sum(1 for d in known[i:] if d < add_months(first, int(months))) for i, first in enumerate(known)]
    return Found(max(counts, default=0))


LOOKUPS: Mapping[str, Callable[..., Found]] = {"most_within": _most_within}
