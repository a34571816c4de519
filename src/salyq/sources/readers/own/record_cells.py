"""Cells of a records file that are read alike row by row and by columns."""

from __future__ import annotations

from salyq.records.kinds import KINDS, Kind
from salyq.sources.format import RowError
from salyq.sources.habits.cells import positive
from salyq.sources.habits.words import meant


def kind_named(name: str) -> Kind:
    """The kind that a word means, in any of the languages."""
    kind = KINDS.get(name)
    if kind is None:
        word = meant(name, "kind", KINDS) if name else None
        if word is None:
            raise RowError("kind", name or None, "row_unknown_kind", kinds=", ".join(KINDS))
        kind = KINDS[word]
    return kind


def check_lot(text: str) -> None:
    """`id:quantity;…`"""
    for pick in text.split(";"):
        name, _, quantity = pick.rpartition(":")
        if not name.strip():
            raise RowError("lot", text, "row_bad_lot")
        positive(quantity.strip(), "lot")
