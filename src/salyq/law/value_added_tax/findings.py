"""What a payer of VAT should know beside the figures."""

from __future__ import annotations

from salyq.law.facts import Sale
from salyq.rulebook.nodes import Flag, Rows, given, lift, when
from salyq.rulebook.rules import finding


@finding(cite="tax-code-2025:449.2.3", per="quarter", date="quarter_end", since="2026-01-01", basis="reconstruction")
@finding(
    cite="tax-code-2017:397.4", by="law-45-viii", per="quarter", date="quarter_end", since="2024-01-01",
    until="2025-12-31", until_by="tax-code-2025", basis="reconstruction",
)  # fmt: skip
def vat_apportionment(quarter_sales: Rows[Sale], vat_payer: Flag) -> Flag:
    """Exempt turnover to 2025 and no turnover from 2026: input VAT is apportioned differently (VAT10)."""
    payer = when(given(vat_payer), vat_payer, lift(False, "flag"))
    return payer & quarter_sales.any(lambda s: s.is_company_sale)
