"""The front door: facts in, answers out; what is missing is asked for, and a bad fact is one line."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from small_law import law_of, series, value

from salyq import law
from salyq.civil.messages import LANGUAGES
from salyq.law.asked.asking import whole_law
from salyq.rulebook.asking import Door, FactError
from salyq.rulebook.nodes import (
    Day,
    Dollars,
    Election,
    Flag,
    Money,
    Multiple,
    Rate,
    Rows,
    Text,
    Time,
    Worth,
    bounded,
    choose,
    cited,
    doubt,
    largest,
    lift,
    lookup,
    rounded,
    smallest,
    when,
)
from salyq.rulebook.rows import Row, fact, kind_of
from salyq.rulebook.rules import figure, finding, need, rule, verdict

ON = date(2026, 6, 15)


class Breach(Row):
    words = ("Бұзушылық", "Нарушение", "Breach")
    parent = "trade"
    day: Day = fact("Күні", "День", "Day")


class Trade(Row):
    words = ("Мәміле", "Сделка", "Trade")
    at: Time = fact("Уақыты", "Время", "Time", ask=("Қашан?", "Когда?", "When?"))
    amount_usd: Dollars = fact("Сомасы", "Сумма", "Amount")
    paid: Money = fact("Төленген", "Уплачено", "Paid")
    asset_kind: Text = fact("Түрі", "Вид", "Kind", choices=("secured", "unsecured"))
    licensed: Flag = fact("Рұқсаты бар", "Есть разрешение", "Has a permit")
    price: Worth = fact("Бағасы", "Цена", "Price")
    breaches: Rows[Breach] = fact("Бұзушылықтар", "Нарушения", "Breaches")


KINDS = {k.name: k for k in (kind_of(Breach), kind_of(Trade))}
EVER = {"cite": "code:9", "per": "trade", "since": "2000-01-01"}


@verdict(**EVER)
def verdict_(asset_kind: Text, licensed: Flag) -> Text:
    return when(licensed, "lawful", when(asset_kind == "secured", "lawful", cited(lift("unlawful", "text"), "code:13")))


@need(**EVER)
def permit(licensed: Flag) -> Flag:
    return ~licensed


@rule(**EVER)
def in_tenge(amount_usd: Dollars, rate: Rate) -> Money:
    return rounded(amount_usd * rate)


@figure(**EVER)
def fine(paid: Money, most: Multiple, index: Money) -> Money:
    return smallest(paid, rounded(most * index))


@figure(**EVER)
def fee(paid: Money, reading: Election) -> Money:
    return choose(reading, text=paid, brief=largest(paid, paid))


@finding(**EVER)
def many_breaches(breaches: Rows[Breach], at: Time) -> Flag:
    return breaches.any(lambda b: b.day == b.day)


@figure(**EVER)
def quoted(asset_kind: Text, paid: Money) -> Money:
    return rounded(paid * lookup("price", asset_kind, unit="ratio"))


@figure(**EVER)
def twice_bounded(paid: Money) -> Money:
    inner = doubt("missing_acquisition", lift(100, "KZT"), lift(500, "KZT"))
    return bounded(inner, lift(0, "KZT"), lift(900, "KZT"))


VALUES = [
    series("rate", "rate", value(Fraction(1013, 2), "2000-01-01")),
    series("most", "MCI", value(Fraction(10), "2000-01-01")),
    series("index", "KZT", value(432500, "2000-01-01")),
    series(
        "reading",
        "election",
        value({"default": "text", "choices": ("text", "brief")}, "2000-01-01"),
        choices=("text", "brief"),
    ),
]


@pytest.fixture(scope="module")
def door() -> Door:
    rules = (verdict_, permit, in_tenge, fine, fee, many_breaches, quoted, twice_bounded)
    return Door(law_of(*rules, values=VALUES, kinds=KINDS))


def test_a_kind_is_declared_once() -> None:
    kind = kind_of(Trade)
    assert kind.columns["law_day"] == "day"
    assert kind.columns["amount_usd"] == "USD"
    assert kind.rows == {"breaches": "breach"}
    assert kind.facts["at"].question["en"] == "When?"
    assert kind.facts["asset_kind"].question == kind.facts["asset_kind"].label
    assert "law_day" not in kind_of(Breach).columns
    assert kind_of(Breach).parent == "trade"


def test_a_known_answer(door: Door) -> None:
    found = door.ask("tax.in_tenge", {"amount_usd": "1000.50"}, ON)
    assert (found.status, found.value, found.text, found.unit) == ("known", Decimal("506753.25"), "506753.25", "KZT")
    assert found.cites == ("code:9", "code:1")
    assert found.basis == "statute"
    assert "506.5" in str(found.explain())


def test_what_is_not_given_is_asked_for_never_assumed(door: Door) -> None:
    asked = door.about("trade", {"asset_kind": "unsecured"}, ON)
    found = asked.ask("tax.verdict")
    assert (found.status, found.value, [m.name for m in found.missing]) == ("unknown", None, ["licensed"])
    assert asked.ask("tax.permit").missing[0].label["ru"] == "Есть разрешение"
    assert door.ask("tax.many_breaches", {}, ON).value is False
    # A fact that cannot change the answer is not asked for.
    assert door.ask("tax.verdict", {"licensed": "yes"}, ON).value == "lawful"
    assert door.ask("tax.verdict", {"asset_kind": "secured"}, ON).value == "lawful"


def test_choices_of_a_fact_travel_with_the_question(door: Door) -> None:
    found = door.ask("tax.verdict", {"licensed": "no"}, ON)
    (asked,) = found.missing
    assert asked.name == "asset_kind"
    assert asked.choices == ("secured", "unsecured")


def test_the_article_of_the_branch_that_decided_comes_first(door: Door) -> None:
    found = door.ask("tax.verdict", {"licensed": "no", "asset_kind": "unsecured"}, ON)
    assert found.value == "unlawful"
    assert found.cites == ("code:13", "code:9")
    assert found.explain().cite == "code:13"
    assert door.ask("tax.verdict", {"licensed": "yes"}, ON).cites == ("code:9",)


def test_a_limit_is_explained_with_what_lost(door: Door) -> None:
    text = str(door.ask("tax.fine", {"paid": "50000"}, ON).explain())
    assert "43250.00" in text
    assert "50000.00" in text


def test_an_end_that_an_unknown_has_already_stays(door: Door) -> None:
    assert door.ask("tax.twice_bounded", {}, ON).bounds == (Decimal("1.00"), Decimal("5.00"))


def test_elections_can_be_taken(door: Door) -> None:
    assert door.ask("tax.fee", {"paid": "7"}, ON, {"reading": "brief"}).value == Decimal("7.00")
    assert "text" in str(door.ask("tax.fee", {"paid": "7"}, ON).explain())


def test_roles_of_a_kind(door: Door) -> None:
    asked = door.about("trade", {}, ON)
    assert asked.names("verdict", "need") == ["tax.verdict", "tax.permit"]
    assert asked.names("finding") == ["tax.many_breaches"]


def test_what_only_files_know_is_unknown_with_its_reason(door: Door) -> None:
    found = door.ask("tax.quoted", {"asset_kind": "secured", "paid": "1"}, ON)
    assert (found.status, [r.code for r in found.reasons]) == ("unknown", ["missing_lookup"])


def test_nothing_in_force_does_not_apply(door: Door) -> None:
    assert door.ask("tax.fine", {"paid": "1"}, date(1999, 12, 31)).status == "not_applicable"
    with pytest.raises(KeyError):
        door.ask("tax.nothing", {}, ON)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"amount_us": "1"}, "fact_unknown"),
        ({"amount_usd": 1.5}, "fact_float"),
        ({"amount_usd": "1,5"}, "fact_wrong"),
        ({"amount_usd": "1e3"}, "fact_wrong"),
        ({"amount_usd": "٣"}, "fact_wrong"),
        ({"amount_usd": "NaN"}, "fact_wrong"),
        ({"amount_usd": Decimal("Infinity")}, "fact_wrong"),
        ({"amount_usd": True}, "fact_wrong"),
        ({"amount_usd": ["1"]}, "fact_wrong"),
        ({"paid": "0.001"}, "fact_too_fine"),
        ({"licensed": "maybe"}, "fact_wrong"),
        ({"asset_kind": "gold"}, "fact_not_one_of"),
        ({"asset_kind": ["secured"]}, "fact_not_one_of"),
        ({"at": "yesterday"}, "fact_wrong"),
        ({"price": "12"}, "fact_wrong"),
        ({"price": "x USD"}, "fact_wrong"),
        ({"breaches": "one"}, "fact_no_rows"),
        ({"breaches": ["one"]}, "fact_no_rows"),
        ({"breaches": [{"day": "2026-13-01"}]}, "fact_wrong"),
        ({"breaches": [{"dya": "2026-01-01"}]}, "fact_unknown"),
    ],
)
def test_a_bad_fact_is_one_line_that_says_what_would_be_right(door: Door, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(FactError) as caught:
        door.about("trade", facts, ON)
    assert caught.value.message.code == code
    for lang in LANGUAGES:
        assert "\n" not in caught.value.message.text(lang)
    if facts.get("amount_us") or ("breaches" in facts and facts["breaches"] == [{"dya": "2026-01-01"}]):
        assert caught.value.message.params["right"] in ("amount_usd", "day")


@pytest.mark.parametrize(
    ("name", "written", "wanted"),
    [
        ("licensed", "да", True),
        ("licensed", False, False),
        ("amount_usd", Decimal("0.001"), Fraction(1, 1000)),
        ("amount_usd", 7, Fraction(7)),
        ("paid", "12.30", 1230),
        ("price", "0.5 BTC", (5 * 10**17, "BTC")),
        ("at", "2026-01-01T00:00", datetime(2025, 12, 31, 19, tzinfo=UTC)),
        ("at", "2026-01-01T00:00+00:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("at", None, None),
    ],
)
def test_facts_are_read_by_their_unit(door: Door, name: str, written: Any, wanted: Any) -> None:
    assert getattr(door.about("trade", {name: written}, ON).scope.given, name) == wanted


def test_several_threads_ask_one_door(door: Door) -> None:
    wrong: list[Any] = []

    def work(n: int) -> None:
        for i in range(60):
            found = door.ask("tax.in_tenge", {"amount_usd": str(n * 100 + i)}, ON)
            if found.value != Decimal(n * 100 + i) * Decimal("506.5") or found.cites != ("code:9", "code:1"):
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []


def test_the_shipped_law_is_asked_without_files() -> None:
    facts = {"metered": True, "licensed": True, "own_plant": False, "renewable": False, "grid_connected": True}
    found = law.ask("mining_fee.reading_fee", {**facts, "energy": "1000", "day": "2026-02-01"}, date(2026, 2, 1))
    assert (found.value, found.unit) == (Decimal("2000"), "KZT")
    assert "tax-code-2025:659.1" in found.cites
    unlicensed = law.about("reading", {**facts, "licensed": "no", "day": "2026-02-01"}, date(2026, 2, 1))
    assert unlicensed.ask("mining_fee.tariff").value == 25
    assert [m.name for m in unlicensed.ask("mining_fee.reading_fee").missing] == ["energy"]


def test_every_rule_of_the_shipped_law_is_asked_with_no_fact_at_all() -> None:
    """Nothing is assumed and nothing breaks, whatever day a version is picked by and whatever rows a rule looks at."""
    shipped = law.shipped()
    for on in (date(2023, 5, 5), date(2026, 3, 1)):
        found = {name: law.ask(name, {}, on) for name in shipped.rules}
        assert {a.status for a in found.values()} == {"known", "unknown", "not_applicable"}
        assert all(a.missing or a.reasons for a in found.values() if a.status == "unknown")
    gain = law.ask("personal_income_tax.cost_tenge", {"x0": "0", "x1": "1", "lot": {"kind": "buy"}}, on)
    assert {"quantity", "asset"} <= {m.name for m in gain.missing}  # of the sale, of which nothing was said
    assert gain.explain()


def test_rules_of_acts_are_asked_through_the_same_door() -> None:
    """The example of docs/developer.md, and every rule of acts with no fact at all."""
    on = date(2026, 5, 5)
    asked = law.ask("travel_rule.refuse", {"amount_kzt": "500000"}, on)
    assert [m.name for m in asked.missing] == ["recipient_data", "sender_data"]
    assert all(m.label["en"] for m in asked.missing)
    untold = law.ask("travel_rule.refuse", {"amount_kzt": "500000", "sender_data": "no"}, on)
    assert (untold.value, untold.cites) == (True, ("law-193-vii:12-1.9",))
    assert law.about("act", {"sender_data": "no"}, on).ask("travel_rule.refuse").value is True
    found = [law.ask(name, {}, on) for name in whole_law().rules]
    assert len(found) > 80
    assert all(a.missing or a.reasons for a in found if a.status == "unknown")
    with pytest.raises(KeyError):
        law.ask("travel_rule.refused", {}, on)


def test_what_no_rule_gives_a_base_for_is_at_least_nothing() -> None:
    facts = {"day": "2026-05-06", "resident": False, "worth": "100000 KZT", "in_money": True}
    asked = law.ask("personal_income_tax.derivative_gain", facts, date(2026, 5, 6))
    assert (asked.status, asked.bounds) == ("unknown", (0, None))


def test_power_that_nobody_counted_is_at_least_none() -> None:
    asked = law.ask("mining_fee.kwh_used", {"metered": True}, date(2026, 3, 1))
    assert (asked.status, asked.bounds, [m.name for m in asked.missing]) == ("unknown", (0, None), ["energy"])
