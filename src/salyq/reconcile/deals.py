"""Deals of a venue's exports: what was given for what, whichever way an export tells it (one row, a swap pair)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from salyq.records.model import Record, Source
from salyq.records.neutral import read_origin
from salyq.records.reading import FileReport, Tells, Yields
from salyq.records.table import Records

_EPOCH, _SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)


class Classes:
    """How fully the file tells its account that a record came from: a Tells."""

    def __init__(self, files: Sequence[FileReport], readers: Mapping[str, Tells]) -> None:
        """`readers`: what each known reader tells, for records that were read before and written to a file."""
        self.readers = readers
        self.by_file = {report.file: report.tells for report in files if Yields.RECORDS in report.yields}

    def of(self, record: Record) -> Tells:
        """The class of a record; one of a records file that Salyq wrote is of the class it was read as."""
        known = self.by_file.get(record.source.file, Tells.OWN)
        if known is Tells.OWN and "!" in record.source.origin:
            origin = read_origin(record.source.origin)
            return self.readers.get(origin.reader, Tells.FILLS) if origin and origin.reader else Tells.OWN
        return known

    def all_own(self, records: Records) -> bool:
        """Whether every record is of the person's own files, and none was read from another before."""
        return set(self.by_file.values()) <= {Tells.OWN} and not any(records.column("origin"))

    def several(self) -> bool:
        """Whether two classes are possible at all."""
        return len(set(self.by_file.values())) > 1 or Tells.OWN in self.by_file.values()


def told_in(source: Source) -> str:
    """The file that first told a row: what a records file says of its origin, else the file itself."""
    origin = read_origin(source.origin) if source.origin else None
    return (origin.sha256 or origin.file) if origin else source.sha256 or source.file


class Deal(NamedTuple):
    """`given` (asset or currency) for `taken`, quantities in 10⁻¹⁸; `members`: indices of its records, in order."""

    account: str
    second: int
    given: str
    taken: str
    gave: int
    took: int
    id: str | None
    members: tuple[int, ...]


def deals(records: Records, rows: Sequence[int]) -> list[Deal]:
    """The deals that `rows` tell, in order of time. A swap whose sides are not one asset each is none."""
    found: list[Deal] = []
    swaps: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for n, r in zip(rows, records.some(rows), strict=True):
        if r.kind in ("swap_in", "swap_out") and r.group:
            swaps[told_in(r.source), r.account, r.group].append(n)
        elif r.kind in ("buy", "sell") and r.value is not None and r.currency:
            sides = (r.currency, r.asset, r.value, r.quantity)
            if r.kind == "sell":
                sides = (r.asset, r.currency, r.quantity, r.value)
            found.append(Deal(r.account, second(r), *sides, r.id, (n,)))
    for members in swaps.values():
        deal = _swap([records[n] for n in members], tuple(members))
        if deal is not None:
            found.append(deal)
    return sorted(found, key=lambda d: (d.second, d.members))


def _swap(legs: Sequence[Record], members: tuple[int, ...]) -> Deal | None:
    sides: Mapping[str, dict[str, int]] = {"swap_out": {}, "swap_in": {}}
    for leg in legs:
        side = sides[leg.kind]
        side[leg.asset] = side.get(leg.asset, 0) + leg.quantity
    outs, ins = sides["swap_out"], sides["swap_in"]
    if len(outs) != 1 or len(ins) != 1:
        return None
    ((given, gave),) = outs.items()
    ((taken, took),) = ins.items()
    ids = {leg.id for leg in legs}
    first = min(legs, key=lambda leg: leg.time)
    return Deal(first.account, second(first), given, taken, gave, took, ids.pop() if len(ids) == 1 else None, members)


def second(record: Record) -> int:
    """Whole seconds since 1970 in UTC."""
    return (record.time - _EPOCH) // _SECOND
