"""The year of card payments: every payment is one disposal, and the year is complete."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import salyq

ROOT = Path(__file__).resolve().parents[2]


def test_every_payment_is_one_disposal() -> None:
    with (ROOT / "examples" / "card" / "records.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    paid = [r for r in rows if r["kind"] == "sell"]
    assert len(paid) == 408
    result = salyq.assess(salyq.read_case(str(ROOT / "examples" / "card")), year=2026)
    assert result.rows.used == len(rows)
    assert [f.code for f in result.findings if f.severity == "error"] == []
    income = result["personal_income_tax.digital_asset_income"]
    assert income.status == "known"
    assert Decimal(str(income.value)) > 0
    assert all(Decimal(r["fee"]) * 200 - Decimal(r["value"]) < 2 for r in paid)  # half a per cent
