"""Neutral records edited by hand: read, written, read again, and the whole house says the same."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import salyq
from salyq.app.api import Case, questions, read_case
from salyq.cli.main import main
from salyq.present.as_json import assessment_json

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SAMPLES = ROOT / "tests" / "sources" / "samples"
RECORDS = ("records", "binance_history", "binance_p2p")  # readers whose files become records alone
OF_OUR_TABLES = "notice_counts_as_documented"  # said once of a table of ours; a venue's file has no such column
PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'


def neutral(folder: Path, target: Path) -> Path:
    """The case of `folder`, with one neutral file in place of all the files that records came from."""
    case = read_case(folder)
    shutil.copytree(folder, target)
    read = {r.source.file for r in case.reading.records}
    for name in read:
        (target / name).unlink()
    out = target.parent / "neutral.csv"
    assert main(["read", str(folder), "--to", str(out)]) == 0
    out.rename(target / "neutral.csv")
    return target


def told(case: Case, year: int) -> object:
    """All that an assessment says, without the places of rows."""
    found = json.loads(json.dumps(assessment_json(salyq.assess(case, year))))
    for figure in found["figures"]:
        figure["missing"] = [m["code"] for m in figure["missing"]]
    for duty in found["obligations"]:
        duty["why"] = duty["why"] and duty["why"]["code"]
    findings = sorted(f["code"] for f in found["findings"] if f["cites"] and f["code"] != OF_OUR_TABLES)
    return [found["figures"], found["obligations"], findings]


@pytest.mark.parametrize(("name", "years"), [("aliya", (2024, 2025, 2026)), ("temir-mining", (2023, 2026))])
def test_a_shipped_case_read_written_and_read_is_assessed_the_same(
    name: str, years: tuple[int, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = read_case(EXAMPLES / name), read_case(neutral(EXAMPLES / name, tmp_path / "again"))
    capsys.readouterr()
    for year in years:
        assert told(one, year) == told(two, year)
    assert [(q.code, q.quantity) for q in questions(one)] == [(q.code, q.quantity) for q in questions(two)]


def test_two_exports_of_one_account_are_still_one_when_written_and_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kraken"
    folder.mkdir()
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    for sample in ("kraken_ledgers_2017.csv", "kraken_trades_2017.csv"):
        shutil.copy(SAMPLES / sample, folder)
    one, two = read_case(folder), read_case(neutral(folder, tmp_path / "again"))
    capsys.readouterr()
    assert [r[:-1] for r in one.ledger.records] == [r[:-1] for r in two.ledger.records]
    assert len(one.ledger.same_events) == len(two.ledger.same_events) == 3


def test_a_value_changed_by_hand_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = neutral(EXAMPLES / "aliya", tmp_path / "again")
    capsys.readouterr()
    before = salyq.assess(read_case(folder), 2026)["personal_income_tax.digital_asset_income"].value
    path = folder / "neutral.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    row = next(r for r in rows if r["kind"] == "sell" and r["time"].startswith("2026") and r["currency"] == "KZT")
    row["value"] = str(int(row["value"].partition(".")[0]) + 1_000_000)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    after = salyq.assess(read_case(folder), 2026)["personal_income_tax.digital_asset_income"].value
    assert before is not None
    assert after is not None
    assert after > before


row = st.tuples(
    st.integers(0, 700),
    st.sampled_from(["buy", "sell", "staked", "gift_out", "transfer_in", "transfer_out"]),
    st.sampled_from(["BTC", "ETH"]),
    st.integers(1, 5),
    st.sampled_from(["desk", "wallet"]),
    st.sampled_from(["", "T1", "T2"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(row, max_size=12), st.lists(row, max_size=6), st.integers(0, 12))
def test_any_small_case_too(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    rows: list[tuple[int, str, str, int, str, str]],
    more: list[tuple[int, str, str, int, str, str]],
    overlap: int,
) -> None:
    folder = tmp_path_factory.mktemp("case")
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    for name, told_rows in (("a.csv", rows), ("b.csv", rows[:overlap] + more)):
        lines = ["time,kind,asset,quantity,value,currency,account,id"]
        for hours, kind, asset, quantity, account, own_id in told_rows:
            money = f"{quantity * 1000},KZT" if kind in ("buy", "sell") else ","
            moment = f"2025-{1 + hours % 12:02d}-{1 + hours % 28:02d}T{hours % 24:02d}:00:00Z"
            lines.append(f"{moment},{kind},{asset},{quantity},{money},{account},{own_id}")
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    one = read_case(folder)
    two = read_case(neutral(folder, folder.parent / f"{folder.name}-again"))
    capsys.readouterr()
    assert [r[:-1] for r in one.ledger.records] == [r[:-1] for r in two.ledger.records]
    assert told(one, 2025) == told(two, 2025)
