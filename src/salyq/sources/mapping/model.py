"""What a mapping file says: how a table of one source, which Salyq does not know, is read as neutral records.

mapping/file.py reads it, mapping/rows.py applies it. docs/sources/mapping.md describes it for people.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import tzinfo

NUMBERS = ("quantity", "value", "price", "fee", "in_quantity", "out_quantity")
TEXTS = ("kind", "asset", "currency", "fee_asset", "pair", "in_asset", "out_asset", "account", "counterparty")
TEXTS_ALSO = ("group", "id", "note", "document", "hash")
FIELDS = ("time", "zone", *TEXTS, *TEXTS_ALSO, *NUMBERS)
ALWAYS = ("kind", "asset", "currency", "fee_asset", "account", "counterparty", "note", "document")
IGNORE, TRADE = "ignore", "trade"
RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Target:
    """What a word of the kind column means: a kind for what comes in and one for what goes out (often the same).

    "ignore" leaves the row out; "trade" is a deal of two sides, whose kinds follow from the sides."""

    incoming: str
    outgoing: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file. `columns`: field -> titles whose cells are joined by a blank; `only`: title -> words of the
    rows that count; `table`: which own table the rows are (records, energy, …); `words`: field -> word in the file ->
    allowed value; `signs`: "check" (a negative number goes out) or "ignore"."""

    name: str
    file: str
    columns: MappingOf[str, tuple[str, ...]]
    kinds: MappingOf[str, Target]
    always: MappingOf[str, str]
    formats: tuple[str, ...] = ("iso",)
    zone: tzinfo | None = None
    decimal: str = "."
    thousands: str = ""
    signs: str = "check"
    only: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    table: str = RECORDS
    words: MappingOf[str, MappingOf[str, str]] = field(default_factory=dict)

    def titles(self) -> tuple[str, ...]:
        """Every header title that the mapping needs, each once."""
        wanted = [title for titles in self.columns.values() for title in titles] + list(self.only)
        return tuple(dict.fromkeys(wanted))
