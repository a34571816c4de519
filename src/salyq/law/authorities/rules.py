"""Which authority is responsible for a matter: routing by day."""

from __future__ import annotations

from salyq.rulebook.nodes import Text, Words, by_word, known_or, lift, when
from salyq.rulebook.rules import rule


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def authority(matter: Text, responsible: Words) -> Text:
    return by_word(responsible, matter)


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def verdict(authority: Text, matter: Text) -> Text:
    """A matter that the law of the day gives to nobody is not regulated."""
    return when(
        matter == "", "not_regulated", when(known_or(authority, lift("", "text")) == "", "not_regulated", "lawful")
    )
