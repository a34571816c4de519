"""A population is its persons: the same figures as in each one's own case, no row lost, nothing half-made."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import salyq
from salyq.civil.errors import InputError
from salyq.population import aside, engines
from salyq.population.look import one_of
from salyq.population.run import assess_population
from salyq.population.sample import write_sample
from salyq.population.spill import load, spill
from salyq.population.tables import find_tables, tables_in

YEAR = 2025
TMP_ID = 'id = "900101300017"\n'


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("country") / "in"
    write_sample(folder, 40, 11, YEAR)
    return folder


@pytest.fixture(scope="module")
def run(country: Path) -> tuple[Path, dict]:
    out = country.parent / "out"
    return out, assess_population(country, out, YEAR, workers=1)


def rows(out: Path, table: str) -> list[dict]:
    return pq.read_table(out / table).to_pylist()


def case_of(country: Path, person: str, folder: Path) -> Path:
    """The same person as a case folder of files."""
    folder.mkdir()
    own = next(p for p in pq.read_table(country / "persons.parquet").to_pylist() if p["person"] == person)
    text = f'kind = "{own["kind"]}"\nregion = "{own["region"]}"\n{own["toml"]}'
    if own["employment_income_taxable"] is not None:
        text += f'[[year]]\nyear = {YEAR}\nemployment_income_taxable = "{own["employment_income_taxable"]}"\n'
        text += f'personal_income_tax_withheld = "{own["personal_income_tax_withheld"]}"\n'
    (folder / "person.toml").write_text(text, encoding="utf-8")
    for table in ("records", "energy", "payouts", "expenses", "asset_values", "exchange_rates"):
        path = country / f"{table}.parquet"
        if not path.exists():
            continue
        mine = [r for r in pq.read_table(path).to_pylist() if r.pop("person", person) == person]
        if mine:
            with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(mine[0]))
                writer.writeheader()
                writer.writerows(mine)
    return folder


def test_each_person_as_in_a_case_of_their_own(country, run, tmp_path):
    out, _ = run
    found: dict[str, dict] = {}
    for f in rows(out, "figures"):
        found.setdefault(f["person"], {})[f["name"], f["period"]] = (f["status"], f["value"], f["low"], f["high"])
    persons = [p["person"] for p in rows(out, "persons")]
    assert len(persons) == 40
    for person in persons[:12]:
        result = salyq.assess(salyq.read_case(case_of(country, person, tmp_path / person)), year=YEAR)
        alone = {(f.name, f.period): (f.status, f.value, *(f.bounds or (None, None))) for f in result.figures}
        assert found.get(person, {}) == alone


def test_the_account_adds_up(country, run):
    out, told = run
    for table, counted in told["rows"].items():
        assert counted["read"] == pq.read_metadata(country / f"{table}.parquet").num_rows
        assert counted["read"] == counted["used"] + counted["ignored"] + counted["rejected"]
    assert sum(told["persons"].values()) == 40
    name = "personal_income_tax.tax"
    due = [f["value"] for f in rows(out, "figures") if f["name"] == name and f["value"] is not None]
    assert Decimal(told["figures"][name]["sum"]) == sum(due)
    assert told["law"]["fingerprint"].startswith("sha256:")
    assert {i["file"] for i in told["inputs"]} == {p.name for p in country.iterdir()}


def test_parts_and_workers_change_nothing(country, run, tmp_path):
    out, told = run
    again = assess_population(country, tmp_path / "again", YEAR, workers=2, memory=1 << 20)
    assert again["parts"] > told["parts"]
    for table in ("figures", "obligations", "findings", "persons", "rejected"):
        key = lambda r: tuple(str(v) for v in r.values())  # noqa: E731
        assert sorted(rows(out, table), key=key) == sorted(rows(tmp_path / "again", table), key=key)
    assert {k: v for k, v in again.items() if k != "parts"} == {k: v for k, v in told.items() if k != "parts"}


def test_a_large_file_is_laid_aside_in_pieces_by_several(country, tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    for path in country.iterdir():
        pq.write_table(pq.read_table(path), folder / path.name, row_group_size=9 if path.stem == "persons" else 31)
    wrong = pq.read_table(folder / "records.parquet").slice(700, 1).to_pylist()[0] | {"kind": "wrong"}
    whole = pq.read_table(folder / "records.parquet")
    for source, size in ((folder, 31), (tmp_path / "one", 1 << 20)):
        source.mkdir(exist_ok=True)
        table = pa.concat_tables([whole.slice(0, 700), pa.Table.from_pylist([wrong], whole.schema), whole.slice(700)])
        pq.write_table(table, source / "records.parquet", row_group_size=size)
    for path in country.iterdir():
        if path.stem != "records":
            (tmp_path / "one" / path.name).write_bytes(path.read_bytes())
    told = [assess_population(tmp_path / "one", tmp_path / "o1", YEAR, workers=1, memory=1 << 20)]
    monkeypatch.setattr(aside, "LEAST", 100)
    monkeypatch.setattr(engines, "LARGE", 1)
    assert len(aside.pieces(find_tables(folder))) > 10
    told.append(assess_population(folder, tmp_path / "o2", YEAR, workers=2, memory=1 << 21))
    assert told[0]["parts"] == told[1]["parts"]
    assert told[0]["rows"] == told[1]["rows"]
    assert [r["row"] for r in rows(tmp_path / "o1", "rejected")] == [701]
    for table in ("figures", "obligations", "findings", "persons", "rejected"):
        assert rows(tmp_path / "o1", table) == rows(tmp_path / "o2", table)
    person = wrong["person"]
    both = [one_of(tmp_path / out, person).rows for out in ("o1", "o2")]
    assert both[0] == both[1]
    assert both[0]["records"]["rejected"] == 1


def test_a_piece_is_laid_aside_with_the_columns_of_all_files_without_a_look_into_them(tmp_path):
    (tmp_path / "in" / "records").mkdir(parents=True)
    for name, more in (("a", []), ("b", ["note"])):
        columns = ["person", "time", "kind", "asset", "quantity", *more]
        pq.write_table(pa.table({c: ["x"] for c in columns}), tmp_path / "in" / "records" / f"{name}.parquet")
    own, other = aside.pieces(tables_in(tmp_path / "in"))
    other.file.path.unlink()  # with a thousand files each task would open a thousand
    spill(own.file, tmp_path / "rows", 1, pytest.fail, own.shape)
    (made,) = load(tmp_path / "rows", 0).values()
    assert made.column("note").to_pylist() == [""]


def test_csv_is_read_as_parquet_is(country, run, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for path in country.iterdir():
        pa_csv.write_csv(pq.read_table(path), folder / f"{path.stem}.csv")
    assess_population(folder, tmp_path / "out", YEAR, workers=1)
    assert rows(tmp_path / "out", "figures") == rows(run[0], "figures")


def test_one_person_is_looked_up_again(run):
    out, _ = run
    figure = next(f for f in rows(out, "figures") if f["name"] == "personal_income_tax.tax" and f["value"])
    result = one_of(out, figure["person"]).assessment
    assert result is not None
    assert result["personal_income_tax.tax"].value == figure["value"]
    assert result.explain("personal_income_tax.tax").value == str(figure["value"].quantize(Decimal("0.01")))
    with pytest.raises(InputError, match="nobody"):
        one_of(out, "nobody")


def write(folder: Path, **tables: str) -> Path:
    folder.mkdir()
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


PERSONS = "person,kind\na,individual\nb,individual\n"
RECORDS = "person,time,kind,asset,quantity,value,currency\n"
GOOD = "a,2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT\na,2025-04-01T10:00:00Z,sell,BTC,1,300.00,KZT\n"


def test_bad_rows_are_told_and_the_rest_is_assessed(tmp_path):
    records = (
        RECORDS
        + GOOD
        + (
            "b,2025-03-01T10:00:00Z,buy,BTC,-1,100.00,KZT\n"
            "c,2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT\n"
            "d,2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT\n"
            "a,2025-05-01T10:00:00Z,buy\n"
        )
    )
    folder = write(tmp_path / "in", persons=PERSONS + "d,goose\na,company\n", records=records)
    told = assess_population(folder, tmp_path / "out", YEAR, workers=1)
    assert told["rows"]["records"] == {"read": 6, "used": 2, "ignored": 0, "rejected": 4}
    assert told["persons"] == {"known": 1, "unknown": 1, "rejected": 2}
    refused = {(r["table"], r["row"]): r["code"] for r in rows(tmp_path / "out", "rejected")}
    assert refused == {
        ("persons", 3): "person_not_a_choice",
        ("persons", 4): "population_person_twice",
        ("records", 3): "row_not_positive",
        ("records", 4): "population_person_unknown",
        ("records", 5): "population_person_refused",
    }
    assert [(b["file"], b["row"]) for b in told["no_rows"]] == [("records.csv", 6)]
    income = [f for f in rows(tmp_path / "out", "figures") if f["name"] == "personal_income_tax.digital_asset_income"]
    assert {f["person"]: f["value"] for f in income} == {"a": Decimal("200.00"), "b": None}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"records": RECORDS}, "persons"),
        ({"persons": "kind\nindividual\n"}, "person"),
        ({"persons": PERSONS, "records": "person,time,kind,asset\n"}, "quantity"),
        ({"persons": PERSONS, "records": RECORDS.strip() + ",colour\n"}, "colour"),
        ({"persons": PERSONS, "birds": "person\n"}, "birds.csv"),
        ({"persons": PERSONS, "exchange_rates": "date,currency,rate\n2025-01-01,USD,-5\n"}, "exchange_rates.csv:2"),
    ],
)
def test_a_file_that_cannot_be_used_stops_before_anything_is_written(tmp_path, tables, said):
    folder = write(tmp_path / "in", **tables)
    with pytest.raises(InputError) as caught:
        assess_population(folder, tmp_path / "out", YEAR, workers=1)
    assert said in caught.value.text("en")
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_floats_are_refused(tmp_path):
    folder = write(tmp_path / "in", persons=PERSONS)
    table = pa.table(
        {"person": ["a"], "time": ["2025-01-01"], "kind": ["gift_in"], "asset": ["BTC"], "quantity": [0.1]}
    )
    pq.write_table(table, folder / "records.parquet")
    with pytest.raises(InputError, match="not exact"):
        assess_population(folder, tmp_path / "out", YEAR, workers=1)


def test_another_run_is_not_overwritten(country, run, tmp_path):
    out, _ = run
    before = (out / "run.json").read_bytes()
    with pytest.raises(InputError, match="another run"):
        assess_population(country, out, 2024, workers=1)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        assess_population(country, tmp_path, YEAR, workers=1)
    assert (out / "run.json").read_bytes() == before


def test_a_killed_run_goes_on_from_its_finished_parts(country, run, tmp_path):
    out = tmp_path / "out"
    code = (
        "import sys\nfrom pathlib import Path\nfrom salyq.population.run import assess_population\n"
        f"assess_population(Path({str(country)!r}), Path({str(out)!r}), {YEAR}, workers=1, memory=1 << 20)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    end = time.monotonic() + 120
    while time.monotonic() < end and len(list((out / "done").glob("*.json"))) < 2:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = {p: p.stat().st_mtime_ns for p in (out / "done").glob("*.json")}
    assert finished
    assert not (out / "run.json").exists()
    told = assess_population(country, out, YEAR, workers=1, memory=1 << 20)
    assert all(p.stat().st_mtime_ns == at for p, at in finished.items())
    assert told["figures"] == run[1]["figures"]
    assert json.loads((out / "run.json").read_text())["persons"] == run[1]["persons"]
    assert not list(out.rglob("*.tmp"))


def test_the_same_seed_gives_the_same_country(country, tmp_path):
    write_sample(tmp_path / "again", 40, 11, YEAR)
    for path in country.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
    write_sample(tmp_path / "other", 40, 12, YEAR)
    assert (tmp_path / "other" / "records.parquet").read_bytes() != (country / "records.parquet").read_bytes()


def test_small_decimals_are_written_out(tmp_path):
    folder = write(tmp_path / "in", persons=PERSONS)
    rows_ = [
        ("2025-03-01T10:00:00Z", "buy", Decimal("0.000000000000000018"), Decimal("100.00")),
        ("2025-04-01T10:00:00Z", "sell", Decimal("0.000000000000000018"), Decimal("300.00")),
    ]
    table = pa.table(
        {
            "person": ["a", "a"],
            "time": [r[0] for r in rows_],
            "kind": [r[1] for r in rows_],
            "asset": ["BTC", "BTC"],
            "quantity": pa.array([r[2] for r in rows_], pa.decimal128(38, 18)),
            "value": pa.array([r[3] for r in rows_], pa.decimal128(38, 18)),
            "currency": ["KZT", "KZT"],
        }
    )
    pq.write_table(table, folder / "records.parquet")
    told = assess_population(folder, tmp_path / "out", YEAR, workers=1)
    assert told["rows"]["records"] == {"read": 2, "used": 2, "ignored": 0, "rejected": 0}
    income = [f for f in rows(tmp_path / "out", "figures") if f["name"] == "personal_income_tax.digital_asset_income"]
    assert [f["value"] for f in income if f["person"] == "a"] == [Decimal(200)]
