"""Gaps of a year, statistics, both halves of the law as one book; and that a tax needs no regulation."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from salyq.app.lawbook import statistics, whole
from salyq.civil.messages import LANGUAGES
from salyq.cli.main import main
from salyq.law import SUBJECTS
from salyq.law.asked.catalogue import acts
from salyq.law.statistics import CONFIDENCE
from salyq.rulebook.provisions import filled


def printed(capsysbinary: pytest.CaptureFixture[bytes], *args: str) -> str:
    assert main(list(args)) == 0
    return capsysbinary.readouterr().out.decode()


def test_gaps_of_a_year_say_who_would_fill_them(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    gaps = {
        y: json.loads(printed(capsysbinary, "law", "gaps", "--year", str(y), "--format", "json"))["gaps"]
        for y in (2019, 2026)
    }
    assert all(g["reason"][lang] and g["text"][lang] for found in gaps.values() for g in found for lang in LANGUAGES)
    names = {g["provision"] for g in gaps[2026]}
    assert "circulation/client-limits" in names
    assert "circulation/client-limits" not in {g["provision"] for g in gaps[2019]}
    assert all(g["from"] <= "2026-12-31" and (g["until"] or "9999") >= "2026-01-01" for g in gaps[2026])
    cites = {"kk": "12-1-бап, 5-тармақ", "ru": "ст. 12-1, п. 5", "en": "art. 12-1(5)"}
    for lang in LANGUAGES:
        told = printed(capsysbinary, "law", "gaps", "--year", "2026", "--lang", lang)
        assert cites[lang] in told
        assert "circulation/client-limits" in told


def test_every_binding_row_stands_once() -> None:
    """No provision twice: subject, act, article, first day and words."""
    rows = [(p.subject, p.act, p.article, p.start, p.text["en"]) for ps in whole().provisions.values() for p in ps]
    assert len(rows) == len(set(rows))
    assert len(rows) > 200


def test_statistics_name_their_sources_and_show_disagreement(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = statistics()
    assert {s.measure for s in rows} >= {
        "hash_rate_share",
        "licences",
        "registered_miners",
        "quota_used",
        "aifc_turnover",
        "digital_tenge_issued",
    }
    for s in rows:
        assert Decimal(s.value) >= 0
        assert s.source
        assert s.address.startswith("https://")
        assert s.confidence in CONFIDENCE
        assert all(s.label[lang] for lang in LANGUAGES)
    disputed = [s.value for s in rows if s.disputed]
    assert disputed == ["66.1", "66.2"]
    text = printed(capsysbinary, "law", "statistics", "--lang", "en")
    assert all(value in text for value in disputed)
    assert text.count("sources disagree") == len(disputed)


def test_figures_of_the_sources_add_up() -> None:
    value = {(s.measure, s.period): Decimal(s.value) for s in statistics() if not s.disputed}
    assert value["licences", "2024-11"] == value["licences_I", "2024-11"] + value["licences_II", "2024-11"]
    share = value["power_bought", "2024-08"] / value["power_offered", "2024-08"] * 100
    assert round(share, 1) == Decimal("66.1")


def test_the_book_shows_both_halves(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    listed = printed(capsysbinary, "law", "list", "--format", "json")
    names = {row["name"] for row in json.loads(listed)["law"]}
    assert {"mining_fee.rate", "licensing.platform_capital", "travel_rule.hold_until"} <= names
    assert "art. 463, part 1: person: 15;" in printed(
        capsysbinary, "law", "show", "penalties.fines", "--on", "2026-06-01"
    )
    assert "48 hours" in printed(capsysbinary, "law", "show", "travel_rule.hold_for")


def test_a_tax_needs_no_regulation() -> None:
    """Reading the law of taxes reads no subject of acts."""
    program = (
        "import sys; from salyq.law import shipped; law = shipped();"
        "print(*sorted({n.partition('.')[0] for n in [*law.rules, *law.series]}));"
        "print(*[m for m in sys.modules if m.startswith('salyq.law.')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    subjects, modules = (set(line.split()) for line in done.stdout.splitlines())
    others = {name for act in acts().values() for name in act.subjects} - set(SUBJECTS)
    assert not subjects & others
    assert not {m.split(".")[2] for m in modules} & {"asked", *others}


def differences_told(capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> list[dict[str, Any]]:
    assert main(["law", "diff", *words, "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsysbinary.readouterr().out)["differences"]
    return found


def test_the_new_year_of_2026_changes_the_mci_and_the_tax_code(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    found = {d["name"]: d for d in differences_told(capsysbinary, "2025-12-31", "2026-01-01")}
    mci = found["base.mci_january"]
    assert (mci["what"], mci["before"], mci["after"], mci["unit"]) == ("changed", "3932.00", "4325.00", "KZT")
    assert found["personal_income_tax.flat_rate"]["what"] == "ended"
    assert found["personal_income_tax.scale"]["what"] == "began"


def test_an_act_alone_and_the_way_back(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    there = differences_told(capsysbinary, "2026-04-30", "2026-05-01", "--act", "law-193-vii")
    back = differences_told(capsysbinary, "2026-05-01", "2026-04-30", "--act", "law-193-vii")
    assert {d["name"] for d in there} == {d["name"] for d in back}
    assert len(there) > 20
    turned = {"began": "ended", "ended": "began", "changed": "changed"}
    assert {(d["name"], turned[d["what"]]) for d in there} == {(d["name"], d["what"]) for d in back}
    assert differences_told(capsysbinary, "2026-05-01", "2026-05-01") == []


def test_one_day_known_on_two_days(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The MCI of 2026 was adopted in December 2025: before that it was there and nobody knew it (None)."""
    found = differences_told(capsysbinary, "2026-01-01", "2026-01-01", "--known", "2025-11-01", "2026-01-10")
    mci = next(d for d in found if d["name"] == "base.mci_january")
    assert (mci["what"], mci["before"], mci["after"]) == ("changed", None, "4325.00")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1900-01-01", "2026-01-01"], "D1"),
        (["2026-01-01", "2026-01-02", "--act", "no-such"], "--act"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    words: list[str], said: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["law", "diff", *words]) == 2
    told = capsysbinary.readouterr().err.decode()
    assert told.startswith(said)
    assert told.count("\n") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_is_said_once(lang: str) -> None:
    """“The MCI is 4325 tenge”, not “4325 KZT tenge”."""
    law = whole()
    told = [filled(law, p, lang) for provisions in law.provisions.values() for p in provisions]
    assert any("4325" in text for text in told)
    assert [
        text for text in told if re.search(r"(KZT|MCI|days) (KZT|MCI|days|tenge|теңге|тенге|АЕК|МРП|дн|күн)", text)
    ] == []


