"""Corporate income tax and VAT of a company that mines or trades (OTC 226-241, 264, 300; NTC 255, 325-327, 357)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from oracle_days import grid_of, kz_day, moment, part, quarter, round_to
from oracle_events import Gain, Out, read_events
from oracle_fee import _licensed, _yes
from oracle_lots import ZERO, Match, walk
from oracle_person import Answer, account_of, election, facts_of, stablecoins_of
from oracle_quotes import Amount, Quotes

Row = dict[str, Any]
Span = tuple[Fraction, Fraction]
START = date(2023, 4, 1)  # L196: articles 227-1, 241(1)(11-1), 264(1-1), 264(1-2)
NO_INCOME = ("fee", "gift_out", "lost")
FREE = {"staked", "airdrop", "fork", "interest", "gift_in", "inherited"}


class Company:
    def __init__(self, case: Row) -> None:
        self.case, self.person = case, case["person"]
        self.quotes = Quotes(case, stablecoins_of(self.person))
        self.gains, self.outs = read_events(case, self.quotes)
        self.walked = walk(self.gains, self.outs, self.cost, lambda y: election(self.person, y, "lot_method", "fifo"))

    # --- what things are worth ---

    def mined_income(self, gain: Gain) -> Fraction | None:
        """Quantity distributed × official value of the day, rounded per payout. Before 01.04.2023: no income."""
        if gain.day < START:
            return ZERO
        if gain.counterparty == "solo":
            return None
        value = self.quotes.official_value(gain.asset, gain.day)
        return None if value is None else round_to(gain.quantity * value)

    def swap_worth(self, gave: tuple[str, Fraction], got: tuple[str, Fraction], event: Gain | Out) -> Amount | None:
        if event.money is not None:
            return event.money[0], self.quotes.fiat(event.money[1])
        for asset, quantity in (got, gave):
            if asset in self.quotes.pegs:
                return quantity, self.quotes.fiat(asset)
        return self.quotes.worth(got[1], self.quotes.swap_quote(got[0], event.day))

    def cost(self, gain: Gain) -> Amount | None:
        worth: Amount | None = gain.money and (gain.money[0], self.quotes.fiat(gain.money[1]))
        if gain.kind == "mined":
            taxed = self.mined_income(gain)
            return None if taxed is None else (taxed, "KZT")
        if gain.kind == "swap_in":
            assert gain.gave is not None
            worth = self.swap_worth(gain.gave, (gain.asset, gain.quantity), gain)
        elif gain.document == "none":
            worth = (ZERO, gain.fee[1] if gain.fee else "KZT")
        if worth is not None and gain.fee is not None:  # a purchase fee belongs to cost (semantics 10)
            assert gain.fee[1] == worth[1], "the oracle adds a fee in the currency of the deal only"
            worth = (worth[0] + gain.fee[0], worth[1])
        return worth

    def proceeds(self, out: Out) -> Amount | None:
        if out.kind == "swap_out":
            assert out.got is not None
            return self.swap_worth((out.asset, out.quantity), out.got, out)
        return out.money and (out.money[0], self.quotes.fiat(out.money[1]))

    # --- disposals ---

    def treatment(self, match: Match, day: date) -> str:
        gain = match.lot.gain if match.lot else None
        if gain is None or gain.kind != "mined":
            return "bought"
        if gain.day < START:
            return "mined_early"
        choice = election(self.person, day.year, "mined_before_2026", "excluded")
        if day.year >= 2026 and gain.day.year < 2026 and choice != "excluded":
            return "mined_gain"
        return "mined"

    def results(self, out: Out, matches: list[Match]) -> dict[str, Span] | None:
        """Gain or loss of one disposal by treatment, (low, high) in tenge; each leg at the rate of its own day."""
        if out.kind in NO_INCOME or (out.kind == "contributed_out" and out.day.year < 2026):
            return {}
        price = self.proceeds(out)
        rate = price and self.quotes.market_on(price[1], out.day)
        found: dict[str, Span] = {}
        for match in matches:
            treatment = self.treatment(match, out.day)
            if treatment == "mined":
                continue  # the sale is not income, wherever sold: 241(1)(11-1), 255(1)(2)
            if price is None or rate is None:
                return None
            value = round_to(part(price[0], out.quantity, match.y0, match.y1, grid_of(price[1])) * rate)
            low, high = found.get(treatment, (ZERO, ZERO))
            if match.cost is None and treatment != "mined_early":
                found[treatment] = (low, high + value)
                continue
            cost = ZERO if treatment == "mined_early" else self.cost_in_tenge(match)
            if cost is None:
                return None
            found[treatment] = (low + value - cost, high + value - cost)
        return found

    def cost_in_tenge(self, match: Match) -> Fraction | None:
        """The part consumed at the market rate of the day of purchase, rounded per match (semantics 7, 12)."""
        assert match.lot is not None
        assert match.cost is not None
        rate = self.quotes.market_on(match.cost[1], match.lot.day) if match.cost[0] else Fraction(1)
        return None if rate is None else round_to(match.cost[0] * rate)

    def trading(self, year: int) -> tuple[Span, Span] | None:
        """((gain low, high), (loss low, high)) of the year."""
        gain, loss = [ZERO, ZERO], [ZERO, ZERO]
        for out, matches in self.walked:
            if out.day.year != year:
                continue
            parts = self.results(out, matches)
            if parts is None:
                return None
            for treatment, (low, high) in parts.items():
                gain[0], gain[1] = gain[0] + max(ZERO, low), gain[1] + max(ZERO, high)
                if treatment != "mined_gain":  # no loss on coins whose sale is not income (C-M5)
                    loss[0], loss[1] = loss[0] + max(ZERO, -high), loss[1] + max(ZERO, -low)
        return (gain[0], gain[1]), (loss[0], loss[1])

    def coins_untold(self, year: int) -> bool:
        """Own machines used power in the year, and nothing says what they mined: no coin, nor a payout of nothing. Or
        a licence was in force in a year without a reading, and no coin of any year was told."""
        energy = [r for r in self.case.get("energy", []) if kz_day(moment(r["start"])).year == year]
        used = any(not _yes(r, "hosted", "no") and r.get("kwh") != "0" for r in energy)
        none = [p["date"] for p in self.case.get("payouts", []) if p["quantity"] == "0"]
        years = {g.day.year for g in self.gains if g.kind == "mined"} | {int(d[:4]) for d in none}
        spells = ((x["from"], x.get("until") or x["from"].max) for x in self.person.get("licence", []))
        licensed = any(start.year <= year <= until.year for start, until in spells)
        return year not in years if used else bool(licensed and not energy and not years)

    def mining_income(self, year: int) -> Fraction | None:
        if self.coins_untold(year):
            return None
        total = ZERO
        for gain in self.gains:
            if gain.kind == "mined" and gain.day.year == year and gain.quantity:
                income = self.mined_income(gain)
                if income is None:
                    return None
                total += income
        return total

    def free_receipts(self, year: int) -> Fraction | None:
        """Received free: income at value, and the value is the cost (semantics 11)."""
        total = ZERO
        for gain in self.gains:
            if gain.kind in FREE and gain.day.year == year:
                rate = gain.money and self.quotes.market_on(gain.money[1], gain.day)
                if gain.money is None or rate is None:
                    return None
                total += round_to(gain.money[0] * rate)
        return total

    # --- expenses ---

    def off_exchange(self, out: Out) -> bool:
        return not account_of(self.person, out.account).get("aifc_exchange", False)

    def denied_share_2023(self) -> Fraction | None:
        """Value taken to income of coins mined and sold off an AIFC exchange ÷ mining income (semantics 14)."""
        income, sold = self.mining_income(2023), ZERO
        if income is None:
            return None
        for out, matches in self.walked:
            if out.day.year != 2023 or out.kind in NO_INCOME or not self.off_exchange(out):
                continue
            for match in matches:
                if self.treatment(match, out.day) == "mined" and match.cost is not None:
                    sold += match.cost[0]
        return sold / income if income else ZERO

    def denied_purchases_2023(self) -> Span:
        """264(1-1): the cost of bought coins sold off an AIFC exchange, April to December 2023.

        An unknown cost that lowers the result in the lower bound (semantics 6) is not deducted either.
        """
        low, high = ZERO, ZERO
        for out, matches in self.walked:
            in_time = START <= out.day <= date(2023, 12, 31)
            if not in_time or out.kind in NO_INCOME or not self.off_exchange(out):
                continue
            bought = [m for m in matches if self.treatment(m, out.day) == "bought"]
            for match in bought:
                if match.cost is not None:
                    cost = self.cost_in_tenge(match) or ZERO
                    low, high = low + cost, high + cost
                elif self.results(out, [match]):
                    low += self.results(out, [match])["bought"][1]  # type: ignore[index]
        return low, high

    def expense_rows(self, year: int) -> list[tuple[date, str, bool, Fraction]] | None:
        """(day, category, mining?, tenge): what may be deducted at all (semantics 15)."""
        rows = []
        for row in self.case.get("expenses", []):
            day = date.fromisoformat(row["date"])
            if day.year != year or row["category"] in ("equipment", "tax"):
                continue
            rate = self.quotes.official_on(row["currency"], day)
            if rate is None:
                return None
            mining = row["activity"] == "mining" if row.get("activity") else _licensed(self.person, day)
            rows.append((day, row["category"], mining, round_to(Fraction(row["amount"]) * rate)))
        return rows

    def sale_fees(self, year: int) -> Fraction:
        total = ZERO
        for out, _ in self.walked:
            for amount, currency in out.fees if out.day.year == year else []:
                total += round_to(amount * (self.quotes.market_on(currency, out.day) or ZERO))
        return total

    def expenses(self, year: int) -> tuple[Fraction, Fraction] | None:
        """(denied, allowed) in tenge."""
        rows = self.expense_rows(year)
        if rows is None:
            return None
        everything = sum((amount for *_, amount in rows), ZERO)
        brief = election(self.person, year, "mining_expenses", "brief") == "brief"
        denied, shared = ZERO, ZERO
        for day, category, mining, amount in rows:
            if day < START:
                continue
            if category == "pool_service" or (mining and brief and day.year in (2024, 2025)):
                denied += amount
            elif mining and day.year == 2023:
                shared += amount
        if shared:
            share = self.denied_share_2023()
            if share is None:
                return None
            denied += round_to(shared * share)
        return denied, everything - denied + self.sale_fees(year)

    # --- VAT ---

    def turnover(self) -> dict[str, Fraction | None]:
        sums: dict[str, Fraction | None] = {}
        for out, _ in self.walked:
            if out.kind not in ("sell", "swap_out", "spend"):
                continue
            price = self.proceeds(out)
            rate = price and self.quotes.market_on(price[1], out.day)
            before = sums.get(quarter(out.day), ZERO)
            known = price is not None and rate is not None and before is not None
            sums[quarter(out.day)] = before + round_to(price[0] * rate) if known else None  # type: ignore[index,operator]
        return sums


def _span(value: Span | None) -> Answer:
    if value is None:
        return Answer(None)
    return Answer(value[0] if value[0] == value[1] else None, min(value), max(value))


def _one(value: Fraction | None) -> Answer:
    return Answer(value, value, value)


def assess_company(case: Row, year: int) -> dict[tuple[str, str], Answer]:
    company, period = Company(case), str(year)
    mining, trade, spent = company.mining_income(year), company.trading(year), company.expenses(year)
    free = company.free_receipts(year)
    income: Span | None = None
    carried: Span | None = None
    if trade is not None:
        (gain_low, gain_high), (loss_low, loss_high) = trade
        income = (gain_low - loss_high, gain_high - loss_low)
        if year >= 2026:  # ring-fenced: NTC 326(5)
            carried = (max(ZERO, -income[1]), max(ZERO, -income[0]))
            income = (max(ZERO, income[0]), max(ZERO, income[1]))
    taxable: Span | None = None
    if mining is not None and income is not None and spent is not None and free is not None:
        brought = Fraction(facts_of(case["person"], year).get("business_losses_brought", "0"))
        back = company.denied_purchases_2023() if year == 2023 else (ZERO, ZERO)
        rest = mining + free - spent[1] - brought
        taxable = (max(ZERO, income[0] + back[0] + rest), max(ZERO, income[1] + back[1] + rest))
    figures = {
        "mining_income": _one(mining),
        "trading_gain": _span(trade[0] if trade else None),
        "trading_loss": _span(trade[1] if trade else None),
        "trading_income": _span(income),
        "denied_expenses": _one(spent[0] if spent else None),
        "allowed_expenses": _one(spent[1] if spent else None),
        "taxable_income": _span(taxable),
        "tax": _span(taxable and (round_to(taxable[0] / 5), round_to(taxable[1] / 5))),
    }
    if year >= 2026:
        figures["loss_carried_forward"] = _span(carried)
    result = {(f"corporate_income_tax.{name}", period): answer for name, answer in figures.items()}
    return result | assess_vat(company, year)


def assess_vat(company: Company, year: int) -> dict[tuple[str, str], Answer]:
    """2023 (and 2022): 12 % of a payer's turnover; 2024-2025 exempt; 2026 outside scope (VAT3-VAT5, semantics 19)."""
    payer = facts_of(company.person, year).get("vat_payer")
    result = {}
    for period, amount in company.turnover().items():
        if int(period[:4]) != year:
            continue
        turnover = Answer(None) if amount is None else _one(amount)
        if year >= 2026 or (year < 2024 and payer is False):
            turnover = _one(ZERO)
        elif year < 2024 and payer is None and amount is not None:
            turnover = _span((ZERO, amount))
        rate = Fraction(12, 100) if year < 2024 else ZERO
        tax = [None if x is None else round_to(x * rate) for x in (turnover.value, turnover.low, turnover.high)]
        result["value_added_tax.digital_asset_turnover", period] = turnover
        result["value_added_tax.tax", period] = Answer(*tax) if year < 2024 else _one(ZERO)
    return result
