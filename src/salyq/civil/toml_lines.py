"""Where a key stands in a TOML text: tomllib does not say, and an error without a line helps nobody."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")


def line_of(text: str, table: str, index: int, key: str) -> int | None:
    """The physical line of `key` in the `index`-th (from 0) `[table]` or `[[table]]`; `table` "" is the top.

    `key` "" is the table's own header. None where it cannot be found (an inline table, an exotic spelling).
    """
    current, seen = "", {"": 0}
    sought = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*(=|\.)""")
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            current = re.sub(r"""["'\s]""", "", header.group(2))
            seen[current] = seen.get(current, -1) + 1
        here = current == table and seen[current] == index
        if here and (header if not key else sought.match(line)):
            return number
    return None
