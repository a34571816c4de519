"""A message says what it is about beside its words: pages lead to where the facts of the person are stated."""

from __future__ import annotations

import pytest

from salyq.civil.messages import LANGUAGES, Message, catalog

MARKS = ("person.toml", "[[", "[elections]")
# Said of no case: headings, hints of forms, commands and files of other kinds.
ELSEWHERE = {"facts_by_person", "portal_add_files_hint", "portal_where_person", "reform_empty"}


def test_whatever_names_a_fact_of_the_person_says_so() -> None:
    """Whoever writes such a message adds `about = "person"`: a page does not look into sentences."""
    found = {c for c, words in catalog().items() if any(m in words[lang] for lang in LANGUAGES for m in MARKS)}
    assert found >= ELSEWHERE
    assert {c for c in found - ELSEWHERE if catalog().about(c) != "person"} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_it_is_about_is_no_word_of_it(lang: str) -> None:
    assert set(catalog()["residence_not_stated"]) == set(LANGUAGES)
    assert Message("residence_not_stated", {"year": 2026}).text(lang)


def test_a_message_is_about_what_a_message_in_it_is_about() -> None:
    inner = Message("residence_not_stated", {"year": 2026})
    assert (inner.about, Message("portal_404").about) == ("person", "")
    assert Message("no_words_needed", {"why": inner, "n": 1}).about == "person"
