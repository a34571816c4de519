"""One line on taxes beside an act; figures come from the tax subjects."""

from __future__ import annotations

from salyq.rulebook.nodes import Flag, Text
from salyq.rulebook.rules import rule


@rule(cite="tax-code-2025:389.2", per="act", since="2026-01-01")
def sale_of_individual(party: Text) -> Flag:
    return party == "individual"


@rule(cite="tax-code-2025:326.1", per="act", since="2026-01-01")
def sale_of_company(party: Text) -> Flag:
    return party == "company"


@rule(cite="tax-code-2025:389.4", per="act", since="2026-01-01")
def keep_proof(party: Text) -> Flag:
    return party == "individual"


@rule(cite="tax-code-2025:388.1", per="act", since="2026-01-01")
def swap_is_disposal(party: Text) -> Flag:
    return party.isin("individual", "company")


@rule(cite="tax-code-2025:388.1", per="act", since="2026-01-01")
def spend_is_disposal(merchant_gets: Text) -> Flag:
    return merchant_gets.isin("tenge", "asset")
