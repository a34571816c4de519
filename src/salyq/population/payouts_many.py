"""Payouts of pools as the records that they make (reconcile/payouts.py), beside the records of a part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.days import kz_midnight
from salyq.population.coded import as_text, missing
from salyq.population.numbers_many import is_plain
from salyq.population.tables import FILE, PERSON, ROW, in_codes
from salyq.reconcile.payouts import NO_POOL

if TYPE_CHECKING:
    import pyarrow as pa

_SAYS = ("asset", "quantity", "pool")
_MORE = ("pool_bin", "commission", "wallet", "licence")  # of payouts that are for one by one
YEARS = (2005, 2198)  # of which columns know the clock


def with_payouts(records: pa.Table, payouts: pa.Table) -> tuple[pa.Table, set[str]]:
    """(records and a row more for each payout that is plain, persons whose payouts are for one by one: one is not
    plain, or told twice, or a row of records may tell it too)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = {n: trimmed(payouts, n) for n in ("date", *_SAYS, *_MORE)}
    moments, fine = _moments(cells["date"])
    for name in _MORE:
        fine &= pc.equal(cells[name], "").to_numpy(zero_copy_only=False)
    fine &= is_plain(cells["quantity"])
    person = as_text(payouts.column(PERSON))
    odd = set(person.filter(pa.array(~fine)).to_pylist()) | _told_twice(person, cells) | _mined(records, person)
    kept = pa.array(np.flatnonzero(fine))
    if not len(kept):
        return records, odd
    pool = cells["pool"].take(kept)
    made = {
        PERSON: person.take(kept),
        "time": _timed(moments[fine], records.schema.field("time").type),
        "kind": pa.repeat("mined", len(kept)),
        "asset": cells["asset"].take(kept),
        "account": pc.if_else(pc.equal(pool, ""), NO_POOL, pool),
        "counterparty": pool,
        **{n: payouts.column(n).combine_chunks().take(kept) for n in (FILE, ROW)},
    }
    return _together(records, made, cells["quantity"].take(kept)), odd


def trimmed(table: pa.Table, name: str) -> pa.Array:
    """A column of text without blanks around its cells; one that no file has is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in table.column_names:
        return pa.repeat("", table.num_rows)
    return pc.utf8_trim_whitespace(table.column(name).combine_chunks())


def days_of(cells: pa.Array) -> tuple[Any, Any]:
    """(ordinals of days written YYYY-MM-DD, marks of those that are); asked once a distinct cell."""
    encoded = cells.dictionary_encode()
    found = np.array([_day(text) for text in encoded.dictionary.to_pylist()], np.int64)
    days = found[encoded.indices.to_numpy()] if len(found) else np.zeros(len(cells), np.int64)
    return days, days > 0


def _day(text: str) -> int:
    """Its ordinal; 0 where it is no plain day."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else date.min
    except ValueError:
        return 0
    return day.toordinal() if YEARS[0] <= day.year <= YEARS[1] else 0


def _moments(cells: pa.Array) -> tuple[Any, Any]:
    """(seconds since 1970 of the midnights in Kazakhstan with which days begin, marks of plain days)."""
    days, fine = days_of(cells)
    distinct, places = np.unique(days, return_inverse=True)
    starts = [int(kz_midnight(date.fromordinal(d)).timestamp()) if d else 0 for d in distinct.tolist()]
    return np.array(starts, np.int64)[places], fine


def _told_twice(person: pa.Array, cells: dict[str, pa.Array]) -> set[str]:
    """Persons of whom two payouts of one day are alike in asset and pool: the reconciler says whether they are one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = ("date", "asset", "pool")
    rows = pa.table({PERSON: person, **{n: cells[n] for n in keys}})
    counted = rows.group_by([PERSON, *keys]).aggregate([([], "count_all")])
    return set(counted.filter(pc.greater(counted.column("count_all"), 1)).column(PERSON).to_pylist())


def _mined(records: pa.Table, person: pa.Array) -> set[str]:
    """Persons with payouts and with records of what was mined."""
    import pyarrow.compute as pc

    mined = pc.equal(pc.utf8_trim_whitespace(as_text(records.column("kind"))), "mined")
    return set(records.column(PERSON).filter(mined).unique().to_pylist()) & set(person.unique().to_pylist())


def _timed(moments: Any, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    times = pa.array(moments, pa.timestamp("s", "UTC"))
    return times.cast(kind) if pa.types.is_timestamp(kind) else pc.strftime(times, "%Y-%m-%dT%H:%M:%SZ")


def _together(records: pa.Table, made: dict[str, pa.Array], quantity: pa.Array) -> pa.Table:
    """The records, then the rows made, with the columns that one of them has."""
    import pyarrow as pa

    kind = records.schema.field("quantity").type
    if pa.types.is_decimal(kind):
        exact = quantity.cast(pa.decimal128(38, 18))
        try:
            made["quantity"] = exact.cast(kind)
        except pa.ArrowInvalid:  # finer than any record
            place = records.column_names.index("quantity")
            records = records.set_column(place, "quantity", records.column("quantity").cast(exact.type))
            made["quantity"] = exact
    else:
        made["quantity"] = quantity
    for name in ("account", "counterparty"):
        if name not in records.column_names:
            records = records.append_column(name, missing(records.num_rows))
    rows = len(made[PERSON])
    columns = [made.get(f.name, _nothing(f.type, rows)) for f in records.schema]
    own = pa.Table.from_arrays(
        [
            in_codes(c) if pa.types.is_dictionary(f.type) else c.cast(f.type)
            for c, f in zip(columns, records.schema, strict=True)
        ],
        records.schema.names,
    )
    return pa.concat_tables([records, own]).combine_chunks()


def _nothing(kind: pa.DataType, count: int) -> pa.Array:
    """Cells without a value: empty where they are text, null where they are numbers."""
    import pyarrow as pa

    text = pa.types.is_string(kind) or pa.types.is_dictionary(kind)
    return pa.repeat("", count) if text else pa.nulls(count, kind)
