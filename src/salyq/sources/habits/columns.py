"""Layouts that say the same under other titles: each column bears a common name, and what a layout lacks is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from salyq.sources.format import Column

Cells = tuple[str, ...]


def arranged(columns: Sequence[Column], order: Sequence[str]) -> Callable[[Cells], Cells]:
    """What puts the cells of `columns` into the order of common names. ValueError: a column has no such name, unless
    it begins with "_": such a one only tells the layout from others."""
    names = [column.name for column in columns]
    unknown = {name for name in names if not name.startswith("_")} - set(order)
    if unknown:
        raise ValueError(f"no common name: {', '.join(sorted(unknown))}")
    places = [names.index(name) if name in names else len(names) for name in order]

    def arrange(cells: Cells) -> Cells:
        whole = (*cells, "")
        return tuple([whole[place] for place in places])

    return arrange
