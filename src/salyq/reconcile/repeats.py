"""Repeats of overlapping files, by multiplicity (architecture §5.2).

With a venue's own id, (account, id, kind, asset) decides. Without one, the n-th row of a content in one file is the
n-th row of that content in another: of each content as many rows survive as the richest file has, so that true
repeated fills live and overlaps add nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from salyq.civil.messages import Message
from salyq.reconcile.model import Question
from salyq.reconcile.order import Content, content, sort_key, source_key
from salyq.reconcile.places import places
from salyq.records.model import Record, Source


class Placed(Protocol):
    """A neutral row: it knows where it stands, and `source` is its last field."""

    @property
    def source(self) -> Source: ...
    def __getitem__(self, fields: slice, /) -> tuple[object, ...]: ...


Row = TypeVar("Row", bound=Placed)


class Kept(NamedTuple):
    """What is left, in the order of `sort_key`; what fell, with its rule; and conflicts to ask about."""

    records: list[Record]
    dropped: list[tuple[Source, str]]
    questions: list[Question]


def drop_repeats(records: Sequence[Record]) -> Kept:
    """The records without repeats. Two contents under one id are one event: the commonest stays, and we ask."""
    with_id: dict[tuple[str, str, str, str], list[Record]] = defaultdict(list)
    without: list[Record] = []
    for r in records:
        if r.id is None:
            without.append(r)
        else:
            with_id[r.account, r.id, r.kind, r.asset].append(r)
    kept, fallen = larger_count(without)
    dropped = [(r.source, "repeat") for r in fallen]
    questions: list[Question] = []
    for same in with_id.values():
        stays, falls = _same_id(same)
        kept.append(stays)
        dropped += falls
        if any(rule == "conflicting_rows" for _, rule in falls):
            questions.append(_conflict(stays, same))
    return Kept(sorted(kept, key=sort_key), dropped, questions)


def larger_count(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows that stay (in their order) and rows that are repeats, for rows without an id."""
    groups: dict[Content, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        groups[row[:-1]].append(n)
    if len(groups) == len(rows):
        return list(rows), []
    chosen = {n for same in groups.values() for n in _richest(same, rows)}
    return [r for n, r in enumerate(rows) if n in chosen], [r for n, r in enumerate(rows) if n not in chosen]


def _richest(same: list[int], rows: Sequence[Row]) -> list[int]:
    """Of equal rows, those of the file that has most of them; the same physical row counts once."""
    if len(same) == 1:
        return same
    by_file: dict[str, list[int]] = defaultdict(list)
    physical: set[tuple[str, int]] = set()
    for n in sorted(same, key=lambda n: source_key(rows[n].source)):
        source = rows[n].source
        place = (source.sha256 or source.file, source.line)
        if source.line and place in physical:  # the same file under two names, or a re-export of it
            continue
        physical.add(place)
        by_file[source.file].append(n)
    return min(by_file.items(), key=lambda item: (-len(item[1]), item[0]))[1]


def _same_id(same: list[Record]) -> tuple[Record, list[tuple[Source, str]]]:
    """The record that stays of one (account, id, kind, asset), and the others with the rule by which they fall."""
    if len(same) == 1:
        return same[0], []
    told = Counter(content(r) for r in same)
    stays = min(same, key=lambda r: (-told[content(r)], *sort_key(r)))
    rules = {True: "repeat", False: "conflicting_rows"}
    return stays, [(r.source, rules[content(r) == content(stays)]) for r in same if r is not stays]


def _conflict(stays: Record, same: list[Record]) -> Question:
    sources = tuple(sorted((r.source for r in same), key=source_key))
    params = {"id": stays.id, "asset": stays.asset, "kept": str(stays.source), "places": places(sources)}
    return Question(
        "conflicting_rows",
        "error",
        Message("conflicting_rows", params),
        sources,
        stays.asset,
        stays.quantity,
        stays.day.year,
    )
