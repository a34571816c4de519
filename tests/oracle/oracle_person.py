"""Personal income tax of a resident individual, 2023 to 2026 (OTC 331, 332, 332-1; NTC 382, 389, 363, 411)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle_days import grid_of, part, round_to
from oracle_events import Gain, Out, read_events
from oracle_lots import ZERO, Match, walk
from oracle_quotes import Amount, Quotes

Row = dict[str, Any]
Span = tuple[Fraction, Fraction]  # low, high
FREE = {"staked", "airdrop", "fork", "interest"}
MCI_2026 = 4325
THRESHOLD = Fraction(8500 * MCI_2026)


@dataclass
class Answer:
    """`value` None: unknown. Bounds are there where the law gives them."""

    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None


def stablecoins_of(person: Row) -> dict[str, str]:
    stated: dict[str, str] | None = person.get("elections", {}).get("stablecoins")
    return stated if stated is not None else {"USDT": "USD", "USDC": "USD"}


def election(person: Row, year: int, name: str, default: str) -> str:
    elections = person.get("elections", {})
    return str(elections.get(str(year), {}).get(name, elections.get(name, default)))


def facts_of(person: Row, year: int) -> Row:
    return next((y for y in person.get("year", []) if y["year"] == year), {})


def account_of(person: Row, name: str) -> Row:
    return next((a for a in person.get("account", []) if a["name"] == name), {})


class Individual:
    def __init__(self, case: Row, year: int) -> None:
        self.person: Row = case["person"]
        self.year = year  # whose law says what a lot cost
        self.quotes = Quotes(case, stablecoins_of(self.person))
        self.gains, self.outs = read_events(case, self.quotes)

    def method(self, year: int) -> str:
        """2025: first in, first out, no choice (332-1(7)); elsewhere an election, first-in by default (U15)."""
        return "fifo" if year == 2025 else election(self.person, year, "lot_method", "fifo")

    def _stable(self, asset: str) -> bool:
        return asset in self.quotes.pegs

    def _money(self, money: Amount, year: int) -> Amount:
        """A price in a stablecoin is a price in its money; in 2025 it keeps its own mark (332-1(2)-(3))."""
        return money if year == 2025 else (money[0], self.quotes.fiat(money[1]))

    # --- what a swap is worth ---

    def swap_worth(
        self, gave: tuple[str, Fraction], got: tuple[str, Fraction], money: Amount | None, out: Out | Gain
    ) -> Amount | None:
        """Outside art. 332-1 one value for both sides (semantics 8)."""
        if money is not None:
            return self._money(money, out.day.year)
        for asset, quantity in (got, gave):
            if self._stable(asset):
                return quantity, self.quotes.fiat(asset)
        return self.quotes.worth(got[1], self.quotes.swap_quote(got[0], out.day))

    def swap_cost(self, gain: Gain) -> Amount | None:
        assert gain.gave is not None
        got = (gain.asset, gain.quantity)
        if gain.day.year != 2025:
            return self.swap_worth(gain.gave, got, gain.money, gain)
        if self._stable(gain.gave[0]):  # 332-1(10): for a stablecoin, the amount of stablecoin
            return gain.gave[1], gain.gave[0]
        if self._stable(gain.asset):
            return gain.quantity, gain.asset
        return self.quotes.worth(gain.quantity, self.quotes.day_price(gain.asset, gain.day))

    def swap_proceeds(self, out: Out) -> Amount | None:
        assert out.got is not None
        if out.day.year != 2025:
            return self.swap_worth((out.asset, out.quantity), out.got, out.money, out)
        if self._stable(out.got[0]):  # 332-1(9): for a stablecoin, the amount of stablecoin
            return out.got[1], out.got[0]
        return self.quotes.worth(out.quantity, self.quotes.day_price(out.asset, out.day))

    # --- cost of a lot ---

    def cost(self, gain: Gain) -> Amount | None:
        nothing: Amount = (ZERO, "")
        here = account_of(self.person, gain.account)
        if self.year >= 2025 and here.get("low_tax"):
            return nothing  # OTC 332-1(11), NTC 389(5)
        if gain.kind in FREE | {"gift_in", "inherited"}:
            return self.free_cost(gain, here)
        if gain.document == "none":
            return nothing
        if gain.kind == "swap_in":
            return self.swap_cost(gain)
        if gain.kind == "contributed_in":
            return self._money(gain.money, gain.day.year) if gain.document and gain.money else nothing
        return self._money(gain.money, gain.day.year) if gain.money else None  # buy, transfer_in

    def free_cost(self, gain: Gain, here: Row) -> Amount | None:
        """What came free: the amount taxed; from a digital-asset exchange in 2025 the price of the day; in 2026 what
        was income on receipt, or a valuer's value of an inheritance; else nothing."""
        taxed = gain.note == "taxed" and gain.money is not None
        if self.year == 2025:
            from_exchange = here.get("exchange") or here.get("aifc_exchange")
            if gain.kind in FREE and from_exchange:  # 332-1(10), (12)
                if self._stable(gain.asset):
                    return gain.quantity, self.quotes.fiat(gain.asset)
                return self.quotes.worth(gain.quantity, self.quotes.day_price(gain.asset, gain.day))
            return ZERO, ""
        if taxed and gain.money is not None:  # 331(5); 389(4)(2), (4)
            return self._money(gain.money, gain.day.year)
        if self.year >= 2026:
            if gain.kind in FREE and self.income_on_receipt(gain):
                worth = self.receipt(gain)
                return None if worth is None else (worth, "KZT")
            if gain.kind == "inherited" and "valuer" in (gain.document or "") and gain.money:
                return self._money(gain.money, gain.day.year)  # 389(4)(5), (7)
        return ZERO, ""

    def income_on_receipt(self, gain: Gain) -> bool:
        """NTC 405(1)(5), (8), 408, unless it was taxed already or chosen to be none."""
        chosen = election(self.person, gain.day.year, "receipts", "income_on_receipt")
        free = gain.kind in FREE and gain.note != "taxed"
        return gain.day.year >= 2026 and free and chosen == "income_on_receipt"

    def receipt(self, gain: Gain) -> Fraction | None:
        """The value received, at the mean rate of the year."""
        worth: Amount | None = gain.money
        if worth is None and self._stable(gain.asset):
            worth = (gain.quantity, self.quotes.fiat(gain.asset))
        if worth is None:
            worth = self.quotes.worth(gain.quantity, self.quotes.swap_quote(gain.asset, gain.day))
        if worth is None:
            return None
        rate = self.sale_rate(self.quotes.fiat(worth[1]), gain)
        return None if rate is None else round_to(worth[0] * rate)

    def receipts(self, year: int) -> Fraction | None:
        """Σ of what was income when it came; None when one of them is not known."""
        found = [self.receipt(g) for g in self.gains if g.day.year == year and self.income_on_receipt(g)]
        return None if any(x is None for x in found) else sum((x for x in found if x is not None), ZERO)

    def paid_in_stablecoin(self, match: Match, out: Out) -> bool:
        """For a sale of 2025 a cost stated in a stablecoin is converted on its own day (332-1(2)-(3))."""
        gain = match.lot.gain if match.lot else None
        if out.day.year != 2025 or gain is None or gain.kind != "swap_in" or gain.gave is None:
            return False
        return self._stable(gain.gave[0]) or self._stable(gain.asset)

    def _cost_in(self, match: Match, out: Out) -> Amount | None:
        """The lot's cost as the law of the sale takes it."""
        nothing: Amount = (ZERO, "")
        here = account_of(self.person, out.account)
        foreign = here.get("country", "KZ") != "KZ" or bool(here.get("low_tax"))
        year = out.day.year
        if foreign and (year == 2023 or (year in (2024, 2025) and here.get("low_tax"))):
            return nothing  # the whole sale value: OTC 332(1), 332(8)
        return match.cost

    # --- a disposal ---

    def is_sale(self, out: Out, match: Match) -> bool:
        if out.kind in ("fee", "gift_out", "lost"):
            return False
        if out.kind == "contributed_out":
            return out.day.year >= 2026  # NTC 382(2)-(3); OTC 333 does not name digital assets
        if out.day.year == 2025 and self._stable(out.asset):
            if out.kind == "swap_out":
                return False  # 332-1(4)(a)
            gain = match.lot.gain if match.lot else None
            return gain is None or gain.kind != "swap_in"  # 332-1(5)
        return True

    def proceeds(self, out: Out) -> Amount | None:
        if out.kind == "swap_out":
            return self.swap_proceeds(out)
        abroad = account_of(self.person, out.account).get("country", "KZ") != "KZ"
        if out.kind == "spend" and out.day.year == 2025 and abroad and self._stable(out.asset):
            return out.quantity, self.quotes.fiat(out.asset)
        if out.money is not None and not (out.kind == "spend" and out.day.year == 2025 and abroad):
            return self._money(out.money, out.day.year)
        if out.day.year == 2025:  # 332-1(9): no price, or given abroad for property = (12)
            return self.quotes.worth(out.quantity, self.quotes.day_price(out.asset, out.day))
        return None

    def sale_rate(self, currency: str, out: Out | Gain) -> Fraction | None:
        if out.day.year >= 2026:
            return self.quotes.year_mean(currency, out.day.year)
        return self.quotes.market_before(currency, out.day)

    def difference(self, out: Out, matches: list[Match]) -> Span | None:
        """The positive difference of one disposal in tenge, (low, high); None when a price or a rate is unknown."""
        sold = [m for m in matches if self.is_sale(out, m)]
        if not sold:
            return ZERO, ZERO
        price = self.proceeds(out)
        if price is None:
            return None
        own_day = out.day.year == 2025 and self._stable(price[1])
        one_currency, missing, mixed = ZERO, ZERO, ZERO
        for match in sold:
            share = part(price[0], out.quantity, match.y0, match.y1, grid_of(self.quotes.fiat(price[1])))
            cost = self._cost_in(match, out)
            if cost is None:
                missing += share
            elif not cost[0] or (cost[1] == price[1] and not own_day and not self.paid_in_stablecoin(match, out)):
                one_currency += share - cost[0]
            else:
                assert match.lot is not None
                rates = (self.sale_rate(price[1], out), self.quotes.market_before(cost[1], match.lot.day))
                if rates[0] is None or rates[1] is None:
                    return None
                mixed += round_to(share * rates[0]) - round_to(cost[0] * rates[1])
        low, high = one_currency, one_currency + missing
        if not mixed and high <= 0:
            return ZERO, ZERO
        rate = self.sale_rate(price[1], out)
        if rate is None:
            return None
        return max(ZERO, round_to(low * rate) + mixed), max(ZERO, round_to(high * rate) + mixed)

    def differences(self) -> list[tuple[Out, Span | None]]:
        walked = walk(self.gains, self.outs, self.cost, self.method)
        return [(out, self.difference(out, matches)) for out, matches in walked]


