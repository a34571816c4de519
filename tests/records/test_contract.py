"""Rows that break the contract of records, among few and among many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_records_table import RECORDS

from salyq.records import columns
from salyq.records.contract import breach, breaches
from salyq.records.model import Record
from salyq.records.table import Records

AMOUNTS = st.sampled_from([None, -1, 0, 10**18, 10**38 - 1, 10**38])
ODD = st.builds(
    lambda r, kind, quantity, value, fee, group: r._replace(
        kind=kind, quantity=quantity or 1, value=value, fee=fee, group=group
    ),
    RECORDS,
    st.sampled_from(["buy", "swap_in", "fee", "nothing", "reversal", "mined"]),
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
    st.sampled_from([None, "g"]),
)


@given(st.lists(ODD, max_size=8))
def test_rows_are_told_that_are_no_records(rows: list[Record]) -> None:
    right = [(r, why) for r in rows if (why := breach(r)) is not None]
    with pytest.MonkeyPatch.context() as patched:
        for many in (1, 10**6):
            patched.setattr(columns, "MANY", many)
            assert breaches(Records(rows)) == right
