"""A table of records is a list of records, whatever was done to it; its rows are made from columns."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.records import table
from salyq.records.columns import NONE, Amounts, Same, Times
from salyq.records.model import Record, Source
from salyq.records.table import NAMES, Records
from salyq.records.texts import Texts

START = datetime(2025, 3, 1, 6, tzinfo=UTC)
# Of eight decimals, of eighteen, of none that 64 bits hold, and the ends of what they hold.
ENDS = [(2**63 - 1) * 10**10, -(2**63) * 10**10, 2**63 - 1]
NUMBERS = st.sampled_from([1, 10**10, 3 * 10**18, 10**37, 7 * 10**6, *ENDS])
MAYBE = st.none() | NUMBERS
TEXTS = st.sampled_from([None, "", "a", "б"])
SOURCES = st.builds(
    Source, st.sampled_from(["a.csv", "b.csv"]), st.integers(0, 9), st.just(""), st.sampled_from(["", "x!y:1:z"])
)
RECORDS = st.builds(
    Record,
    st.integers(0, 10**12).map(lambda n: START + timedelta(microseconds=n)),
    st.sampled_from([date(2024, 12, 31), date(2025, 1, 1)]),
    st.sampled_from(["buy", "sell", "fee"]),
    st.sampled_from(["BTC", "USDT"]),
    NUMBERS,
    MAYBE,
    TEXTS,
    MAYBE,
    TEXTS,
    abroad=st.sampled_from([None, True, False]),
    capital_paid=MAYBE,
    id=TEXTS,
    source=SOURCES,
)
LISTS = st.lists(RECORDS, max_size=6)


@pytest.fixture(autouse=True)
def few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_WAITING", 3)


@given(st.lists(LISTS, max_size=4), st.data())
def test_a_table_is_a_list(parts: list[list[Record]], data: st.DataObject) -> None:
    made, right = Records(), list[Record]()
    for part in parts:
        way = data.draw(st.sampled_from(["append", "list", "table", "letters", "put", "cut", "take", "where"]))
        if way == "append":
            for record in part:
                made.append(record)
            right += part
        elif way in ("list", "table"):
            made += part if way == "list" else Records(part)
            right += part
        elif way == "letters" and part:
            whole = Records(part)
            own = [(name, whole.column(name)) for name in NAMES]
            made += Records.of([(Texts.of(said) or said) if name == "id" else said for name, said in own])
            right += part
        elif way == "put" and right:
            for record in part:
                place = data.draw(st.integers(-len(right), len(right) - 1))
                made[place] = right[place] = record
        elif way == "cut":
            start = data.draw(st.integers(0, len(right)))
            made[start:] = part
            right[start:] = part
        elif way == "take" and right:
            rows = data.draw(st.lists(st.integers(0, len(right) - 1), max_size=8))
            made, right = made.take(rows), [right[n] for n in rows]
        elif way == "where":
            before = made
            made = made.where([r.kind == "buy" for r in made])
            assert before == right
            right = [r for r in right if r.kind == "buy"]
        start, stop = sorted(data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
        assert made[start:stop] == right[start:stop]
        assert len(made) == len(right)
        assert list(made) == right
    assert [made[n] for n in range(len(right))] == right
    for name in NAMES if right else ():
        own = [getattr(r.source if name in Source._fields else r, name) for r in right]
        assert list(made.column(name)) == own
    assert made.find(set(right[:2])).keys() == set(right[:2])
    odd = [*range(1, len(right), 2), *range(0, len(right), 2)]
    assert list(made.some(odd)) == [right[n] for n in odd]
    assert list(made.told(odd, "asset", "line")) == [(right[n].asset, right[n].source.line) for n in odd]


@given(LISTS, RECORDS)
def test_a_change_stays_with_the_table_that_was_changed(records: list[Record], other: Record) -> None:
    first = Records(records)
    second = first.take(range(len(records)))
    second.append(other)
    second[0] = other
    assert first == records
    assert second[0] == other


@given(st.lists(MAYBE), st.lists(MAYBE))
def test_amounts_are_what_they_were(one: list[int | None], other: list[int | None]) -> None:
    made = Amounts.of(one)
    assert [*made] == one == [made[n] for n in range(len(one))]
    made.extend(Amounts.of(other))
    assert [*made] == [*one, *other]
    assert (None in made) is (None in [*one, *other])
    assert all(x in made for x in one)
    if made.wide is None:
        assert [None if n == NONE else n * made.grain for n in made.numbers] == [*one, *other]


def test_one_value_many_times_is_kept_once() -> None:
    column = Same("x", 5)
    assert (len(column), [*column], column[4], len(column[1:3])) == (5, ["x"] * 5, "x", 2)
    with pytest.raises(IndexError):
        column[5]


def test_times_are_kept_to_the_microsecond() -> None:
    times = [
        START,
        START + timedelta(microseconds=1),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2199, 12, 31, tzinfo=UTC),
    ]
    made = Times.of(times)
    assert ([*made], made[1], made.micros[2]) == (times, times[1], 0)
    assert isinstance(made.micros, array)
