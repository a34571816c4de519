"""Lines of totals under a table. A row that only begins like one, of “Total Energies”, is none: it is not left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOTAL = re.compile(r"(?:итого|всего|жиыны|барлығы|total|sum)\b(.*)", re.IGNORECASE | re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]+")
_AFTER = frozenset(("amount", "by", "costs", "due", "expenses", "fees", "for", "in", "of", "paid", "spent", "to"))
_UNIT = 5  # letters that a unit or a currency beside an amount may have: тенге


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row of one of our tables is a line of totals: it begins as one, so that it has no day."""
    return says_total(cells) and not next(filter(None, cells))[0].isdigit()


def says_total(cells: Sequence[str]) -> bool:
    """Whether the first text of a row is the name of a line of totals, beside amounts and their units alone."""
    texts = [cell for cell in cells if _LETTERS.search(cell)]
    units = [word for cell in texts[1:] for word in _LETTERS.findall(cell)]
    return bool(texts) and _names(texts[0]) and all(len(word) <= _UNIT for word in units)


def _names(cell: str) -> bool:
    """Whether nothing follows the word for a total, or what such a line goes on with: “Итого за май”, “Total paid”."""
    found = _TOTAL.match(cell)
    if found is None:
        return False
    after = _LETTERS.search(found[1])
    if after is None or after[0].casefold() in _AFTER:
        return True
    return not after[0].isascii() and (after[0].islower() or cell.isupper())
