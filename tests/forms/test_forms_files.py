"""Files of a return: what is written reads back, formulas are recomputed, and hostile files end in one line."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.forms.shipped import ROOT, shipped_asked, shipped_case, texts

from salyq.civil.errors import InputError, SalyqError
from salyq.cli.main import main
from salyq.forms.as_cabinet import cabinet_json
from salyq.forms.as_lines import lines_json
from salyq.forms.as_pdf import return_pdf
from salyq.forms.as_xlsx import return_xlsx
from salyq.forms.as_xml import form_xml
from salyq.forms.asked import Asked
from salyq.forms.check import check_file, compare
from salyq.forms.fill import fill
from salyq.forms.load import editions, read_edition
from salyq.forms.read_back import read_back

REVISION = "0b2f6f2e-1111-4c1d-9d6f-2f6d4b9e1a73"  # made up


def aliya(year: int, **options: str) -> Asked:
    asked = Asked(shipped_case("aliya"), year, str(year), options=options)
    asked.__dict__["assessment"] = shipped_asked("aliya", year, str(year)).assessment
    asked.__dict__["world"] = shipped_asked("aliya", year, str(year)).world
    return asked


def cabinet(asked: Asked) -> Any:
    return json.loads(cabinet_json(fill(asked, "270.00"), asked), parse_float=Decimal)


# ---- shapes ----------------------------------------------------------------------------------------------------------
def test_the_cabinets_json_has_the_keys_and_types_of_its_template() -> None:
    found = cabinet(aliya(2025, revision=REVISION, kind="regular"))
    assert list(found) == [
        "taxpayerCode", "creatorCode", "headTaxpayerCode", "taxpayerNameRu", "taxpayerNameKk", "taxpayerNameEn",
        "taxpayerNameQq", "creatorNameRu", "creatorNameKk", "creatorNameEn", "creatorNameQq", "taxpayerType",
        "creatorType", "taxpayerCategories", "declarationTypes", "periodType", "periodValue", "fnoYear",
        "ogdCodeByResidence", "ogdCodeByLocation", "revisionUid", "currencyCode", "noticeNumber", "noticeDate",
        "taxpayerRnn", "fnoContent",
    ]  # fmt: skip
    assert (found["revisionUid"], found["fnoYear"], found["periodType"]) == (REVISION, 2025, "YEAR")
    assert (found["periodValue"], found["declarationTypes"]) == (None, ["NEXT_PRIORITY"])
    content = found["fnoContent"]
    assert content["type"] == "fno270"
    assert content["commonInfo"]["selectedApplications"] == ["application_01", "application_04"]
    assert set(content) >= {f"application_0{n}" for n in range(1, 8)}
    one = content["application_01"]
    assert set(one["A"]) == {"_A", "_A1", "_01", "_02", "_A2", "_A3", "_A4", "_A5"}
    assert set(one["B"]) == {"_B", "_B1", *(f"_0{n}" for n in range(1, 10)), *(f"_B{n}" for n in range(2, 8))}
    assert (set(one["E"]), set(one["F"])) == ({"_E", "_E1", "_E2", "_E3", "_E4"}, {"F", "_F1", "_F2"})
    own = texts(fill(aliya(2025), "270.00"))
    gain, tax = int(own["270.01.A1.1"]), int(own["270.01.K"])
    assert (one["A"]["_01"], one["A"]["_02"], one["_K"], one["_01"]) == (gain, None, tax, None)
    row = content["application_04"]["B"][2]  # 0.05 BTC for USDT on 20.01.2025
    assert row == {
        "A": "00000003", "B": "3", "_01": None, "C": "8", "_02": None, "D": Decimal("0.05"), "E": "BTC",
        "F": "20.01.2025", "G": "-", "H": "KAZ", "I": "USD", "val_J": {"value": 4978, "manual": True}, "index": 2,
    }  # fmt: skip
    assert content["application_04"]["E"][1] == {
        "A": "00000002", "B": "8", "_01": None, "C": "BNB", "D": "KAZ", "E": "binance", "index": 1,
    }  # fmt: skip


def test_the_cabinets_revision_is_never_made_up() -> None:
    with pytest.raises(SalyqError, match="revision"):
        cabinet(aliya(2025))


def test_lines_json_has_what_the_contract_says() -> None:
    found = lines_json(fill(aliya(2025), "270.00"))
    assert (found["form"], found["edition"], found["draft"], found["period"]) == ("270.00", "o927-2025", False, "2025")
    assert found["lines"]["270.01.K"] == texts(fill(aliya(2025), "270.00"))["270.01.K"]
    assert found["from"]["270.01.A1.1"] == "personal_income_tax.digital_asset_income"
    assert found["from"]["270.01.K"] == "personal_income_tax.tax_due"
    assert set(found["by_hand"][0]["why"]) == {"kk", "ru", "en"}


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_pdf_and_workbook_say_the_same_lines(lang: str) -> None:
    made = fill(aliya(2026), "270.00")
    pages = [p.extract_text() for p in PdfReader(io.BytesIO(return_pdf(made, lang))).pages]
    draft = made.draft.text(lang) if made.draft else ""
    for page in pages:  # the mark of a draft stands on every page
        assert draft.split(":")[0] in page.replace("\n", " ")
    gain = int(texts(made)["270.01.A1.1"])
    assert f"{gain:,}".replace(",", " ") in re.sub(r"\s", " ", " ".join(pages))
    book = load_workbook(io.BytesIO(return_xlsx(made, lang)))
    values = {r[0].value: r[2].value for r in book["270.01"].iter_rows() if r[0].value}
    assert values["270.01.A1.1"] == gain
    assert draft in [c.value for r in book["270.01"].iter_rows() for c in r]


def test_files_repeat_byte_for_byte() -> None:
    made = fill(aliya(2025), "270.00")
    assert return_pdf(made, "en") == return_pdf(made, "en")
    assert return_xlsx(made, "en") == return_xlsx(made, "en")


# ---- round trips -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("year", "kind"), [(2025, "lines"), (2025, "cabinet"), (2024, "xml"), (2026, "lines")])
def test_what_is_filled_reads_back_and_agrees_with_the_case(tmp_path: Path, year: int, kind: str) -> None:
    asked = aliya(year, revision=REVISION)
    made = fill(asked, "270.00")
    data = {
        "lines": lambda: json.dumps(lines_json(made)).encode(),
        "cabinet": lambda: cabinet_json(made, asked),
        "xml": lambda: form_xml(made, asked),
    }[kind]()
    path = tmp_path / "file"
    path.write_bytes(data)
    read = read_back(path)
    assert (read.how, read.year, read.person_id) == (kind, year, "930417400007")
    assert check_file(read) == []
    assert list(compare(read, made)) == []


def test_a_line_changed_by_hand_says_what_would_be_right(tmp_path: Path) -> None:
    found = cabinet(aliya(2025, revision=REVISION))
    found["fnoContent"]["application_01"]["F"]["_F1"] = 100000
    path = tmp_path / "changed.json"
    path.write_bytes(msgspec.json.Encoder(decimal_format="number").encode(found))
    problems = {p.line: p.right for p in check_file(read_back(path))}
    # F = 100,000; G = D − 100,000; H = K = a tenth of it
    taxed = found["fnoContent"]["application_01"]["_D"] - 100000
    tax = str((taxed + 5) // 10)
    assert problems == {"270.01.F": "100000", "270.01.G": str(taxed), "270.01.H": tax, "270.01.K": tax}


def test_check_on_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    case = str(ROOT / "examples" / "aliya")
    assert main(["forms", "fill", case, "--year", "2025", "--to", str(out), "--lang", "en"]) == 0
    assert {p.name for p in out.glob("270*")} == {"270.00.lines.json", "270.00.xlsx", "270.00.pdf"}
    assert "--revision" in capfd.readouterr().out
    file = out / "270.00.lines.json"
    assert main(["forms", "check", str(file), "--case", case, "--lang", "en"]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    right = found["lines"]["270.01.K"]
    found["lines"]["270.01.K"] = str(int(right) + 1)
    file.write_text(json.dumps(found), encoding="utf-8")
    assert main(["forms", "check", str(file), "--lang", "en"]) == 3
    assert f"right: {right}" in capfd.readouterr().out


# ---- hostile files ---------------------------------------------------------------------------------------------------
LAUGHS = (
    b'<!DOCTYPE fno [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><fno code="270.00">&b;</fno>'
)
FETCH = b'<!DOCTYPE fno SYSTEM "file:///etc/passwd"><fno code="270.00"/>'
OUTSIDE = b'<!DOCTYPE fno [<!ENTITY x SYSTEM "file:///etc/passwd">]><fno code="270.00">&x;</fno>'


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        FETCH,
        OUTSIDE,
        b"<fno>" + b"<a>" * 100 + b"</a>" * 100 + b"</fno>",
        b"<a>" * 5000,
        b"<fno code='270.00'>",
        b"\xff\xfe<\x00",
        b"<html/>",
        b"{",
        b"[]",
        b"[" * 100000,
        b'{"lines": {}, "form": "999.99", "year": 2025}',
        b'{"lines": 5, "form": "270.00", "year": 2025, "period": "2025", "person": ""}',
        b'{"fnoContent": {"type": "fno270"}, "fnoYear": "zzz"}',
        b'{"fnoContent": {"type": "fno270", "application_01": {"_K": "x"}}, "fnoYear": 2025}',
        b'{"fnoContent": {"type": "fno270", "application_01": {"_K": 1e400}}, "fnoYear": 2025}',
        b'{"fnoContent": {"type": "fno270"}, "fnoYear": ' + b"9" * 9000 + b"}",
        b"",
    ],
)
def test_hostile_files_are_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(data)
    with pytest.raises(SalyqError) as caught:
        check_file(read_back(path))
    assert "\n" not in caught.value.text("en")


# ---- editions --------------------------------------------------------------------------------------------------------
def edition_text(name: str) -> str:
    return next((ROOT / "src" / "salyq" / "forms" / name[:6]).glob(f"{name[7:]}.toml")).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('formula = "{A1.1} + {A1.2}"', 'formula = "{A1.1} + {A9}"', "A9"),
        ('formula = "{A1.1} + {A1.2}"', 'formula = "{A1.1} + + {A1.2}"', "formula"),
        ('formula = "{A1.1} + {A1.2}"', 'formula = "{A} - {A2}"', "circle"),
        ('code = "BIN"', 'code = "K"', "twice"),
        ('rounding = "tenge"', 'roundings = "tenge"', "roundings"),
        ('kind = "year"', 'kind = "yaer"', "yaer"),
    ],
)
def test_a_slip_in_an_edition_file_is_named(old: str, new: str, told: str) -> None:
    text = edition_text("270.00/o927-2025")
    assert old in text
    with pytest.raises(InputError) as caught:
        read_edition(text.replace(old, new, 1), "270.00/next.toml")
    assert told in caught.value.text("en")
    assert caught.value.text("en").startswith("270.00/next.toml")


def test_every_name_that_editions_use_exists() -> None:
    """Figures are rules of law; facts and sources of rows are functions of this room."""
    from salyq.forms.facts import FACTS
    from salyq.forms.rows import ROWS, SHEETS
    from salyq.law import shipped

    rules = shipped().rules
    for edition in editions():
        for annex in edition.annex:
            cells = [*annex.cells(), *(c for r in annex.rows for c in r.columns)]
            for cell in cells:
                for figure in (cell.figure, cell.less, cell.plus, cell.agrees):
                    assert not figure or figure in rules, (edition.form, cell.code, figure)
                assert not cell.fact or cell.fact in FACTS or cell.fact.startswith("annex:"), cell.fact
            assert all(r.source in ROWS for r in annex.rows if r.source)
            assert not annex.sheet_source or annex.sheet_source in SHEETS
        assert not edition.duty or edition.duty in rules


@pytest.mark.parametrize("options", [["--form", "999.99"], ["--form", "270.00", "--period", "2025-Q1"]])
def test_wrong_options_are_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str], options: list[str]) -> None:
    case = str(ROOT / "examples" / "aliya")
    code = main(["forms", "fill", case, "--year", "2025", "--to", str(tmp_path / "x"), *options])
    assert code == 2
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_a_form_of_another_kind_of_person_is_refused(made_up: Callable[..., Asked]) -> None:
    with pytest.raises(SalyqError, match="individual"):
        fill(shipped_asked("temir-mining", 2025, "2025"), "270.00")
