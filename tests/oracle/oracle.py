"""An independent slow calculator of Kazakhstan's digital-asset taxes, to check the product against.

Written from the law and the settled questions alone, in plain Python with Fractions; it imports nothing of salyq.
Input: a dict with `person` (as person.toml) and lists of rows with the columns of our own files, all cells strings.
Output: {(figure name, period): Answer}; a value None is unknown, `low` and `high` are bounds where there are any.

Choices where the law or the settled questions leave room (article or number in brackets):
 1. A joined order stands at its first fill; fills of buys stay separate lots (only disposals are joined).
 2. Proceeds of a disposal divide over its matches in queue order by A(y1) - A(y0); the missing part comes last.
 3. A lot of cost 0 has no currency of its own: it takes the currency of the proceeds, one conversion a disposal (7).
 4. A lot bought for a stablecoin in 2025 keeps its value in tenge of its own day, also when sold in 2026 (7, 8;
    332-1(3)); a stablecoin received for crypto in 2025 costs the amount of stablecoin.
 5. A swap of two stablecoins is worth the side received (8b; P-S3). A swap in 2025 uses the 24-hour price even where
    money is stated on the record (332-1(9)-(10)).
 6. The 24-hour price is looked for on the day before and up to 7 days before that (2).
 7. Quantity × quote is rounded to a tiyn, or to 10^-18 of another currency, before anything else.
 8. A loss of nothing: a difference not above 0 is 0 even when the year's mean rate is not known yet (389(2)).
 9. Gifts and inheritances cost 0 in sales of 2025, whatever the note says (332-1(10)); else semantics 11.
10. Foreign source 2023, and low-tax selling account 2024-2025: the whole sale value, so an unknown cost does no harm
    (332(1), 332(8)). Lots that came in on a low-tax account cost 0 in sales of 2025 and 2026 (332-1(11), 389(5)).
11. A purchase with document `none` costs 0 in every year (331(9), 389(6)).
12. The threshold of 8,500 MCI is tested on salary + own income before the deductions left (411(1)); deductions reduce
    the sum, not below 0. Other own income is in the base of every year.
13. Companies: the rate of an own day is that of the last working day on or before it (7). Trading before 2026 is gain
    less loss and may be negative (ordinary income and deductions, C-T1e); the base as a whole is not below 0.
14. Bought coins sold off an AIFC exchange from April to December 2023: their cost is not deducted (264(1-1)); it does
    not show in trading_gain or denied_expenses, only in taxable_income.
15. The denied share of 2023 (14) counts coins mined and sold within the period, swaps and payments in kind included;
    all mining expenses of the period but pool services are shared, the fee among them; rounded once on the sum.
16. Pool services are denied whatever `activity` says; equipment and tax are neither allowed nor denied (15).
17. A sale fee is an allowed expense also for coins mined, at the market rate of its day (10).
18. `mined_before_2026 = gain_over_taxed_value` takes gains only, no losses (C-M5).
19. VAT turnover is the proceeds of sales, swaps and payments in kind, converted and rounded once a disposal; 2022 as
    2023; from 2026 there is no turnover (VAT5).
20. Power of hosted machines counts neither kWh nor fee to 2023 (17). Reading "brief" of the 1-tenge rate: own or
    renewable, and nothing else; it reaches from 2024 on.
    Own machines that used power in a year without a coin told: what was mined is unknown, not nothing.
21. Late interest of a year is that of the payments for its periods; an unpaid rest makes it unknown. Base rates before
    2023-01-16 and from 2026-01-01 are unknown (U9).
22. From average to first-in and back the open lots become one lot, its cost what the old lots had left.
23. Companies: parts are taken in the currency of the deal, then each becomes tenge at the rate of its own day (7, 12).
24. A market rate at most 7 days old goes before an official rate of the very day (2; interfaces §3).
25. A lot without documents costs 0 and is no treatment of its own, to 2025 (331(9)) as from 2026 (389(6)).
26. A reading given by bare dates is split by days of 24 hours, also over the 25-hour day of 29.02.2024.
"""

from __future__ import annotations

from typing import Any

from oracle_company import assess_company
from oracle_fee import assess_fee, assess_interest
from oracle_person import Answer, assess_individual

__all__ = ["Answer", "Figures", "assess"]

Figures = dict[tuple[str, str], Answer]


def assess(case: dict[str, Any], year: int) -> Figures:
    """All figures of one year of one case."""
    figures = assess_company(case, year) if case["person"]["kind"] == "company" else assess_individual(case, year)
    figures |= assess_fee(case, year)
    return figures | assess_interest(case, year, figures)
