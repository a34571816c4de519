"""`salyq law check`: a whole law has no fault, and each planted fault is found and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from small_law import ACTS, KINDS, RULES, VALUES, WORDS, law_of, series, value, whole_law, with_values

from salyq.civil.messages import LANGUAGES
from salyq.law import shipped
from salyq.rulebook.check import check
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.law import Law
from salyq.rulebook.node import LawError
from salyq.rulebook.nodes import (
    Election,
    Energy,
    Flag,
    Money,
    Ratio,
    Symbols,
    choose,
    floor0,
    lift,
    rounded,
    unknown,
    when,
)
from salyq.rulebook.rules import duty, figure, finding, rule

Lot = Symbols
HALF, TENTH = Fraction(1, 2), Fraction(1, 10)


def codes(law: Law) -> set[str]:
    return {f.message.code for f in check(law)}


def faults(law: Law, code: str) -> list[str]:
    return [str(f) for f in check(law) if f.message.code == code]


def brackets(over: list[int], rate: list[Fraction]) -> Law:
    data = {"over": [Fraction(x) for x in over], "rate": rate}
    return whole_law(brackets=with_values("brackets", value(data)))


def test_a_whole_law_has_no_fault() -> None:
    assert check(whole_law()) == []


def test_every_fault_reads_in_three_languages() -> None:
    law = brackets([5, 3], [HALF, Fraction(2)])
    for fault in check(law):
        assert all(fault.text(lang).startswith("tax.brackets (code:1): ") for lang in LANGUAGES)
        assert str(fault) == fault.text("en")


# ---- values ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("over", "rate", "code"),
    [
        ([1, 100], [TENTH, HALF], "law_scale_start"),
        ([0, 100, 100], [TENTH, HALF, HALF], "law_not_rising"),
        ([0, 100, 50], [TENTH, HALF, HALF], "law_not_rising"),
        ([0, 100], [TENTH], "law_scale_length"),
        ([0, 100], [TENTH, Fraction(11, 10)], "law_rate_range"),
        ([0, 100], [TENTH, Fraction(-1, 10)], "law_rate_range"),
        ([], [], "law_scale_start"),
    ],
)
def test_scales(over: list[int], rate: list[Fraction], code: str) -> None:
    assert codes(brackets(over, rate)) == {code}


def test_scale_at_its_edges_is_whole() -> None:
    assert codes(brackets([0, 1], [Fraction(0), Fraction(1)])) == set()


@pytest.mark.parametrize(
    ("upto", "entries", "code"),
    [
        ([1, 2], [3, 2], "law_table_length"),
        ([2, 1], [3, 2, 1], "law_not_rising"),
        ([1, 1], [3, 2, 1], "law_not_rising"),
    ],
)
def test_tables(upto: list[int], entries: list[int], code: str) -> None:
    data = {"upto": [Fraction(x) for x in upto], "is": [Fraction(x) for x in entries]}
    assert code in codes(whole_law(more=[series("steps", "KZT/kWh", value(data))]))


def test_a_rate_above_one_or_below_zero() -> None:
    for wrong in (Fraction(3, 2), Fraction(-1, 2)):
        extra = replace(with_values("extra", value(wrong)), name="tax.rate")
        assert "law_rate_range" in codes(whole_law(more=[extra]))
    assert "law_rate_range" not in codes(whole_law(extra=with_values("extra", value(Fraction(3, 2)))))  # a multiplier


def test_two_values_of_one_day_name_both_articles() -> None:
    two = with_values("unit", value(1000), value(2000, cite="code:9"))
    (said,) = faults(whole_law(unit=two), "law_tie")
    assert "code:1" in said
    assert "code:9" in said


def test_overlap_is_a_fault_unless_a_later_act_amends() -> None:
    first = value(1000, until="2023-12-31")
    assert "law_overlap" in codes(whole_law(unit=with_values("unit", first, value(2000, "2023-06-01"))))
    later = value(2000, "2023-06-01", by="amendment", enacted="2024-06-01")
    assert codes(whole_law(unit=with_values("unit", first, later))) == set()


def test_a_value_that_ends_before_it_begins() -> None:
    assert "law_ends_first" in codes(whole_law(more=[series("odd", "KZT", value(1, until="2021-01-01"))]))


def test_a_value_known_before_its_act() -> None:
    early = value(1000, by="amendment", enacted="2024-05-31")
    assert "law_before_act" in codes(
        whole_law(unit=with_values("unit", value(1000), replace(early, start=date(2024, 1, 1))))
    )


def test_a_series_without_values() -> None:
    assert "law_no_value" in codes(whole_law(more=[series("empty", "KZT")]))


@pytest.mark.parametrize(("month", "day"), [(13, 1), (3, 32), (3, 0), (-13, 1)])
def test_a_deadline_that_never_comes(month: int, day: int) -> None:
    assert codes(whole_law(due=with_values("due", value({"month": month, "day": day})))) == {"law_deadline"}


@pytest.mark.parametrize(("cite", "code"), [("nowhere:1", "law_act_unknown"), ("own:nothing", "law_point_unknown")])
def test_a_citation_that_leads_nowhere(cite: str, code: str) -> None:
    assert codes(whole_law(unit=with_values("unit", value(1000, cite=cite)))) == {code}

    @rule(cite=cite, by="code", per="sale", date="day", since="2022-01-01", name="gain")
    def wrong(price: Money) -> Money:
        return price

    assert code in codes(whole_law(rules=(wrong, *RULES[1:])))


def test_a_citation_of_a_point_with_words_is_whole() -> None:
    assert codes(whole_law(unit=with_values("unit", value(1000, cite="own:rounding", by="own")))) == set()


def test_a_rule_made_by_an_act_nobody_lists() -> None:
    @rule(cite="code:2", by="phantom", per="sale", date="day", since="2022-01-01", name="gain")
    def wrong(price: Money) -> Money:
        return price

    assert "law_act_unknown" in codes(whole_law(rules=(wrong, *RULES[1:])))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"date": None}, "law_act_no_day"),
        ({"address": ""}, "law_act_no_address"),
        ({"kind": "source", "address": ""}, "law_act_no_address"),
        ({"title": {"en": "x"}}, "law_no_label"),
    ],
)
def test_an_act_told_by_halves(change: dict[str, Any], code: str) -> None:
    acts = {**ACTS, "third": replace(ACTS["amendment"], id="third", **change)}
    assert codes(whole_law(acts=acts)) == {code}


def test_a_source_whose_page_nobody_kept_says_what_to_read_instead() -> None:
    kept = replace(ACTS["amendment"], id="third", kind="source", address="", read={"kk": "x", "ru": "x", "en": "x"})
    assert codes(whole_law(acts={**ACTS, "third": kept})) == set()


# ---- choices ---------------------------------------------------------------------------------------------------------
def test_choices() -> None:
    data = {"default": "maybe", "choices": ("no", "yes")}
    assert codes(whole_law(count_salary=with_values("count_salary", value(data)))) == {"law_default"}
    three = value({"default": "no", "choices": ("no", "yes", "half")})
    found = codes(whole_law(count_salary=with_values("count_salary", three)))
    assert found == {"law_no_branch", "law_choice_no_label"}
    one = value({"default": "no", "choices": ("no",)})
    assert codes(whole_law(count_salary=with_values("count_salary", one))) == {"law_dead_branch"}


def test_a_choice_of_one_year_is_whole_where_the_rule_lives_on() -> None:
    both = value({"default": "no", "choices": ("no", "yes")})
    later = value({"default": "no", "choices": ("no",)}, "2023-01-01")
    assert codes(whole_law(count_salary=with_values("count_salary", both, later))) == set()


# ---- rules -----------------------------------------------------------------------------------------------------------
def test_two_versions_of_one_day_name_both_articles() -> None:
    @rule(cite="code:22", per="sale", date="day", since="2022-01-01", name="gain")
    def again(price: Money) -> Money:
        return price

    (said,) = faults(whole_law(rules=(again, *RULES)), "law_tie")
    assert "code:22" in said
    assert "code:2)" in said or "code:2 " in said


def test_rules_that_overlap_or_end_first() -> None:
    @rule(cite="code:22", per="sale", date="day", since="2022-01-01", until="2023-06-30", name="gain")
    @rule(cite="code:23", per="sale", date="day", since="2023-01-01", name="gain")
    @rule(cite="code:24", per="sale", date="day", since="2024-01-01", until="2023-01-01", name="gain")
    def again(price: Money) -> Money:
        return price

    assert {"law_overlap", "law_ends_first"} <= codes(whole_law(rules=(again, *RULES[1:])))


def test_an_unknown_name() -> None:
    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def wrong(prise: Money) -> Money:
        return prise

    (said,) = faults(whole_law(rules=(wrong, *RULES[1:])), "law_broken")
    assert "prise" in said


def test_a_name_of_two_other_subjects_is_refused_until_one_is_named() -> None:
    """`tax` of another subject could be any of three taxes; on rows too none is taken without a word."""
    with pytest.raises(LawError, match=r"could mean corporate_income_tax.tax, personal_income_tax.tax"):
        shipped().resolve("mining_fee", "tax")
    assert shipped().resolve("mining_fee", "value_added_tax.tax") == "value_added_tax.tax"
    law = whole_law()
    gain = law.rules["tax.gain"][0]
    more = {f"{s}.extra": (replace(gain, name=f"{s}.extra"),) for s in ("levy", "duty")}
    resolve = Compiler(replace(law, rules={**law.rules, **more}))._resolver(gain)
    with pytest.raises(LawError, match=r"could mean duty.extra, levy.extra"):
        resolve("sale", "extra")
    assert resolve("sale", "levy__extra").data == ("levy.extra", "sale")


def test_units_that_do_not_go_together() -> None:
    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def wrong(price: Money, extra: Ratio) -> Money:
        return price + extra

    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def declared(price: Money) -> Energy:
        return price

    for bad in (wrong, declared):
        assert codes(whole_law(rules=(bad, *RULES[1:]))) == {"law_broken"}


def test_python_if_on_a_symbol() -> None:
    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def wrong(price: Money, cost: Money) -> Money:
        return price if price > cost else cost

    (said,) = faults(whole_law(rules=(wrong, *RULES[1:])), "law_broken")
    assert "when(" in said


def test_a_circle_is_told_with_its_way() -> None:
    @rule(cite="code:7", per="year", since="2022-01-01")
    def hen(egg: Money) -> Money:
        return egg

    @figure(cite="code:7", per="year", since="2022-01-01")
    def egg(hen: Money) -> Money:
        return hen

    (said,) = faults(law_of(hen, egg), "law_circle")
    assert "tax.hen → tax.egg → tax.hen" in said


def test_unused_values_and_rules() -> None:
    @rule(cite="code:7", per="year", since="2022-01-01")
    def idle(a: Money) -> Money:
        return a

    law = whole_law(rules=(*RULES, idle), more=[series("spare", "KZT", value(1))])
    assert {f.name for f in check(law) if f.message.code == "law_unused"} == {"tax.idle", "tax.spare"}
    assert codes(replace(law, roots=("tax.idle", "tax.spare"))) == set()


def test_a_root_that_is_nowhere() -> None:
    assert codes(whole_law(roots=("tax.nothing",))) == {"law_root_unknown"}


def test_a_duty_without_its_deadline_or_amount() -> None:
    @duty(cite="code:6", per="year", since="2022-01-01", name="tax.other", due="tax.unit", amount="tax.nothing")
    def other(f: Flag) -> Flag:
        return f

    assert {"law_no_deadline", "law_no_amount"} <= codes(whole_law(rules=(*RULES, other)))


# ---- gaps ------------------------------------------------------------------------------------------------------------
def test_a_value_that_ends_while_a_rule_still_needs_it() -> None:
    (said,) = faults(whole_law(unit=with_values("unit", value(1000, until="2023-05-31"))), "law_gap")
    assert "tax.unit" in said
    assert "2023-06-01" in said


def test_a_value_that_begins_too_late() -> None:
    (said,) = faults(whole_law(unit=with_values("unit", value(1000, "2022-07-01"))), "law_gap")
    assert "2022-01-01" in said


def test_a_declared_unknown_is_no_gap() -> None:
    silent = value(None, "2023-06-01", reason=WORDS)
    assert codes(whole_law(unit=with_values("unit", value(1000, until="2023-05-31"), silent))) == set()


def test_a_value_that_ends_with_the_rule_is_no_gap() -> None:
    assert codes(whole_law(extra=with_values("extra", value(HALF, until="2023-12-31")))) == set()


def test_a_rule_of_rows_that_is_missing_for_part_of_the_year() -> None:
    @rule(cite="code:2", per="sale", date="day", since="2022-03-01", name="gain")
    def late(price: Money) -> Money:
        return price

    (said,) = faults(whole_law(rules=(late, *RULES[1:])), "law_gap")
    assert "tax.gain" in said


def test_rows_of_an_earlier_day_need_law_of_that_day() -> None:
    @rule(cite="code:8", per="lot", date="bought", since="2022-01-01")
    def paid_then(paid: Money) -> Money:
        return paid

    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def of_lot(price: Money, lot: Lot) -> Money:
        return floor0(price - lot.paid_then)

    rules = (paid_then, of_lot, *RULES[1:])
    assert codes(whole_law(rules=rules)) == set()
    kinds = {**KINDS, "lot": replace(KINDS["lot"], earlier=True)}
    reading = {"first_year": 2022, "last_year": 2024, "first_day": date(2009, 1, 3)}
    (said,) = faults(whole_law(rules=rules, kinds=kinds, reading=reading), "law_gap")
    assert "tax.paid_then" in said
    assert "2009-01-03" in said


def test_old_rows_need_law_of_the_years_assessed() -> None:
    """The rule of an old lot asks a rule of the year: that one need not reach back to the lot's own day."""

    @rule(cite="code:8", per="lot", date="law_day", since="2022-01-01")
    def allowed(paid: Money) -> Money:
        return paid

    @rule(cite="code:8", per="lot", date="bought", since="2009-01-01")
    def paid_then(allowed: Money) -> Money:
        return allowed

    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def of_lot(price: Money, lot: Lot) -> Money:
        return floor0(price - lot.paid_then)

    kinds = {**KINDS, "lot": replace(KINDS["lot"], earlier=True)}
    reading = {"first_year": 2022, "last_year": 2024, "first_day": date(2009, 1, 3)}
    whole = {"kinds": kinds, "reading": reading}
    assert codes(whole_law(rules=(allowed, paid_then, of_lot, *RULES[1:]), **whole)) == set()

    @rule(cite="code:8", per="lot", date="law_day", since="2023-01-01", name="allowed")
    def later(paid: Money) -> Money:
        return paid

    (said,) = faults(whole_law(rules=(later, paid_then, of_lot, *RULES[1:]), **whole), "law_gap")
    assert "tax.allowed" in said
    assert "2022-01-01" in said


