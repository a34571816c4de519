"""Gaps of a year, statistics, both halves of the law as one book; and that a tax needs no regulation."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest

from salyq.app.lawbook import statistics, whole
from salyq.civil.messages import LANGUAGES
from salyq.cli.main import main
from salyq.law import SUBJECTS
from salyq.law.asked.catalogue import acts
from salyq.law.statistics import CONFIDENCE


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
    for lang in LANGUAGES:
        assert "12-1.5" in printed(capsysbinary, "law", "gaps", "--year", "2026", "--lang", lang)


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
    assert "KOAP:463.1 (person 15," in printed(capsysbinary, "law", "show", "penalties.fines", "--on", "2026-06-01")
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
