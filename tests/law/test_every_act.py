"""Every act of `salyq ask`, walked: whatever is told of it, and on whatever day, the answer keeps its form.

And chapter 7 of the dossier's supplement (fines of the offences code as of 12.07.2026), typed here from the page, part
by part and class by class, against what law answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from salyq.app.asking import words
from salyq.civil.days import period_days
from salyq.civil.errors import UsageError
from salyq.civil.messages import LANGUAGES
from salyq.cli.main import main
from salyq.law.asked.asking import ask_act
from salyq.law.asked.catalogue import acts, facts
from salyq.law.asked.model import VERDICTS

DAYS = ("2023-06-15", "2024-03-15", "2025-06-16", "2026-02-10", "2026-04-10", "2026-06-15", "2026-07-20", "2027-07-02")
TOLD = {  # what a fact of a type may say; a choice says each of its words, a day the day itself
    "flag": ("yes", "no"),
    "kzt": ("0", "4999999.99", "5000000", "200000000"),
    "usd": ("0", "1000", "1000.01", "250000"),
    "quantity": ("0", "40", "100"),
    "count": ("0", "1", "3", "250"),
    "ratio": ("0", "0.25", "0.34"),
    "text": ("USD", "KZT"),
    "place": ("191810000", "751210000"),
}


def test_amounts_as_people_write_them() -> None:
    given: dict[str, object] = {"asset_kind": "unsecured", "provider": "exchange_operator", "at": "2026-06-15T10:00"}
    plain = ask_act("transfer", {**given, "amount_kzt": "5000000.50"})
    for written in ("5 000 000,50", "5\u00a0000\u00a0000,5", "5000000,50"):
        assert ask_act("transfer", {**given, "amount_kzt": written}).verdict == plain.verdict
        assert [d.name for d in ask_act("transfer", {**given, "amount_kzt": written}).duties] == [
            d.name for d in plain.duties
        ]
    for unclear in ("5,000", "-5", "5 00"):
        with pytest.raises(UsageError):
            ask_act("transfer", {**given, "amount_kzt": unclear})


def said(fact: str, day: str, chance: random.Random) -> str:
    kind = facts()[fact].type
    if facts()[fact].choices:
        return chance.choice(list(facts()[fact].choices))
    if kind in ("day", "days"):
        return day
    if kind == "time":
        return f"{day}T10:00"
    return chance.choice((day[:4], day[:7], f"{day[:4]}-Q2")) if kind == "period" else chance.choice(TOLD[kind])


def questions(name: str) -> Iterator[tuple[dict[str, object], str]]:
    """Facts and a day: each fact left out about one time in six; every choice is said at some time."""
    chance = random.Random(name)
    for turn in range(24):
        day = DAYS[turn % len(DAYS)]
        yield {f: said(f, day, chance) for f in acts()[name].facts if chance.random() > 1 / 6}, day


def _period(told: dict[str, object]) -> date:
    return period_days(str(told["period"]))[1] if "period" in told else date.max


def answers(name: str) -> Iterator[tuple[dict[str, object], dict[str, Any]]]:
    for told, day in questions(name):
        if date.fromisoformat(day) < acts()[name].since or _period(told) < acts()[name].since:
            with pytest.raises(UsageError):
                ask_act(name, told, date.fromisoformat(day))
        else:
            yield told, ask_act(name, told, date.fromisoformat(day)).as_json()


@pytest.mark.parametrize("name", list(acts()))
def test_an_answer_has_all_that_is_promised(name: str) -> None:
    """A verdict, each part with article, basis, words and a tree; an unknown says what would settle it."""
    seen = 0
    for told, answer in answers(name):
        seen += 1
        assert answer["verdict"] in VERDICTS
        assert answer["cites"], told
        assert answer["basis"], told
        if answer["verdict"] == "unknown":
            assert answer["missing"] or answer["unsettled"], told
        for code in (answer["verdict"], answer["gate"], answer["authority"]):
            assert code is None or all(words().get(code, {}).get(lang) for lang in LANGUAGES), (told, code)
        for kind in ("needs", "duties", "amounts", "findings"):
            for part in answer[kind]:
                assert part["cites"], (told, part["name"])
                assert part["basis"], (told, part["name"])
                assert part["why"]["name"], (told, part["name"])
                assert all(part["label"].get(lang) for lang in LANGUAGES), (told, part["name"])
        for asked in answer["missing"]:
            assert asked["fact"] not in told, told
            assert all(asked["question"].get(lang) for lang in LANGUAGES)
    assert seen


@pytest.mark.parametrize("name", list(acts()))
def test_a_sum_that_is_not_known_says_why(name: str) -> None:
    """Where an amount or a term is not known, a fact is asked for or the act that sets it is named."""
    for told, answer in answers(name):
        blank = [a["name"] for a in answer["amounts"] if a["value"] is None]
        if blank:
            assert answer["missing"] or answer["unsettled"], (told, blank)


@pytest.mark.parametrize("name", list(acts()))
def test_what_is_not_told_never_decides(name: str) -> None:
    """A fact taken away: the verdict stays, is unknown, or says that nothing regulates it; never the opposite."""
    for told, day in questions(name):
        try:
            full = ask_act(name, told, date.fromisoformat(day), explain=False)
        except UsageError:
            continue
        if told.get("ever_failed") == "no" or told.get("works_now") == "yes":
            told = {k: v for k, v in told.items() if k not in ("failed_on", "stopped_on")}  # they would contradict
            full = ask_act(name, told, date.fromisoformat(day), explain=False)
        for fact in told.keys() - set(acts()[name].dated_by):
            less = {k: v for k, v in told.items() if k != fact}
            part = ask_act(name, less, date.fromisoformat(day), explain=False)
            if full.verdict in ("lawful", "unlawful") and part.verdict in ("lawful", "unlawful"):
                assert part.verdict == full.verdict, (told, fact)


@pytest.mark.parametrize("name", list(acts()))
def test_an_act_fails_in_one_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A fact of the wrong type, a fact that the act does not have, a day before its law: one line, exit 2."""
    act = acts()[name]
    wrong = next((f for f in act.facts if facts()[f].type != "text"), None)
    assert wrong is not None
    early = act.since.replace(year=act.since.year - 1).isoformat()
    for told in ([f"{wrong}=?!"], ["colour=red"], [f"on={early}"]):
        assert main(["ask", name, *told, "--lang", "en"]) == 2, told
        heard = capsys.readouterr()
        assert (heard.out, len(heard.err.splitlines())) == ("", 1), (told, heard.err)


