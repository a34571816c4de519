"""Plural forms equal Babel's; Kazakh endings equal a list written out by hand."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from salyq.civil import messages
from salyq.civil.grammar import CASES, Speaker, ending, plural, plural_form, spoken, with_ending
from salyq.civil.messages import LANGUAGES, Catalog, Message, catalog


@given(st.integers(0, 10**9), st.sampled_from(LANGUAGES))
def test_plural_forms_are_those_of_babel(count: int, lang: str) -> None:
    assert plural_form(lang, count) == Locale(lang).plural_form(count)


@pytest.mark.parametrize(
    ("count", "ru", "en"),
    [
        (0, "0 строк", "0 rows"),
        (1, "1 строка", "1 row"),
        (2, "2 строки", "2 rows"),
        (5, "5 строк", "5 rows"),
        (11, "11 строк", "11 rows"),
        (21, "21 строка", "21 rows"),
        (112, "112 строк", "112 rows"),
        ("1 021", "1 021 строка", "1 021 rows"),
    ],
)
def test_a_noun_beside_a_number(count: int | str, ru: str, en: str) -> None:
    assert Speaker("ru").format("{n} {n:plural:строка|строки|строк}", n=count) == ru
    assert Speaker("en").format("{n} {n:plural:row|rows}", n=count) == en
    assert plural("kk", 5, ["жол"]) == "жол"


# Written out by hand: genitive, dative, accusative, locative, ablative, instrumental.
ENDINGS = {
    "0": "дің ге ді де ден мен",
    "1": "дің ге ді де ден мен",
    "2": "нің ге ні де ден мен",
    "3": "тің ке ті те тен пен",
    "4": "тің ке ті те тен пен",
    "5": "тің ке ті те тен пен",
    "6": "ның ға ны да дан мен",
    "7": "нің ге ні де ден мен",
    "8": "дің ге ді де ден бен",
    "9": "дың ға ды да дан бен",
    "10": "ның ға ды да нан мен",
    "20": "ның ға ны да дан мен",
    "30": "дың ға ды да дан бен",
    "40": "тың қа ты та тан пен",
    "50": "дің ге ді де ден мен",
    "60": "тың қа ты та тан пен",
    "70": "тің ке ті те тен пен",
    "80": "нің ге ді де нен мен",
    "90": "ның ға ды да нан мен",
    "100": "дің ге ді де ден бен",
    "1000": "ның ға ды да нан мен",
    "3000000": "ның ға ды да нан мен",
    "2026-05-15": "тің ке ті те тен пен",
    "1 200": "дің ге ді де ден бен",
    "Алматы": "ның ға ны да дан мен",
    "Өскемен": "нің ге ді де нен мен",
    "4000000000000": "ның ға ды да нан мен",
    "1000000000": "тың қа ты та тан пен",
    "Ұлттық Банк": "тің ке ті те тен пен",  # as laws write it: Ұлттық Банктің, банкке
    "завод": "тың қа ты та тан пен",
    "педагог": "тың қа ты та тан пен",
    "Жетісу": "дің ге ді де ден мен",
    "теңге": "нің ге ні де ден мен",
}


@pytest.mark.parametrize(("text", "wanted"), ENDINGS.items())
def test_kazakh_endings(text: str, wanted: str) -> None:
    assert " ".join(ending(text, case) for case in CASES) == wanted


def test_how_a_number_ends_when_it_is_said() -> None:
    said = {
        "0": "нөл",
        "15": "бес",
        "20": "жиырма",
        "300": "жүз",
        "4000": "мың",
        "4 500": "жүз",
        "1 000 000": "миллион",
    }
    assert {n: spoken(n) for n in said} == said


def test_endings_in_a_message() -> None:
    assert Speaker("kk").format("{day:kk:dative} дейін", day="2026-05-15") == "2026-05-15-ке дейін"
    assert with_ending("Астана", "locative") == "Астанада"
    with pytest.raises(ValueError, match="is none of"):
        ending("1", "vocative")


def test_a_message_may_ask_for_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[read]\nkk = "{n} жол"\nru = "{n} {n:plural:строка|строки|строк}"\nen = "{n} {n:plural:row|rows}"\n'
    words = Catalog({"room": text})
    monkeypatch.setattr(messages, "catalog", lambda: words)
    assert Message("read", {"n": 3}).texts() == {"kk": "3 жол", "ru": "3 строки", "en": "3 rows"}


# ---- rooms say their own words -------------------------------------------------------------------------------------
def test_no_list_of_rooms_is_kept() -> None:
    """Whatever folder has a messages.toml is heard; words of the ground floor and of the office alike."""
    codes = set(catalog())
    assert {"number_thousands", "law_broken", "cli_defect"} <= codes
    assert not hasattr(messages, "ROOMS")


def test_a_code_said_in_two_rooms_is_refused() -> None:
    with pytest.raises(ValueError, match="defined twice"):
        Catalog({"a": '[x]\nen = "1"\n', "b": '[x]\nen = "2"\n'})


def test_an_entry_is_read_when_it_is_asked_for() -> None:
    words = Catalog({"a": '# heading\n\n[x]\nen = "[no head] here"\n[y]\nen = broken\n'})
    assert words["x"] == {"en": "[no head] here"}
    assert list(words) == ["x", "y"]
    assert "z" not in words
