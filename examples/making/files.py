"""Writing the CSV files: UTF-8, line feeds, the same bytes on every machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from making.series import plain

Cell = str | Decimal | date | None
Files = dict[str, bytes]
MADE_UP = "made-up example"


def cell(value: Cell) -> str:
    """A cell as text; None is an empty cell."""
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, quoted: bool = False, mark: bool = False) -> bytes:
    """A CSV table as bytes. As some exports do: `quoted` quotes every cell, `mark` writes a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8")


def named(header: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """A CSV table of rows that name their cells; an unknown name is an error of the story."""
    listed = []
    for row in rows:
        unknown = set(row) - set(header)
        if unknown:
            raise ValueError(f"no such column: {sorted(unknown)}")
        listed.append([row.get(name) for name in header])
    return table(header, listed)
