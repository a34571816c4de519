"""Missing facts as messages that name them by their labels in law, and say why law has no value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from salyq.civil.messages import Message, Words
from salyq.rulebook.law import Law
from salyq.rulebook.states import Missing

NAMED = ("missing_value", "missing_yearly_value", "missing_entry", "no_rows")  # whose `name` is a name of law


def told(law: Law, fact: Missing, columns: Mapping[str, str] | None = None) -> Message:
    """The message of a missing fact: a fact by its column and label, a value of law by its label and reason. `columns`:
    names that a fact has in people's files, where they differ."""
    params = dict(fact.params)
    if fact.code == "missing_fact":
        name = str(params["fact"])
        params |= {"column": (columns or {}).get(name, name), "fact": _fact_label(law, name)}
        return Message(fact.code, params)
    if fact.code in NAMED:
        name = str(params["name"])
        if "day" in params:
            params["reason"] = _reason(law, name, str(params["day"]))
        params["name"] = label(law, name)
        return Message(fact.code, params)
    return fact.message()


def label(law: Law, name: str) -> Words | str:
    """The label of a figure, rule, value or column; the bare name where it has none."""
    return _words(law.labels.get(name)) or name


def _fact_label(law: Law, column: str) -> Words | str:
    """A column of several kinds of rows means the same in each."""
    for kind in law.kinds.values():
        if column in kind.columns and f"{kind.name}.{column}" in law.labels:
            return label(law, f"{kind.name}.{column}")
    return column


def _reason(law: Law, name: str, day: str) -> Words | str:
    series = law.series.get(name)
    on = date.fromisoformat(day)
    for value in reversed(series.values if series else ()):
        if value.data is None and value.start <= on and (value.until is None or on <= value.until):
            return _words(value.reason) or "?"
    return "?"


def _words(texts: Mapping[str, str] | None) -> Words | None:
    return Words(texts["kk"], texts["ru"], texts["en"]) if texts else None
