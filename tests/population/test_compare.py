"""A population under a reform: the same as its persons one by one under both laws, and nothing but what the reform
changes."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salyq.assessing.result import DUE
from salyq.assessing.year import assess, law_graph
from salyq.cli.main import main
from salyq.law import shipped
from salyq.law.reforms import read, read_text, reformed_graph
from salyq.population.aside import pieces
from salyq.population.compare import as_json, compare_population
from salyq.population.engine import case_of, person_of
from salyq.population.outputs import Outputs
from salyq.population.part import persons, setting_of, stated_in
from salyq.population.sample import write_sample
from salyq.population.spill import load, spill
from salyq.population.tables import PERSONS, find_tables
from salyq.rulebook.evaluate import Evaluator

YEAR = 2026
LICENCE = '[[licence]]\nkind = "mining_I"\nfrom = 2025-01-01\n'
REFORMS = sorted((Path(__file__).parents[2] / "examples" / "reforms").glob("*.toml"))
SHIPPED = {"levy-three-tenge", "losses-net", "lower-threshold", "mining-expenses-text", "vat-on-sales"}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up country in which whoever mines is a licensed company."""
    folder = tmp_path_factory.mktemp("compare") / "in"
    write_sample(folder, 60, 1, YEAR)
    table = pq.read_table(folder / "persons.parquet")
    miners = set(pq.read_table(folder / "energy.parquet").column("person").to_pylist())
    rows = table.to_pylist()
    for row in rows:
        if row["person"] in miners:
            row |= {"kind": "company", "employment_income_taxable": None, "personal_income_tax_withheld": None}
            row["toml"] = LICENCE
    pq.write_table(pa.Table.from_pylist(rows, table.schema), folder / "persons.parquet")
    return folder


def alone(country: Path, scratch: Path, reform) -> tuple[dict[str, list[int]], int]:
    """What is due of everybody by duty, one by one; and how many have something unknown."""
    files = find_tables(country)
    for piece in pieces(files):
        spill(piece.file, scratch, 1, lambda _: None, piece.shape, piece.groups)
    tables = dict(load(scratch, 0))
    stated = stated_in(tables.pop(PERSONS), Outputs("en", []))
    common = setting_of(tuple(files), YEAR, ())
    due: dict[str, list[int]] = {}
    unknown = 0
    laws = [Evaluator(law_graph(shipped().known), {}, lambda n, _: n)]
    laws.append(Evaluator(reformed_graph(laws[0].graph, reform), {}, lambda n, _: n))
    for name, rows in persons(tables, stated):
        case = case_of(person_of(stated[name].cells, YEAR, name), rows, common)
        both = [assess(case, YEAR, alternatives=False, evaluator=law) for law in laws]
        open_ = any(d.status != DUE and d.due is not None for result in both for d in result.obligations)
        if open_ or any(f.status == "unknown" for result in both for f in result.figures):
            unknown += 1
            continue
        for side, result in enumerate(both):
            owed = [(d.name, d.amount) for d in result.obligations if d.amount is not None]
            for duty, amount in owed:
                due.setdefault(duty, [0, 0])[side] += int(amount * 100)
    return due, unknown


@pytest.mark.parametrize("name", ["losses-net", "levy-three-tenge"])
def test_as_everybody_alone(country, tmp_path, name):
    reform = read(next(p for p in REFORMS if p.stem == name))
    found = compare_population(country, reform, YEAR, workers=1)
    due, unknown = alone(country, tmp_path / "rows", reform)
    assert {d: list(amounts) for d, amounts in found.duties.items()} == due
    assert found.unknown == unknown
    assert found.whole.persons + unknown == 60
    assert found.whole.less + found.whole.more > 0


def test_groups_are_the_whole(country):
    found = compare_population(country, read(REFORMS[0]), YEAR, workers=1, memory=1 << 20)
    whole = found.whole
    assert sum(after for _, after in found.duties.values()) == whole.after
    for groups in (found.deciles, found.regions, found.kinds):
        for what in ("persons", "less", "more", "before", "after"):
            assert sum(getattr(g, what) for g in groups) == getattr(whole, what)
    assert sum(before for before, _ in found.levy.values()) == found.duties["mining_fee.payment"][0]


def test_a_reform_of_nothing_changes_nothing(country):
    reform = read_text(
        'title = "as it is"\n[[value]]\nname = "mining_fee.rate"\nis = "2"\nfrom = 2026-01-01\n', "same.toml"
    )
    found = compare_population(country, reform, YEAR, workers=1)
    assert found.whole.same == found.whole.persons
    assert found.whole.difference == 0


def test_every_shipped_reform_is_read():
    assert {p.stem for p in REFORMS} >= SHIPPED
    for path in REFORMS:
        assert set(read(path).title) == {"kk", "ru", "en"}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_each_shipped_reform_touches_somebody_of_the_smallest_sample(name, tmp_path):
    year = 2025 if name == "mining-expenses-text" else 2026
    write_sample(tmp_path / "in", 10, 3, year)
    found = compare_population(tmp_path / "in", read(next(p for p in REFORMS if p.stem == name)), year, workers=1)
    assert found.whole.less + found.whole.more > 0
    assert found.whole.difference != 0


def test_command_and_report(country, tmp_path, capsys):
    reform = next(p for p in REFORMS if p.stem == "levy-three-tenge")
    target = tmp_path / "reform.html"
    args = ["population", "compare", str(country), "--reform", str(reform), "--year", str(YEAR), "--workers", "1"]
    assert main([*args, "--to", str(target), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    fee = next(d for d in told["duties"] if d["duty"] == "mining_fee.payment")
    assert abs(Decimal(fee["reform"]) - Decimal(fee["baseline"]) * 3 / 2) < Decimal("0.1")  # rounded by reading
    page = target.read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert f"{Decimal(fee['difference']):,}" in page
    assert main([*args, "--to", str(tmp_path / "reform.pdf")]) == 2
    assert "html" in capsys.readouterr().err


def test_json_has_amounts_as_text(country):
    told = as_json(compare_population(country, read(REFORMS[0]), YEAR, workers=1))
    assert told["persons"]["compared"] == told["whole"]["persons"]
    assert all(isinstance(d["baseline"], str) for d in told["duties"])
