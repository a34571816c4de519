"""A folder of law is read whole or refused with the file and entry that is wrong; and `salyq law show` tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from salyq.cli.main import main
from salyq.law import shipped
from salyq.rulebook.check import check
from salyq.rulebook.fault import LoadError
from salyq.rulebook.law import Law
from salyq.rulebook.nodes import LawError


def test_a_folder_of_law(load: Callable[..., Law]) -> None:
    law = load()
    assert check(law) == []
    assert law.series["levy.rate"].values[0].data == Fraction(1, 10)
    assert law.series["levy.allowance"].values[0].data == 1234  # tiyn
    assert law.labels["levy.due"]["kk"] == "салық"
    assert [v.since for v in law.rules["levy.due"]] == [date(2022, 1, 1)]
    assert law.known == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("levy/params.toml", 'basis = "statute"', 'basis = "hearsay"', "hearsay"),
        ("levy/params.toml", 'is = "12.34"', 'is = "12.345"', "finer than the smallest step of KZT"),
        ("levy/params.toml", 'is = "0.1"', 'is = "a tenth"', "params.toml:9: rate .*a tenth"),
        ("levy/params.toml", 'is = "0.1"', 'is = "unknown"', "params.toml:9: .*no reason"),
        ("levy/params.toml", 'is = "0.1"\n', "", "params.toml:5: .*“is” is missing"),
        ("levy/params.toml", "[rate]", "[rate", "params.toml"),
        ("levy/rules.py", "@figure", "def other() -> Money:\n    return 1\n\n@figure", ""),
    ],
)
def test_what_cannot_be_read(load: Callable[..., Law], file: str, old: str, new: str, said: str) -> None:
    if not said:
        assert "levy.other" not in load(file, old, new).rules  # a function without a declaration is no rule
        return
    with pytest.raises(LawError, match=said):
        load(file, old, new)


def test_versions_of_one_rule_are_of_one_unit(load: Callable[..., Law]) -> None:
    second = (
        '@figure(cite="code:3", per="year", since="2023-01-01", name="due")\ndef flag(f: Flag) -> Flag:\n    return f\n'
    )
    with pytest.raises(LawError, match=r"levy/rules.py:\d+: levy.due: .*differ in per, date, unit"):
        load(
            "levy/rules.py",
            "from salyq.rulebook.rules import figure\n",
            f"from salyq.rulebook.rules import figure\n\n{second}",
        )


def test_a_return_that_is_no_unit_of_law(load: Callable[..., Law]) -> None:
    with pytest.raises(LoadError, match=r"levy/rules.py:\d+: .*no unit of law"):
        load("levy/rules.py", "-> Money:", "-> int:")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("levy/params.toml", 'cite = "code:1"', 'cite = "codex:1"', "law_act_unknown"),
        ("levy/labels.toml", 'en = "tax"', 'en = ""', "law_no_label"),
        ("levy/cases.toml", "levy.due", "levy.other", "law_case_name+law_no_case"),
        ("levy/rules.py", "a - allowance", "a - rate", "law_broken"),
        ("levy/rules.py", "floor0(a - allowance)", "floor0(a - a)", ""),
        ("levy/rules.py", "allowance: Money, ", "", "law_broken"),
        ("acts.toml", 'address = "https://law.example/code"\n', "", "law_act_no_address"),
    ],
)
def test_faults_of_a_folder(load: Callable[..., Law], file: str, old: str, new: str, code: str) -> None:
    try:
        found = {f.message.code for f in check(load(file, old, new))}
    except NameError:
        assert code == "law_broken"  # a name that Python itself does not know
        return
    assert found == set((code or "law_unused").split("+"))


# ---- the shipped law -------------------------------------------------------------------------------------------------
def test_shipped_law_is_whole() -> None:
    assert [str(f) for f in check(shipped())] == []


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """What `salyq law show` says, as JSON."""

    def ask(*args: str) -> dict[str, Any]:
        assert main(["law", "show", *args, "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]

    return ask


def test_law_show_tells_the_version_of_a_day(show: Callable[..., Any]) -> None:
    rate = show("mining_fee.rate", "--on", "2024-06-01")
    (version,) = rate["versions"]
    assert (version["value"], version["cite"]) == ("2", "tax-code-2017:606-3.1")
    assert show("mining_fee.rate", "--on", "2023-06-01")["versions"] == []


def test_law_show_on_both_axes(show: Callable[..., Any]) -> None:
    """Law 208-VIII of July 2025 reached back to 1 January 2025."""
    before = show("personal_income_tax.lot_method", "--on", "2025-03-01", "--known", "2025-07-14")
    after = show("personal_income_tax.lot_method", "--on", "2025-03-01", "--known", "2025-07-15")
    (old,), (new,) = before["versions"], after["versions"]
    assert (old["by"], new["by"]) == ("tax-code-2017", "law-208-viii")


def test_law_show_tells_rules_too(show: Callable[..., Any]) -> None:
    versions = show("personal_income_tax.tax")["versions"]
    assert [v["cite"] for v in versions] == ["tax-code-2017:320.1", "tax-code-2025:363.1"]


def test_law_show_says_who_reads_a_value(show: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert "mining_fee.tariff" in show("mining_fee.rate")["read_by"]
    assert "mining_fee.due" in show("mining_fee.reading_fee")["read_by"]
    assert "mining_fee.return" in show("mining_fee.return_due")["read_by"]
    assert main(["law", "show", "mining_fee.rate"]) == 0
    text = capsys.readouterr().out
    assert "Read by: mining_fee.tariff" in text
    assert "as amended by Law No. 45-VIII" in text
