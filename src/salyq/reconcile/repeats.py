"""Repeats of overlapping files, by multiplicity (architecture §5.2).

With a venue's own id, (account, id, kind, asset) decides. Without one, the n-th row of a content in one file is the
n-th row of that content in another: of each content as many rows survive as the richest file has, so that true
repeated fills live and overlaps add nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeVar

from salyq.civil.messages import Message
from salyq.reconcile.books import CONFLICTING, REPEAT
from salyq.reconcile.deals import Classes, told_in
from salyq.reconcile.model import Question
from salyq.reconcile.order import Content, content, in_order, sort_key, source_key
from salyq.reconcile.places import places
from salyq.records.model import Record, Source
from salyq.records.neutral import read_origin
from salyq.records.reading import Rule, Tells


class Placed(Protocol):
    """A neutral row: it knows where it stands, and `source` is its last field."""

    @property
    def source(self) -> Source: ...
    def __getitem__(self, fields: slice, /) -> tuple[object, ...]: ...


Row = TypeVar("Row", bound=Placed)
_FEW = [Record._fields.index(name) for name in ("time", "asset", "quantity")]


class Kept(NamedTuple):
    """What is left, in the order of `sort_key`; what fell, with its rule; and conflicts to ask about.

    `told_in`: the files of each record left that stands in several places.
    """

    records: list[Record]
    dropped: list[tuple[Source, Rule]]
    questions: list[Question]
    told_in: dict[Content, frozenset[str]]
    fallen: list[Record]


def drop_repeats(records: Sequence[Record], classes: Classes) -> Kept:
    """The records without repeats. Two contents under one id are one event: the first in order stays, and we ask.

    `classes` (deals.py): files of two classes tell one event in their own ways, which exports.py settles later.
    """
    kept, fallen = larger_count([r for r in records if r.id is None], itemgetter(*_FEW))
    named, with_id = _by_name([r for r in records if r.id is not None])
    kept += named
    repeated = list(fallen)
    dropped = [(r.source, REPEAT) for r in fallen]
    elsewhere = [(content(r), told_in(r.source)) for r in fallen]
    questions: list[Question] = []
    for same in (part for found in with_id for part in _by_class(found, classes)):
        if len(same) == 1:
            kept += same
            continue
        stays, *falls = sorted(same, key=sort_key)
        kept.append(stays)
        elsewhere += [(content(stays), told_in(r.source)) for r in falls]
        repeated += falls
        rules = {True: REPEAT, False: CONFLICTING}
        dropped += [(r.source, rules[content(r) == content(stays)]) for r in falls]
        if any(content(r) != content(stays) for r in falls):
            questions.append(_conflict(stays, same))
    return Kept(in_order(kept), dropped, questions, _told_in(kept, elsewhere), repeated)


def _by_name(records: Sequence[Record]) -> tuple[list[Record], list[list[Record]]]:
    """Records that are alone with their (account, id, kind, asset), and those that share it."""
    if len({r.id for r in records}) == len(records):
        return list(records), []
    names = [(r.account, r.id, r.kind, r.asset) for r in records]
    found: dict[tuple[str, str | None, str, str], list[Record]] = defaultdict(list)
    for name, r in zip(names, records, strict=True):
        found[name].append(r)
    return [own[0] for own in found.values() if len(own) == 1], [own for own in found.values() if len(own) > 1]


def _by_class(same: list[Record], classes: Classes) -> list[list[Record]]:
    """Records of one id, by the class of their files; those of our own files go with the first other class."""
    found: dict[int, list[Record]] = defaultdict(list)
    for r in same:
        found[classes.of(r)].append(r)
    own = found.pop(Tells.OWN, [])
    if not found:
        return [own]
    first = max(found)
    found[first] = own + found[first]
    return list(found.values())


def _told_in(kept: Sequence[Record], elsewhere: Sequence[tuple[Content, str]]) -> dict[Content, frozenset[str]]:
    files: dict[Content, set[str]] = defaultdict(set)
    for what, file in elsewhere:
        files[what].add(file)
    if files:
        for r in kept:
            found = files.get(content(r))
            if found is not None:
                found.add(told_in(r.source))
    return {what: frozenset(found) for what, found in files.items()}


def larger_count(rows: Sequence[Row], few: Callable[[Row], Hashable] | None = None) -> tuple[list[Row], list[Row]]:
    """Rows that stay (in their order) and rows that are repeats, for rows without an id. `few`: what is asked of each
    first; rows that differ in it differ."""
    alike: Iterable[int] = range(len(rows))
    if few is not None:
        seen = [few(row) for row in rows]
        counts = Counter(seen)
        alike = [n for n, own in enumerate(seen) if counts[own] > 1] if len(counts) < len(rows) else ()
    groups: dict[Content, list[int]] = defaultdict(list)
    for n in alike:
        groups[rows[n][:-1]].append(n)
    fallen = {n for same in groups.values() if len(same) > 1 for n in set(same).difference(_richest(same, rows))}
    if not fallen:
        return list(rows), []
    return [r for n, r in enumerate(rows) if n not in fallen], [rows[n] for n in sorted(fallen)]


def _richest(same: list[int], rows: Sequence[Row]) -> list[int]:
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
