"""The value of a version of law as people read it: shares in per cent, amounts with their unit, codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salyq.app.words_of_law import codes
from salyq.present.amounts import measure
from salyq.present.words import Words
from salyq.rulebook.law import Series, Value
from salyq.rulebook.shown import data_shown, percent_in, shown, unit_shown


def told(s: Series, v: Value, say: Words) -> str:
    """A version's value in the language of `say`."""
    data: Any = v.data
    if data is None:
        return say("status_unknown")
    if isinstance(data, bool):
        return say("rule_yes" if data else "rule_no")
    if s.unit == "ratio" and isinstance(data, int | Fraction):
        return percent_in(data, say.lang) or data_shown(v, s.unit) or ""
    if s.unit == "election":
        return "; ".join(say.label(s.choices.get(c), c) for c in data["choices"])
    if s.unit == "deadline":
        return say("book_deadline", day=data["day"], month=data["month"])
    if isinstance(data, frozenset):
        return ", ".join(coded(str(c), say.lang) for c in sorted(map(str, data)))
    if s.unit == "term":
        return say(f"term_{data.unit.replace(' ', '_')}", number=data.number)
    if isinstance(data, Mapping) and not {"over", "upto"} & set(data):
        return _by_word(data, s.unit, say.lang)
    text = data_shown(v, s.unit) or ""
    if s.unit == "text":
        return coded(text, say.lang)
    return measured(text, s.unit, say.lang)


def coded(code: str, lang: str) -> str:
    """What a code is called."""
    return codes().get(code, {}).get(lang) or code


def measured(text: str, unit: str, lang: str) -> str:
    """A plain number with its unit; scales and tables stay as they are spelled out."""
    if text.replace(".", "", 1).isdigit():
        return measure(Decimal(text), unit_shown(unit), lang)
    return text


def _by_word(data: Mapping[str, Any], unit: str, lang: str) -> str:
    """A table by a word, the words in the language of the page."""
    parts = []
    for word, entry in data.items():
        inner = f"({_by_word(entry, unit, lang)})" if isinstance(entry, Mapping) else shown(entry, unit) or "?"
        parts.append(f"{coded(word, lang)}: {coded(inner, lang) if unit == 'text' else inner}")
    return "; ".join(parts)
