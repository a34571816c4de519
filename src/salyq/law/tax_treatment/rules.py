"""One line on taxes beside an act; figures come from the tax subjects."""

from __future__ import annotations

from salyq.rulebook.nodes import Day, Flag, Text, cited, given
from salyq.rulebook.rules import rule


@rule(cite="tax-code-2025:389.2", per="act", since="2026-01-01")
@rule(
    cite="tax-code-2017:332-1.9",
    by="law-208-viii",
    per="act",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
@rule(
    cite="tax-code-2017:331.1.8",
    by="law-165-vii",
    per="act",
    since="2023-04-01",
    until="2024-12-31",
    until_by="law-208-viii",
)
def sale_of_individual(party: Text) -> Flag:
    return party == "individual"


@rule(cite="tax-code-2025:326.1", per="act", since="2026-01-01")
@rule(
    cite="tax-code-2017:226",
    per="act",
    since="2023-04-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def sale_of_company(party: Text) -> Flag:
    return party == "company"


@rule(cite="tax-code-2025:389.3", per="act", since="2026-01-01")
def keep_proof(party: Text) -> Flag:
    return party == "individual"


@rule(cite="tax-code-2025:389", per="act", since="2026-01-01", basis="reconstruction")
def swap_is_disposal(party: Text) -> Flag:
    """The new code has no clause on swaps: by our reading each is a sale of what is given."""
    return (party == "individual") | cited(party == "company", "tax-code-2025:326.1")


@rule(
    cite="tax-code-2017:331",
    per="act",
    since="2023-04-01",
    until="2024-12-31",
    until_by="law-208-viii",
    basis="reconstruction",
    name="swap_is_disposal",
)
def swap_is_disposal_before_2025(party: Text) -> Flag:
    """To 2024 neither has the old code one; of 2025 article 332-1 asks whether a stablecoin is given."""
    return (party == "individual") | cited(party == "company", "tax-code-2017:226")


@rule(cite="tax-code-2025:389", per="act", since="2026-01-01", basis="reconstruction")
def spend_is_disposal(merchant_gets: Text) -> Flag:
    return merchant_gets.isin("tenge", "asset")


@rule(cite="tax-code-2025:325.1", per="act", since="2026-01-01")
@rule(
    cite="tax-code-2017:227-1.1",
    by="law-196-vii",
    per="act",
    since="2023-04-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def mined_is_income(law_day: Day) -> Flag:
    return given(law_day)


@rule(cite="tax-code-2025:658", per="act", since="2026-01-01")
@rule(
    cite="tax-code-2017:606-2",
    by="law-53-vii",
    per="act",
    since="2023-04-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def power_bears_fee(law_day: Day) -> Flag:
    return given(law_day)


@rule(cite="tax-code-2025:255.1.2", per="act", since="2026-01-01")
@rule(
    cite="tax-code-2017:241.1.11-1",
    by="law-196-vii",
    per="act",
    since="2023-04-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def mined_taxed_once(mined_by_seller: Flag) -> Flag:
    return mined_by_seller
