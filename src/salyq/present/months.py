"""Months and quarters as readers have them; files and calls keep 2026-11 and 2026-Q4."""

from __future__ import annotations

from functools import cache


@cache
def month_text(month: str, lang: str) -> str:
    """“2026-11”: «2026 жылғы қараша», «ноябрь 2026», “November 2026”; what is no month stays as it is."""
    year, dash, number = month.partition("-")
    if not (dash and len(year) == 4 and year.isdigit() and number in _NUMBERS):
        return month
    from babel.dates import get_month_names

    name = get_month_names("wide", "stand-alone", lang)[int(number)]
    return f"{year} жылғы {name.lower()}" if lang == "kk" else f"{name} {year}"


def month_short(month: str) -> str:
    """11.2026, for axes and columns."""
    year, dash, number = month.partition("-")
    return f"{number}.{year}" if dash and number in _NUMBERS else month


_NUMBERS = tuple(f"{n:02d}" for n in range(1, 13))
