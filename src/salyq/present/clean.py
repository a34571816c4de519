"""Text from files is shown, never obeyed: control and direction characters cannot reach a terminal raw."""

from __future__ import annotations

import re

_SPACES = "\u00a0\u202f"  # no-break spaces group the digits of an amount; `isprintable` refuses them

# In JSON, everything below U+0020 is escaped already. These may not stand raw either: DEL and C1 (U+009B starts a
# terminal sequence), line separators, direction overrides, and half characters of file names that are not UTF-8.
_RAW = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` on one line, with U+FFFD for every character that is not printable."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _SPACES else "\ufffd" for c in text)


def escape_json(text: str) -> str:
    """JSON text with dangerous characters as \\uXXXX; they can only stand inside strings, so the value is the same."""
    return _RAW.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
