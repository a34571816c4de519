"""Value added tax on sales of digital assets: ordinary to 2023, exempt 2024-2025, out of scope from 2026."""

from __future__ import annotations

from salyq.law.amounts import in_tenge
from salyq.law.facts import Acquisition, Sale
from salyq.rulebook.nodes import (
    Election,
    Flag,
    Money,
    Rate,
    Ratio,
    Rows,
    Text,
    Worth,
    bounded,
    choose,
    cited,
    given,
    lift,
    rounded,
    stated_or_zero,
    unknown,
    when,
)
from salyq.rulebook.rules import figure, rule


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text, does_business: Flag, stated_simplified: Flag, vat_payer: Flag) -> Flag:
    """Companies, and a sole proprietor's business."""
    proprietor = (person_kind == "sole_proprietor") & (does_business | stated_simplified | given(vat_payer))
    return person_kind.isin("company", "pool", "exchange") | proprietor


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(resident: Flag) -> Text:
    return when(resident, "", "not_covered_non_resident_company")


@rule(cite="tax-code-2017:372", per="sale", date="day", since="2018-01-01")
def turnover(given_worth: Worth, sale_day_rate: Rate) -> Money:
    """The sale value in tenge of the day of sale."""
    return in_tenge(given_worth.amount, given_worth.currency, sale_day_rate)


@rule(cite="tax-code-2025:449.2.3", per="quarter", date="quarter_end", since="2026-01-01")
@rule(cite="tax-code-2017:397", per="quarter", date="quarter_end", since="2018-01-01")
def note(sale_treatment: Text) -> Text:
    """Why nothing is taxed: exempt or out_of_scope; empty where sales are taxable."""
    return when(sale_treatment == "taxable", lift("", "text"), sale_treatment)


@rule(cite="tax-code-2025:449.2.3", per="quarter", date="quarter_end", since="2026-01-01")
@rule(cite="tax-code-2017:397", per="quarter", date="quarter_end", since="2018-01-01")
def not_applicable(sale_treatment: Text, vat_payer: Flag) -> Flag:
    """Where sales are ordinary turnover, only a payer of VAT is concerned."""
    return (sale_treatment == "taxable") & given(vat_payer) & ~vat_payer


@figure(
    cite="tax-code-2025:449.2.3", per="quarter", date="quarter_end", since="2026-01-01", name="digital_asset_turnover"
)
def no_turnover() -> Money:
    """Digital assets are not goods: their sale is no turnover. What a pool distributes never is."""
    return lift(0, "KZT")


@figure(cite="tax-code-2017:397.4", by="law-45-viii", per="quarter", date="quarter_end", since="2024-01-01")
@figure(cite="tax-code-2017:372", per="quarter", date="quarter_end", since="2018-01-01")
def digital_asset_turnover(
    quarter_sales: Rows[Sale], mined_outside_books: Money, sale_treatment: Text, vat_payer: Flag
) -> Money:
    """Sales of the quarter; unknown where it is not said whether the person pays VAT (semantics 19)."""
    made = _deals(quarter_sales) + mined_outside_books
    doubt = bounded(unknown("vat_payer_not_stated", unit="KZT"), lift(0, "KZT"), made)
    return when((sale_treatment != "taxable") | given(vat_payer), made, when(made == 0, made, doubt))


@rule(cite="salyq:proprietor", by="salyq", per="quarter", date="quarter_end", since="2018-01-01",
      basis="reconstruction")  # fmt: skip
def mined_outside_books(own_mined_sales: Rows[Sale]) -> Money:
    """Mining is the business's, yet these coins are not in its books: whether their sale is its turnover no article
    that was read says (382.4 begins in 2026). Between nothing and all of it."""
    none = lift(0, "KZT")
    doubt = bounded(unknown("mined_outside_books", unit="KZT"), none, _deals(own_mined_sales))
    return when(_dealt(own_mined_sales).count() == 0, none, doubt)


def _dealt(sales: Rows[Sale]) -> Rows[Sale]:
    return sales.where(lambda s: s.kind.isin("sell", "swap_out", "spend"))


def _deals(sales: Rows[Sale]) -> Money:
    """What sales come to; a value that is not known lies above nothing."""
    return _dealt(sales).sum(lambda s: bounded(s.turnover, lift(0, "KZT"), None))


@figure(cite="tax-code-2025:477.4", per="quarter", date="quarter_end", since="2026-01-01", quiet=True)
@figure(cite="tax-code-2017:397.2", per="quarter", date="quarter_end", since="2018-01-01", quiet=True)
def service_turnover(quarter_earnings: Rows[Acquisition]) -> Money:
    """Services paid for in digital assets, at the value taken to income."""
    return quarter_earnings.sum(lambda r: r.earned_value)


@rule(
    cite="aifc-law:6",
    per="quarter",
    date="quarter_end",
    since="2018-01-01",
    until="2065-12-31",
    until_by="aifc-law",
    basis="reconstruction",
)
def aifc_services_exempt(aifc_permit: Flag, aifc_exemption: Election) -> Flag:
    """Services of an AIFC participant, where its exemption is chosen: it is of this tax as of income tax (A1)."""
    return aifc_permit & choose(aifc_exemption, none=lift(False, "flag"), exempt=lift(True, "flag"))


