"""Arrays that we write as text are read by the database as what they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salyq.office.ledger.arrays import array_text

HOSTILE = [
    "",
    " ",
    "NULL",
    "null",
    '"',
    "\\",
    '\\"',
    "{",
    "}",
    ",",
    "a,b",
    "{a}",
    "\n",
    "\t\r",
    "'",
    "қ",
    "😀",
    "\\x00",
    " a ",
]
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5)), timezone(-timedelta(hours=9, minutes=30))])
TIMES = st.datetimes(datetime(2, 1, 2), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.sampled_from(HOSTILE)
COLUMNS = st.one_of(
    *(
        st.tuples(st.just(kind), st.lists(st.none() | values, max_size=8))
        for kind, values in (
            ("text", TEXTS),
            ("bytea", st.binary(max_size=40)),
            ("bigint", st.integers(-(2**63), 2**63 - 1)),
            ("numeric", st.integers(-(10**40), 10**40)),
            ("boolean", st.booleans()),
            ("timestamptz", TIMES),
        )
    )
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(COLUMNS, min_size=1, max_size=8))
def test_an_array_is_read_as_it_was(database: str, columns: list[tuple[str, list[Any]]]) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("set timezone = 'UTC'")
        for kind, column in [("text", HOSTILE), *columns]:
            row = connection.execute(f"select %s::{kind}[]".encode(), (array_text(column),)).fetchone()
            assert row == (column,)


def test_a_column_of_two_kinds_is_no_column() -> None:
    """What does not fit is not left out: the rows below it would move up."""
    for column in ([b"a", "b"], [datetime(2026, 1, 1, tzinfo=UTC), 5]):
        with pytest.raises(AttributeError):
            array_text(column)
