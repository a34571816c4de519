"""Checks of what a rule says of itself: the annotations of its arguments, and the day that picks its version."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from salyq.rulebook.check_rules import ancestors
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.law import Law
from salyq.rulebook.node import Node, Rows, Symbols
from salyq.rulebook.rows import snake
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.units import TYPES, LawError

_ROWS = re.compile(r"Rows\[(\w+)\]")
_SHAPES = {"Scale": "over", "Table": "upto"}  # annotations that speak of the shape of a value, not of its unit


def argument_faults(law: Law) -> Iterator[Fault]:
    """An annotation that says another unit or kind than its argument has; a date column that no row here has."""
    compiler = Compiler(law)
    for name, versions in law.rules.items():
        for version in versions:
            if version.per not in law.kinds:
                right = ", ".join(get_close_matches(version.per, list(law.kinds), 1)) or ", ".join(law.kinds)
                yield fault(name, version.cite, "law_kind_unknown", kind=version.per, right=right)
                continue
            yield from _date(law, version)
            for argument, written in _arguments(version):
                try:
                    symbol = compiler.symbol(version, argument)
                except LawError:
                    continue  # the rule does not compile: told already
                right = _right(law, symbol, written)
                if right and right != written:
                    yield fault(name, version.cite, "law_argument", argument=argument, found=written, right=right)


def _arguments(version: RuleVersion) -> Iterator[tuple[str, str]]:
    for p in inspect.signature(version.function).parameters.values():
        yield p.name, "" if p.annotation is p.empty else str(p.annotation)


def _date(law: Law, version: RuleVersion) -> Iterator[Fault]:
    columns = [c for kind in ancestors(law, version.per) for c in law.kinds[kind].columns]
    if version.date not in columns:
        days = [c for k in ancestors(law, version.per) for c, unit in law.kinds[k].columns.items() if unit == "day"]
        right = ", ".join(get_close_matches(version.date, days, 1)) or ", ".join(days)
        yield fault(version.name, version.cite, "law_date_column", column=version.date, right=right)


def _right(law: Law, symbol: Any, written: str) -> str:
    """What the annotation should be; the annotation itself where it is right."""
    if isinstance(symbol, Rows):
        inner = _ROWS.fullmatch(written)
        kind = symbol._kind
        return written if inner and snake(inner[1]) == kind else f"Rows[{_class(kind)}]"
    if isinstance(symbol, Symbols):
        return written if snake(written) == symbol._kind else _class(symbol._kind)
    assert isinstance(symbol, Node)
    if symbol.op == "election":
        return "Election"
    if symbol.op == "value":
        shape = _shape(law, symbol.data)
        if shape:
            return shape
    if TYPES.get(written) == symbol.unit:
        return written
    return next((t for t, unit in TYPES.items() if unit == symbol.unit), "")


def _shape(law: Law, name: str) -> str:
    data = next((v.data for v in law.series[name].values if isinstance(v.data, dict)), None)
    if data is None or "month" in data:
        return ""
    return next((t for t, key in _SHAPES.items() if key in data), "Words")


def _class(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))
