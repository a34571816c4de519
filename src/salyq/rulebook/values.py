"""The data of one dated value, read by the unit of its series: a number, text, list, term, scale, table, deadline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from salyq.rulebook.terms import UNITS_OF_TERMS, parse_term
from salyq.rulebook.units import UNITS

UNKNOWN = "unknown"
_NUMBER = re.compile(r"-?\d+(\.\d+)?(/\d+)?")


class Wrong(ValueError):
    """What stands where it can't: a message code with parameters, and the key it stands at."""

    def __init__(self, where: str, code: str, /, **params: object) -> None:
        super().__init__(f"{where}: {code} {params}")
        self.key, self.code = where, code
        self.params = {k: str(v) for k, v in params.items()}


def data_of(unit: str, v: Mapping[str, Any], entry_unit: str = "") -> Any:
    """The data of a value: a Fraction (tiyn as a whole number), text, flag, day, term, frozen set, or a dict (scale,
    table, words, deadline, election); None for "unknown". Wrong for anything that cannot be read so."""
    unit = "ratio" if unit == "1" else unit
    if v.get("is") == UNKNOWN and not v.get("default"):
        return None
    if "over" in v:
        return {"over": _numbers(v, "over"), "rate": _numbers(v, "rate")}
    if "upto" in v:
        return {
            "upto": _numbers(v, "upto"),
            "is": [_number(unit_of_entries(unit, entry_unit), x) for x in _list(v, "is")],
        }
    if unit == "deadline":
        return {"month": _whole(v, "month"), "day": _whole(v, "day")}
    if unit == "election":
        return {"default": str(_asked(v, "default")), "choices": tuple(_list(v, "choices"))}
    return _plain(unit, _asked(v, "is"))


def unit_of_entries(unit: str, entry_unit: str) -> str:
    """The unit of a table's entries; of anything else its own. Wrong for a unit that nobody declared."""
    unit = "ratio" if unit == "1" else unit
    found = entry_unit if unit == "table" else unit
    if found not in UNITS:
        raise Wrong("entry_unit" if unit == "table" else "unit", "law_unit_unknown", unit=found, units=", ".join(UNITS))
    return found


def _plain(unit: str, written: Any) -> Any:
    if isinstance(written, Mapping):
        return {word: None if x == UNKNOWN else _plain(unit, x) for word, x in written.items()}
    if unit == "set":
        if not isinstance(written, list) or not all(isinstance(x, str) for x in written):
            raise Wrong("is", "law_wrong_kind", key="is", found=written, right='["BTC", "ETH"]')
        return frozenset(written)
    if unit == "flag":
        if not isinstance(written, bool):
            raise Wrong("is", "law_wrong_kind", key="is", found=written, right="true, false")
        return written
    if unit == "day":
        return _day(written)
    if unit == "term":
        return _term(written)
    if unit == "text":
        if not isinstance(written, str):
            raise Wrong("is", "law_wrong_kind", key="is", found=written, right='"…"')
        return written
    return _number(unit, written)


def _day(written: Any) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        raise Wrong("is", "law_wrong_kind", key="is", found=written, right="YYYY-MM-DD") from None


def _term(written: Any) -> Any:
    try:
        return parse_term(written)
    except (TypeError, ValueError):
        right = ", ".join(f'"15 {u}"' for u in UNITS_OF_TERMS)
        raise Wrong("is", "law_wrong_kind", key="is", found=written, right=right) from None


def _number(unit: str, written: Any, key: str = "is") -> Any:
    """A number of a unit: smallest steps, whole where the unit is; a float never is exact, so none is read."""
    text = str(written)
    if isinstance(written, bool) or not isinstance(written, str | int) or not _NUMBER.fullmatch(text):
        raise Wrong(key, "law_wrong_kind", key=key, found=written, right=_as_text(written))
    number = Fraction(text) if "/" not in text else _fraction(text, key)
    found = UNITS.get(unit)
    if found is None or not found.number:
        raise Wrong("unit", "law_unit_unknown", unit=unit, units=", ".join(UNITS))
    if not found.whole:
        return number
    steps = number * found.scale
    if steps.denominator != 1:
        raise Wrong(key, "law_too_fine", found=written, unit=unit)
    return int(steps)


def _as_text(written: Any) -> str:
    """A number as it would be right: between quotes, so that it stays exact."""
    found = str(written)
    return f'"{found}"' if not isinstance(written, bool | str) and _NUMBER.fullmatch(found) else '"2.1", "2/37"'


def _fraction(text: str, key: str) -> Fraction:
    above, _, below = text.partition("/")
    if "." in above or not int(below):
        raise Wrong(key, "law_wrong_kind", key=key, found=text, right='"2.1", "2/37"')
    return Fraction(int(above), int(below))


def _numbers(v: Mapping[str, Any], key: str) -> list[Fraction]:
    return [_number("ratio", x, key) for x in _list(v, key)]


def _list(v: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = _asked(v, key)
    if not isinstance(found, list):
        raise Wrong(key, "law_wrong_kind", key=key, found=found, right="[ … ]")
    return found


def _whole(v: Mapping[str, Any], key: str) -> int:
    found = _asked(v, key)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Wrong(key, "law_wrong_kind", key=key, found=found, right="15")
    return found


def _asked(v: Mapping[str, Any], key: str) -> Any:
    if key not in v:
        raise Wrong("", "law_key_missing", key=key)
    return v[key]
