"""A filled file read back: our `.lines.json`, the cabinet's JSON, or the older XML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, format_scaled, parse_scaled
from salyq.forms import heads
from salyq.forms.as_xml import field_name, form_name
from salyq.forms.countries import countries
from salyq.forms.load import edition_for, lines_of
from salyq.forms.model import NUMERIC, Cell, Edition
from salyq.forms.xml_in import safe_xml

LARGEST = 64 * 1024 * 1024
DEEPEST = 64


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a file says. `lines`: full name -> text; `rows`: section -> rows of texts by column.

    `how`: lines | cabinet | xml."""

    how: str
    edition: Edition
    year: int
    period: str
    person_id: str
    lines: Mapping[str, str]
    rows: Mapping[str, list[dict[str, str]]]


def read_back(path: Path) -> ReadBack:
    """InputError for a file that is none of the three, or is not as it should be."""
    name = str(path)
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(Message("form_xml_large", {"bytes": LARGEST}), file=name)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=name) from None
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return _xml(data, name)
    return _json(data, name)


def _json(data: bytes, name: str) -> ReadBack:
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_int=_whole, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InputError(Message("form_json", {"why": f"{error.lineno}:{error.colno}"}), file=name) from None
    except (ValueError, RecursionError) as error:
        raise InputError(Message("form_json", {"why": str(error)[:120]}), file=name) from None
    if not isinstance(found, dict):
        raise InputError(Message("form_not_a_form"), file=name)
    try:
        if "lines" in found:
            return _own(found, name)
        if "fnoContent" in found:
            return _cabinet(found, name)
    except (TypeError, AttributeError, KeyError) as error:
        raise InputError(Message("form_json", {"why": f"{type(error).__name__}: {error}"[:120]}), file=name) from None
    raise InputError(Message("form_not_a_form"), file=name)


def _whole(text: str) -> int:
    if len(text) > 40:
        raise ValueError("a number of too many digits")
    return int(text)


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _own(found: Mapping[str, Any], name: str) -> ReadBack:
    edition = edition_for(str(found["form"]), _year(found["year"], name))
    lines = {str(k): str(v) for k, v in found["lines"].items()}
    rows = {str(k): [{str(c): str(t) for c, t in row.items()} for row in v] for k, v in found.get("rows", {}).items()}
    return ReadBack("lines", edition, int(found["year"]), str(found["period"]), str(found["person"]), lines, rows)


def _year(value: object, name: str) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InputError(Message("form_no_year"), file=name, value=text)
    return int(text)


# ---- the cabinet's JSON ----------------------------------------------------------------------------------------------
def _cabinet(found: Mapping[str, Any], name: str) -> ReadBack:
    kind = str(found["fnoContent"].get("type", ""))
    form = f"{kind.removeprefix('fno')}.00"
    year = _year(found.get("fnoYear"), name)
    edition = edition_for(form, year)
    lines: dict[str, str] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for annex in edition.annex:
        for code, cell in lines_of(annex):
            value = _at(found, cell.json) if cell.json else None
            if value is not None and value != "":
                lines[f"{annex.code}.{code}"] = _text(value, cell, f"{annex.code}.{code}", name)
        for table in annex.rows:
            section = f"{annex.code}.{table.code}"
            for n, row in enumerate(_at(found, table.json) or [] if table.json else []):
                texts = _row(row, table.columns, f"{section} {n + 1}", name)
                rows.setdefault(section, []).append(texts)
    person = str(found.get("taxpayerCode") or "")
    lines[f"{edition.form}.1"] = person
    return ReadBack("cabinet", edition, year, str(year), person, lines, rows)


def _row(row: Mapping[str, Any], columns: list[Cell], at: str, name: str) -> dict[str, str]:
    found = {}
    for cell in columns:
        value = _at(row, cell.json) if cell.json else None
        if value is not None and value != "":
            found[cell.code] = _text(value, cell, f"{at}.{cell.code}", name)
    return found


def _at(found: Any, path: str) -> Any:
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _text(value: Any, cell: Cell, at: str, name: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if cell.kind in NUMERIC:
        if not isinstance(value, int | Decimal):
            raise InputError(Message("form_not_a_number"), file=name, column=at, value=str(value))
        return plain(f"{value:f}" if isinstance(value, Decimal) else str(value), at, name)
    if cell.kind == "country":
        return next((two for two, three in countries().items() if three == value), str(value))
    return str(value)


def plain(text: str, at: str, name: str) -> str:
    """A plain decimal without needless zeros."""
    try:
        return format_scaled(parse_scaled(text))
    except NumberError as error:
        raise InputError(error.message, file=name, column=at, value=text) from None


# ---- the older XML ---------------------------------------------------------------------------------------------------
def _xml(data: bytes, name: str) -> ReadBack:
    root = safe_xml(data, name)
    if root.tag != "fno" or not root.get("code"):
        raise InputError(Message("form_not_a_form"), file=name, line=root.sourceline)
    forms: dict[str, list[dict[str, str]]] = {}
    for form in root.iterchildren("form"):
        fields = {f.get("name", ""): f.text or "" for f in form.iter("field")}
        forms.setdefault(form.get("name", ""), []).append(fields)
    code = root.get("code", "")
    main = forms.get(form_name(code), [{}])[0]
    year = _year(main.get("period_year", ""), name)
    edition = edition_for(code, year)
    lines: dict[str, str] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for annex in edition.annex:
        sheets = forms.get(form_name(annex.code), [])
        for code_, cell in lines_of(annex):
            text = sheets[0].get(field_name(annex.code, code_, cell.xml), "") if sheets else ""
            if text:
                lines[f"{annex.code}.{code_}"] = text
        for table in annex.rows:
            if table.per_sheet:
                own = [r for fields in sheets for r in _xml_rows(fields, annex.code, table.code, table.columns)]
                if own:
                    rows[f"{annex.code}.{table.code}"] = own
    period = heads.period_of(edition, year, main.get("period_quarter", ""), lines)
    person = main.get("iin", "") or heads.told(edition, lines, "person.id")
    return ReadBack("xml", edition, year, period, person, lines, rows)


def _xml_rows(fields: Mapping[str, str], annex: str, code: str, columns: list[Cell]) -> Iterator[dict[str, str]]:
    number = 1
    while True:
        row = {}
        seen = False
        for cell in columns:
            key = f"{field_name(annex, code)}_{cell.xml or cell.code}_{number}"
            seen = seen or key in fields
            if cell.xml != "-" and fields.get(key):
                row[cell.code] = fields[key]
        if not seen:
            return
        if row:
            yield row
        number += 1
