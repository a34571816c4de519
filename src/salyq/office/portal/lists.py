"""Any list of a page as a file: `?as=csv` or `?as=json` beside the filters that stand in the address."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.office.portal.visit import Visit
from salyq.office.store.errors import StoreError

T = TypeVar("T")
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
LONGEST_LIST = 50_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def wanted_as(visit: Visit) -> str:
    """csv, json, or empty for the page; 404 for anything else."""
    found = visit.query.get("as", "")
    if found and found not in KINDS:
        raise HTTPException(404)
    return found


def whole_list(rows: Sequence[T]) -> Sequence[T]:
    """The rows, of which LONGEST_LIST + 1 were asked for; StoreError where that is not all: a file is whole or none."""
    if len(rows) > LONGEST_LIST:
        raise StoreError("portal_list_too_long", most=LONGEST_LIST)
    return rows


def listed_as(visit: Visit, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Response:
    """The rows as the file that the address asks for; a cell of CSV never begins a formula."""
    form = wanted_as(visit)
    kept = [{c: row.get(c) for c in columns} for row in rows]
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    if form == "json":
        text = json.dumps({"items": kept}, ensure_ascii=False, default=str, indent=1)
    else:
        text = as_csv(columns, ([row[c] for c in columns] for row in kept))
    return Response(text, media_type=KINDS[form], headers=headers)


def as_csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """With a byte-order mark, so that a spreadsheet program reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(_cell(value)) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
