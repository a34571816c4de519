"""Which rules lead a person's events through lots to figures, by what kind of person it is."""

from __future__ import annotations

from typing import NamedTuple


class Walk(NamedTuple):
    """Which rules lead a person's events through lots to figures."""

    lot_method: str  # election: which lot leaves first
    lot_class: str | None  # acquisitions that a moving average must keep apart
    mined_value: str | None  # value taken to income of a mined coin
    treatment: str  # of each match
    cost: str  # worth of an acquisition
    tenge_cost: str  # the same in tenge


WALKS = {
    "individual": Walk(
        "personal_income_tax.lot_method",
        None,
        None,
        "personal_income_tax.treatment",
        "personal_income_tax.initial_cost",
        "personal_income_tax.lot_tenge",
    ),
    "company": Walk(
        "corporate_income_tax.lot_method",
        "corporate_income_tax.lot_class",
        "corporate_income_tax.mined_income",
        "corporate_income_tax.company_treatment",
        "corporate_income_tax.company_cost",
        "corporate_income_tax.company_cost_tenge",
    ),
}
WALKS["sole_proprietor"] = WALKS["individual"]  # coins outside the books; a business walks as a company
FREE_KINDS = ("staked", "airdrop", "fork", "interest", "gift_in", "inherited")
TAX_SUBJECTS = (
    *("personal_income_tax", "small_business", "corporate_income_tax", "value_added_tax", "mining_fee"),
    "late_interest",
)
