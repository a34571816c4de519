"""Coins that were renamed (semantics 42), as the person says, or the venue: their history goes on under the new name,
nothing is sold.

Rows of the old name up to the day are told under the new one, at the ratio; so are quotes, balances, payouts, and the
rows that other answers name. The venue's own exchange of the old name for the new one is no deal: its rows are left
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from salyq.civil.days import kz_day
from salyq.civil.messages import Message
from salyq.civil.numbers import round_half_up
from salyq.records.answers import Answer, RowName
from salyq.records.model import UNIT, Record
from salyq.records.reading import Reading
from salyq.records.swaps import TwoLegs, two_legs
from salyq.records.table import Records
from salyq.sources.habits.renaming import is_renaming
from salyq.sources.settle import RENAMED, leave_out


def settle_renamed(reading: Reading) -> None:
    """Apply every answer of the kind and every renaming that a venue tells, in order of days. Call once, before
    anything else is settled."""
    renamed = [*reading.renamed, *_told_by_venues(reading)]
    for answer in sorted(renamed, key=lambda a: (a.day or date.max, a.asset, a.to)):
        _settle(reading, answer)


def _told_by_venues(reading: Reading) -> list[Answer]:
    """Renamings by the venues' own words, one ratio for each pair of names. Where the old name is told after the day
    (by another venue, say), it stays the swap that the rows tell, and a notice says how to answer."""
    if not any(map(is_renaming, set(reading.records.column("note")))):
        return []
    pairs: dict[tuple[str, str], list[TwoLegs]] = {}
    for swap in two_legs(reading.records):
        if is_renaming(swap.given.note) and swap.given.asset != swap.taken.asset:
            pairs.setdefault((swap.given.asset, swap.taken.asset), []).append(swap)
    found: list[Answer] = []
    for (old, new), own in pairs.items():
        first = own[0].given
        day = max(swap.given.day for swap in own)
        ratio = round_half_up(own[0].taken.quantity * UNIT, first.quantity)
        said = Answer("renamed", (), first.source, day=day, asset=old, to=new, ratio=ratio)
        alike = all(swap.at(ratio) for swap in own)
        later = any(d > day and old in named for d, *named in _named(reading.records))
        if any(old == a.asset for a in reading.renamed):
            continue
        if alike and not later:
            found.append(said)
        else:
            params = {"place": first.source.place, "old": old, "new": new, "day": day.isoformat()}
            reading.notices.append((first.source, Message("notice_maybe_renamed", params)))
    return found


def _settle(reading: Reading, said: Answer) -> None:
    until = said.day or date.max
    count = sum(d <= until and said.asset in named for d, *named in _named(reading.records))
    _drop_exchanges(reading, said)
    reading.records = Records([_record(r, said) if r.day <= until else r for r in reading.records])
    reading.payouts = [
        p._replace(
            asset=said.to, quantity=_times(p.quantity, said), commission=p.commission and _times(p.commission, said)
        )
        if p.asset == said.asset and p.day <= until
        else p
        for p in reading.payouts
    ]
    reading.asset_values = [
        v._replace(asset=said.to, value=round_half_up(v.value * UNIT, said.ratio))
        if v.asset == said.asset and v.day <= until
        else v
        for v in reading.asset_values
    ]
    reading.balances = [
        b._replace(asset=said.to, quantity=_times(b.quantity, said))
        if b.asset == said.asset and kz_day(b.time) <= until
        else b
        for b in reading.balances
    ]
    reading.answers = [replace(a, rows=tuple(_name(row, said, until) for row in a.rows)) for a in reading.answers]
    params = {"old": said.asset, "new": said.to, "until": until.isoformat(), "count": count}
    reading.notices.append((said.source, Message("notice_renamed" if count else "notice_renamed_nothing", params)))


def _drop_exchanges(reading: Reading, said: Answer) -> None:
    """Rows that only give the old name for the new one at the ratio, on whatever day the venue did it."""
    names = said.asset, said.to
    swaps = two_legs(reading.records)
    gone = {s.key for s in swaps if (s.given.asset, s.taken.asset) == names and s.at(said.ratio)}
    if gone:
        leave_out(reading, gone, RENAMED)


def _named(records: Records) -> Iterator[tuple[Any, ...]]:
    return records.rows("day", "asset", "fee_asset", "currency")


def _record(r: Record, said: Answer) -> Record:
    if said.asset not in (r.asset, r.fee_asset, r.currency):
        return r
    changes: dict[str, object] = {}
    if r.asset == said.asset:
        changes |= {"asset": said.to, "quantity": max(_times(r.quantity, said), 1)}
    if r.fee_asset == said.asset and r.fee is not None:
        changes |= {"fee_asset": said.to, "fee": max(_times(r.fee, said), 1)}
    if r.currency == said.asset and r.value is not None:
        changes |= {"currency": said.to, "value": _times(r.value, said)}
    return r._replace(**changes)  # type: ignore[arg-type]


def _name(row: RowName, said: Answer, until: date) -> RowName:
    """How another answer names a row of the old name: as the row is told now."""
    if row.asset != said.asset or row.time is None or kz_day(row.time) > until:
        return row
    return row._replace(asset=said.to, quantity=row.quantity and _times(row.quantity, said))


def _times(quantity: int, said: Answer) -> int:
    return round_half_up(quantity * said.ratio, UNIT)


def others(answers: Iterable[Answer]) -> tuple[list[Answer], list[Answer]]:
    """(answers about rows, answers that a coin was renamed)."""
    found = list(answers)
    return [a for a in found if a.say != "renamed"], [a for a in found if a.say == "renamed"]
