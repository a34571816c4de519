"""`salyq law show`: by name, provision, act and article; rules in words; when an end was known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from salyq.app.law_show import place
from salyq.app.lawbook import whole
from salyq.civil.citing import place_of
from salyq.civil.messages import LANGUAGES
from salyq.cli.main import main


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]):
    def ask(*args: str) -> Any:
        assert main(["law", "show", *args]) == 0
        out = capsys.readouterr().out
        return json.loads(out) if "json" in args else out

    return ask


def test_an_article_by_any_of_its_names(show) -> None:
    for asked in (["tax-code-2025:659"], ["659"], ["art.", "659"], ["ст. 659"]):
        found = show(*asked, "--format", "json")
        assert "mining_fee/f26" in [p["provision"] for p in found["provisions"]]
        assert {n["name"] for n in found["names"]} >= {
            "mining_fee.rate",
            "mining_fee.tariff",
            "mining_fee.reduced_rate",
        }
    below = show("tax-code-2025:659.1", "--format", "json")
    assert below["articles"] == ["tax-code-2025:659.1"]
    assert [p["provision"] for p in below["provisions"]] == ["mining_fee/f26"]
    text = show("tax-code-2025:659", "--lang", "en")
    assert "Tax Code 2025, art. 659(1) · 2026-01-01 – …" in text
    assert "A kilowatt-hour used in mining costs 2 tenge." in text


def test_an_article_is_no_beginning_of_another(show) -> None:
    """65 is not 659."""
    law = whole()
    cites = {p.cite for ps in law.provisions.values() for p in ps}
    assert not any(c.startswith("tax-code-2025:6.") or c == "tax-code-2025:6" for c in cites)
    assert main(["law", "show", "tax-code-2025:6"]) == 2


def test_an_act_with_what_stands_in_it_and_what_it_made(show) -> None:
    law = whole()
    found = show("law-45-viii", "--format", "json")
    assert found["act"]["date"] == "2023-12-12"
    made = {p.full for ps in law.provisions.values() for p in ps if "law-45-viii" in (p.act, p.by, p.until_by)}
    assert {p["provision"] for p in found["provisions"]} == made
    assert "mining_fee.rate" in [n["name"] for n in found["names"]]
    for lang in LANGUAGES:
        assert law.acts["law-45-viii"].title[lang] in show("law-45-viii", "--lang", lang)
    then = show("law-193-vii", "--on", "2024-06-01", "--format", "json")["provisions"]
    assert 0 < len(then) < len(show("law-193-vii", "--format", "json")["provisions"])
    assert all(p["from"] <= "2024-06-01" <= (p["until"] or "9999") for p in then)


def test_every_act_can_be_shown() -> None:
    from salyq.app.law_show import place

    law = whole()
    for act in law.acts.values():
        found = place(law, act.id)
        assert found is not None
        assert found.act is act


def test_every_provision_can_be_shown(show) -> None:
    from salyq.app.law_show import provision

    law = whole()
    for ps in law.provisions.values():
        for p in ps:
            assert provision(law, p.full) is p
    text = show("mining_fee/f26", "--lang", "ru")
    assert "НК 2025 г., ст. 659, п. 1" in text
    assert "mining_fee.tariff" in text


def test_a_rule_in_words_and_the_day_its_end_was_known(show) -> None:
    rate = show("mining_fee.rate", "--format", "json")["versions"][0]
    assert (rate["until"], rate["until_by"], rate["end_known"]) == ("2022-12-31", "law-135-vii", "2022-07-11")
    text = show("mining_fee.rate", "--lang", "en")
    assert "ended by Law No. 135-VII; the end is known since 2022-07-11" in text
    told = show("mining_fee.tariff", "--lang", "en")
    assert "if “Holds a mining licence” and “The meter works”:" in told
    assert "    if “Does the reduced rate fit”: “Reduced fee rate”" in told
    assert "as amended by Law No. 45-VIII" in told
    words = show("mining_fee.tariff", "--on", "2026-06-01", "--format", "json")["versions"][0]["words"]
    assert set(words) == set(LANGUAGES)
    assert all(words.values())


@pytest.mark.parametrize("asked", ["no-such-thing", "99999", "tax-code-2025:99999", "mining_fee/zzz", "", "а" * 3000])
def test_what_law_has_not_is_one_line(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "show", asked, "--lang", "en"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


def test_near_names_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "show", "mining_fe.rate"]) == 2
    assert "mining_fee.rate" in capsys.readouterr().err
    assert main(["law", "show", "Reduced fee rate"]) == 2
    assert "mining_fee.reduced_rate" in capsys.readouterr().err


def test_an_end_that_was_not_known_then_is_not_told(show) -> None:
    """On 1 May 2022 the fee was one tenge, without an end (Law 135-VII came in July)."""
    (then,) = show("mining_fee.rate", "--on", "2023-05-01", "--known", "2022-05-01", "--format", "json")["versions"]
    assert (then["value"], then["until"], then["in_force_until"], then["end_known"]) == ("1", None, None, None)
    assert show("mining_fee.rate", "--on", "2023-05-01", "--known", "2022-07-11", "--format", "json")["versions"] == []


def test_a_later_beginning_ends_a_version(show) -> None:
    versions = show("mining_fee.rate", "--format", "json")["versions"]
    assert [(v["from"], v["in_force_until"]) for v in versions] == [
        ("2022-01-01", "2022-12-31"),
        ("2024-01-01", "2025-12-31"),
        ("2026-01-01", None),
    ]
    assert "2022-01-01 – 2022-12-31" in show("mining_fee.tariff", "--lang", "en")


@pytest.mark.parametrize(
    ("asked", "act", "article"),
    [
        ("KOAP:463.1", "koap", "koap:463.1"),
        ("UK:214", "criminal-code", "criminal-code:214"),
        ("КоАП:463.1", "koap", "koap:463.1"),
        ("ӘҚБтК:463.1", "koap", "koap:463.1"),
    ],
)
def test_an_article_by_the_code_or_the_short_name_of_its_act(asked: str, act: str, article: str) -> None:
    found = place(whole(), asked)
    assert found is not None
    assert found.act is not None
    assert found.act.id == act
    assert article in found.articles
    assert found.provisions


def test_a_cite_as_it_is_printed_leads_back(show) -> None:
    """Every article that law rests on, written as people read it, in each language, finds what its code form finds."""
    from salyq.civil.citing import cite_text, place_of

    law = whole()
    cites = {p.cite for ps in law.provisions.values() for p in ps}
    cites |= {v.cite for s in law.series.values() for v in s.values}
    cites |= {r.cite for rs in law.rules.values() for r in rs}
    tried = 0
    for cite in sorted(cites):
        act, _, at = cite.partition(":")
        if at and law.acts[act].kind == "act":
            tried += 1
            for lang in LANGUAGES:
                named = (law.acts[act].short or law.acts[act].title)[lang]
                assert place_of(cite_text(cite, law.acts, lang)) == (named, at)
    assert tried > 100
    one = show("tax-code-2017:332-1.9", "--format", "json")
    for asked in (
        "Tax Code 2017, art. 332-1(9)",
        "НК 2017 г., ст. 332-1, п. 9",
        "2017 ж. Салық кодексі, 332-1-бап, 9-тармақ",
    ):
        assert show(asked, "--format", "json") == {**one, "asked": asked}
    for asked in ("659(2)", "659.2", "ст. 659 п. 2", "659-бап, 2-тармақ"):
        assert "tax-code-2025:659.2" in show(asked, "--format", "json")["articles"]
    for asked in ("193-VII", "№ 193-VII", "Law No. 193-VII of 6 February 2023 on digital assets"):
        assert show(asked, "--format", "json")["act"]["id"] == "law-193-vii"


def test_articles_stand_in_the_order_of_the_code(show) -> None:
    articles = show("332-1", "--format", "json")["articles"]
    assert articles.index("tax-code-2017:332-1.9") < articles.index("tax-code-2017:332-1.10")


def test_rules_are_told_in_json_as_on_the_page(show) -> None:
    """No bare “0.00 KZT” of the engine: sums stand as a reader of the language writes them."""
    from salyq.app.law_show import in_all_words
    from salyq.book.values import measured

    for name, versions in whole().rules.items():
        for version in versions:
            for lines in in_all_words(version, measured).values():
                assert not any("0.00 KZT" in line for line in lines), (name, lines)
    bare = [r for rs in whole().rules.values() for r in rs if "0.00 KZT" in str(in_all_words(r))]
    [version] = show(bare[0].name, "--format", "json", "--on", bare[0].since.isoformat())["versions"]
    assert "0.00 KZT" not in str(version["words"])


def test_rules_of_the_aifc_have_the_number_of_a_rule(show) -> None:
    """2.13.11 of its rulebooks is one number: no article 2, part 13."""
    assert "AIFC DAA Rules, rule 2.13.11" in show("aifc-daa:2.13.11", "--lang", "en")
    assert "Правила МФЦА DAA, правило 2.13.11" in show("aifc-daa:2.13.11", "--lang", "ru")
    assert "2.13.11-қағида" in show("aifc-daa:2.13.11", "--lang", "kk")


def test_values_are_told_as_each_language_writes_them(show) -> None:
    """Days, scales, sums in a table by a word; a table of tables stands below, a line for each entry."""
    scale = {lang: " ".join(show("personal_income_tax.scale", "--lang", lang).split()) for lang in LANGUAGES}
    assert "10% up to 8,500 MCI; 15% above 8,500 MCI" in scale["en"]
    assert "10 % в пределах 8 500 МРП; 15 % сверх 8 500 МРП" in scale["ru"].replace("\u00a0", " ")
    assert "10 % — 8 500 АЕК шегінде; 15 % — 8 500 АЕК шегінен жоғары" in scale["kk"].replace("\u00a0", " ")
    assert "01.01.2026" in scale["kk"]
    assert "2026-01-01" in scale["en"]
    assert "100,000,000.00" in show("licensing.platform_capital", "--lang", "en")
    fines = show("penalties.fines", "--lang", "en")
    assert "2026-01-01: offences code, art. 463, part 1: person: 15; official: 25; small business: 25" in fines
    assert max(map(len, fines.splitlines())) < 200


def test_a_long_text_is_no_cite_at_once() -> None:
    assert place_of("ст. 389, п. 6") == ("", "389.6")
    assert place_of("ст. 1, " * 20000 + "x") is None
