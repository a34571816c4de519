"""What was handed in: kept, compared with the data of today, told in an assessment; tables of firms."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from salyq.civil.errors import InputError, SalyqError
from salyq.cli.main import main
from salyq.forms.register import Register
from salyq.forms.tables.report import fill, forms, table_json, table_xlsx

PERSON = """
id = "900101300017"
kind = "individual"
resident = true
[[account]]
name = "exchange"
country = "KZ"
aifc_exchange = true
"""
RECORDS = """time,kind,asset,quantity,value,currency,document,account
2025-01-09T12:00:00+05:00,buy,BTC,1,20000000,KZT,contract 1,exchange
2025-02-10T12:00:00+05:00,sell,BTC,0.5,11000000,KZT,,exchange
"""


def case(folder: Path, records: str = RECORDS) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    (folder / "records.csv").write_text(records, encoding="utf-8")
    return folder


def said(capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    capfd.readouterr()
    assert main([*words, "--format", "json"]) == code
    return json.loads(capfd.readouterr().out)


def test_from_filling_to_a_correction(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mine, out = str(case(tmp_path / "case")), str(tmp_path / "out")
    words = ("forms", "fill", mine, "--year", "2025", "--form", "270.00", "--to", out)
    before = said(capfd, "assess", mine, "--year", "2025")
    assert all("filed" not in o for o in before["obligations"])  # the register says nothing yet
    said(capfd, *words, "--kind", "regular")
    assert main(["forms", "mark", f"{out}/270.00.lines.json", "--as", "rejected", "--note", "N-0"]) == 0
    told = {o["name"]: o.get("filed", "?") for o in said(capfd, "assess", mine, "--year", "2025")["obligations"]}
    assert told["personal_income_tax.return"] is None  # what was rejected is still open
    assert main(["forms", "mark", f"{out}/270.00.lines.json", "--as", "accepted", "--note", "N-1"]) == 0
    told = {o["name"]: o.get("filed", "?") for o in said(capfd, "assess", mine, "--year", "2025")["obligations"]}
    assert told["personal_income_tax.return"]["state"] == "accepted"
    assert "assets_and_liabilities.return" not in told  # nothing was held at the end of the year before (630(1))
    assert told["personal_income_tax.payment"] == "?"  # a payment is no return
    assert said(capfd, "forms", "history", "--case", mine)[0]["changes"] == []
    # the sale was really worth a million more: the gain 2,000,000, the tax 200,000
    case(tmp_path / "case", RECORDS.replace("11000000", "12000000"))
    (found,) = said(capfd, "forms", "history", "--case", mine, code=3)
    changes = {c["line"]: (c["was"], c["now"], c["difference"]) for c in found["changes"]}
    assert changes["270.01.A1.1"] == ("1000000", "2000000", "1000000")
    assert changes["270.01.K"] == ("100000", "200000", "100000")
    assert "270.04.B" in changes  # a row has another value
    said(capfd, *words, "--kind", "additional")
    additional = json.loads(Path(f"{out}/270.00.lines.json").read_text(encoding="utf-8"))
    lines = {d["line"]: d["difference"] for d in additional["differences"]}
    assert lines["270.01.K"] == "100000"
    assert additional["corrects"]["number"] == 3
    states = [d["state"] for d in said(capfd, "forms", "history")["documents"]]
    assert states == ["filled", "rejected", "accepted", "filled"]


def test_the_same_return_is_kept_once(tmp_path: Path) -> None:
    mine, out = str(case(tmp_path / "case")), str(tmp_path / "out")
    for _ in range(2):
        assert main(["forms", "fill", mine, "--year", "2025", "--form", "270.00", "--to", out]) == 0
    assert len(Register().documents()) == 1


def test_a_damaged_register_is_one_line(tmp_path: Path) -> None:
    register = Register(tmp_path)
    register.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(InputError) as caught:
        register.documents()
    assert caught.value.text("en").startswith(str(register.path))


def test_a_newer_register_is_left_alone(tmp_path: Path) -> None:
    register = Register(tmp_path)
    with sqlite3.connect(register.path) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(InputError, match="newer"):
        register.documents()


# ---- tables of firms -------------------------------------------------------------------------------------------------
POOL_COLUMNS = "miner,miner_name,licence,licence_date,wallet,distributed,asset,quantity,total,transferred,fee_asset"
POOL = f"""{POOL_COLUMNS},fee_quantity
221140000000,Made-up Farm,MI-1,2025-01-15,w1,2026-05-10,BTC,0.50000001,0.49500001,2026-05-12,BTC,0.005
900101300017,=HYPERLINK(1),MI-2,2025-02-15,w2,2026-05-31,BTC,0.1,0.1,2026-06-02,,
900101300017,Made Up,MI-2,2025-02-15,w2,2026-06-01,BTC,0.1,0.1,2026-06-02,,
"""


def test_the_pools_table_has_fifteen_columns_and_both_dates(tmp_path: Path) -> None:
    path = tmp_path / "pool.csv"
    path.write_text(POOL, encoding="utf-8")
    filled = fill("smp1", path, "2026-05")
    told = table_json(filled, "230340000007")
    assert len(told["columns"]) == 15
    # the month is that of distribution: the second row was transferred in June, the third was distributed in June
    assert [(r["1"], r["7"], r["11"]) for r in told["rows"]] == [
        ("1", "10.05.2026", "12.05.2026"),
        ("2", "31.05.2026", "02.06.2026"),
    ]
    assert (told["left_out"], told["due"], told["draft"]) == (1, "2026-06-25", False)
    sheet = load_workbook(io.BytesIO(table_xlsx(filled, "230340000007", "Pool", "ru")))["СМП1"]
    cells = [[c.value for c in row] for row in sheet.iter_rows(min_row=6)]
    assert cells[0][8] == 0.50000001
    assert cells[1][2] == "=HYPERLINK(1)"
    assert sheet.cell(7, 3).data_type == "s"  # text, never a formula


DEALS = """client,client_name,asset,value,quantity,kind,date
900101300017,Made Up,BTC,5000000,0.1,buy,2025-02-03
900101300017,Made Up,BTC,5000000,0.1,sell,2026-02-03
"""


def test_the_exchanges_table_and_its_draft_of_2026(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(DEALS, encoding="utf-8")
    now = table_json(fill("o817-deals", path, "2025-Q1"), "221140000000")
    assert (len(now["columns"]), len(now["rows"]), now["due"], now["draft"]) == (8, 1, "2025-05-15", False)
    assert now["rows"][0] == {
        "1": "1", "2": "900101300017", "3": "Made Up", "4": "BTC", "5": "5000000", "6": "0.1", "7": "buy",
        "8": "03.02.2025",
    }  # fmt: skip
    later = fill("o817-deals", path, "2026-Q1")
    assert later.draft is not None
    assert len(forms()["o817-rewards"].column) == 8


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("900101300017", "900101300018", "deals.csv:2: client"),
        ("buy", "swap", "deals.csv:2: kind «swap»"),
        ("2025-02-03", "03.02.2025", "deals.csv:2: date"),
        (",0.1,buy", ",,buy", "deals.csv:2: quantity"),
        ("5000000,0.1,buy", "5e6,0.1,buy", "deals.csv:2: value"),
    ],
)
def test_a_cell_that_is_wrong_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(DEALS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        fill("o817-deals", path, "2025-Q1")
    assert told in caught.value.text("en")


@pytest.mark.parametrize(
    ("name", "period"), [("smp2", "2026-05"), ("smp1", "2026-Q2"), ("smp1", "2025-05"), ("smp1", "x")]
)
def test_a_table_or_period_that_is_not_there(tmp_path: Path, name: str, period: str) -> None:
    path = tmp_path / "pool.csv"
    path.write_text(POOL, encoding="utf-8")
    with pytest.raises(SalyqError):
        fill(name, path, period)


def test_a_table_on_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pool.csv"
    path.write_text(POOL, encoding="utf-8")
    out = tmp_path / "out"
    words = ["forms", "report", "smp1", str(path), "--period", "2026-05", "--by", "230340000007", "--to", str(out)]
    assert said(capfd, *words)["due"] == "2026-06-25"
    assert {p.name for p in out.iterdir()} == {"smp1-2026-05.lines.json", "smp1-2026-05.xlsx"}
    shutil.rmtree(out)
    assert main([*words[:-4], "--by", "1", "--to", str(out)]) == 2
    assert not out.exists()
