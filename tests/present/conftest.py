"""An assessment made by hand: one of everything that a page can show."""

from datetime import date
from decimal import Decimal

import pytest

from salyq.assessing.result import Alternative, Assessment, Figure, Finding, Obligation, RowCounts
from salyq.civil.messages import Message


def label(name: str) -> dict[str, str]:
    return {"kk": f"{name} kk", "ru": f"{name} ru", "en": f"{name} en"}


@pytest.fixture
def assessment() -> Assessment:
    said = Message("figures_none", {})
    figures = (
        Figure(
            "personal_income_tax.digital_asset_income",
            "2026",
            None,
            "KZT",
            "unknown",
            "statute",
            ("tax-code-2025:389.2",),
            label("Income"),
            missing=(said,),
            bounds=(Decimal("0.00"), Decimal("1500000.00")),
            so_far=Decimal("7.10"),
        ),
        Figure(
            "personal_income_tax.tax_due",
            "2026",
            Decimal("200000.00"),
            "KZT",
            "known",
            "reconstruction",
            ("tax-code-2025:363.1",),
            label("Tax due"),
            alternatives=(Alternative("lot_method", "average", Decimal("1180000.00")),),
        ),
        Figure("mining_fee.energy", "2026-Q1", Decimal("1234.5"), "kWh", "known", "statute", (), label("Energy")),
        Figure("mining_fee.energy", "2026-Q2", Decimal("0"), "kWh", "known", "statute", (), label("Energy")),
        Figure("value_added_tax.tax", "2026-Q1", None, "KZT", "not_applicable", "statute", (), label("VAT"), note=said),
    )
    findings = (
        Finding("one", "notice", said),
        Finding(
            "two", "error", said, ("tax-code-2025:389.2",), tuple(f"my file.csv:{n}" for n in range(2, 11)), "0.5 BTC"
        ),
    )
    obligations = (
        Obligation("personal_income_tax.return", "2026", date(2027, 3, 31), None, ("tax-code-2025:413",), note=said),
        Obligation("personal_income_tax.payment", "2026", None, Decimal("200000.00"), ()),
    )
    return Assessment(
        "0.1.0",
        "sha256:0123456789abcdef0123",
        date(2026, 6, 11),
        "900101300017",
        "individual",
        2026,
        figures,
        findings,
        obligations,
        RowCounts(10, 8, 1, 1),
        person_name="Алия",
    )
