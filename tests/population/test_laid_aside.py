"""Rows laid aside by person, and rows gathered for an output: text as numbers of distinct cells says what text says."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salyq.civil.errors import InputError
from salyq.population.gathered import Gathered
from salyq.population.outputs import schemas
from salyq.population.spill import load, part_of, shapes_of, spill
from salyq.population.tables import FILE, PERSON, ROW, find_tables, in_codes

PARTS = 5


def country(folder: Path, seed: int, rows: int = 3_000) -> pa.Table:
    """Records of some persons in no order; texts of many kinds and of few."""
    dice = Random(seed)
    records = pa.table(
        {
            "person": [f"p{dice.randrange(60)}" for _ in range(rows)],
            "time": [f"2025-01-01T00:00:{n % 60:02}Z" for n in range(rows)],
            "kind": [dice.choice(("buy", "sell")) for _ in range(rows)],
            "asset": pa.array([dice.choice(("BTC", "ETH", None)) for _ in range(rows)]).dictionary_encode(),
            "quantity": ["1"] * rows,
            "document": [dice.choice((None, f"paper {n}")) for n in range(rows)],
        }
    )
    folder.mkdir()
    pq.write_table(records, folder / "records.parquet", row_group_size=700)
    pq.write_table(pa.table({"person": ["p1"], "kind": ["individual"]}), folder / "persons.parquet")
    return records


def laid_aside(folder: Path, out: Path) -> None:
    files = find_tables(folder)
    for file in files:
        spill(file, out, PARTS, lambda bad: pytest.fail(str(bad)), shapes_of(files)[file.table])


@pytest.mark.parametrize("seed", range(3))
def test_parts_hold_every_row_in_order_of_person_and_place(tmp_path: Path, seed: int) -> None:
    told = country(tmp_path / "in", seed).to_pylist()
    laid_aside(tmp_path / "in", tmp_path / "out")
    for part in range(PARTS):
        rows = [(n, row) for n, row in enumerate(told, 1) if part_of(row["person"], PARTS) == part]
        rows.sort(key=lambda r: (r[1]["person"], r[0]))
        made = load(tmp_path / "out", part)["records"].drop_columns([FILE]).to_pylist()
        assert [row.pop(ROW) for row in made] == [n for n, _ in rows]
        assert made == [{k: v or "" for k, v in row.items()} for _, row in rows]


def test_a_part_has_no_names_of_other_parts(tmp_path: Path) -> None:
    country(tmp_path / "in", 4)
    laid_aside(tmp_path / "in", tmp_path / "out")
    for part in range(PARTS):
        names = load(tmp_path / "out", part)["records"].column(PERSON).combine_chunks().dictionary.to_pylist()
        assert {part_of(name, PARTS) for name in names} == {part}


@pytest.mark.parametrize("lost", [1, 8, 40, 4_000])
def test_a_file_laid_aside_that_was_cut_off_is_damaged(tmp_path: Path, lost: int) -> None:
    country(tmp_path / "in", 5)
    laid_aside(tmp_path / "in", tmp_path / "out")
    path = tmp_path / "out" / "records" / "00002.arrow"
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(InputError, match="damaged"):
        load(tmp_path / "out", 2)


def test_cells_in_codes_are_each_there_once_and_never_missing() -> None:
    twice = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None], pa.int32()), pa.array(["a", "a", None]))
    made = in_codes(twice)
    assert made.to_pylist() == ["a", "a", "", ""]
    assert sorted(made.dictionary.to_pylist()) == ["", "a"]


def test_rows_are_gathered_by_person_and_as_they_came() -> None:
    dice, schema = Random(7), schemas()["findings"]
    gathered, told = Gathered(schema), []
    names = [f"p{n}" for n in dice.sample(range(100), 20)]
    for piece in range(8):
        persons = np.array([dice.randrange(20) for _ in range(30)])
        kept = np.array(sorted(dice.sample(range(30), 11)))
        texts = [dice.choice(("said", "told", None)) for _ in range(30)]
        numbers, words = np.arange(30) % 3, ("one", "two", "three")
        gathered.add(
            30, kept, [(persons, names), f"code {piece}", None, pa.array(texts, pa.string()), (numbers, words)]
        )
        told += [(names[persons[n]], f"code {piece}", None, texts[n], words[n % 3]) for n in kept.tolist()]
    rows = [tuple(row.values()) for row in gathered.table().to_pylist()]
    assert rows == sorted(told, key=lambda row: row[0])


def test_an_output_without_rows_has_its_columns() -> None:
    schema = schemas()["figures"]
    made = Gathered(schema).table()
    assert made.num_rows == 0
    assert made.column_names == schema.names
