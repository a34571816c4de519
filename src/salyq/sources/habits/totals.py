"""Lines of totals under a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOTAL = re.compile(r"(итого|всего|жиыны|барлығы|total|sum)\b", re.IGNORECASE)


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row of one of our tables, whose first column is its day, is a line of totals: it has no day."""
    return says_total(cells) and not any(c.isdigit() for c in cells[0])


def says_total(cells: Sequence[str]) -> bool:
    """Whether a cell begins as the name of a line of totals does."""
    return any(_TOTAL.match(cell) for cell in cells)
