"""Repeats as columns: what reconcile/repeats.py settles for one person, all of whose rows of a table are one file.

Rows of a person that share a venue's id, their account, kind and asset are one event. Where they say the same in every
cell, the first stays; where they do not, it is for the reconciler to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.population.texts_many import Texts

if TYPE_CHECKING:
    from salyq.population.records_many import Records

_SAME = ("time", "quantity", "value", "has_value", "fee", "has_fee")


def repeated(found: Records, texts: Mapping[str, Texts]) -> tuple[Any, Any, Any]:
    """(rows that repeat one before them, the first row of each one's event, rows of one event that say something else
    than the first of it)."""
    rows = _named_twice(found, texts["id"].numbers())
    if not len(rows):
        return rows, rows, rows
    keys = (found.asset[rows], found.kind[rows], found.account[rows], texts["id"].numbers()[rows], found.person[rows])
    order = np.lexsort((rows, *keys))  # the first of an event by its place: the order in which rows stand
    new = np.ones(len(rows), bool)
    new[1:] = np.logical_or.reduce([k[order][1:] != k[order][:-1] for k in keys])
    own = rows[order]
    first = own[new][np.cumsum(new) - 1]
    other, of = own[~new], first[~new]
    alike = np.ones(len(other), bool)
    for name in _SAME:
        said = getattr(found, name)
        alike &= np.asarray(said[other] == said[of], bool)
    for column in texts.values():
        alike &= column.places[other] == column.places[of]
    return other[alike], of[alike], other[~alike]


def _named_twice(found: Records, numbers: Any) -> Any:
    """Rows that share their person and a venue's id with another."""
    named = np.flatnonzero((numbers >= 0) & (found.person >= 0))
    order = named[np.lexsort((numbers[named], found.person[named]))]
    person, number = found.person[order], numbers[order]
    same = np.zeros(len(order), bool)
    same[1:] = (person[1:] == person[:-1]) & (number[1:] == number[:-1])
    same[:-1] |= same[1:]
    return np.sort(order[same])
