"""The facts of a worked case without a person: of one row of a year, and of the rows it holds or refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from salyq.rulebook.law import Law


def facts_of(law: Law, kind: str, facts: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(what the fact is called by: its own words last, the value as written) of every fact, in the order they stand."""
    own = law.kinds[kind]
    for name, value in facts.items():
        if isinstance(value, Mapping):
            for names, text in facts_of(law, own.refs[name], value):
                yield (name, *names), text
        elif isinstance(value, list):
            for row in value:
                for names, text in facts_of(law, own.rows[name], row):
                    yield (name, *names), text
        else:
            yield (_column(law, kind, name),), _written(value)


def _column(law: Law, kind: str, name: str) -> str:
    """What a column's words stand under: the kind of row, or what it stands in."""
    at: str | None = kind
    while at is not None:
        if name in law.kinds[at].columns:
            return f"{at}.{name}"
        at = law.kinds[at].parent
    return name


def _written(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
