"""The regimes that persons are taxed under: which rules lead their events through lots to figures, and who is whose."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Columns(NamedTuple):
    """What a table of matches asks of law: a person's sides in tenge of their own rates, or in the currency they share
    with the worth of the whole sale and the rate of its gain; of a company the two sides, and what counts as cost of a
    coin whose value was income."""

    proceeds: str
    cost: str
    taxed_cost: str = ""
    one_currency: str = ""
    proceeds_part: str = ""
    cost_part: str = ""
    sale_worth: str = ""
    gain_rate: str = ""


class Regime(NamedTuple):
    """What is asked of law for a person of this regime; every name of a rule that the other rooms need stands here.

    `books`: coins stand in the books of a business: valued in tenge, and fees of sales are costs of it."""

    subject: str  # its income tax
    lot_method: str  # election: which lot leaves first
    treatment: str  # of each match
    cost: str  # worth of an acquisition
    tenge_cost: str  # the same in tenge
    gain: str  # what a disposal adds to income
    tax: str  # of the year
    columns: Columns  # of its table of matches
    in_tenge: str  # of each acquisition: its cost is told in tenge
    lot_class: str | None = None  # acquisitions that a moving average must keep apart
    mined_value: str | None = None  # value taken to income of a mined coin
    books: bool = False
    unproven: tuple[tuple[date, str], ...] = ()  # from a day, the article on a sale whose purchase nothing proves
    papers: tuple[tuple[date, tuple[str, ...]], ...] = ()  # from a day, the articles that want the cost documented
    losses: tuple[tuple[str, str, int], ...] = ()  # brought: fact of the year, figure that yields it, first year of one

    def rules(self) -> tuple[str, ...]:
        """The rules and values of law that are asked for by name."""
        asked = (self.lot_method, self.treatment, self.cost, self.tenge_cost, self.lot_class, self.mined_value)
        return tuple(name for name in asked if name is not None)

    def no_proof(self, on: date) -> tuple[str, ...]:
        """The article on a sale of a day whose purchase nothing proves."""
        return tuple(cite for start, cite in self.unproven if start <= on)[-1:]

    def documents(self, on: date) -> tuple[str, ...]:
        """The articles by which a cost counts only with documents on that day."""
        return next((cites for start, cites in reversed(self.papers) if start <= on), ())


PERSONAL = Regime(
    "personal_income_tax",
    "personal_income_tax.lot_method",
    "personal_income_tax.treatment",
    "personal_income_tax.initial_cost",
    "personal_income_tax.lot_tenge",
    "personal_income_tax.gain",
    "personal_income_tax.tax",
    Columns(
        "personal_income_tax.proceeds_tenge",
        "personal_income_tax.cost_tenge",
        one_currency="personal_income_tax.one_currency",
        proceeds_part="personal_income_tax.proceeds_part",
        cost_part="personal_income_tax.cost_part",
        sale_worth="personal_income_tax.sale_worth",
        gain_rate="personal_income_tax.gain_rate",
    ),
    "personal_income_tax.valued_in_tenge",
    unproven=((date.min, "tax-code-2017:331.9"), (date(2026, 1, 1), "tax-code-2025:389.6")),
    papers=(
        (date(2023, 1, 1), ("tax-code-2017:331.9",)),
        (date(2024, 1, 1), ("tax-code-2017:331.9", "tax-code-2017:332.9")),
        (date(2026, 1, 1), ("tax-code-2025:389.3", "tax-code-2025:389.6")),
    ),
)
CORPORATE = Regime(
    "corporate_income_tax",
    "corporate_income_tax.lot_method",
    "corporate_income_tax.company_treatment",
    "corporate_income_tax.company_cost",
    "corporate_income_tax.company_cost_tenge",
    "corporate_income_tax.disposal_result",
    "corporate_income_tax.tax",
    Columns(
        "corporate_income_tax.company_proceeds",
        "corporate_income_tax.company_match_cost",
        taxed_cost="corporate_income_tax.taxed_value_part",
    ),
    "",
    lot_class="corporate_income_tax.lot_class",
    mined_value="corporate_income_tax.mined_income",
    books=True,
    losses=(
        ("business_losses_brought", "corporate_income_tax.business_loss", 2018),
        ("digital_asset_losses_brought", "corporate_income_tax.loss_carried_forward", 2026),
    ),
)
# A sole proprietor's coins outside the books are the person's; the business beside them walks as a company.
REGIMES = {"individual": PERSONAL, "sole_proprietor": PERSONAL}


def regime_of(kind: str) -> Regime:
    """The regime of a kind of person; of a sole proprietor that of the coins outside the books."""
    return REGIMES.get(kind, CORPORATE)


def has_books_beside(kind: str) -> bool:
    """A person whose business is taxed beside what is his own: coins in its books, and coins outside them."""
    return kind == "sole_proprietor"


def is_registered(kind: str) -> bool:
    """Registered as a business or a legal person: what is mined needs no further registration to be its income."""
    return kind != "individual"


def is_operator(kind: str) -> bool:
    """A mining pool or a digital-asset exchange: receives its fees in digital assets."""
    return kind in ("pool", "exchange")


def reports_as(kind: str) -> tuple[str, ...]:
    """As whom such a person reports to the authorities (`ask report reporter=…`)."""
    return {"pool": ("pool",), "exchange": ("exchange", "exchange_operator")}.get(kind, ())


def may_mine_as_a_company(kind: str) -> bool:
    return kind == "company"


FEE_DUE = "mining_fee.due"  # of a quarter
FEE = "mining_fee"  # the subject whose changes of rate part a meter's reading
SIMPLIFIED = "small_business.simplified"  # is a half-year under the simplified declaration?
BASE_RATE = "late_interest.base_rate"
FREE_KINDS = ("staked", "airdrop", "fork", "interest", "gift_in", "inherited")
LAST = "late_interest"  # the subject that needs what all others made due
TAX_SUBJECTS = (
    *("personal_income_tax", "small_business", "corporate_income_tax", "value_added_tax", "mining_fee"),
    LAST,
)