def scale(base: Fraction, year: int) -> Fraction:
    """10 %; from 2026 15 % on what exceeds 8,500 MCI (OTC 320(1), NTC 363(1))."""
    if year < 2026:
        return round_to(base / 10)
    return round_to(min(base, THRESHOLD) / 10 + max(ZERO, base - THRESHOLD) * 15 / 100)


def income_tax(digital: Fraction, facts: Row, year: int, receipts: Fraction = ZERO) -> dict[str, Fraction]:
    """Everything that follows from the digital-asset income of the year (OTC 636(2); NTC 411, 412)."""

    def money(name: str) -> Fraction:
        return Fraction(facts.get(name, "0"))

    own = digital + receipts + money("other_income")
    credit = ZERO
    base = own
    if year >= 2026:
        salary = money("employment_income_taxable")
        if salary + own > THRESHOLD:
            base += salary
            credit = money("personal_income_tax_withheld")
    if year >= 2025:
        base = max(ZERO, base - money("base_deduction") - money("social_deduction"))
    tax = scale(base, year)
    return {
        "digital_asset_income": digital,
        "taxable_income": base,
        "tax": tax,
        "withheld_credit": credit,
        "tax_due": max(ZERO, tax - credit),
        "overpaid": max(ZERO, credit - tax),
    }


