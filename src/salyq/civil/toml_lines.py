"""Where a key stands in a TOML text: tomllib does not say, and an error without a line helps nobody."""

from __future__ import annotations

import re
from functools import lru_cache

Sections = dict[tuple[str, int], list[tuple[int, str]]]  # (table, which of that name) -> its lines; a header is first


def line_of(text: str, table: str, index: int, key: str) -> int | None:
    """The physical line of `key` in the `index`-th (from 0) `[table]` or `[[table]]`; `table` "" is the top.

    `key` "" is the table's own header. None where it cannot be found (an inline table, an exotic spelling).
    """
    lines = _sections(text).get((table, index), [])
    if not key:
        return lines[0][0] if lines and table else None
    sought = re.compile(rf"""["']?{re.escape(key)}["']?\s{{0,200}}[=.]""")
    return next((number for number, line in lines if sought.match(line)), None)


@lru_cache(maxsize=4)
def _sections(text: str) -> Sections:
    """The lines of every table, without blanks before them: read once a text, however many keys are looked for."""
    current, seen = "", {"": 0}
    found: Sections = {("", 0): []}
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.lstrip()
        if plain.startswith("[") and "]" in plain:
            name = plain.lstrip("[").partition("]")[0]
            current = re.sub(r"""["'\s]""", "", name)
            seen[current] = seen.get(current, -1) + 1
        found.setdefault((current, seen[current]), []).append((number, plain))
    return found
