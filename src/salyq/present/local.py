"""Days of lines that are rendered already, as readers of a language write them: 25.05.2026 in Kazakh and Russian.
What a message says is written so where it is rendered (civil/reader.py). Files, calls and commands keep ISO days."""

from __future__ import annotations

import re

from salyq.civil.reader import COMMAND

# A day by itself; one in a file's name, a time, an identifier, or one that bears an ending stays.
_DAY = re.compile(r"(?<![\w./:#-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w/-]|[:.]\w)")


def local_days(text: str, lang: str) -> str:
    """A line with the days in its sentences as the language writes them, but for those of a command."""
    if lang == "en" or "-" not in text:
        return text
    said, command, rest = text.partition(COMMAND)
    return _DAY.sub(r"\3.\2.\1", said) + command + rest
