"""The outline of a reader: all that it declares but its handler, as data that can be kept, and the reader again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salyq import records
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
        "columns": [[c.name, list(c.titles), c.required, c.pattern or "", c.nth] for c in form.columns],
        "tells": int(form.tells),
        "yields": sorted(form.yields),
        "venue": form.venue,
        "page": form.page,
        "exchange": form.exchange,
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
                Column(name, tuple(titles), need, pattern or None, nth)
                for name, titles, need, pattern, nth in kept["columns"]
            ]
        ),
        start,
        tells=Tells(kept["tells"]),
        yields=frozenset(map(Yields, kept["yields"])),
        venue=kept["venue"],
        page=kept["page"],
        exchange=kept["exchange"],
        json=JsonList(tuple(kept["json"]), (), cells) if kept["json"] else None,
        load=whole,
    )


def state_of_code() -> str:
    """Changes whenever a file changes that a declaration could come from, by size and time, as Python itself tells
    whether a module must be compiled anew. "" where the code does not lie in files."""
    digest = hashlib.sha256(b"readers 1")
    try:
        for path in (str(Path(__file__).parent), *records.__path__):
            digest.update(path.encode("utf-8", "surrogatepass"))
            for name, size, when in sorted(_files(Path(path))):
                digest.update(f"{name}\0{size}\0{when}\n".encode("utf-8", "surrogatepass"))
    except OSError:
        return ""
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(Path(entry.path))
            else:
                about = entry.stat()
                yield entry.path, about.st_size, about.st_mtime_ns
