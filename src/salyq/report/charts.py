"""Charts as SVG, drawn for paper and screens alike: no script, colours by class, text as text.

A chart only shows what the table beside it says; coordinates are whole hundredths of a pixel of exact numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from html import escape
from math import ceil, floor

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 96, 16, 14, 34
_HEIGHT, _ROW, _LINES = 220, 22, 4
SERIES = ("#0b5c66", "#b35c00", "#5b3a8c", "#2f6b2f", "#8c2f4b", "#4a4a4a")


def axis(values: Sequence[Fraction | None]) -> list[Fraction]:
    """The numbers at the lines of the axis that holds these values and zero."""
    known = [Fraction(0), *(v for v in values if v is not None)]
    return marks(min(known), max(known))


def ends(values: Sequence[Fraction | None]) -> tuple[Fraction, Fraction]:
    """The first and last number of that axis."""
    numbers = axis(values)
    return numbers[0], numbers[-1]


def bars(labels: Sequence[str], values: Sequence[Fraction | None], title: str, tick: Sequence[str] = ()) -> str:
    """Columns over and under a zero line; None leaves its place empty. `tick`: words of the axis, lowest first."""
    low, high = ends(values)
    span = high - low
    inner = _HEIGHT - TOP - BOTTOM
    zero = TOP + inner * high / span
    step = Fraction(WIDTH - LEFT - RIGHT, max(1, len(labels)))
    parts = [_line(LEFT, zero, WIDTH - RIGHT, zero, "axis")]
    for n, (label, value) in enumerate(zip(labels, values, strict=True)):
        x = LEFT + step * n
        parts.append(_text(x + step / 2, _HEIGHT - 12, label, "middle"))
        if value:
            tall = abs(value) / span * inner
            parts.append(
                _box(x + step / 6, zero - tall if value > 0 else zero, step * 2 / 3, tall, SERIES[0], value < 0)
            )
    parts += _ticks(tick, inner)
    return _svg(title, _HEIGHT, parts)


def lines(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[Fraction | None]]], title: str, tick: Sequence[str]
) -> str:
    """Lines over months; a place without a number breaks its line."""
    _, high = ends([v for _, values in series for v in values])
    inner = _HEIGHT - TOP - BOTTOM
    step = Fraction(WIDTH - LEFT - RIGHT, max(1, len(labels)))
    parts = [_line(LEFT, TOP + inner, WIDTH - RIGHT, TOP + inner, "axis")]
    for n, label in enumerate(labels):
        parts.append(_text(LEFT + step * n + step / 2, _HEIGHT - 12, label, "middle"))
    for number, (_, values) in enumerate(series):
        colour = SERIES[number % len(SERIES)]
        run: list[str] = []
        for n, value in enumerate([*values, None]):
            if value is None:
                if len(run) == 1:
                    x, y = run[0].split(",")
                    parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
                elif run:
                    parts.append(f'<polyline points="{" ".join(run)}" fill="none" stroke="{colour}" stroke-width="2"/>')
                run = []
            else:
                run.append(f"{_n(LEFT + step * n + step / 2)},{_n(TOP + inner - value / high * inner)}")
    parts += _ticks(tick, inner)
    height = _HEIGHT + _ROW * ((len(series) + 2) // 3 if len(series) > 1 else 0)
    if len(series) > 1:
        parts += _legend([name for name, _ in series])
    return _svg(title, height, parts)


def spans(
    rows: Sequence[tuple[str, Sequence[tuple[date, date]]]], first: date, last: date, title: str, months: Sequence[str]
) -> str:
    """A bar for each row over the days it covers, first and last included, on a scale of the days first to last."""
    days = (last - first).days + 1
    left = 200
    inner = WIDTH - left - RIGHT
    height = TOP + _ROW * len(rows) + BOTTOM
    parts = []
    for n, month in enumerate(months):
        parts.append(_text(left + Fraction(inner * (2 * n + 1), 2 * len(months)), height - 12, month, "middle"))
    for n, (label, covered) in enumerate(rows):
        y = TOP + _ROW * n
        parts.append(_text(left - 8, y + 14, label if len(label) <= 30 else label[:29] + "…", "end"))
        parts.append(_line(left, y + _ROW - 2, WIDTH - RIGHT, y + _ROW - 2, "grid"))
        for start, end in covered:
            a, b = max(start, first), min(end, last)
            if a <= b:
                x = left + Fraction(inner * (a - first).days, days)
                parts.append(
                    _box(x, y + 4, max(Fraction(2), Fraction(inner * ((b - a).days + 1), days)), 12, SERIES[0], False)
                )
    return _svg(title, height, parts)


def _legend(names: Sequence[str]) -> list[str]:
    parts = []
    for n, name in enumerate(names):
        x, y = LEFT + 200 * (n % 3), _HEIGHT + _ROW * (n // 3) + 8
        parts.append(f'<rect x="{x}" y="{y - 8}" width="12" height="8" fill="{SERIES[n % len(SERIES)]}"/>')
        parts.append(_text(x + 18, y, name, "start"))
    return parts


def _ticks(words: Sequence[str], inner: int) -> list[str]:
    parts = []
    for n, word in enumerate(words):
        y = TOP + inner - Fraction(inner * n, max(1, len(words) - 1))
        parts.append(_text(LEFT - 8, y + 4, word, "end"))
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "grid"))
    return parts


def marks(low: Fraction, high: Fraction) -> list[Fraction]:
    """The numbers at the lines of an axis that holds low to high: 1, 2 or 5 and zeros apart, zero among them."""
    span = (high - low) or Fraction(1)
    step = Fraction(1)
    while step * 10 <= span / _LINES:
        step *= 10
    step *= next(k for k in (1, 2, 5, 10) if step * k >= span / _LINES)
    first, last = floor(low / step), ceil(high / step)
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def _n(value: Fraction | int) -> str:
    hundredths = round(Fraction(value) * 100)
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}" + (f".{rest:02}".rstrip("0") if rest else "")


def _text(x: Fraction | int, y: Fraction | int, text: str, anchor: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: Fraction | int, y1: Fraction | int, x2: Fraction | int, y2: Fraction | int, kind: str) -> str:
    colour = "#767676" if kind == "axis" else "#d0d0d0"
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{colour}" stroke-width="1"/>'


def _box(
    x: Fraction | int, y: Fraction | int, wide: Fraction | int, tall: Fraction | int, colour: str, under: bool
) -> str:
    fill = SERIES[1] if under else colour
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(tall)}" fill="{fill}"/>'


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    name = escape(title, quote=True)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{name}"'
    style = ' font-family="Libertinus Serif, system-ui, sans-serif" font-size="11" fill="#444444">'
    return head + style + "".join(parts) + "</svg>"
