"""Tables of order 817: handed in in every file that the forms room writes, refused row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.office.conftest import Portal

from salyq.forms.tables.report import fill, table_json, table_xlsx
from salyq.office.intake import order_tables
from salyq.office.intake.kinds import kinds, read_whole

ROWS = {
    "o817-deals": """client,client_name,asset,value,quantity,kind,date
900101300017,Made Up,BTC,5000000,0.1,buy,2025-02-03
900101300017,Made Up,BTC,5100000.50,0.1,sell,2025-03-31
""",
    "o817-rewards": """client,client_name,residence,kind,value,quantity,date
900101300017,Made Up,KZ,staking,5000,0.001,2025-02-03
,Somebody Abroad,DE,airdrop,7000.25,0.002,2025-02-04
""",
}


def files(folder: Path, name: str, reporter: str, period: str = "2025-Q1") -> dict[str, bytes]:
    """The table as rows of ours, as lines and as the workbook in three languages."""
    path = folder / "rows.csv"
    path.write_text(ROWS[name], encoding="utf-8")
    filled = fill(name, path, period)
    books = {f"{lang}.xlsx": table_xlsx(filled, reporter, "Exchange", lang) for lang in ("kk", "ru", "en")}
    return {"x.csv": path.read_bytes(), "x.json": json.dumps(table_json(filled, reporter)).encode(), **books}


@pytest.mark.parametrize("name", ROWS)
def test_a_good_table_is_taken_in_every_file(country: Portal, tmp_path: Path, name: str) -> None:
    user = country.user("exchange")
    for file, data in files(tmp_path, name, user["organisation"]).items():
        sent = {"kind": name, "organisation": user["organisation"]}
        answer = country.browser.post(
            "/api/v1/filings", data=sent, files={"file": (file, data)}, headers=country.key("exchange")
        ).json()
        assert (answer["status"], answer["period"]) == ("accepted", "2025-Q1"), (file, answer["faults"])
        assert answer["summary"]["rows"] == 2
        # The demonstration's exchange has its licence since May 2026: in 2025 no register permitted it.
        assert [f["code"] for f in answer["findings"]] == ["intake_reporter_not_permitted"]
    page = country.as_user("exchange").get("/en/cabinet/filings").text
    assert kinds()[name].words.text("en") in page


def said(tmp_path: Path, name: str, data: bytes) -> list[tuple[str, str]]:
    path = tmp_path / "given"
    path.write_bytes(data)
    return [(f.where, f.message.code) for f in read_whole(kinds()[name], path).faults]


WRONG: list[tuple[str, str, str, str]] = [
    ("900101300017", "900101300018", "2:client", "id_check_digit"),
    (",buy,", ",swap,", "2:kind", "carf_choice"),
    ("2025-02-03", "03/02/2025", "2:date", "form_iso_day"),
    (",0.1,buy", ",,buy", "2:quantity", "carf_blank"),
    ("5000000,", "-1,", "2:value", "carf_negative"),
    ("2025-03-31", "2025-04-01", "date", "intake_two_quarters"),
    ("2025-", "2026-", "period", "form_no_edition"),
    ("2025-", "2023-", "period", "form_no_edition"),
]


@pytest.mark.parametrize(("old", "new", "where", "code"), WRONG)
def test_a_row_that_is_wrong_is_named(tmp_path: Path, old: str, new: str, where: str, code: str) -> None:
    faults = said(tmp_path, "o817-deals", ROWS["o817-deals"].replace(old, new).encode())
    assert where in {w for w, _ in faults}, faults
    assert code in {c for _, c in faults} or code == "id_check_digit", faults


def changed(told: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({**told, **more}).encode()


def test_lines_of_another_form_quarter_or_shape_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(files(tmp_path, "o817-deals", "221140000000")["x.json"])
    assert said(tmp_path, "o817-deals", changed(told)) == []
    assert said(tmp_path, "o817-rewards", changed(told))[0][1] == "intake_other_form"
    assert ("period", "intake_other_quarter") in said(tmp_path, "o817-deals", changed(told, period="2025-Q2"))
    for rows in ({}, "x", [1], None):
        assert said(tmp_path, "o817-deals", changed(told, rows=rows)), rows
    assert said(tmp_path, "o817-deals", changed(told, rows=[]))[0][1] == "intake_no_rows"
    monkeypatch.setattr(order_tables, "MOST_ROWS", 1)
    assert said(tmp_path, "o817-deals", changed(told))[0][1] == "intake_too_long"
    for junk in (b"{", b'{"a":' * 9000, b"", b"a;b\n1;2", b"\xff\xfe\x00", b"PK\x03\x04junk"):
        assert said(tmp_path, "o817-deals", junk), junk[:9]
