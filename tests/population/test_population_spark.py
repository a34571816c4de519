"""Spark as the engine: the same bytes as this machine alone, for any number of workers, after a retry and a stop."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from salyq.civil.errors import InputError, UsageError
from salyq.population import spark as spark_engine
from salyq.population.look import one_of
from salyq.population.part import DONE
from salyq.population.run import assess_population
from salyq.population.sample import write_sample
from salyq.population.spark import Spark

YEAR = 2025
WANTED = os.environ.get("SALYQ_REQUIRE_SPARK") == "1"
LITTLE = 1 << 20  # so little memory that the made-up country falls into several parts

try:
    import pyspark  # noqa: F401
except ImportError:
    if WANTED:
        raise
    pytest.skip("PySpark is not installed: pip install 'salyq[spark]'", allow_module_level=True)
if shutil.which("java") is None and not os.environ.get("JAVA_HOME") and not WANTED:
    pytest.skip("Spark needs Java", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def one_spark() -> Iterator[None]:
    yield
    spark_engine.stop()


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up country; its records lie in three files, one of them CSV with a line that is no row."""
    folder = tmp_path_factory.mktemp("spark") / "in"
    write_sample(folder, 60, 23, YEAR)
    whole = pq.read_table(folder / "records.parquet")
    (folder / "records.parquet").unlink()
    third = whole.num_rows // 3
    pq.write_table(whole.slice(third, third), folder / "records-2.parquet")
    pq.write_table(whole.slice(2 * third), folder / "records-1.parquet")
    with (folder / "records-3.csv").open("w", newline="", encoding="utf-8") as file:
        rows = whole.slice(0, third).to_pylist()
        writer = csv.writer(file)
        writer.writerow(rows[0])
        for row in rows:
            writer.writerow(["" if v is None else v for v in row.values()])
        writer.writerow(["too"] + ["long"] * 60)
    return folder


def bytes_of(out: Path) -> dict[str, str]:
    """Every file of a result but the rows that were laid aside, with its hash."""
    return {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.relative_to(out).parts[0] != "rows"
    }


@pytest.fixture(scope="module")
def local(country: Path) -> Path:
    out = country.parent / "local"
    told = assess_population(country, out, YEAR, workers=1, memory=LITTLE)
    assert told["parts"] > 2
    assert len(told["no_rows"]) == 1
    return out


@pytest.mark.parametrize("cores", [1, 3])
def test_the_same_bytes_as_one_machine(country: Path, local: Path, tmp_path: Path, cores: int) -> None:
    out = tmp_path / "out"
    spark_engine.stop()
    assess_population(country, out, YEAR, workers=1, memory=LITTLE, engine=Spark(f"local[{cores}]"))
    assert bytes_of(out) == bytes_of(local)
    who = pq.read_table(out / "persons").column("person")[0].as_py()
    assert one_of(out, who).rows == one_of(local, who).rows


def test_a_stopped_run_goes_on_and_a_task_done_twice_changes_nothing(
    country: Path, local: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(local, out)
    (out / "run.json").unlink()
    marks = sorted((out / DONE).iterdir())
    marks[0].unlink()  # its files are there already: written again, under the same names
    for path in out.glob(f"*/part-{marks[1].stem[-5:]}.parquet"):
        path.unlink()
    marks[1].unlink()
    assess_population(country, out, YEAR, workers=1, memory=LITTLE, engine=Spark("local[2]"))
    assert bytes_of(out) == bytes_of(local)


def test_what_a_person_can_mend_comes_back_as_one_line(country: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(country, folder)
    (folder / "records-4.csv").write_text("person,time,kind,asset,quantity,colour\nP,2025-01-01,buy,BTC,1,red\n")
    with pytest.raises(InputError) as caught:
        assess_population(folder, tmp_path / "out", YEAR, workers=1, memory=LITTLE, engine=Spark("local[2]"))
    assert caught.value.text("en").startswith("records-4.csv: colour")
    (folder / "records-4.csv").unlink()
    (folder / "persons-2.csv").write_text("person,kind\nX1,individual\n")
    with pytest.raises(InputError, match="columns"):
        assess_population(folder, tmp_path / "out2", YEAR, workers=1, memory=LITTLE, engine=Spark("local[2]"))


def test_a_spark_that_cannot_be_had_is_one_line() -> None:
    spark_engine.stop()
    with pytest.raises(UsageError) as caught:
        spark_engine.context("nonsense://nowhere")
    assert "\n" not in caught.value.text("en")
    assert "did not start" in caught.value.text("en")