# ---- fines of 12.07.2026: article -> person, official, small, medium, large, in monthly calculation indices ----------
KOAP_214 = """
1 30/70/210/280, 2 65/180/290/520, 3 75/210/330/600, 4 40/110/280/420, 5 45/120/300/450, 6 40/100/250/400,
7 45/110/280/420, 8 40/110/280/420, 9 75/195/330/600, 10 40/110/280/420, 11 30/70/210/280, 12 40/100/260/400,
13 45/120/300/450, 14 75/210/330/600, 15 110/180/320/700, 16 120/195/345/750, 17 75/210/330/640, 18 150/225/375/900,
19 200/450/900/1800
"""
OTHERS = {
    "KOAP:214-1": {"small": 750, "medium": 1000, "large": 2000},
    "KOAP:463.1": {"person": 15, "small": 25, "medium": 40, "large": 150},
    "KOAP:463.2": {"person": 30, "small": 50, "medium": 80, "large": 500},
    "KOAP:464.1": {"person": 15, "small": 45, "medium": 80, "large": 150},
    "KOAP:464.2": {"person": 40, "small": 100, "medium": 150, "large": 300},
    "KOAP:462.1": {"person": 3, "small": 100, "medium": 150, "large": 200},
    "KOAP:462.2": {"person": 7, "small": 200, "medium": 300, "large": 400},
    "KOAP:462.3": {"person": 5, "official": 15, "small": 100, "medium": 200, "large": 500},
    "KOAP:462.4": {"person": 20},
}
WARNED = {"KOAP:214.2", "KOAP:214.4", "KOAP:214.6", "KOAP:214.12", "KOAP:214.15"}
AGAIN = {f"KOAP:214.{part}" for part in (1, 3, 5, 7, 8, 9, 10, 11, 13, 14, 16, 17)}  # part 18 where repeated
INDEX = 4_325
CLASSES = ("person", "small", "medium", "large")


def fines() -> Iterator[tuple[str, str, int]]:
    for entry in KOAP_214.replace("\n", " ").split(","):
        part, sums = entry.split()
        for who, of in zip(CLASSES, sums.split("/"), strict=True):
            yield f"KOAP:214.{part}", who, int(of)
    for article, row in OTHERS.items():
        yield from ((article, who, of) for who, of in row.items())


@pytest.mark.parametrize(("article", "who", "of"), list(fines()))
def test_a_fine_of_july_2026(article: str, who: str, of: int) -> None:
    told = {"article": article, "class": who, "repeat": "no"}
    answer = ask_act("breach", told, date(2026, 7, 12), explain=False)
    assert (answer.verdict, answer.gate) == ("unlawful", article)
    assert answer.amount("penalties.fine") == f"{of * INDEX}.00"
    warned = "penalties.warning_possible" in [f.name for f in answer.findings]
    assert warned is (article in WARNED)


@pytest.mark.parametrize("article", sorted(AGAIN | WARNED))
def test_a_repeated_breach_of_214_is_part_18_where_part_18_names_it(article: str) -> None:
    answer = ask_act("breach", {"article": article, "class": "large", "repeat": "yes"}, date(2026, 7, 12))
    assert answer.gate == ("KOAP:214.18" if article in AGAIN else article)


def test_the_third_breach_stops_the_business() -> None:
    answer = ask_act("breach", {"article": "KOAP:214.19", "class": "large"}, date(2026, 7, 12))
    assert answer.amount("penalties.fine") == "7785000.00"
    assert "penalties.third_stop" in [f.name for f in answer.findings]
