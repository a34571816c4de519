"""An end that a later act makes is known from the day that act was adopted: before it the law went on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import salyq
from salyq.app.asking import ask_act
from salyq.civil.errors import UsageError
from salyq.law import shipped
from salyq.law.asked.checking import whole_law
from salyq.law.asked.working import cases as asked_cases
from salyq.rulebook.law import Law, Value

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n[[account]]\nname = "kz"\ncountry = "KZ"\n'
COMPANY = 'id = "221140000000"\nkind = "company"\nresident = true\n[[licence]]\nkind = "mining_I"\nfrom = 2020-01-01\n'
DEALS = """time,kind,asset,quantity,value,currency,account
2022-03-11T12:00:00+06:00,buy,BTC,9,9000000,KZT,kz
{year}-06-03T12:00:00+05:00,sell,BTC,1,6000000,KZT,kz
"""


@pytest.mark.parametrize(
    ("year", "known", "tax"),
    [
        (2026, date(2025, 7, 17), "500000.00"),  # the old code went on without an end
        (2025, date(2023, 12, 11), "500000.00"),
        (2024, date(2023, 6, 1), "500000.00"),
        (2025, date(2025, 7, 15), "500000.00"),
    ],
)
def test_a_person_under_the_law_as_it_was_known(tmp_path: Path, year: int, known: date, tax: str) -> None:
    (tmp_path / "person.toml").write_text(PERSON, encoding="utf-8")
    (tmp_path / "records.csv").write_text(DEALS.format(year=year), encoding="utf-8")
    result = salyq.assess(salyq.read_case(tmp_path), year=year, known=known)
    assert result["personal_income_tax.tax"].value == Decimal(tax)


def test_2023_before_digital_assets_were_named(tmp_path: Path) -> None:
    """A day before Law 165: a sale of 2023 at home is named in no article, between nothing and its whole value."""
    (tmp_path / "person.toml").write_text(PERSON, encoding="utf-8")
    (tmp_path / "records.csv").write_text(DEALS.format(year=2023), encoding="utf-8")
    tax = salyq.assess(salyq.read_case(tmp_path), year=2023, known=date(2022, 12, 20))["personal_income_tax.tax"]
    assert (tax.status, tax.bounds) == ("unknown", (Decimal(0), Decimal(600_000)))


@pytest.mark.parametrize(
    ("year", "known", "fee"),
    [
        (2023, date(2022, 7, 10), "1000.00"),  # 1 tenge of Law 53-VII, open-ended until Law 135-VII
        (2023, date(2022, 7, 11), "16000.00"),
        (2024, date(2023, 12, 11), "16000.00"),  # the table of 2023 until Law 45-VIII
        (2024, date(2023, 12, 12), "2000.00"),
        (2026, date(2025, 7, 17), "2000.00"),
    ],
)
def test_a_fee_under_the_law_as_it_was_known(tmp_path: Path, year: int, known: date, fee: str) -> None:
    (tmp_path / "person.toml").write_text(COMPANY, encoding="utf-8")
    rows = f"start,end,kwh,price_per_kwh\n{year}-01-01,{year}-04-01,1000,10\n"
    (tmp_path / "energy.csv").write_text(rows, encoding="utf-8")
    result = salyq.assess(salyq.read_case(tmp_path), year=year, known=known)
    assert result["mining_fee.due", f"{year}-Q1"].value == Decimal(fee)


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_no_day_since_the_code_is_refused(tmp_path: Path, year: int) -> None:
    """On the day before and the day of every act, the year is assessed under the law as it then stood."""
    (tmp_path / "person.toml").write_text(PERSON, encoding="utf-8")
    (tmp_path / "records.csv").write_text(DEALS.format(year=year), encoding="utf-8")
    case, acts = salyq.read_case(tmp_path), shipped().acts.values()
    adopted = {a.date for a in acts if a.kind == "act" and a.date and a.date > date(2017, 12, 25)}
    for known in sorted(adopted | {d - timedelta(1) for d in adopted}):
        result = salyq.assess(case, year=year, known=known, alternatives=False)
        named = known >= date(2022, 12, 21)  # Law 165-VII named digital assets among property income
        assert result["personal_income_tax.tax"].value == (Decimal("500000.00") if named else None)
    with pytest.raises(UsageError):
        salyq.assess(case, year=2018, known=date(2017, 12, 24))


# ---- rows of the audit, section 3 ----------------------------------------------------------------------------------
SWAPPED = {
    "person.toml": PERSON,
    "records.csv": "time,kind,asset,quantity,value,currency,document,account\n"
    "2025-02-03T12:00:00+05:00,buy,BTC,1,20000000,KZT,contract,kz\n"
    "2025-06-11T12:00:00+05:00,sell,BTC,1,60000,USDT,,kz\n"
    "2025-07-15T12:00:00+05:00,sell,USDT,60000,32000000,KZT,,kz\n",
    "rates.csv": "date,currency,rate,quantity,source,kind\n2025-06-10,USD,500,1,example,market\n",
}


@pytest.mark.parametrize(
    ("known", "tax", "due"),
    [
        (date(2025, 7, 14), "1200000.00", date(2026, 3, 31)),  # stablecoins sold again are a second sale
        (date(2025, 7, 15), "1000000.00", date(2026, 9, 15)),  # Law 208-VIII: they are none (332-1(5))
    ],
)
def test_an_amendment_that_reaches_back(tmp_path: Path, known: date, tax: str, due: date) -> None:
    for name, text in SWAPPED.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = salyq.assess(salyq.read_case(tmp_path), year=2025, known=known)
    assert result["personal_income_tax.tax"].value == Decimal(tax)
    (found,) = [o for o in result.obligations if o.name == "personal_income_tax.return"]
    assert found.due == due


@pytest.mark.parametrize(
    ("known", "interest"),
    [(date(2025, 10, 12), "31643.84"), (date(2025, 10, 13), "32054.79"), (None, "32054.79")],
)
def test_a_base_rate_counts_from_the_day_it_was_known(tmp_path: Path, known: date | None, interest: str) -> None:
    """48 days at 16.5 % and 8 at 18 %; before the decision all 56 days at 16.5 %."""
    (tmp_path / "person.toml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "energy.csv").write_text("start,end,kwh\n2025-04-01,2025-07-01,500000\n", encoding="utf-8")
    paid = "date,name,period,amount\n2025-10-20,mining_fee,2025-Q2,1000000\n"
    (tmp_path / "payments.csv").write_text(paid, encoding="utf-8")
    result = salyq.assess(salyq.read_case(tmp_path), year=2025, known=known)
    assert result["late_interest.due"].value == Decimal(interest)


def ended_by_another_act() -> list[tuple[Law, str, Value, date]]:
    """Every version of a value that a later act ended, with the day from which its end is known."""
    found = []
    for law in (shipped(), whole_law()):
        for name, series in law.series.items():
            for v in series.values:
                if v.until and v.until_by and v.data is not None:
                    found.append((law, name, v, v.until_enacted or law.acts[v.until_by].date))
    return found


def test_every_end_is_known_from_its_day_and_not_before() -> None:
    ends = ended_by_another_act()
    assert len(ends) > 10
    for law, name, version, known in ends:
        assert known > version.enacted, f"{name}: an end that was known from the beginning names no other act"
        after = version.until + timedelta(1)  # type: ignore[operator]
        assert law.series[name].end_of(version, known - timedelta(1)) is None, name
        assert law.series[name].end_of(version, known) == version.until, name
        assert law.value_at(name, after, known) is not version, name
        if not any(w.start > version.start and w.enacted < known for w in law.series[name].values):
            assert law.value_at(name, after, known - timedelta(1)) is version, name


KNOWN = (date(2023, 2, 6), date(2023, 12, 12), date(2025, 7, 18), date(2026, 1, 16), date(2026, 5, 8))


@pytest.mark.parametrize("act", sorted({str(c["act"]) for c in asked_cases()}))
def test_an_explanation_refuses_nothing_that_the_answer_does_not(act: str) -> None:
    """What was not asked, because something before it decided, may have no answer yet: telling does not ask it."""
    case = next(c for c in asked_cases() if c["act"] == act)

    def said(known: date, explain: bool) -> str:
        try:
            return str(ask_act(act, case["facts"], case.get("on"), known, explain=explain).verdict)
        except UsageError:
            return "refused"

    assert [said(day, True) for day in KNOWN] == [said(day, False) for day in KNOWN]


def test_a_place_before_anything_was_known_of_alatau() -> None:
    """On 06.02.2023 the law on digital assets knew no place with rules of its own, and had no end."""
    answer = ask_act("own_rules_of", {"place": "191810000"}, date(2026, 12, 31), date(2023, 2, 6))
    assert (answer.verdict, [a.name for a in answer.amounts]) == ("not_regulated", [])


REACHING_BACK = {
    "law-208-viii",
    "law-196-vii",
    "tax-code-2017",
}  # to the beginning of their year, to coins bought before


def test_no_version_was_made_by_an_act_adopted_after_it_began() -> None:
    """But for acts that reach back, and what is told beforehand of Alatau: a version's act is the one that made it."""
    found = {
        f"{v.name} {v.since} {v.by}"
        for law in (shipped(), whole_law())
        for versions in law.rules.values()
        for v in versions
        if law.enacted(v) > v.since and v.by not in REACHING_BACK and not v.name.startswith("zones.starts")
    }
    assert found == set()


def test_a_company_of_2022_pays_whoever_tells_the_day(tmp_path: Path) -> None:
    """The day of payment is told by an adviser of 2024: the duty is older, and so is known before."""
    (tmp_path / "person.toml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "records.csv").write_text(DEALS.format(year=2022), encoding="utf-8")
    found = salyq.assess(salyq.read_case(tmp_path), 2022, known=date(2023, 6, 1))
    assert [str(o.due) for o in found.obligations if o.name == "corporate_income_tax.payment"] == ["2023-04-10"]


@pytest.mark.parametrize("known", [date(2022, 1, 1), date(2023, 12, 12), None])
def test_a_deposit_of_2022_under_the_rules_of_2021(known: date | None) -> None:
    answer = ask_act(
        "deposit",
        {"client": "retail", "resident": "yes", "income_proved": "no", "month_usd": "1000.01"},
        date(2022, 6, 15),
        known,
    )
    assert (answer.verdict, {c.partition(":")[0] for c in answer.cites}) == ("unlawful", {"aifc-ce-2021"})
