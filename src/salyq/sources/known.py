"""What Salyq knows by itself, for people to read: each reader with its venue, header and page."""

from __future__ import annotations

from typing import NamedTuple

from salyq.sources.registry import outlines


class KnownReader(NamedTuple):
    """`venue`: "Salyq" for a format of our own, "" for one of no venue. `columns`: titles; `optional` of them may be
    absent. `page`: where the documentation describes it. `tells`, `yields`: as the reader declares them."""

    reader: str
    venue: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    page: str
    tells: str
    yields: tuple[str, ...]


def known_readers() -> list[KnownReader]:
    """Every reader, in the order in which they are asked."""
    found = []
    for form in outlines():
        titles = tuple([column.titles[0] if column.titles else column.name for column in form.columns])
        optional = tuple([t for t, column in zip(titles, form.columns, strict=True) if not column.required])
        told = form.tells.name.lower(), tuple(sorted(form.yields))
        found.append(KnownReader(form.name, form.venue, titles, optional, form.page, *told))
    return found
