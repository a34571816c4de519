"""Cells of a block say what their texts say: which are alike, which are numbers, which are times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.civil.numbers import parse_scaled
from salyq.sources.habits.by_columns import amounts
from salyq.sources.tables.cells import Cells, cells_of

CELLS = st.lists(st.from_regex(r"(-?[0-9]{1,19}(\.[0-9]{1,18})?)?", fullmatch=True), min_size=1)
SHORT = st.lists(st.from_regex(r"(-?[0-9]{1,9}(\.[0-9]{1,8})?)?", fullmatch=True), min_size=1)
TEXTS = st.text(st.sampled_from("ab, \t\x0b\x1fя\u00a0😀'"), max_size=5) | st.text(st.sampled_from("ab"), max_size=70)
BLANK = "\n" * 3


def cells(*texts: str) -> Cells:
    table = cells_of("".join(f"{text},x\n" for text in texts), ",", 2)
    assert table is not None
    return table.columns[0]


def right(text: str) -> int | None:
    return parse_scaled(text) if text else None


@given(CELLS | SHORT)
def test_numbers_of_many_cells_are_those_of_each(texts: list[str]) -> None:
    bad: set[int] = set()
    assert [*amounts(cells(*texts), bad, signed=True)] == [right(text) for text in texts]
    assert not bad
    if not any(text.startswith("-") for text in texts):
        assert [*amounts(cells(*texts), bad)] == [right(text) for text in texts]


@given(SHORT)
def test_numbers_of_eight_decimals_always_have_room(texts: list[str]) -> None:
    found = cells(*texts).amounts(signed=True)
    assert found is not None
    assert found.grain == 10**10


@pytest.mark.parametrize("text", ["-2", "1e5", "9" * 20, "1.", ".5", "1.5.2", "+1", "1,5", "0x1", "١", "--1", "-"])
def test_what_is_no_plain_number_is_named(text: str) -> None:
    bad: set[int] = set()
    table = cells_of(f"1.5;x\n{text};x\n;x\n", ";", 2)
    assert table is not None
    assert [*amounts(table.columns[0], bad)] == [15 * 10**17, None, None]
    assert bad == {1}


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=30), st.integers(0, 3))
def test_cells_are_what_stands_between_delimiters(rows: list[list[str]], blank: int) -> None:
    lines = [";".join(text.replace(";", "") for text in row) for row in rows]
    whole = BLANK[:blank] + "".join(line + "\n" + BLANK[:blank] for line in lines)
    table = cells_of(whole, ";", 3)
    stripped = [[text.strip() for text in line.split(";")] for line in lines]
    if table is None:
        assert "\u00a0" in whole or not rows
        return
    assert [[*column] for column in table.columns] == [[row[n] for row in stripped] for n in range(3)]
    assert [whole.split("\n")[n] for n in table.lines] == lines
    for n, column in enumerate(table.columns):
        texts, numbers = column.coded
        assert len(set(texts)) == len(texts)
        assert [texts[number] for number in numbers] == [row[n] for row in stripped]
        told = column.texts
        assert told is not None
        assert [*told] == [row[n] or None for row in stripped]
        assert column.begins("'").tolist() == [row[n].startswith("'") for row in stripped]


@pytest.mark.parametrize("text", ["a;b\n", "a;b;c;d\n", "a;b\nc;d;e;f\n", "a\0;b;c\n", "a;b;c\n;\n"])
def test_lines_of_more_or_fewer_cells_are_for_rows(text: str) -> None:
    assert cells_of(text, ";", 3) is None


TIMES = ["2024-02-29T23:59:59Z", "2024-02-29T00:00:00Z", "2099-12-31T19:00:01Z"]


@given(st.lists(st.sampled_from(TIMES), min_size=1))
def test_hours_and_microseconds_make_times(texts: list[str]) -> None:
    found = cells(*texts).hours()
    assert found is not None
    for text, number, micros in zip(texts, found.number.tolist(), found.micros.tolist(), strict=True):
        minutes, seconds = divmod(micros // 10**6, 60)
        assert f"{found.texts[number]}:{minutes:02}:{seconds:02}Z" == text


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29T24:00:00Z",
        "2024-02-29T23:59:60Z",
        "2024-02-29T23:60:00Z",
        "1924-02-29T23:00:00Z",
        "2024-02-29 23:00:00Z",
        "2024-02-29T23:00Z",
    ],
)
def test_other_times_are_for_rows(text: str) -> None:
    assert cells(TIMES[0], text).hours() is None
