"""Write src/salyq/civil/working_days.toml: Kazakhstan's days off and moved working days, frozen year by year.

Run by hand when a year's calendar is settled: `.venv/bin/python tools/make_working_days.py`. The product never
imports `holidays`; a test compares the frozen file with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import holidays

TARGET = Path(__file__).parent.parent / "src" / "salyq" / "civil" / "working_days.toml"
FIRST, LAST = 2012, 2027

# The government's working calendar for 2026: 246 working days, 119 off. The library does not have 31 August (moved
# from Sunday 30 August), so the official list stands.
OFFICIAL = {
    2026: (
        [
            "01-01",
            "01-02",
            "01-07",
            "03-09",
            "03-23",
            "03-24",
            "03-25",
            "05-01",
            "05-07",
            "05-11",
            "05-27",
            "07-06",
            "08-31",
            "10-26",
            "12-16",
        ],
        "official working calendar of 2026",
    )
}
# The first day of Kurban Ait moves from a weekend to the next working day; the library leaves it where it falls. 2024
# stands in the official table of months (June has 19 working days); 2022 and 2027 follow the same rule.
KURBAN_AIT_MOVED = {
    2022: ("07-11", "Kurban Ait moved by rule"),
    2024: ("06-17", "Kurban Ait by the official table of months"),
    2027: ("05-17", "Kurban Ait moved by rule"),
}
HEAD = """\
# Kazakhstan's working calendar, frozen: weekdays that are off, and days of a weekend that are worked (moved days).
# Made by tools/make_working_days.py. basis: official = the government's calendar of the year; secondary = the
# `holidays` package. A year not in this file: Monday to Friday are working days.
"""


def year_days(year: int) -> tuple[list[date], list[date], str, str]:
    """(weekdays off, weekend days worked, basis, source) of one year."""
    if year in OFFICIAL:
        texts, source = OFFICIAL[year]
        return [date.fromisoformat(f"{year}-{t}") for t in texts], [], "official", source
    calendar = holidays.country_holidays("KZ", years=year)
    days = [date(year, 1, 1) + timedelta(n) for n in range(366)]
    days = [d for d in days if d.year == year]
    off = [d for d in days if d.weekday() < 5 and not calendar.is_working_day(d)]
    worked = [d for d in days if d.weekday() >= 5 and calendar.is_working_day(d)]
    source = f"holidays {holidays.__version__}"
    if year in KURBAN_AIT_MOVED:
        text, why = KURBAN_AIT_MOVED[year]
        off = sorted({*off, date.fromisoformat(f"{year}-{text}")})
        source += f"; {why}"
    return off, worked, "secondary", source


def text() -> str:
    """The whole file."""
    parts = [HEAD]
    for year in range(FIRST, LAST + 1):
        off, worked, basis, source = year_days(year)
        parts.append(f'\n[{year}]\nbasis = "{basis}"\nsource = "{source}"\n')
        parts.append("off = [" + ", ".join(d.isoformat() for d in off) + "]\n")
        parts.append("worked = [" + ", ".join(d.isoformat() for d in worked) + "]\n")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
