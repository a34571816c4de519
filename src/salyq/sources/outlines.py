"""The outline of a reader: all that it declares but its handler, as data that can be kept, and the reader again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from salyq.records.reading import Tells, Yields
from salyq.sources.format import Column, Facts, Format, Handler, JsonList

if TYPE_CHECKING:
    from salyq.sources.book import Book

Load = Callable[[str, str], Format]  # (module, name) -> the reader


def told(form: Format, module: str) -> dict[str, Any]:
    """What a reader of `module` declares, for `outline`."""
    return {
        "name": form.name,
        "module": module,
        "columns": [[c.name, list(c.titles), c.required, c.pattern or "", c.nth, c.after] for c in form.columns],
        "tells": int(form.tells),
        "yields": sorted(form.yields),
        "venue": form.venue,
        "page": form.page,
        "exchange": form.exchange,
        "surely": list(form.surely),
        "unused": list(form.unused),
        "json": list(form.json.keys) if form.json else [],
    }


def outline(kept: Mapping[str, Any], load: Load) -> Format:
    """A reader whose module is loaded when a table is its: `ignores`, `moves` and the rows of `json` are the whole
    one's alone."""

    def whole() -> Format:
        return load(kept["module"], kept["name"])

    def start(book: Book, facts: Facts) -> Handler:
        return whole().start(book, facts)

    def cells(item: Mapping[str, str]) -> list[str]:
        form = whole()
        assert form.json is not None
        return form.json.cells(item)

    return Format(
        kept["name"],
        tuple(
            [
                Column(name, tuple(titles), need, pattern or None, nth, after)
                for name, titles, need, pattern, nth, after in kept["columns"]
            ]
        ),
        start,
        tells=Tells(kept["tells"]),
        yields=frozenset(map(Yields, kept["yields"])),
        venue=kept["venue"],
        page=kept["page"],
        exchange=kept["exchange"],
        surely=tuple(kept["surely"]),
        unused=tuple(kept["unused"]),
        json=JsonList(tuple(kept["json"]), (), cells) if kept["json"] else None,
        load=whole,
    )
