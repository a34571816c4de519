"""XLSX files made part by part, so that any part can be wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def letters(number: int) -> str:
    """A column's number, from 1, as its letters."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def sheet_xml(rows: Iterable[Sequence[str]], before: str = "") -> str:
    """A sheet. A cell "=n" + text is a stored number, "=s7" + text one of style 7, "<…" raw XML, others inline text."""
    found = [f'<?xml version="1.0"?>{before}<worksheet xmlns="{SPREADSHEET}"><sheetData>']
    for r, row in enumerate(rows, 1):
        found.append(f'<row r="{r}">')
        for c, cell in enumerate(row, 1):
            ref = f"{letters(c)}{r}"
            if cell.startswith("=n"):
                found.append(f'<c r="{ref}"><v>{escape(cell[2:])}</v></c>')
            elif cell.startswith("=s"):
                found.append(f'<c r="{ref}" s="{cell[2]}"><v>{escape(cell[3:])}</v></c>')
            elif cell.startswith("<"):
                found.append(cell.replace("REF", ref))
            elif cell:
                found.append(f'<c r="{ref}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        found.append("</row>")
    return "".join(found) + "</sheetData></worksheet>"


def parts_of(sheets: Mapping[str, str]) -> dict[str, str]:
    """The parts of a workbook with these sheets (title -> XML). Styles: 1 a day, 2 a day with a clock, 3 a clock."""
    listed = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(sheets, 1)
    )
    rels = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    rels += f'<Relationship Id="rId90" Type="{OFFICE}/styles" Target="styles.xml"/>'
    rels += f'<Relationship Id="rId91" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    styles = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 22, 21, 164, 165))
    custom = '<numFmt numFmtId="164" formatCode="[$-419]dd\\.mm\\.yyyy\\ hh:mm"/><numFmt numFmtId="165" formatCode="'
    custom += '#,##0.00\\ &quot;тг&quot;"/>'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{RELS}">{main}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">{rels}</Relationships>',
        "xl/styles.xml": f"<styleSheet><numFmts>{custom}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": "<sst><si><t>shared</t></si><si><r><t>in </t></r><r><t>pieces</t></r></si></sst>",
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
    }


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def book(rows: Iterable[Sequence[str]], title: str = "Sheet1") -> bytes:
    """A workbook of one sheet."""
    return packed(parts_of({title: sheet_xml(rows)}))
