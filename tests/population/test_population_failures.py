"""How a population fails: one line or a rejected row with its reason, nothing half-written, and sums that add up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salyq.civil.errors import InputError
from salyq.population import engines
from salyq.population.aside import Laid, Piece
from salyq.population.engines import Local
from salyq.population.outputs import TABLES
from salyq.population.part import Plan
from salyq.population.run import assess_population
from salyq.population.sample import write_sample
from salyq.population.spill import laid
from salyq.population.tables import find_tables, readable

YEAR = 2025
PERSONS = "person,kind\na,individual\nb,individual\nnobody,individual\n"
HEAD = "person,time,kind,asset,quantity,value,currency\n"
GOOD = "b,2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT\nb,2025-04-01T10:00:00Z,sell,BTC,1,300.00,KZT\n"
LARGEST = "99999999999999999999.00"  # of one row; two of them are a sum without room


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("failing") / "in"
    write_sample(folder, 30, 3, YEAR)
    return folder


def told(out: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(out / table).to_pylist()


def write(folder: Path, records: str) -> Path:
    folder.mkdir()
    (folder / "persons.csv").write_text(PERSONS, encoding="utf-8")
    (folder / "records.csv").write_text(HEAD + records, encoding="utf-8")
    return folder


@pytest.mark.parametrize("alone", [False, True])
def test_a_sum_without_room_is_that_persons_alone(tmp_path: Path, alone: bool) -> None:
    rows = (
        "a,2025-03-01T10:00:00Z,buy,BTC,2,100.00,KZT\n"
        f"a,2025-04-01T10:00:00Z,sell,BTC,1,{LARGEST},KZT\n"
        f"a,2025-04-02T10:00:00Z,sell,BTC,1,{LARGEST},KZT\n"
    )
    run = assess_population(write(tmp_path / "in", rows + GOOD), tmp_path / "out", YEAR, workers=1, alone=alone)
    assert run["rows"]["records"] == {"read": 5, "used": 2, "ignored": 0, "rejected": 3}
    assert Counter(r["code"] for r in told(tmp_path / "out", "rejected")) == {"population_too_large": 3}
    assert {p["person"]: p["status"] for p in told(tmp_path / "out", "persons")} == {
        "a": "rejected", "b": "known", "nobody": "known",
    }  # fmt: skip
    assert run["figures"]["personal_income_tax.tax"]["sum"] in ("20.00", "20.000000000000000000")


def test_a_number_without_room_is_a_rejected_row(tmp_path: Path) -> None:
    long = "a,2025-03-01T10:00:00Z,buy,BTC,1" + "0" * 40 + ",100.00,KZT\n"
    run = assess_population(write(tmp_path / "in", long + GOOD), tmp_path / "out", YEAR, workers=1)
    assert run["rows"]["records"] == {"read": 3, "used": 2, "ignored": 0, "rejected": 1}
    (row,) = told(tmp_path / "out", "rejected")
    assert (row["code"], row["column"], row["file"], row["row"]) == ("number_too_long", "quantity", "records.csv", 1)


def test_rows_that_claim_to_be_sorted_are_not_believed(country: Path, tmp_path: Path) -> None:
    """Parquet's word that a file is sorted by its first columns changes nothing."""
    records = pq.read_table(country / "records.parquet")
    (tmp_path / "in").mkdir()
    for path in country.iterdir():
        (tmp_path / "in" / path.name).write_bytes(path.read_bytes())
    shuffled = records.take(list(range(1, len(records), 2)) + list(range(0, len(records), 2)))
    claim = [pq.SortingColumn(0), pq.SortingColumn(1)]
    pq.write_table(shuffled, tmp_path / "in" / "records.parquet", sorting_columns=claim)
    for source, out in ((country, "sorted"), (tmp_path / "in", "claimed")):
        assess_population(source, tmp_path / out, YEAR, workers=1)
    for table in TABLES:
        assert told(tmp_path / "claimed", table) == told(tmp_path / "sorted", table), table


def test_a_full_disk_is_one_line_and_the_run_goes_on(country: Path, tmp_path: Path) -> None:
    """Files may not grow beyond some bytes, as on a disk without room."""
    out = tmp_path / "out"
    code = (
        "import resource, sys\nfrom salyq.cli.main import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))\n"
        f"sys.exit(main(['population', 'assess', {str(country)!r}, {str(out)!r}, '--year', '{YEAR}', '--workers', '1',"
        " '--lang', 'en']))\n"
    )
    own = [sys.executable, "-B", "-c", code]  # -B: a .pyc of ours cut off at that size breaks every later start
    done = subprocess.run(own, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == InputError.exit_code
    assert [line for line in done.stderr.splitlines() if line.strip()] == [done.stderr.strip()]
    assert "the disk is full" in done.stderr
    assert not (out / "run.json").exists()
    again = assess_population(country, out, YEAR, workers=1)
    whole = assess_population(country, tmp_path / "whole", YEAR, workers=1)
    assert again["figures"] == whole["figures"]
    for table in TABLES:
        assert told(out, table) == told(tmp_path / "whole", table), table


def ended(plan: Plan, part: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)  # as a machine does that has no memory left


def ended_aside(plan: Plan, piece: Piece) -> Laid:
    return os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[return-value]


def hungry(plan: Plan, part: int) -> None:
    bytearray(1 << 62)


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        (Local(2, ended), "0 of [0-9]+ parts are done"),
        (Local(2, aside=ended_aside), "0 of [0-9]+ parts are done"),
        (Local(1, hungry), "too little memory"),
    ],
)
def test_too_little_memory_is_one_line_and_nothing_is_half_written(
    country: Path, tmp_path: Path, engine: Local, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(engines, "LARGE", 1)
    with pytest.raises(InputError, match=said):
        assess_population(country, out, YEAR, workers=2, memory=1 << 20, engine=engine)
    assert not (out / "run.json").exists()
    assert not [p for p in out.rglob("*") if p.suffix == ".tmp"]
    run = assess_population(country, out, YEAR, workers=2, memory=1 << 20, engine=Local(1))
    assert run["persons"]["known"] + run["persons"].get("unknown", 0) == 30


@pytest.mark.parametrize("reads", [readable, laid])
def test_too_little_memory_for_arrow_is_no_damage(country: Path, reads: Callable[..., Any]) -> None:
    """Whoever is told that what was left is damaged removes it."""
    file = find_tables(country)[0]
    with pytest.raises(MemoryError), reads(file if reads is readable else file.path):
        raise pa.lib.ArrowMemoryError("malloc of size 9 failed")


def waiting(plan: Plan, part: int) -> None:
    (plan.out / f"{os.getpid()}.pid").touch()
    time.sleep(120)


def at_work(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
def test_workers_end_with_a_run_that_is_killed(country: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "from pathlib import Path\nfrom salyq.population.engines import Local\n"
        "from salyq.population.run import assess_population\n"
        "from tests.population.test_population_failures import waiting\n"
        f"assess_population(Path({str(country)!r}), Path({str(out)!r}), {YEAR}, memory=1 << 20,"
        " engine=Local(2, waiting))\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    try:
        for _ in range(600):
            workers = [p.stem for p in out.glob("*.pid")]
            if len(workers) == 2:
                break
            time.sleep(0.1)
    finally:
        run.kill()
        run.wait()
    assert len(workers) == 2
    for _ in range(300):
        if not any(map(at_work, workers)):
            break
        time.sleep(0.1)
    assert not any(map(at_work, workers))
