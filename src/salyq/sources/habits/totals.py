"""Lines of totals under a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOTAL = re.compile(r"(итого|всего|жиыны|барлығы|total|sum)\b", re.IGNORECASE)


def says_total(cells: Sequence[str]) -> bool:
    """Whether a cell begins as the name of a line of totals does."""
    return any(_TOTAL.match(cell) for cell in cells)
