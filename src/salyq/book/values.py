"""The value of a version of law as people read it: shares in per cent, amounts with their unit, codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salyq.app.words_of_law import codes, together
from salyq.present.amounts import measure
from salyq.present.words import Words
from salyq.rulebook.law import Series, Value
from salyq.rulebook.shown import data_shown, fraction_shown, percent_in, shown, unit_shown

MONEY = ("KZT", "USD")


def told(s: Series, v: Value, say: Words, between: str = "; ") -> str:
    """A version's value in the language of `say`; `between` the parts of a table whose entries are tables."""
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
        words = together({str(c) for c in data})
        return ", ".join(_called(words, c, say.lang) for c in sorted(map(str, data)))
    if s.unit == "term":
        return say(f"term_{data.unit.replace(' ', '_')}", number=data.number)
    if isinstance(data, Mapping) and "over" in data:
        return _scale(data, s.unit, say)
    if isinstance(data, Mapping) and "upto" not in data:
        return _by_word(data, s.unit, say.lang, between)
    text = data_shown(v, s.unit) or ""
    if s.unit == "text":
        return coded(text, say.lang)
    return measured(text, s.unit, say.lang)


def coded(code: str, lang: str) -> str:
    """What a code is called."""
    return _called(codes(), code, lang)


def _called(words: Mapping[str, Mapping[str, str]], code: str, lang: str) -> str:
    return words.get(code, {}).get(lang) or code


def measured(text: str, unit: str, lang: str) -> str:
    """A plain number with its unit; scales and tables stay as they are spelled out."""
    if text.replace(".", "", 1).isdigit():
        return measure(Decimal(text), unit_shown(unit), lang)
    return text


def _scale(data: Mapping[str, Any], unit: str, say: Words) -> str:
    """The steps of a scale: “10% up to 8,500 MCI; 15% above it”."""
    edges = [measured(fraction_shown(Fraction(x)), unit, say.lang) for x in data["over"]]
    rates = [percent_in(r, say.lang) or fraction_shown(Fraction(r)) for r in data["rate"]]
    if len(rates) == 1:
        return rates[0]
    steps = [say("value_scale_first", rate=rates[0], to=edges[1])]
    for rate, over, to in zip(rates[1:-1], edges[1:], edges[2:], strict=False):
        steps.append(say("value_scale_between", rate=rate, over=over, to=to))
    return "; ".join((*steps, say("value_scale_above", rate=rates[-1], over=edges[-1])))


def _by_word(data: Mapping[str, Any], unit: str, lang: str, between: str = "; ") -> str:
    """A table by a word, the words in the language of the page; sums as the language writes them."""
    parts, words = [], together(data.keys())
    for word, entry in data.items():
        nested = isinstance(entry, Mapping)
        inner = _by_word(entry, unit, lang) if nested else shown(entry, unit) or "?"
        if not nested and unit == "text":
            inner = coded(inner, lang)
        elif not nested and unit in MONEY:
            inner = measured(inner, unit, lang)
        parts.append(f"{_called(words, word, lang)}: {inner}")
    return (between if any(isinstance(e, Mapping) for e in data.values()) else "; ").join(parts)