@pytest.mark.parametrize(("lang", "index", "term"), [("kk", "АЕК", "3 жұмыс күні"), ("ru", "МРП", "3 рабочих дня")])
def test_units_and_terms_are_in_the_language_of_the_text(lang: str, index: str, term: str) -> None:
    law = whole()
    told = [filled(law, p, lang) for provisions in law.provisions.values() for p in provisions]
    assert any(index in text for text in told)
    assert any(term in text for text in told)
    english = r"\d (working )?(days?|hours?|months?|years?)\b|\d MCI\b"
    assert [text for text in told if re.search(english, text)] == []


def test_gaps_are_told_with_the_values_of_their_year(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """No bare slot ({resend_term}) where a reader looks; a year whose law was not read is no list of gaps."""
    for year in range(2018, 2027):
        for lang in LANGUAGES:
            assert "{" not in printed(capsysbinary, "law", "gaps", "--year", str(year), "--lang", lang)
    text = printed(capsysbinary, "law", "gaps", "--year", "2026", "--format", "json")
    assert all("{" not in said for gap in json.loads(text)["gaps"] for said in gap["text"].values())
    assert main(["law", "gaps", "--year", "2031"]) == 2
    assert main(["law", "gaps", "--year", "2017"]) == 2


def test_codes_that_stand_together_are_of_one_list(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """“agent” among the activities of the AIFC deals for others; the one who reports withholds tax."""
    told = printed(capsysbinary, "law", "show", "aifc.activities", "--lang", "en")
    assert "dealing as agent" in told
    assert "tax agent" not in told
