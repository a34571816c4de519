"""Transfers of one coin of one person that columns do not tell apart, settled by the reconciler from these rows alone.

What it does with transfers hangs on rows of the same asset only (reconcile/transfers.py, splits.py, payouts.py): given
coin's transfers and what was mined of it, its answer is that of the whole. One that leaves nothing open is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from salyq.population.texts_many import Texts
from salyq.reconcile.model import Ledger
from salyq.reconcile.run import reconcile
from salyq.records.model import Payout, Record, Source
from salyq.records.person import Person
from salyq.records.reading import Reading
from salyq.records.table import Records as Table
from salyq.rulebook.columns import text_of

if TYPE_CHECKING:
    from salyq.population.records_many import Records

WHOLE = frozenset({"hash", "exact", "near"})  # a transfer of one row on either side


def settled(
    r: Records, texts: Mapping[str, Texts], person: Person, moved: Any, mined: Any
) -> tuple[list[int], list[int]] | None:
    """(outs, ins) of rows that move a coin; None where something is asked, open, told twice or told in parts. `mined`:
    rows of what was mined of it. A record stands as a payout does: of one that finds no receipt nothing else hangs."""
    reading = Reading(
        records=Table([_record(r, texts, n) for n in moved.tolist()]),
        payouts=[_payout(r, texts, n) for n in mined.tolist()],
    )
    found = reconcile(reading, person)
    if not _closed(found, len(moved)):
        return None
    return [t.sent.source.line for t in found.transfers], [t.received.source.line for t in found.transfers]


def _closed(found: Ledger, count: int) -> bool:
    left = found.questions or found.notices or found.same_events or found.unmatched_in or found.unmatched_out
    return not left and 2 * len(found.transfers) == count and all(t.how in WHOLE for t in found.transfers)


def _cell(texts: Mapping[str, Texts], name: str, row: int) -> str | None:
    column = texts[name]
    return column.cells[column.places[row]] or None


def _record(r: Records, texts: Mapping[str, Texts], row: int) -> Record:
    has_fee = bool(r.has_fee[row])
    return Record(
        time=datetime.fromtimestamp(int(r.time[row]), UTC),
        day=date.fromordinal(int(r.day[row])),
        kind=text_of(int(r.kind[row])),
        asset=text_of(int(r.asset[row])),
        quantity=int(r.quantity[row]) * r.grain,
        fee=int(r.fee[row]) * r.grain if has_fee else None,
        fee_asset=text_of(int(r.fee_asset[row])) if has_fee else None,
        account=text_of(int(r.account[row])),
        counterparty=_cell(texts, "counterparty", row),
        note=_cell(texts, "note", row),
        hash=_cell(texts, "hash", row),
        source=Source("records", row),
    )


def _payout(r: Records, texts: Mapping[str, Texts], row: int) -> Payout:
    return Payout(
        day=date.fromordinal(int(r.day[row])),
        asset=text_of(int(r.asset[row])),
        quantity=int(r.quantity[row]) * r.grain,
        pool=_cell(texts, "counterparty", row),
        pool_bin=None,
        commission=None,
        wallet=None,
        licence=None,
        source=Source("payouts", row),
    )
