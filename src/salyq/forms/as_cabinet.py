"""The cabinet's JSON of an edition: its keys stand in the edition's file, its numbers are exact JSON numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.forms.asked import Asked
from salyq.forms.countries import alpha_3
from salyq.forms.facts import FACTS
from salyq.forms.filled import Return, Table
from salyq.forms.model import Cell, Constant
from salyq.forms.writing import places, rounded

REVISION = "option.revision"


def cabinet_json(made: Return, asked: Asked) -> bytes:
    """The document to load in the cabinet. UsageError where the revision of the form was not given, or is no UUID."""
    found: dict[str, Any] = {}
    if asked.options.get("kind") not in (None, "regular"):
        made.notes.append(Message("form_kind_unseen"))
    for constant in made.edition.constant:
        _put(found, constant.key, _constant(constant, made, asked))
    for annex in made.edition.annex:  # the cabinet's template has every key of every annex
        for cell in annex.line:
            _put(found, cell.json, None)
        for rows in annex.rows:
            _put(found, rows.json, [])
    for line in made.lines():
        if line.cell.json:
            _put(found, line.cell.json, json_value(line.value, line.cell, made.edition.rounding))
    for sheet in made.sheets:
        for table in sheet.tables:
            if table.rows.json:
                _put(found, table.rows.json, list(_rows(table, made.edition.rounding)))
    return msgspec.json.format(msgspec.json.Encoder(decimal_format="number").encode(found), indent=1) + b"\n"


def _constant(constant: Constant, made: Return, asked: Asked) -> Any:
    if constant.fact == "applications":
        names = {a.code: a.json for a in made.edition.annex}
        return [names[c] for c in made.used if names[c]]
    if constant.fact == REVISION:
        return _revision(asked)
    if constant.fact:
        return FACTS[constant.fact](asked)
    if constant.items is not None:
        return constant.items
    return constant.flag if constant.flag is not None else constant.text


def _revision(asked: Asked) -> str:
    """The revision of the year is the cabinet's: it is given by the user and never made up."""
    given = asked.options.get("revision", "")
    parts = given.split("-")
    shape = [len(p) for p in parts] == [8, 4, 4, 4, 12] and all(c in "0123456789abcdefABCDEF" for p in parts for c in p)
    if not shape:
        raise UsageError(Message("form_revision", {}), column="--revision", value=given)
    return given


def _rows(table: Table, rounding: str) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(table.filled):
        found: dict[str, Any] = {}
        for column in table.rows.columns:
            if column.json:
                value = row.values.get(column.row or column.code)
                _put(found, column.json, json_value(value, column, rounding))
        for constant in table.rows.constant:
            _put(found, constant.key, constant.flag if constant.flag is not None else constant.text)
        if table.rows.index:
            found[table.rows.index] = number
        yield found


def json_value(value: Any, cell: Cell, rounding: str) -> Any:
    """A value as the cabinet keeps it: whole numbers without a point, countries in three letters, null for blank."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Fraction | int):
        kept = rounded(Fraction(value), cell, rounding)
        if kept.denominator == 1:
            return int(kept)
        scale = 10 ** places(cell, rounding)
        return Decimal(int(kept * scale)).scaleb(-places(cell, rounding)).normalize()
    if cell.kind == "day":
        return value.strftime("%d.%m.%Y")
    if cell.kind == "country":
        return alpha_3(str(value))
    return str(value)


def _put(found: dict[str, Any], path: str, value: Any) -> None:
    if not path:
        return
    *above, last = path.split(".")
    for key in above:
        found = found.setdefault(key, {})
    if value is not None or last not in found:
        found[last] = value