@rule(cite="tax-code-2025:477.4", per="quarter", date="quarter_end", since="2026-01-01")
def services_exempt(person_kind: Text, aifc_permit: Flag, aifc_services_exempt: Flag) -> Flag:
    """An exchange with the AIFC's permit: its services with digital assets are exempt (VAT8)."""
    return ((person_kind == "exchange") & aifc_permit) | aifc_services_exempt


@rule(cite="tax-code-2017:397.2", per="quarter", date="quarter_end", since="2018-01-01", name="services_exempt")
def services_not_exempt(aifc_services_exempt: Flag) -> Flag:
    """No exemption of such services to 2025 (VAT9), but that of the AIFC's participants."""
    return aifc_services_exempt


@rule(cite="tax-code-2025:477.4", per="quarter", date="quarter_end", since="2026-01-01")
@rule(cite="tax-code-2017:397.2", per="quarter", date="quarter_end", since="2018-01-01")
def service_tax(service_turnover: Money, services_exempt: Flag, vat_payer: Flag, rate: Ratio) -> Money:
    """Tax on services paid for in digital assets, of a payer of VAT."""
    none = lift(0, "KZT")
    return _of_payer(when(services_exempt | (service_turnover == 0), none, rounded(service_turnover * rate)), vat_payer)


# ---- services paid for in money ------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:474", per="quarter", date="quarter_end", since="2026-01-01", basis="reconstruction",
        quiet=True)  # fmt: skip
@figure(cite="tax-code-2017:372", per="quarter", date="quarter_end", since="2018-01-01", basis="reconstruction",
        quiet=True)  # fmt: skip
def hosting(hosting_turnover: Money) -> Money:
    """Data-centre services to miners, as stated: no exemption of them was found (VAT11)."""
    return stated_or_zero(hosting_turnover)


@rule(cite="tax-code-2025:474", per="quarter", date="quarter_end", since="2026-01-01", basis="reconstruction")
@rule(cite="tax-code-2017:372", per="quarter", date="quarter_end", since="2018-01-01", basis="reconstruction")
def hosting_tax(hosting_turnover: Money, vat_payer: Flag, rate: Ratio) -> Money:
    """An ordinary taxable service of a payer of VAT."""
    return _of_payer(rounded(stated_or_zero(hosting_turnover) * rate), vat_payer)


@rule(cite="tax-code-2025:477.4", per="quarter", date="quarter_end", since="2026-01-01")
@rule(cite="tax-code-2017:397.2", per="quarter", date="quarter_end", since="2018-01-01")
def money_service_tax(money_turnover: Money, services_exempt: Flag, vat_payer: Flag, rate: Ratio) -> Money:
    """Services with digital assets that were paid for in money."""
    taxed = rounded(stated_or_zero(money_turnover) * rate)
    return _of_payer(when(services_exempt, lift(0, "KZT"), taxed), vat_payer)


def _of_payer(taxed: Money, vat_payer: Flag) -> Money:
    """Owed by a payer of VAT; where that is not stated, between nothing and all of it."""
    none = lift(0, "KZT")
    in_doubt = bounded(unknown("vat_payer_not_stated", unit="KZT"), none, taxed)
    return when(taxed == 0, none, when(given(vat_payer), when(vat_payer, taxed, none), in_doubt))


# ---- the tax -------------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:722.4.2", per="quarter", date="quarter_end", since="2026-01-01", quiet=True)
def no_vat_by_regime(simplified: Flag) -> Flag:
    """Payers of the simplified declaration pay no VAT (SP8)."""
    return when(given(simplified), simplified, lift(False, "flag"))


@rule(cite="salyq:coverage", by="salyq", per="quarter", date="quarter_end", since="2018-01-01", basis="convention",
      name="no_vat_by_regime")  # fmt: skip
def no_such_regime_to_2025() -> Flag:
    """To 2025 whoever is stated to pay VAT pays it, whatever the regime."""
    return lift(False, "flag")


@figure(cite="tax-code-2025:449.2.3", per="quarter", date="quarter_end", since="2026-01-01")
@figure(cite="tax-code-2017:397.4", by="law-45-viii", per="quarter", date="quarter_end", since="2024-01-01")
@figure(cite="tax-code-2017:422", per="quarter", date="quarter_end", since="2018-01-01", basis="reconstruction")
def tax(
    digital_asset_turnover: Money,
    sale_treatment: Text,
    rate: Ratio,
    service_turnover: Money,
    service_tax: Money,
    hosting_turnover: Money,
    hosting_tax: Money,
    money_turnover: Money,
    money_service_tax: Money,
    no_vat_by_regime: Flag,
) -> Money:
    """On sales where they are ordinary turnover, on hosting, and on services with digital assets that are not
    exempt."""
    none = lift(0, "KZT")
    sales = when(sale_treatment == "taxable", rounded(digital_asset_turnover * rate), none)
    hosting = when(stated_or_zero(hosting_turnover) > 0, hosting_tax, none)
    in_money = when(stated_or_zero(money_turnover) > 0, money_service_tax, none)
    in_assets = when(service_turnover == 0, none, service_tax)
    freed = cited(none, "tax-code-2025:722.4.2")
    return when(no_vat_by_regime, freed, sales + hosting + in_money + in_assets)
