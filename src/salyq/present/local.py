"""Days and decimals as readers of a language write them: 25.05.2026 and 0,5 in Kazakh and Russian; 2026-05-25 and 0.5
in English. Files, calls and commands keep ISO days and a point."""

from __future__ import annotations

import re

from salyq.civil.reader import shown_day, shown_decimals, shown_period

__all__ = ["local_days", "local_number", "shown_day", "shown_period"]

local_number = shown_decimals

# A day by itself; one in a file's name, a time, an identifier, or one that bears an ending stays.
_DAY = re.compile(r"(?<![\w./:#-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w/-]|[:.]\w)")
_COMMAND = "salyq "  # from here on a line is to be typed as it stands


def local_days(text: str, lang: str) -> str:
    """A line with the days in its sentences as the language writes them, but for those of a command."""
    if lang == "en" or "-" not in text:
        return text
    said, command, rest = text.partition(_COMMAND)
    return _DAY.sub(r"\3.\2.\1", said) + command + rest
