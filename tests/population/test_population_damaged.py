"""Damaged Parquet and columns of the wrong kind: one line that names the file, or rows that add up; and a run that is
killed at any moment says in the end what a whole one says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salyq.civil.errors import InputError
from salyq.population.outputs import TABLES
from salyq.population.run import assess_population
from salyq.population.sample import write_sample

YEAR = 2025
FILES = ("records", "persons", "energy", "payouts", "expenses", "asset_values")


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged") / "in"
    write_sample(folder, 5, 3, YEAR)
    return folder


def damaged(raw: bytes, dice: Random) -> bytes:
    """A file that was cut off, of which a stretch is nothing, or some bytes or one bit are others."""
    made, how = bytearray(raw), dice.randrange(4)
    if how == 0:
        return raw[: dice.randrange(len(raw))]
    if how == 1:
        start = dice.randrange(len(raw))
        end = min(start + dice.randrange(1, 50), len(raw))
        made[start:end] = bytes(end - start)
    elif how == 2:
        made[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    else:
        for _ in range(dice.randrange(1, 30)):
            made[-dice.randrange(1, len(raw))] = dice.randrange(256)
    return bytes(made)


def outcome(folder: Path, out: Path, name: str) -> str:
    """How a run over a folder of which one file was changed ends; its account adds up, or one line names the file."""
    run, said = None, None
    try:
        run = assess_population(folder, out, YEAR, workers=1)
    except InputError as error:
        said = error
    if run is None:
        assert said is not None
        assert said.file in (name, str(folder)), said
        assert "\n" not in str(said)
        assert not (out / "run.json").exists()
        return "refused"
    assert all(c["read"] == c["used"] + c["ignored"] + c["rejected"] for c in run["rows"].values())
    return "read"


def test_damaged_files_are_told_in_one_line(country: Path, tmp_path: Path) -> None:
    ends = []
    for seed in range(24):
        dice = Random(seed)
        folder, name = tmp_path / f"in-{seed}", f"{dice.choice(FILES)}.parquet"
        shutil.copytree(country, folder)
        (folder / name).write_bytes(damaged((folder / name).read_bytes(), dice))
        ends.append(outcome(folder, tmp_path / f"out-{seed}", name))
    assert ends.count("refused") >= 12
    assert "read" in ends


COUNT = 4
KINDS = {
    "far": pa.array([2**62] * COUNT, pa.timestamp("us", "UTC")),
    "bytes": pa.array([b"\xff\xfe"] * COUNT, pa.binary()),
    "list": pa.array([[1]] * COUNT),
    "wide": pa.array([9 * 10**37] * COUNT, pa.decimal128(38, 0)),
    "dictionary": pa.array([None, "BTC", "", "BTC"]).dictionary_encode(),
    "nothing": pa.nulls(COUNT),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_columns_of_another_kind_are_refused_or_their_rows_are(country: Path, tmp_path: Path, kind: str) -> None:
    records = pq.read_table(country / "records.parquet").slice(0, COUNT)
    for name in ("person", "time", "account"):
        folder = tmp_path / name
        shutil.copytree(country, folder)
        changed = records.set_column(records.column_names.index(name), name, KINDS[kind])
        pq.write_table(changed, folder / "records.parquet")
        outcome(folder, tmp_path / f"{name} out", "records.parquet")


def test_a_run_killed_at_any_moment_ends_as_a_whole_one(country: Path, tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    code = (
        "import sys\nfrom pathlib import Path\nfrom salyq.population.run import assess_population\n"
        f"assess_population(Path({str(country)!r}), Path({str(out)!r}), {YEAR}, workers=1, memory=1 << 20)\n"
    )
    dice = Random(11)
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", code])
        try:
            process.wait(0.3 + dice.random())
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    run = assess_population(country, out, YEAR, workers=1, memory=1 << 20)
    assert run == assess_population(country, whole, YEAR, workers=1, memory=1 << 20)
    for table in TABLES:
        assert pq.read_table(out / table).to_pylist() == pq.read_table(whole / table).to_pylist(), table
    assert not list(out.rglob("*.tmp"))


LEFT = {
    "a piece is gone": lambda out: next((out / "rows" / "records").iterdir()).unlink(),
    "a piece is cut": lambda out: cut(next((out / "rows" / "records").iterdir())),
    "a piece is other": lambda out: next((out / "rows" / "records").iterdir()).write_bytes(b"ARROW1" * 9),
    "an account is cut": lambda out: cut(next((out / "done").iterdir())),
    "the plan is cut": lambda out: cut(out / "plan.json"),
    "the count is cut": lambda out: cut(out / "rows" / "spilled.json"),
}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.fixture(scope="module")
def stopped(country: Path) -> Path:
    """What a run left that was stopped before its last parts."""
    out = country.parent / "stopped"
    assess_population(country, out, YEAR, workers=1, memory=1 << 18)
    (out / "run.json").unlink()
    for mark in sorted((out / "done").iterdir())[1:]:
        mark.unlink()
    return out


@pytest.mark.parametrize("how", list(LEFT))
def test_what_a_stopped_run_left_and_is_damaged_is_told_in_one_line(
    country: Path, stopped: Path, tmp_path: Path, how: str
) -> None:
    out = tmp_path / "out"
    shutil.copytree(stopped, out)
    LEFT[how](out)
    with pytest.raises(InputError, match="damaged or not whole"):
        assess_population(country, out, YEAR, workers=1, memory=1 << 18)
    assert not (out / "run.json").exists()


HEAD = "person,time,kind,asset,quantity, value , currency,fee , fee_asset\n"
ROW = "a,2025-03-01T10:00:00Z,{},BTC,1,{},KZT,25.00,KZT\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_blanks_in_a_header_lose_no_column(tmp_path: Path, ends: str) -> None:
    """What stands in a column called " value " counts as if it were called "value"."""
    text = ROW.format("buy", "100.00") + ROW.format("sell", "300.00") + "a,too,long" * 9 + "\n"
    taxed = []
    for name, head in (("plain", HEAD.replace(" ", "")), ("blanks", HEAD)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "persons.csv").write_text("person, kind\na,individual\n", encoding="utf-8")
        (folder / "records.csv").write_bytes((head + text).replace("\n", ends).encode())
        run = assess_population(folder, tmp_path / f"{name}-out", YEAR, workers=1)
        assert [line["row"] for line in run["no_rows"]] == [3]
        taxed.append(pq.read_table(tmp_path / f"{name}-out" / "figures").to_pylist())
    assert taxed[0] == taxed[1]
    assert any(f["value"] == 200 for f in taxed[0])


def test_links_are_followed_and_dead_ones_told(country: Path, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "in", tmp_path / "elsewhere"
    shutil.copytree(country, folder)
    (elsewhere / "2025").mkdir(parents=True)
    (folder / "records.parquet").rename(elsewhere / "2025" / "part.parquet")
    (folder / "records").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(folder)
    (elsewhere / "latest").symlink_to("2025")  # what is there by several names counts once
    (elsewhere / "again.parquet").symlink_to("2025/part.parquet")
    run = assess_population(folder, tmp_path / "out", YEAR, workers=1)
    assert run["rows"]["records"]["read"] == pq.read_metadata(country / "records.parquet").num_rows
    (folder / "records-2.parquet").symlink_to(tmp_path / "nowhere.parquet")
    with pytest.raises(InputError, match="leads to no file"):
        assess_population(folder, tmp_path / "out2", YEAR, workers=1)
