"""Charts as SVG made by the server: no script, colours of the sheet, a title for who does not see it. The page puts the
table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from salyq.civil.messages import Words

_BAR: Final = Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>')
_NAME: Final = Markup('<text class="tick" x="{}" y="{}" text-anchor="start">{}</text>')
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 240, 44, 28


def bars(rows: Sequence[tuple[str, int | Decimal]], title: str | Words) -> Markup:
    """One bar a row; the axis begins at zero."""
    if not rows:
        return Markup("")
    top = _nice(max(count for _, count in rows))
    step = (WIDTH - LEFT) * 100 // len(rows)
    drawn = [Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, title)]
    for part in range(5):
        value = top * part // 4
        y = _y(value, top)
        drawn.append(Markup('<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>').format(LEFT, WIDTH, y))
        drawn.append(
            Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(LEFT - 6, y + 4, value)
        )
    every = max(1, len(rows) // 8)
    for n, (label, count) in enumerate(rows):
        x, y = LEFT + n * step // 100, _y(count, top)
        width = max(1, step * 80 // 10_000)
        drawn.append(_BAR.format(x, y, width, HEIGHT - BOTTOM - y, label, count))
        if n % every == 0:
            short = label if len(label) <= 12 else label[:11] + "…"
            drawn.append(_NAME.format(x, HEIGHT - 8, short))
    return Markup("").join([*drawn, Markup("</svg>")])


def _y(value: int | Decimal, top: int) -> int:
    return HEIGHT - BOTTOM - int(value * (HEIGHT - BOTTOM - 12) // top)


def _nice(highest: int | Decimal) -> int:
    """The end of the axis: a multiple of four above the highest bar."""
    step = 1
    while step * 4 < highest:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    return step * 4
