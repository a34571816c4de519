"""The shipped values: what the articles say, written down a second time by hand; and that no entry is careless."""

from __future__ import annotations

import itertools
import tomllib
from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.civil.messages import LANGUAGES
from salyq.law import SUBJECTS as TAX
from salyq.law import shipped

LAW = files("salyq.law")
SUBJECTS = sorted(s for s in TAX if (LAW / s / "params.toml").is_file())  # those of acts: tests/law/test_asked.py
ACTS = tomllib.loads((LAW / "acts.toml").read_text(encoding="utf-8"))
PARAMS: dict[str, dict[str, Any]] = {
    f"{subject}.{name}": entry
    for subject in SUBJECTS
    for name, entry in tomllib.loads((LAW / subject / "params.toml").read_text(encoding="utf-8")).items()
}
BASES = {"statute", "official", "secondary", "reconstruction", "convention"}
DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))


def at(name: str, day: date | str) -> dict[str, Any] | None:
    """The version in force on a day, whatever was enacted when."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    begun = [v for v in PARAMS[name]["value"] if v["from"] <= on]
    if not begun or begun[-1].get("until", date.max) < on:
        return None
    return begun[-1]  # type: ignore[no-any-return]


def number(name: str, day: date | str) -> Fraction:
    found = at(name, day)
    assert found is not None, f"{name} has no value on {day}"
    return Fraction(found["is"])


def table_2023(price: Fraction) -> Fraction:
    entry = at("mining_fee.rate_by_price", "2023-07-01")
    assert entry is not None
    for bound, rate in zip(entry["upto"], entry["is"], strict=False):
        if price <= Fraction(bound):
            return Fraction(rate)
    return Fraction(entry["is"][-1])


# ------------------------------------------------------------------------------------------- entries are complete


@pytest.mark.parametrize("name", PARAMS)
def test_entry_is_complete(name: str) -> None:
    entry = PARAMS[name]
    assert set(entry["label"]) == set(LANGUAGES)
    assert all(entry["label"].values())
    for v in entry["value"]:
        assert v["basis"] in BASES
        assert v["by"] in ACTS
        assert cited(v["cite"]), v["cite"]
        words = [v[k] for k in ("note", "reason") if k in v]
        assert all(set(w) == set(LANGUAGES) and all(w.values()) for w in words)
        assert v.get("is") != "unknown" or "reason" in v
    for choice in entry.get("choice", {}).values():
        assert set(choice["label"]) == set(LANGUAGES)
        assert cited(choice["cite"])


def cited(cite: str) -> bool:
    act, _, point = cite.partition(":")
    return act in ACTS and (act not in ("salyq", "salyq-brief") or point in ACTS[act]["point"])


@pytest.mark.parametrize("name", PARAMS)
def test_versions_follow_one_another(name: str) -> None:
    values = PARAMS[name]["value"]
    begun = [(v["from"], v["enacted"]) for v in values]
    assert begun == sorted(set(begun))
    ends = [v["until"] for v in values if "until" in v]
    assert all(any(v["from"] <= end for v in values) for end in ends)
    for earlier, later in itertools.pairwise(values):
        assert earlier.get("until", date.min) < later["from"]


KNOWN_LATER = {("personal_income_tax.low_tax_states", date(2018, 2, 8))}  # the minister's list came after the code


@pytest.mark.parametrize("name", PARAMS)
def test_a_statute_is_known_from_the_day_it_was_adopted(name: str) -> None:
    """Or, where the act that amended it was not read, from the day it held."""
    for v in PARAMS[name]["value"]:
        act = ACTS[v["by"]]
        if act["kind"] == "act" and "date" in act and (name, v["enacted"]) not in KNOWN_LATER:
            assert v["enacted"] in (act["date"], v["from"]), (name, v["from"])
            assert v["enacted"] >= act["date"], (name, v["from"])


@pytest.mark.parametrize("name", [n for n, e in PARAMS.items() if e["unit"] == "election"])
def test_an_election_offers_its_default_and_words_for_each_choice(name: str) -> None:
    entry = PARAMS[name]
    offered = {c for v in entry["value"] for c in v["choices"]}
    assert all(v["default"] in v["choices"] for v in entry["value"])
    assert offered == set(entry["choice"])


@pytest.mark.parametrize("name", [n for n, e in PARAMS.items() if e["unit"] == "deadline"])
def test_a_deadline_is_a_day_or_unknown_with_a_reason(name: str) -> None:
    for v in PARAMS[name]["value"]:
        assert v.get("is") == "unknown" or (-12 <= v["month"] <= 12 and 1 <= v["day"] <= 31)


def test_acts_have_titles_addresses_and_words_for_each_point() -> None:
    for name, act in ACTS.items():
        if name == "reading":
            continue
        assert act["kind"] in ("act", "source", "convention")
        assert set(act["title"]) == set(LANGUAGES)
        # a source whose page nobody kept says what to read instead
        assert act.get("address") or (act["kind"] == "source" and set(act["read"]) == set(LANGUAGES))
        assert (act["kind"] != "act") or act["date"]
        assert all(set(words) == set(LANGUAGES) for words in act.get("point", {}).values())


def test_every_act_is_cited_or_made_something() -> None:
    used = {v[k].partition(":")[0] for e in PARAMS.values() for v in e["value"] for k in ("by", "cite")}
    used |= {c["cite"].partition(":")[0] for e in PARAMS.values() for c in e.get("choice", {}).values()}
    used |= {x.partition(":")[0] for rules in shipped().rules.values() for r in rules for x in (r.by, r.cite)}
    used |= {x for listed in shipped().provisions.values() for p in listed for x in (p.act, p.by, p.until_by)}
    used.add(ACTS["reading"]["cite"])
    kept = {"law-193-vii", "kgd-2022", "kgd-2026"}  # named by cases and the law book, not by a value or rule
    assert set(ACTS) - {"reading"} - used <= kept


def test_the_newest_act_is_the_default_day_of_knowledge() -> None:
    newest = max(a["date"] for n, a in ACTS.items() if n != "reading" and a["kind"] == "act")
    assert newest == date(2026, 6, 11) == ACTS[ACTS["reading"]["cite"]]["date"]


# ------------------------------------------------------------------------------------------- what the articles say


@given(st.fractions(min_value=0, max_value=60))
def test_price_table_of_2023_is_its_closed_form(price: Fraction) -> None:
    ceiling = -(-price.numerator // price.denominator)
    wanted = 25 if price <= 1 else 1 if price > 24 else 26 - ceiling
    assert table_2023(price) == wanted


@pytest.mark.parametrize(("price", "fee"), [("24", 2), ("24.01", 1), ("26", 1), ("10", 16), ("1", 25), ("1.01", 24)])
def test_price_table_rows_by_hand(price: str, fee: int) -> None:
    assert table_2023(Fraction(price)) == fee


@given(DAYS)
def test_some_fee_rate_is_in_force_on_every_day(day: date) -> None:
    assert (at("mining_fee.rate", day) is None) == (day.year == 2023)
    assert (at("mining_fee.rate_by_price", day) is not None) == (day.year == 2023)
    assert (at("mining_fee.reduced_rate", day) is not None) == (day.year >= 2024)
    assert (at("mining_fee.unlicensed_or_unmetered_rate", day) is not None) == (day.year >= 2026)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("mining_fee.rate", "2022-12-31", "1"),
        ("mining_fee.rate", "2024-01-01", "2"),
        ("mining_fee.rate", "2026-01-01", "2"),
        ("mining_fee.own_power_rate", "2023-01-01", "10"),
        ("mining_fee.own_renewable_rate", "2023-12-31", "1"),
        ("mining_fee.no_meter_rate", "2023-05-01", "25"),
        ("mining_fee.reduced_rate", "2025-12-31", "1"),
        ("mining_fee.unlicensed_or_unmetered_rate", "2026-01-01", "25"),
        ("corporate_income_tax.rate", "2022-01-01", "0.20"),
        ("corporate_income_tax.rate", "2026-06-01", "0.20"),
        ("personal_income_tax.flat_rate", "2025-12-31", "0.10"),
        ("personal_income_tax.aggregation_threshold", "2026-01-01", "8500"),
        ("value_added_tax.rate", "2025-12-31", "0.12"),
        ("value_added_tax.rate", "2026-01-01", "0.16"),
        ("late_interest.multiplier", "2023-01-01", "1.25"),
        ("late_interest.multiplier", "2026-01-01", "1.25"),
        ("late_interest.horizontal_monitoring_multiplier", "2026-01-01", "0.65"),
        ("late_interest.days_in_year", "2024-02-29", "365"),
        ("late_interest.base_rate", "2021-01-26", "0.09"),
        ("late_interest.base_rate", "2023-01-16", "0.1675"),
        ("late_interest.base_rate", "2024-12-01", "0.1425"),
        ("late_interest.base_rate", "2024-12-02", "0.1525"),
        ("late_interest.base_rate", "2025-12-31", "0.18"),
        ("base.mci_january", "2022-06-30", "3063"),
        ("late_interest.base_rate", "2022-01-25", "0.1025"),
        ("late_interest.base_rate", "2023-01-15", "0.1675"),
        ("late_interest.base_rate", "2023-08-27", "0.1675"),
        ("late_interest.base_rate", "2023-08-28", "0.1650"),
        ("corporate_income_tax.business_loss_years", "2025-12-31", "10"),
        ("corporate_income_tax.limitation_years", "2026-01-01", "3"),
        ("corporate_income_tax.limitation_years_large", "2026-01-01", "5"),
        ("personal_income_tax.non_resident_rate", "2025-12-31", "0.20"),
        ("personal_income_tax.non_resident_rate", "2026-01-01", "0.20"),
        ("small_business.simplified_rate", "2025-12-31", "0.03"),
        ("base.mci_january", "2026-12-31", "4325"),
    ],
)
def test_value(name: str, day: str, value: str) -> None:
    assert number(name, day) == Fraction(value)


@pytest.mark.parametrize("day", ["2019-05-05", "2021-01-27", "2022-01-24", "2026-01-01", "2026-12-31"])
def test_base_rate_that_could_not_be_read_is_unknown(day: str) -> None:
    found = at("late_interest.base_rate", day)
    assert found is not None
    assert found["is"] == "unknown"


@pytest.mark.parametrize(
    ("name", "day", "text"),
    [
        ("value_added_tax.sale_treatment", "2023-12-31", "taxable"),
        ("value_added_tax.sale_treatment", "2024-01-01", "exempt"),
        ("value_added_tax.sale_treatment", "2026-01-01", "out_of_scope"),
        ("valuation.official_value_day", "2024-04-14", "own_day"),
        ("valuation.official_value_day", "2024-04-15", "previous_working_day"),
        ("valuation.official_value_conversion", "2024-04-14", "market_before"),
        ("valuation.official_value_conversion", "2026-01-01", "official_same_day"),
    ],
)
def test_text_value(name: str, day: str, text: str) -> None:
    found = at(name, day)
    assert found is not None
    assert found["is"] == text


@pytest.mark.parametrize(
    ("name", "day", "default", "choices"),
    [
        ("corporate_income_tax.mining_expenses", "2023-12-31", "text", {"text"}),
        ("corporate_income_tax.mining_expenses", "2024-01-01", "brief", {"brief", "text"}),
        ("corporate_income_tax.mining_expenses", "2025-12-31", "brief", {"brief", "text"}),
        ("corporate_income_tax.mining_expenses", "2026-01-01", "text", {"text"}),
        ("mining_fee.renewable_rate", "2024-01-01", "text", {"brief", "text"}),
        ("mining_fee.renewable_rate", "2026-12-31", "text", {"brief", "text"}),
        ("personal_income_tax.lot_method", "2024-01-01", "fifo", {"fifo", "average", "specific"}),
        ("personal_income_tax.lot_method", "2025-01-01", "fifo", {"fifo"}),
        ("personal_income_tax.fee_in_asset", "2025-01-01", "no_income", {"no_income", "sale_at_value"}),
        ("corporate_income_tax.mined_before_2026", "2026-01-01", "excluded", {"excluded", "gain_over_taxed_value"}),
    ],
)
def test_choices(name: str, day: str, default: str, choices: set[str]) -> None:
    found = at(name, day)
    assert found is not None
    assert (found["default"], set(found["choices"])) == (default, choices)


@pytest.mark.parametrize(
    ("name", "day", "deadline"),
    [
        ("mining_fee.payment_due", "2022-06-30", (1, 20)),
        ("mining_fee.payment_due", "2023-06-30", (2, 25)),
        ("mining_fee.return_due", "2023-06-30", (2, 15)),
        ("mining_fee.return_due", "2026-06-30", (2, 15)),
        ("corporate_income_tax.return_due", "2026-12-31", (3, 31)),
        ("corporate_income_tax.payment_due", "2024-12-31", (4, 10)),
        ("personal_income_tax.return_due", "2024-12-31", (3, 31)),
        ("personal_income_tax.return_due", "2025-12-31", (9, 15)),
        ("personal_income_tax.payment_due", "2024-12-31", (4, 10)),
        ("personal_income_tax.payment_due", "2026-12-31", (9, 25)),
        ("value_added_tax.return_due", "2026-03-31", (2, 15)),
        ("value_added_tax.payment_due", "2026-03-31", (2, 25)),
        ("declarations.assets_and_liabilities_due", "2025-12-31", (-3, 15)),
    ],
)
def test_deadline(name: str, day: str, deadline: tuple[int, int]) -> None:
    found = at(name, day)
    assert found is not None
    assert (found["month"], found["day"]) == deadline


def test_no_fee_return_existed_in_2022() -> None:
    assert at("mining_fee.return_due", "2022-12-31") is None


def test_scale_and_deductions_of_2026_in_tenge() -> None:
    """Published figures: threshold 36,762,500; 10,000 MCI pay 1,075 MCI; the base deduction is 129,750 a month."""
    mci = number("base.mci_january", "2026-07-01")
    scale = at("personal_income_tax.scale", "2026-07-01")
    assert scale is not None
    assert scale["over"] == [0, 8500]
    low, high = (Fraction(r) for r in scale["rate"])
    assert scale["over"][1] * mci == 36_762_500
    assert (8500 * low + 1500 * high, (8500 * low + 1500 * high) * mci) == (1075, 4_649_375)
    assert number("personal_income_tax.base_deduction_limit", "2026-07-01") * mci == 1_557_000 == 12 * 129_750
    assert max(145_000 - 14_500 - 2_900 - 129_750, 0) == 0  # the published salary that owes nothing


def test_flat_rate_and_scale_never_hold_at_once() -> None:
    for day in (date(2022, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        assert (at("personal_income_tax.flat_rate", day) is None) != (at("personal_income_tax.scale", day) is None)
