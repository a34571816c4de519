"""Days and decimals as readers of a language write them: 25.05.2026 and 0,5 in Kazakh and Russian; 2026-05-25 and 0.5
in English. Files, calls and commands keep ISO days and a point."""

from __future__ import annotations

import re
from datetime import date

# A day by itself; one in a file's name, a time, an identifier, or one that bears a Kazakh ending stays.
_DAY = re.compile(r"(?<![\w./:#-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w/-]|[:.]\w)")
_DECIMAL = re.compile(r"(?<![\w.])([0-9]+)\.([0-9]+)(?![\w.])")
_COMMAND = "salyq "  # from here on a line is to be typed as it stands


def shown_day(day: date, lang: str) -> str:
    return day.isoformat() if lang == "en" else day.strftime("%d.%m.%Y")


def local_days(text: str, lang: str) -> str:
    """A line with the days in its sentences as the language writes them, but for those of a command."""
    if lang == "en" or "-" not in text:
        return text
    said, command, rest = text.partition(_COMMAND)
    return _DAY.sub(r"\3.\2.\1", said) + command + rest


def local_number(text: str, lang: str) -> str:
    """A plain decimal, or a few words with some, with the language's mark; digits stay as they are."""
    return text if lang == "en" else _DECIMAL.sub(r"\1,\2", text)
