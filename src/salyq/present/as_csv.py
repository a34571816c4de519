"""CSV for spreadsheets: a cell that a spreadsheet would run as a formula is guarded with an apostrophe."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from salyq.present.clean import clean

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full-width forms run too


def guard(cell: str) -> str:
    """`cell`, with an apostrophe before it where a spreadsheet would read a formula; plain numbers stay numbers."""
    return "'" + cell if cell.startswith(_RUNS) and not _NUMBER.fullmatch(cell) else cell


def _safe(column: list[str]) -> list[str]:
    """The cells of one column as they may stand in a table."""
    if not "".join(column).isprintable():
        column = [clean(cell) for cell in column]
    if {cell[:1] for cell in column}.isdisjoint(_RUNS):
        return column
    return [guard(cell) if cell[:1] in _RUNS else cell for cell in column]


def table_csv(head: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """Header and rows as UTF-8 CSV text with plain newlines; a key that a row lacks is an empty cell."""
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(head)
    table = list(rows)
    writer.writerows(zip(*[_safe([row.get(name) or "" for row in table]) for name in head], strict=True))
    return out.getvalue()
