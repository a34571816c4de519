"""Rules and values that other rooms ask law for, each by what it is to them: no other room writes a name of law.

`tests/law/test_named.py` finds each of them in law, and none in the code of another room."""

from __future__ import annotations

PERSONAL_TAX, CORPORATE_TAX, VALUE_ADDED_TAX = "personal_income_tax", "corporate_income_tax", "value_added_tax"

# what each subject says by the same name
PAYMENT = ".payment"  # the duty to pay
PAYABLE = (".due", ".tax", ".tax_due")  # figures of what is to be paid
INCOME = ".taxable_income"  # by which persons are ranked


def applies(subject: str) -> str:
    """The rule whether a tax concerns a person."""
    return f"{subject}.applies"


def not_covered(subject: str) -> str:
    """The rule why a person's tax is not computed yet."""
    return f"{subject}.not_covered"


# personal income tax
ASSET_INCOME = f"{PERSONAL_TAX}.digital_asset_income"
DEDUCTIONS = f"{PERSONAL_TAX}.deductions"
SALE_WORTH = f"{PERSONAL_TAX}.sale_worth"  # of one sale
EXPENSE_TENGE = "valuation.expense_tenge"  # of one expense

# what returns of companies show apart
PROCEEDS = f"{CORPORATE_TAX}.company_proceeds"  # of a match, as its cost and treatment are
MATCH_COST = f"{CORPORATE_TAX}.company_match_cost"
TREATMENT = f"{CORPORATE_TAX}.company_treatment"
DENIED = (f"{CORPORATE_TAX}.denied_expenses", f"{CORPORATE_TAX}.denied_purchase_costs")
SELLING_COSTS = f"{CORPORATE_TAX}.selling_costs"
FREE_RECEIPTS = f"{CORPORATE_TAX}.free_receipts"
MINING_INCOME = f"{CORPORATE_TAX}.mining_income"
CORPORATE_RATE = f"{CORPORATE_TAX}.rate"
SERVICES = (f"{VALUE_ADDED_TAX}.hosting", f"{VALUE_ADDED_TAX}.service_turnover")
ASSET_TURNOVER = f"{VALUE_ADDED_TAX}.digital_asset_turnover"

# the fee for mining
LEVY = "mining_fee."  # all that is told of it
LEVY_ENERGY = "mining_fee.energy"  # kilowatt-hours of a quarter
LEVY_DUE = "mining_fee.due"
LEVY_PAYMENT = "mining_fee.payment"  # the duty
LEVY_PAYS = "mining_fee.pays"  # of a reading: does this person pay for it
LEVY_KWH = "mining_fee.kwh_used"  # of a reading
LEVY_TARIFF = "mining_fee.tariff"  # of a reading
LEVY_RATES = ("mining_fee.rate", "mining_fee.rate_by_price")  # values
MINES_ALONE = "mining_by_individual"  # the doubt of mining without a business

OWED = ("tax_due", "_tax.tax", LEVY_DUE)  # how figures of what is to be paid end, the weightiest first

# what is reported and held
THRESHOLD_REPORT = "financial_monitoring.threshold_report"
THRESHOLD_RESEND = "financial_monitoring.resend"
THRESHOLDS = "financial_monitoring.threshold_"  # how its values begin
TRANSFER_HOLD = "travel_rule.hold"
AIFC_SALES = "mandatory_sale"  # the act asked of
AIFC_SALES_REQUIRED = f"{AIFC_SALES}.required"

# licences and the city
LICENCE_DECISION = "licensing.decision"
ZONE_STARTS_CITY = "zones.starts_digital_assets"
ZONE_STARTS_WHOLE = "zones.starts_whole"
ZONE_STARTS_FIRST = "zones.starts_first"
ZONE_TRANSITION = "zones.transition_until"
