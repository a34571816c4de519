"""Tax periods as people write them, where they can be read in one way only: "1 квартал 2026 г.", "2026 жылғы 1-тоқсан",
"Q1 2026", "II полугодие 2025", "2025 год", "май 2026"."""

from __future__ import annotations

import re

from salyq.civil.days import period_days
from salyq.sources.habits.time_pattern import month_of

_LONGEST = 60  # characters
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)
_PARTS = {
    "Q": frozenset(("квартал", "квартала", "кв", "тоқсан", "тоқсаны", "тоқс", "quarter", "q", "qtr")),
    "H": frozenset(("полугодие", "полугодия", "пг", "жартыжылдық", "жартыжылдығы", "half", "h")),
}
_MOST = {"Q": 4, "H": 2}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ORDINALS = frozenset(("й", "ый", "ой", "ий", "е", "ое", "ші", "шы", "st", "nd", "rd", "th"))
_FILLERS = _ORDINALS | frozenset(
    ("за", "год", "года", "г", "гг", "жыл", "жылы", "жылғы", "жылдың", "жылға", "ж", "үшін", "year", "of", "the", "for")
)


def period_of(text: str) -> str | None:
    """ "2026", "2026-H1", "2026-Q1" or "2026-05"; None where the text is no period."""
    try:
        period_days(text)
    except ValueError:
        return _in_words(text)
    return text


def _in_words(text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    month = month_of(text)
    if month is not None:
        return month[0][:7]
    tokens: list[str] = [token for token in _TOKEN.findall(text.casefold()) if token not in _FILLERS]
    years = [token for token in tokens if _YEAR.fullmatch(token)]
    if len(years) != 1 or not re.search(r"[^\W\d_]", text):
        return None
    tokens.remove(years[0])
    if not tokens:
        return years[0]
    part = next((p for p, words in _PARTS.items() if len(tokens) == 2 and not words.isdisjoint(tokens)), None)
    if part is None:
        return None
    number = next((token for token in tokens if token not in _PARTS[part]), "")
    count = _ROMAN.get(number, int(number) if number.isascii() and number.isdigit() else 0)
    return f"{years[0]}-{part}{count}" if 1 <= count <= _MOST[part] else None
