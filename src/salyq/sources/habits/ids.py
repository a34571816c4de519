"""Ids that venues give, as far as a spreadsheet has left them whole."""

from __future__ import annotations

import re

_NONE = ("", "-", "--", "0", "N/A", "null")
_MANGLED = re.compile(r"\d[.,]?\d*E\+?\d+", re.ASCII | re.IGNORECASE)  # 8,38977E+18: its last digits are lost


def venue_id(text: str) -> str | None:
    """An id without the marks that spreadsheets put before it; None where there is none, or it lost its digits."""
    plain = text.strip().strip("'\"=").strip()
    return None if plain in _NONE or _MANGLED.fullmatch(plain[:40]) else plain
