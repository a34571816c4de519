"""A value of law through time as a small step line, in the colours of the page; the table behind it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 400, 150, 20, 20, 24, 22
_MOST_YEARS = 6  # marks on the line of time


class Step(NamedTuple):
    """One version: its number holds from `first` to `last`, both inclusive."""

    first: date
    last: date
    number: Fraction
    shown: str


def through_time(steps: Sequence[Step], title: str) -> str:
    """An SVG drawing. `steps` in order of time, at least one."""
    first, last = steps[0].first, max(s.last for s in steps)
    top = max(s.number for s in steps)
    parts = [_line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis")]
    for year in _years(first, last):
        x = _x(date(year, 1, 1), first, last)
        parts.append(_line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4, "axis"))
        parts.append(f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="middle">{year}</text>')
    path: list[str] = []
    at: int | None = None
    before = ""
    free = -1
    for s in steps:
        x1, x2, y = _x(s.first, first, last), _x(s.last, first, last), _y(s.number, top)
        path.append(f"M{x1} {y}H{x2}" if at is None else f"V{y}H{x2}" if at == x1 else f"M{x1} {y}H{x2}")
        at = x2
        wide = 7 * len(s.shown)
        begin = max(LEFT, min(x1, WIDTH - RIGHT - wide))
        if begin >= free and s.shown != before:  # words never stand on one another, nor are they said twice
            parts.append(f'<text class="num" x="{begin}" y="{y - 6}">{escape(s.shown)}</text>')
            before, free = s.shown, begin + wide + 8
    parts.append(f'<path class="step" d="{"".join(path)}"/>')
    name = escape(title, quote=True)
    head = f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    return f'{head} aria-label="{name}">{"".join(parts)}</svg>'


def _years(first: date, last: date) -> list[int]:
    years = [y for y in range(first.year, last.year + 2) if first <= date(y, 1, 1) <= last]
    return years[:: max(1, -(-len(years) // _MOST_YEARS))]


def _x(day: date, first: date, last: date) -> int:
    span = max(1, (last - first).days)
    return LEFT + (WIDTH - LEFT - RIGHT) * (min(day, last) - first).days // span


def _y(number: Fraction, top: Fraction) -> int:
    return HEIGHT - BOTTOM - (int((HEIGHT - TOP - BOTTOM) * number / top) if top > 0 else 0)


def _line(x1: int, y1: int, x2: int, y2: int, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
