"""Lists of JSON as explorers' interfaces give them out: each object a row of a table that a reader knows.

A reader says which list is its own (`Format.json`). A list of a chain's own coin does not name the coin, so it is not
read. A row is called by its number in the list. Fees under keys that the reader does not know are told, not lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.reading import Reading
from salyq.sources.format import Format, JsonList
from salyq.sources.tables.unread_fees import is_fee

LARGEST = 200 * 10**6  # bytes: such a list is read at once
_LISTS = ("result", "data")
Rows = Callable[[Format, Sequence[str], list[tuple[int, list[str]]], str], None]


def read_json(path: Path, name: str, formats: Sequence[Format], reading: Reading, read: Rows) -> None:
    """Reads a list that is known, through `read` (form, header, rows, sha256). InputError: it is none."""
    if path.stat().st_size > LARGEST:
        raise InputError(Message("file_kind_unread"), file=name)
    raw = path.read_bytes()
    try:
        found = json.loads(raw, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise InputError(Message("file_kind_unread"), file=name) from None
    items = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), []) if _map(found) else found
    first = _flat(items[0]) if isinstance(items, list) and items else {}
    form = next((f.whole() for f in formats if f.json is not None and {*f.json.keys} <= first.keys()), None)
    if form is None or form.json is None:
        raise InputError(Message("file_kind_unread"), file=name)
    flat = [_flat(item) for item in items]
    known = frozenset(form.json.keys)
    fees = [key for key in dict.fromkeys(key for item in flat for key in item if key not in known) if is_fee(key)]
    rows = [(n, [*_row(form.json, item), *(item.get(key, "") for key in fees)]) for n, item in enumerate(flat, start=1)]
    read(form, [*form.json.header, *fees], rows, hashlib.sha256(raw).hexdigest())
    if _map(found) and _map(found.get("meta")) and found["meta"].get("fingerprint"):
        reading.notices.append((Source(name, 0), Message("notice_json_more_pages")))


def _map(thing: Any) -> bool:
    return isinstance(thing, dict)


def _flat(item: Any) -> dict[str, str]:
    """An object's texts, those of an object inside it under a dotted name."""
    found: dict[str, str] = {}
    for key, value in item.items() if _map(item) else ():
        for name, text in value.items() if _map(value) else ((None, value),):
            if isinstance(text, str):
                found[key if name is None else f"{key}.{name}"] = text
    return found


def _row(layout: JsonList, item: Mapping[str, str]) -> list[str]:
    """A row; one that lacks a key has empty cells there, and the reader says so."""
    return layout.cells({key: item.get(key, "") for key in layout.keys})
