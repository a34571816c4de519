"""Facts as people write them -> what rules read. A wrong one is a UsageError that says what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from salyq.civil.days import parse_day, parse_time, period_days, zone
from salyq.civil.errors import UsageError, nearest
from salyq.civil.messages import Message
from salyq.civil.numbers import parse_written
from salyq.civil.regions import unit_of
from salyq.law.asked.catalogue import facts as all_facts
from salyq.law.asked.model import Act, Fact

_CODE = re.compile(r"[\w.:/-]{1,60}", re.UNICODE)


def read_facts(act: Act, given: Mapping[str, object]) -> dict[str, Any]:
    """The columns of one act from facts written as text (or dates and booleans of a TOML file)."""
    row: dict[str, Any] = {}
    for name, value in given.items():
        if name not in act.facts:
            told = Message("ask_no_such_fact", {"act": act.name, "facts": ", ".join(act.facts)})
            raise UsageError(told, column=name, value=_text(value), near=nearest(name, act.facts))
        row |= _columns(all_facts()[name], _text(value))
    return row


def read_day(name: str, value: object) -> date | None:
    """A day that is no fact: the one whose law holds, or as of which it is known."""
    if value is None:
        return None
    try:
        return parse_day(_text(value))
    except ValueError:
        raise _wrong(name, value, "ask_type_day") from None


def full_row(act: Act, row: Mapping[str, Any], on: date, columns: Mapping[str, str]) -> SimpleNamespace:
    """All columns of an act's row; None where nothing was given."""
    return SimpleNamespace(**{**dict.fromkeys(columns), **row, "law_day": on, "act": act.name})


def day_from(act: Act, row: Mapping[str, Any]) -> date | None:
    """The day of the first fact there that dates the act."""
    for name in act.dated_by:
        value = row.get(name, row.get(f"{name}_to"))
        if isinstance(value, datetime):
            return value.astimezone(zone()).date()
        if isinstance(value, date):
            return value
    return None


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()


def _columns(fact: Fact, text: str) -> dict[str, Any]:
    try:
        if fact.type == "period":
            first, last = period_days(text)
            return {f"{fact.name}_from": first, f"{fact.name}_to": last}
        if fact.type == "choice":
            return {fact.name: _choice(fact, text)}
        return {fact.name: _READERS[fact.type](text)}
    except (ValueError, KeyError, OverflowError, ZeroDivisionError):
        pass
    if fact.type == "choice":
        told = Message("ask_choice", {"choices": ", ".join(fact.choices)})
        raise UsageError(told, column=fact.name, value=text, near=nearest(text, fact.choices)) from None
    raise _wrong(fact.name, text, f"ask_type_{fact.type}") from None


def _choice(fact: Fact, text: str) -> str:
    if fact.choices and text not in fact.choices:
        raise ValueError
    return text


def _flag(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _number(text: str) -> Fraction:
    number = parse_written(text)
    if number < 0:
        raise ValueError
    return Fraction(number, 10**18)


def _share(text: str) -> Fraction:
    """A share of one, as a decimal or as a fraction ("1/3": three of nine are told exactly)."""
    part, slash, whole = text.partition("/")
    share = _number(part) / (_number(whole) if slash else 1)
    if share > 1:
        raise ValueError
    return share


def _scaled(text: str, decimals: int) -> int:
    number = _number(text) * 10**decimals
    if number.denominator != 1:
        raise ValueError
    return int(number)


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError
    return int(text)


def _time(text: str) -> datetime:
    """An aware time; where the text names no offset it is Kazakhstan time."""
    return parse_time(text)[0]


def _days(text: str) -> str:
    """Days in one text, comma between; empty where there were none."""
    if text == "none":
        return ""
    return ",".join(parse_day(d).isoformat() for d in text.split(",") if d.strip())


def _place(text: str) -> str:
    if unit_of(text) is None:  # no region ever had this code
        raise ValueError
    return text


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError
    return text


_READERS: Mapping[str, Any] = {
    "text": _code,
    "flag": _flag,
    "kzt": lambda t: _scaled(t, 2),
    "usd": _number,
    "ratio": _share,
    "quantity": lambda t: _scaled(t, 18),
    "count": _count,
    "day": parse_day,
    "days": _days,
    "time": _time,
    "place": _place,
}


def _wrong(name: str, value: object, code: str, **params: object) -> UsageError:
    return UsageError(Message(code, params), column=name, value=_text(value))