# ---- words and cases -------------------------------------------------------------------------------------------------
def test_words_that_are_missing() -> None:
    law = whole_law()
    (said,) = faults(replace(law, labels={**law.labels, "tax.gain": {"en": "Gain"}}), "law_no_label")
    assert said.startswith("tax.gain: has no label in kk, ru")


def test_a_finding_or_reason_that_says_nothing() -> None:
    @finding(cite="code:7", per="year", since="2022-01-01")
    def never_worded_anywhere(f: Flag) -> Flag:
        return f

    @figure(cite="code:7", per="year", since="2022-01-01")
    def mute(f: Flag, a: Money) -> Money:
        return when(f, a, unknown("no_words_at_all", unit="KZT"))

    said = faults(whole_law(rules=(*RULES, never_worded_anywhere, mute)), "law_no_message")
    assert len(said) == 2


def test_a_version_that_no_case_asks_for() -> None:
    law = whole_law()
    cases = tuple(c for c in law.cases["tax"] if c["year"] == 2024)
    assert [f.name for f in check(replace(law, cases={"tax": cases}))] == ["tax.surcharge", "tax.extra"]
    nothing = check(replace(law, cases={"tax": ()}))
    assert {f.message.code for f in nothing} == {"law_no_case"}
    assert {f.name for f in nothing} == {*law.rules, "tax.brackets", "tax.unit", "tax.extra"}


def test_a_case_leads_to_the_rules_below_its_figure() -> None:
    cases = {
        "tax": ({"year": 2023, "expect": {"tax.surcharge@2023": "1.00"}, "obligations": {"tax.payment@2023": "x"}},)
    }
    assert codes(whole_law(cases=cases)) == set()


def test_an_election_that_only_a_choice_uses() -> None:
    """A branch may be a constant; the election still counts as used."""

    @figure(cite="code:7", per="year", since="2022-01-01")
    def flat(count_salary: Election) -> Money:
        return choose(count_salary, no=lift(0, "KZT"), yes=lift(1, "KZT"))

    assert codes(law_of(flat, values=VALUES[4:])) == set()


def test_a_rounding_rule_is_whole() -> None:
    @figure(cite="code:7", per="year", since="2022-01-01")
    def tenth(a: Money, extra: Ratio) -> Money:
        return rounded(a * extra)

    assert codes(law_of(tenth, values=[with_values("extra", value(TENTH))])) == set()
