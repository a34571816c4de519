"""The older XML (`<fno …>`), where its fields are known: a draft for import, to be checked in the cabinet, since no
schema of its content was ever published."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from salyq.forms.asked import Asked
from salyq.forms.facts import FACTS
from salyq.forms.filled import Return, Sheet, Table
from salyq.forms.model import Annex, Header
from salyq.forms.writing import written

PAGE = "page"
_PART = re.compile(r"[A-Z]+|\d+")
_ROMAN = {"I": "01", "II": "02", "III": "03", "IV": "04", "V": "05", "VI": "06", "VII": "07", "VIII": "08", "IX": "09"}


def form_name(annex: str) -> str:
    """270.01 as form_270_01."""
    return "form_" + annex.replace(".", "_")


def field_name(annex: str, code: str, override: str = "") -> str:
    """Line A1.1 of 270.01 as field_270_01_A_1_1; 030.I of 300.00 as field_300_00_030_01."""
    if override:
        return override
    parts = [_ROMAN.get(p, p) if code[:1].isdigit() else p for p in _PART.findall(code)]
    return "_".join(["field", annex.replace(".", "_"), *parts])


def form_xml(made: Return, asked: Asked) -> bytes:
    """The whole document. More rows than a sheet holds make another whole `form` of the annex."""
    xml = made.edition.xml
    assert xml is not None
    root = etree.Element("fno", code=made.edition.form, formatVersion=xml.format_version, version=xml.version)
    for sheet in made.sheets:
        tables = [t for t in sheet.tables if t.filled and t.rows.per_sheet]
        need = max([-(-len(t.filled) // (t.rows.per_sheet or 1)) for t in tables], default=1)
        for n in range(need):
            header = xml.header if sheet.annex.code == made.edition.form else xml.annex_header
            _form(root, made, asked, sheet, header, n)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _form(root: Any, made: Return, asked: Asked, sheet: Sheet, header: list[Header], part: int) -> None:
    annex: Annex = sheet.annex
    form = etree.SubElement(root, "form", name=form_name(annex.code))
    group = etree.SubElement(form, "sheetGroup")
    page = etree.SubElement(group, "sheet", name=f"page_{annex.code.replace('.', '_')}_01")
    for h in header:
        value = part + 1 if h.fact == PAGE else FACTS[h.fact](asked) if h.fact else h.text
        _field(page, h.name, None if value is None else _text(value))
    for line in sheet.lines.values() if part == 0 else ():
        _field(page, field_name(annex.code, line.cell.code, line.cell.xml), line.text)
    for table in sheet.tables:
        _table(page, annex, table, part, made.edition.rounding)
    etree.SubElement(group, "sheet", name=f"page_{annex.code.replace('.', '_')}_02")


def _table(page: Any, annex: Annex, table: Table, part: int, rounding: str) -> None:
    size = table.rows.per_sheet
    if size is None:
        return
    rows = table.filled[part * size : (part + 1) * size]
    for n in range(size):
        for column in table.rows.columns:
            if column.xml == "-":
                continue
            value = rows[n].values.get(column.row or column.code) if n < len(rows) else None
            text = None if value is None else written(value, column, rounding)
            _field(page, f"{field_name(annex.code, table.rows.code)}_{column.xml or column.code}_{n + 1}", text)


def _field(page: Any, name: str, text: str | None) -> None:
    field = etree.SubElement(page, "field", name=name)
    if text is not None and text != "":
        field.text = text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strftime("%d.%m.%Y") if hasattr(value, "strftime") else str(value)
