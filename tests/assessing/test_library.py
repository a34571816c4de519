"""The library as its users meet it: plain functions, names that can be found, errors that can be caught."""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import salyq
from salyq.present.as_json import assessment_json, dumps
from salyq.records.keys import record_keys

ALIYA = Path(__file__).parents[2] / "examples" / "aliya"


def test_verbs_are_functions_whatever_was_imported_before() -> None:
    import salyq.assessing.year

    assert inspect.isfunction(salyq.assess)
    assert inspect.isfunction(salyq.read_case)


def test_names_can_be_found_and_have_words() -> None:
    assert set(dir(salyq)) == set(salyq.__all__)
    for name in salyq.__all__:
        assert getattr(salyq, name) is not None
        if name != "__version__":
            assert (getattr(salyq, name).__doc__ or "").strip(), name
    assert salyq.__version__[0].isdigit()
    with pytest.raises(AttributeError):
        _ = salyq.nothing


def test_errors_are_salyqs_own(tmp_path: Path) -> None:
    with pytest.raises(salyq.InputError):
        salyq.read_case(tmp_path / "nowhere")
    with pytest.raises(salyq.UsageError):
        salyq.assess(salyq.read_case(ALIYA), year=1999)
    assert issubclass(salyq.InputError, salyq.SalyqError)
    assert issubclass(salyq.UsageError, salyq.SalyqError)


def test_importing_costs_nothing() -> None:
    code = "import sys, salyq; print(len([m for m in sys.modules if m.startswith('salyq')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 1


def assert_same(a: salyq.Assessment, b: salyq.Assessment) -> None:
    assert assessment_json(a) == assessment_json(b)


@pytest.mark.parametrize(("name", "year"), [("aliya", 2024), ("aliya", 2026), ("temir-mining", 2026)])
def test_a_result_is_written_and_read_back(name: str, year: int, tmp_path: Path) -> None:
    result = salyq.assess(salyq.read_case(ALIYA.parent / name), year)
    path = tmp_path / "result.json"
    path.write_text(dumps(assessment_json(result)), encoding="utf-8")
    back = salyq.read_result(path)
    assert_same(back, result)
    assert dumps(assessment_json(back)) == path.read_text(encoding="utf-8")
    figure = result.figures[-1]
    assert back[figure.name, figure.period].value == figure.value
    assert str(back.explain(figure.name, figure.period)) == str(result.explain(figure.name, figure.period))


def test_a_result_explains_only_what_it_was_made_from(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(ALIYA, folder)
    path = tmp_path / "result.json"
    path.write_text(dumps(assessment_json(salyq.assess(salyq.read_case(folder), 2025))), encoding="utf-8")
    wallets = folder / "wallets.csv"
    wallets.write_text(wallets.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    back = salyq.read_result(path)
    with pytest.raises(salyq.InputError, match="replay"):
        back.explain("personal_income_tax.tax_due")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"rows": 1}'])
def test_what_is_no_result_is_an_error_of_ours(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(salyq.InputError):
        salyq.read_result(path)
    with pytest.raises(salyq.InputError):
        salyq.read_result(tmp_path / "nowhere.json")


def test_figures_are_rows_and_a_table() -> None:
    result = salyq.assess(salyq.read_case(ALIYA), 2025)
    rows = result.to_rows()
    assert len(rows) == len(result.figures)
    due = next(r for r in rows if r["name"] == "personal_income_tax.tax_due")
    assert due["value"] == result["personal_income_tax.tax_due"].value
    html = result._repr_html_()
    assert html.count("<tr>") == len(rows)
    assert "incomplete" in html


def test_a_notebook_shows_a_line_and_rows_have_decimals() -> None:
    case = salyq.read_case(ALIYA)
    result = salyq.assess(case, 2025)
    assert len(repr(case)) < 200
    assert repr(result) == "Assessment(2025, individual, incomplete, 6 figures)"
    with pytest.raises(KeyError, match=r"did you mean personal_income_tax\.tax_due\?"):
        _ = result["personal_income_tax.taxdue"]
    held = {(h.account, h.asset): h.to_row()["quantity"] for h in salyq.holdings(case, date(2025, 12, 31))}
    assert held["(sent, still owned)", "ETH"] == Decimal("0.05")
    sent = next(q for q in salyq.questions(case, year=2025) if q.code == "unmatched_transfer_out").to_row("ru")
    assert sent["quantity"] == Decimal("0.05")
    assert (sent["tax_low"], sent["tax_high"]) == (Decimal("476790.80"), Decimal("480696.20"))
    assert "ETH" in str(sent["text"])


def test_keys_live_as_long_as_rows_say_the_same(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    shutil.copytree(ALIYA, one)
    shutil.copytree(ALIYA, two)
    (two / "wallets.csv").rename(two / "my own wallets.csv")
    table = two / "my own wallets.csv"
    head, *lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, *reversed(lines)]) + "\n", encoding="utf-8")
    first, second = salyq.read_case(one), salyq.read_case(two)
    assert sorted(record_keys(first.ledger.records)) == sorted(record_keys(second.ledger.records))
    assert len(set(record_keys(first.ledger.records))) == len(first.ledger.records)
    keys = [{q.key for q in salyq.questions(case)} for case in (first, second)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == len(salyq.questions(first))
