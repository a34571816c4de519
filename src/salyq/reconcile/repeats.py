"""Repeats of overlapping files, by multiplicity (architecture §5.2).

With a venue's own id, (account, id, kind, asset) decides. Without one, the n-th row of a content in one file is the
n-th row of that content in another: of each content as many rows survive as the richest file has, so that true
repeated fills live and overlaps add nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from salyq.civil.messages import Message
from salyq.reconcile.books import CONFLICTING, REPEAT
from salyq.reconcile.deals import Classes, told_in
from salyq.reconcile.model import Question
from salyq.reconcile.order import Content, content, in_order, sort_key, source_key
from salyq.reconcile.places import places
from salyq.records.model import Record, Source
from salyq.records.neutral import read_origin
from salyq.records.reading import Rule, Tells
from salyq.records.table import Records


class Placed(Protocol):
    """A neutral row: it knows where it stands, and `source` is its last field."""

    @property
    def source(self) -> Source: ...
    def __getitem__(self, fields: slice, /) -> tuple[object, ...]: ...


class Kept(NamedTuple):
    """What is left, in the order of `sort_key`; what fell, with its rule; and conflicts to ask about.

    `told_in`: the files of each record left that stands in several places.
    """

    records: Records
    dropped: list[tuple[Source, Rule]]
    questions: list[Question]
    told_in: dict[Content, frozenset[str]]
    fallen: list[Record]


def drop_repeats(records: Records, classes: Classes) -> Kept:
    """The records without repeats. Two contents under one id are one event: the first in order stays, and we ask.

    `classes` (deals.py): files of two classes tell one event in their own ways, which exports.py settles later.
    """
    gone = set(_unnamed(records))
    repeated = [records[n] for n in sorted(gone)]
    dropped = [(r.source, REPEAT) for r in repeated]
    elsewhere = [(content(r), told_in(r.source)) for r in repeated]
    questions: list[Question] = []
    for rows in (part for found in _by_name(records) for part in _by_class(found, records, classes)):
        if len(rows) == 1:
            continue
        first, *others = sorted(rows, key=lambda n: sort_key(records[n]))
        gone.update(others)
        stays, falls = records[first], [records[n] for n in others]
        same = [stays, *falls]
        elsewhere += [(content(stays), told_in(r.source)) for r in falls]
        repeated += falls
        rules = {True: REPEAT, False: CONFLICTING}
        dropped += [(r.source, rules[content(r) == content(stays)]) for r in falls]
        if any(content(r) != content(stays) for r in falls):
            questions.append(_conflict(stays, same))
    kept = records.where([n not in gone for n in range(len(records))]) if gone else records
    return Kept(in_order(kept), dropped, questions, _told_in(kept, elsewhere), repeated)


def _unnamed(records: Records) -> list[int]:
    """Repeats among the rows without an id: rows that differ in time, asset or quantity differ."""
    ids = records.column("id")
    if None not in ids:
        return []
    rows = [n for n, own in enumerate(ids) if own is None]
    own = records.take(rows)
    few = list(zip(own.micros, own.column("asset"), own.amounts("quantity").told, strict=True))
    if len(set(few)) == len(few):
        return []
    counts = Counter(few)
    several = [n for n, said in zip(rows, few, strict=True) if counts[said] > 1]
    _, fallen = larger_count([*records.take(several)])  # rows, because each is looked at many times
    return [several[n] for n in fallen]


def _by_name(records: Records) -> list[list[int]]:
    """Places of records that share their (account, id, kind, asset), of those that have an id."""
    ids = records.column("id")
    alone = set(ids)
    if len(alone) == len(ids) or alone == {None}:
        return []
    counts = Counter(ids)
    found: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for n, (own_id, *others) in enumerate(records.rows("id", "account", "kind", "asset")):
        if own_id is not None and counts[own_id] > 1:
            account, kind, asset = others
            found[account, own_id, kind, asset].append(n)
    return [own for own in found.values() if len(own) > 1]


def _by_class(same: list[int], records: Records, classes: Classes) -> list[list[int]]:
    """Records of one id, by the class of their files; those of our own files go with the first other class."""
    found: dict[int, list[int]] = defaultdict(list)
    for n in same:
        found[classes.of(records[n])].append(n)
    own = found.pop(Tells.OWN, [])
    if not found:
        return [own]
    first = max(found)
    found[first] = own + found[first]
    return list(found.values())


def _told_in(kept: Records, elsewhere: Sequence[tuple[Content, str]]) -> dict[Content, frozenset[str]]:
    files: dict[Content, set[str]] = defaultdict(set)
    for what, file in elsewhere:
        files[what].add(file)
    if files:
        for r in kept:
            found = files.get(content(r))
            if found is not None:
                found.add(told_in(r.source))
    return {what: frozenset(found) for what, found in files.items()}


def larger_count(rows: Sequence[Placed]) -> tuple[list[int], list[int]]:
    """Places of rows that stay and of rows that are repeats, for rows without an id."""
    groups: dict[Content, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        groups[row[:-1]].append(n)
    fallen = {n for same in groups.values() if len(same) > 1 for n in set(same).difference(_richest(same, rows))}
    return [n for n in range(len(rows)) if n not in fallen], sorted(fallen)


def _richest(same: list[int], rows: Sequence[Placed]) -> list[int]:
    """Of equal rows, those of the file that has most of them; the same physical row counts once."""
    by_file: dict[str, list[int]] = defaultdict(list)
    by_hand: dict[str, list[int]] = defaultdict(list)  # rows of a file that also holds rows of other files
    physical: set[tuple[str, str]] = set()
    copied = {rows[n].source.file for n in same if rows[n].source.origin}
    for n in sorted(same, key=lambda n: source_key(rows[n].source)):
        source = rows[n].source
        file, line = _evidence(source)
        if line and (file, line) in physical:  # the same file under two names, or a re-export of it
            continue
        physical.add((file, line))
        (by_hand if source.file in copied and not source.origin else by_file)[file].append(n)
    richest = min(by_file.values(), key=lambda found: (-len(found), source_key(rows[found[0]].source)), default=[])
    return richest + [n for added in by_hand.values() for n in added]


def _evidence(source: Source) -> tuple[str, str]:
    """File (its hash where known) and line that a row first stood in."""
    origin = read_origin(source.origin) if source.origin else None
    return told_in(source), origin.line if origin else str(source.line or "")


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
