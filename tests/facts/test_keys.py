"""Lots and sales have keys for life; an assessment that was saved explains every figure as the case does."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import salyq
from salyq.cli.main import main
from salyq.present.as_json import assessment_json, dumps
from salyq.records.keys import record_keys

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n[[account]]\nname = "desk"\ncountry = "KZ"\n'
HEADER = "time,kind,asset,quantity,value,currency,fee,fee_asset,account,group,document\n"
ROWS = (
    "2024-02-03T10:00:00+05:00,buy,BTC,1,4000000,KZT,0.01,BTC,desk,,contract\n"
    "2025-02-03T10:00:00+05:00,buy,BTC,1,4500000,KZT,,,desk,,contract\n"
    "2025-03-03T10:00:00+05:00,swap_out,BTC,0.5,,,,,desk,g1,\n"
    "2025-03-03T10:00:00+05:00,swap_in,ETH,9,,,,,desk,g1,\n"
    "2025-06-03T10:00:00+05:00,sell,BTC,0.75,6000000,KZT,,,desk,,\n"
    "2025-06-04T10:00:00+05:00,sell,ETH,2,900000,KZT,,,desk,,\n"
)
UNRELATED = (
    "2023-01-03T10:00:00+05:00,buy,ADA,100,10000,KZT,,,desk,,contract\n"
    "2025-05-03T10:00:00+05:00,sell,ADA,40,9000,KZT,,,desk,,\n"
)
LATER = "2025-09-03T10:00:00+05:00,buy,BTC,2,9000000,KZT,,,desk,,contract\n"


def keys(place: Path, rows: str, settings: Mapping[str, str] | None = None) -> list[tuple[str, str, str, str]]:
    place.mkdir(exist_ok=True)
    (place / "person.toml").write_text(PERSON, encoding="utf-8")
    (place / "records.csv").write_text(HEADER + rows, encoding="utf-8")
    found = salyq.matches(salyq.read_case(place), 2025, settings=settings)
    return [(m["disposal_key"], m["lot_key"], m["asset"], m["quantity"]) for m in found]


@pytest.mark.parametrize("method", ["fifo", "average"])
def test_keys_stay_when_unrelated_rows_are_added_and_rows_move(method: str, tmp_path: Path) -> None:
    chosen = {"lot_method": method}
    once = keys(tmp_path / "a", ROWS, chosen)
    assert once == keys(tmp_path / "b", ROWS, chosen)
    assert len({k for k, *_ in once}) == len({(asset, day) for day, asset in _sales()})
    moved = keys(tmp_path / "c", UNRELATED + LATER + "".join(reversed(ROWS.splitlines(keepends=True))), chosen)
    assert set(once) <= set(moved)
    assert [m for m in moved if m not in once] != []  # the new sale has keys of its own


def _sales() -> set[tuple[date, str]]:
    outs = csv.DictReader((HEADER + ROWS).splitlines())
    return {(date.fromisoformat(r["time"][:10]), r["asset"]) for r in outs if r["kind"] in ("sell", "swap_out")}


def test_another_row_has_another_key(tmp_path: Path) -> None:
    once = keys(tmp_path / "a", ROWS)
    other = keys(tmp_path / "b", ROWS.replace("4000000", "4000001"))
    changed = {lot for _, lot, *_ in once} ^ {lot for _, lot, *_ in other}
    assert len(changed) == 2  # the key of the first purchase, before and after
    assert {sale for sale, *_ in once} == {sale for sale, *_ in other}


def test_keys_of_rows_under_one_id_hang_on_no_order(tmp_path: Path) -> None:
    """A venue that gives one id to several deals: we ask, and each key means the same row in every run."""
    rows = [
        "2025-02-03T10:00:00+05:00,buy,BTC,1,4000000,KZT,desk,T1,contract\n",
        "2025-02-04T10:00:00+05:00,buy,BTC,2,9000000,KZT,desk,T1,contract\n",
        "2025-02-04T10:00:00+05:00,buy,BTC,2,9000000,KZT,desk,T1,contract\n",
        "2025-06-03T10:00:00+05:00,sell,BTC,2,16000000,KZT,desk,S1,\n",
        "2025-06-03T10:00:00+05:00,sell,BTC,1,8000000,KZT,desk,S1,\n",
    ]
    told = []
    for n, given in enumerate((rows, rows[::-1], rows[2:] + rows[:2])):
        place = tmp_path / str(n)
        place.mkdir()
        (place / "person.toml").write_text(PERSON, encoding="utf-8")
        head = "time,kind,asset,quantity,value,currency,account,id,document\n"
        (place / "records.csv").write_text(head + "".join(given), encoding="utf-8")
        case = salyq.read_case(place)
        records = case.reading.records
        lots = {(m["disposal_key"], m["lot_key"], m["quantity"]) for m in salyq.matches(case, 2025)}
        asked = {(q.key, q.code) for q in salyq.questions(case)}
        told.append(({(k, r[:-1]) for k, r in zip(record_keys(records), records, strict=True)}, lots, asked))
    assert told[0] == told[1] == told[2]
    assert len(told[0][0]) == len(rows)
    alone = tmp_path / "alone"  # the row that counts keeps its key when another comes
    alone.mkdir()
    (alone / "person.toml").write_text(PERSON, encoding="utf-8")
    (alone / "records.csv").write_text(head + rows[0], encoding="utf-8")
    (only,) = record_keys(salyq.read_case(alone).reading.records)
    assert only in {k for k, said in told[0][0] if said[4] == 10**18 and said[2] == "buy"}


@pytest.mark.parametrize(("name", "year"), [(n, y) for n in ("aliya", "temir-mining") for y in (2024, 2025, 2026)])
def test_a_saved_assessment_explains_every_figure_as_the_case_does(name: str, year: int, tmp_path: Path) -> None:
    case = salyq.read_case(EXAMPLES / name)
    made = salyq.assess(case, year)
    path = tmp_path / "result.json"
    path.write_text(dumps(assessment_json(made)), encoding="utf-8")
    back = salyq.read_result(path)
    assert [(f.name, f.period, f.value) for f in back.figures] == [(f.name, f.period, f.value) for f in made.figures]
    for figure in made.figures:
        assert back.explain(figure.name, figure.period) == made.explain(figure.name, figure.period), figure.name


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code = main(list(words))
    out, err = capsys.readouterr()
    return f"{code} {out}{err}"


def test_a_folder_of_results_explains_as_its_case_does_wherever_both_lie(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(EXAMPLES.parent)
    case, out = "examples/aliya", str(tmp_path / "out")
    assert told(capsys, "assess", case, "--year", "2024-2025", "--out", out).startswith("0 ")
    (tmp_path / "set.json").write_text(
        told(capsys, "assess", case, "--year", "2025", "--set", "lot_method=average", "--format", "json")[2:],
        encoding="utf-8",
    )
    tax = ("--figure", "personal_income_tax.tax_due")
    for year in ("2024", "2025"):
        of_case = told(capsys, "explain", case, "--year", year, *tax)
        assert of_case.count("\n") > 10
        assert told(capsys, "explain", out, "--year", year, *tax) == of_case
        assert told(capsys, "explain", f"{out}/{year}/assessment.json", *tax) == of_case
    average = told(capsys, "explain", case, "--year", "2025", "--set", "lot_method=average", *tax)
    assert average != of_case
    assert told(capsys, "explain", str(tmp_path / "set.json"), *tax) == average
    monkeypatch.chdir(tmp_path)
    assert "name after the result where it lies now" in told(capsys, "explain", f"{out}/2025", *tax)
    assert told(capsys, "explain", f"{out}/2025", str(EXAMPLES / "aliya"), *tax) == of_case
    assert salyq.read_result(f"{out}/2025", EXAMPLES / "aliya").explain(tax[1]).value is not None
    for option, value in (("--year", "2024"), ("--known", "2025-01-01"), ("--set", "lot_method=fifo")):
        assert f"2 {option} " in told(capsys, "explain", f"{out}/2025", option, value)


def test_a_result_whose_figures_come_to_something_else_now_explains_none(tmp_path: Path) -> None:
    """Another version of Salyq made it: its tree would be of another amount."""
    told = dumps(assessment_json(salyq.assess(salyq.read_case(EXAMPLES / "aliya"), 2025)))
    path = tmp_path / "assessment.json"
    path.write_text(told.replace('"4767908.01"', '"4767908.02"'), encoding="utf-8")
    with pytest.raises(salyq.InputError, match="digital_asset_income 2025 comes to something else"):
        salyq.read_result(tmp_path).explain("personal_income_tax.tax_due")