def assess_individual(case: Row, year: int) -> dict[tuple[str, str], Answer]:
    names = income_tax(ZERO, {}, year)
    person = Individual(case, year)
    found = [span for out, span in person.differences() if out.day.year == year]
    receipts = person.receipts(year)
    withheld = Fraction(facts_of(case["person"], year).get("personal_income_tax_withheld", "0"))
    known = year >= 2023 and not any(r["kind"] == "mined" for r in case.get("records", []))
    if not known or case.get("payouts") or receipts is None or any(span is None for span in found):
        result = {(f"personal_income_tax.{name}", str(year)): Answer(None) for name in names}
        nothing = known and not case.get("payouts") and not withheld
        if year < 2026 or nothing:  # nothing withheld is credited before NTC 412(3), nor where nothing was withheld
            for name in ("withheld_credit", "overpaid"):
                result[f"personal_income_tax.{name}", str(year)] = Answer(ZERO, ZERO, ZERO)
        if known and not case.get("payouts") and all(span is not None for span in found):
            ends = [sum((span[n] for span in found if span), ZERO) for n in (0, 1)]
            one = ends[0] if ends[0] == ends[1] else None
            result["personal_income_tax.digital_asset_income", str(year)] = Answer(one, *ends)
        return result
    low = sum((span[0] for span in found if span), ZERO)
    high = sum((span[1] for span in found if span), ZERO)
    facts = facts_of(case["person"], year)
    at_low, at_high = (income_tax(x, facts, year, receipts) for x in (low, high))
    result = {}
    for name in names:
        ends = sorted((at_low[name], at_high[name]))
        value = ends[0] if ends[0] == ends[1] else None
        if name == "tax_due" and at_low["withheld_credit"] != at_high["withheld_credit"]:
            # and where more was withheld than the tax on the salary, more or less may be due than at either
            without = {k: v for k, v in facts.items() if k != "employment_income_taxable"}
            alone = income_tax(high, without, year, receipts)["tax"]
            ends = [min(ends[0], max(ZERO, at_low["tax"] - withheld)), max(ends[1], alone)]
            value = ends[0] if ends[0] == ends[1] else None
        if name == "overpaid" and at_low["withheld_credit"] != at_high["withheld_credit"]:
            # the salary joins at a threshold: between the ends more may be overpaid than at either
            ends, value = [ZERO, withheld], None
        result[f"personal_income_tax.{name}", str(year)] = Answer(value, ends[0], ends[1])
    return result
