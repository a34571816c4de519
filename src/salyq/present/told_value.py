"""The value of one step of an explanation, as people of a language write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Protocol

from salyq.civil.reader import is_moment, shown_decimals, shown_moment
from salyq.civil.unit_words import unit_in
from salyq.present.amounts import measure, number
from salyq.present.words import Words

MOST_MEMBERS = 12  # of a list that is told whole

_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
_FRACTION = re.compile(r"(-?[0-9]+)/([0-9]+)")
_SMALL = 1000  # 2/37 is read as it is; a greater denominator is shown as a decimal
_WORTH = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z][A-Z0-9]{1,9})")  # an amount with its currency
_LONG = 5  # digits: a longer number is read in groups; 2026 may be a year
_MEAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)/([0-9]+)")  # the sum of a year's rates and its days (prices/year_mean.py)
_MOST_LOOKED_AT = 500  # steps below a number: it is asked of every one of them
_CARRIES = {
    "rule",
    "row",
    "rest",
    "sum",
    "add",
    "subtract",
    "multiply",
    "share",
    "part",
    "amount",
    "max",
    "min",
    "round",
}


class Why(Protocol):
    """A step of an explanation, as `Assessment.explain` gives it (this room shows it without knowing the rulebook)."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def cite(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def how(self) -> str: ...
    @property
    def inputs(self) -> Sequence[Why]: ...
    @property
    def label(self) -> Mapping[str, str] | None: ...
    @property
    def place(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def amended(self) -> bool: ...
    @property
    def said(self) -> Mapping[str, str] | None: ...
    @property
    def whose(self) -> str: ...
    @property
    def ends(self) -> tuple[str | None, str | None] | None: ...


def value_text(why: Why, say: Words) -> str:
    """Amounts and energy as people write them, with their unit; dates, quantities and rates exactly as they are."""
    if why.value is None:
        low, high = why.ends or (None, None)
        if low is not None and _NUMBER.fullmatch(low) and not Decimal(low):
            low = None  # that it is not below nought is no news
        return _within(_end(low, why.unit, say), _end(high, why.unit, say), say) or say("why_unknown")
    if why.value in ("yes", "no") and not why.unit:
        return say(f"why_{why.value}")
    if is_moment(why.value):
        return shown_moment(why.value, say.lang)
    if why.said:
        return say.label(why.said, why.value)
    if why.unit in ("KZT", "kWh"):
        if _NUMBER.fullmatch(why.value):
            return measure(Decimal(why.value), why.unit, say.lang)
        return _near_money(why, say) if why.unit == "KZT" else figure(why, say) + f" {why.unit}"
    currency = "" if why.unit or not _NUMBER.fullmatch(why.value) else currency_of(why)
    if currency:
        return shown_number(f"{why.value} {currency}", say.lang)
    return f"{_coded(why, say)} {unit_in(why.unit, say.lang)}".rstrip()


def _within(low: str | None, high: str | None, say: Words) -> str:
    """Between two ends, or at most or at least one; empty where there is none."""
    if low is not None and high is not None:
        return say("between", low=low, high=high)
    return say("at_most", high=high) if high is not None else say("at_least", low=low) if low is not None else ""


def _end(text: str | None, unit: str, say: Words) -> str | None:
    """An end of a number that is not known."""
    if text is None:
        return None
    if unit in ("KZT", "kWh") and _NUMBER.fullmatch(text):
        return measure(Decimal(text), unit, say.lang)
    return f"{shown_number(text, say.lang)} {unit_in(unit, say.lang)}".rstrip()


def shown_number(text: str, lang: str) -> str:
    """A plain decimal with the language's mark, a long one in groups, and an amount with its currency; decimals stay as
    many as they are, and what is none of these stays as it is."""
    if worth := _WORTH.fullmatch(text):
        return (
            measure(Decimal(worth[1]), "KZT", lang) if worth[2] == "KZT" else f"{_grouped(worth[1], lang)} {worth[2]}"
        )
    found = _NUMBER.fullmatch(text)
    return _grouped(text, lang) if found and len(found[1]) >= _LONG else shown_decimals(text, lang)


def _grouped(text: str, lang: str) -> str:
    return number(Decimal(text), lang, decimals=len(text.partition(".")[2]))


def row_told(detail: str, lang: str) -> str:
    """A row's day, quantity and asset, and who stood on the other side."""
    day, _, rest = detail.partition(" ")
    quantity, _, others = rest.partition(" ")
    if not _NUMBER.fullmatch(quantity):
        return shown_decimals(detail, lang)
    return f"{day} {shown_number(quantity, lang)} {others}".rstrip()


def found_told(name: str, detail: str, say: Words) -> str:
    """What a quote was asked for and how it was found: asset or currency, days, the rates of a mean. How old a row may
    be is the rule's own affair."""
    parts = list(dict.fromkeys(x for x in detail.split() if not x.isdecimal()))
    mean = _MEAN.fullmatch(parts[-1]) if parts else None
    if mean:  # the day of a mean is the year's last one
        say_mean = say("why_mean", sum=_grouped(mean[1], say.lang), days=int(mean[2]))
        return " · ".join([" ".join(parts[:-1][:2]), say_mean])
    return " ".join(say.code("quote", x) if name.startswith("quote_") else x for x in parts)


def _near_money(why: Why, say: Words) -> str:
    """A sum that is no whole number of tiyn yet: near the tiyn, and exactly."""
    fraction = _FRACTION.fullmatch(why.value or "")
    if fraction is None:
        return figure(why, say) + f" {why.unit}"
    with localcontext() as context:
        context.prec = len(fraction[1]) + 8
        near = (Decimal(fraction[1]) / Decimal(fraction[2])).quantize(Decimal("0.01"))
    return f"≈ {measure(near, why.unit, say.lang)} ({why.value})"


def currency_of(why: Why) -> str:
    """The one currency of the amounts that a number without a unit is made of; "" for none and for several."""
    found: set[str] = set()
    left = list(why.inputs)
    for _ in range(_MOST_LOOKED_AT):
        if not left:
            break
        step = left.pop()
        worth = None if step.unit else _WORTH.fullmatch(step.value or "")
        if worth:
            found.add(worth[2])
        elif step.how in _CARRIES and not step.unit:
            left += step.inputs
    return found.pop() if len(found) == 1 and not left else ""


def _coded(why: Why, say: Words) -> str:
    """A code by its words, a list by those of its members (a long one by their number), the rates of a scale in per
    cent; anything else is a figure."""
    value = why.value or ""
    if why.how == "value" and value.startswith((">", "≤")):
        return shown_decimals(_stepped(value), say.lang)
    if why.how == "value" and ", " in value:
        members = value.split(", ")
        if len(members) > MOST_MEMBERS:
            return say("why_members", count=len(members))
        return ", ".join(say.code(why.name, m) for m in members)
    if why.unit or why.how in ("constant", "row") or not value[:1].isalpha():
        return figure(why, say)
    return say.code(why.name, value)


def _stepped(value: str) -> str:
    """`>0: 0.1; >8500: 0.15` as `> 0: 10 %; > 8500: 15 %`: only scales begin with what is above nothing."""
    told = []
    for step in value.split("; "):
        bound, _, entry = step.partition(": ")
        if value.startswith(">"):
            percent = format((Decimal(entry) * 100).normalize(), "f") if _NUMBER.fullmatch(entry) else ""
            entry = f"{percent}\N{NO-BREAK SPACE}%" if percent else entry
        told.append(f"{bound[:1]} {bound[1:]}: {entry}")
    return "; ".join(told)


def figure(why: Why, say: Words) -> str:
    """The bare number inside a formula: tenge and kWh grouped, a long fraction as a decimal marked ≈."""
    if why.value is None:
        return say("why_unknown")
    if why.said:
        return say.label(why.said, why.value)
    if why.unit in ("KZT", "kWh") and _NUMBER.fullmatch(why.value):
        return number(Decimal(why.value), say.lang, decimals=2 if why.unit == "KZT" else None)
    fraction = _FRACTION.fullmatch(why.value)
    if fraction is None or int(fraction[2]) <= _SMALL:
        return shown_number(why.value, say.lang)
    with localcontext() as context:
        context.prec = len(fraction[1]) + 8
        near = (Decimal(fraction[1]) / Decimal(fraction[2])).quantize(Decimal("0.000001"))
    return "≈ " + (
        number(near, say.lang) if why.unit in ("KZT", "kWh") else shown_decimals(format(near, "f"), say.lang)
    )
