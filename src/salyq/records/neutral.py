"""Writing neutral records as the `records` CSV of interfaces §3, so that reading it back loses nothing.

Times are written in UTC; a text cell that a spreadsheet would take for a formula gets an apostrophe in front, which
`unguard` takes off again (a text that already looks guarded gets one more, so the pair is exact).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TextIO

from salyq.civil.numbers import format_scaled
from salyq.records.model import Record, Source

COLUMNS = (
    "time",
    "kind",
    "asset",
    "quantity",
    "value",
    "currency",
    "fee",
    "fee_asset",
    "account",
    "counterparty",
    "group",
    "id",
    "note",
    "document",
    "lot",
    "hash",
    "source",
    "proof",
    "purpose",
    "abroad",
    "capital_paid",
)
_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # the last four are the full-width forms, which spreadsheets run too


def guard(text: str) -> str:
    """`text` so that no spreadsheet runs it as a formula; undone by `unguard`."""
    bare = text.lstrip("'")
    return "'" + text if bare and bare[0] in _FORMULA else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    if text[:1] != "'":
        return text
    bare = text.lstrip("'")
    return text[1:] if bare and bare[0] in _FORMULA else text


class Origin(NamedTuple):
    """The evidence of a record, as the column `source` of a records file holds it: `reader!sha256:line:file`, without
    `reader!` where that is not known. `file` is its name then."""

    sha256: str
    line: str
    file: str
    reader: str = ""


def format_origin(source: Source, reader: str = "") -> str:
    """`reader!sha256:line:file`: the evidence of a record; empty when there is none."""
    if source.origin:
        return source.origin
    if not (source.file or source.line or source.sha256):
        return ""
    return (f"{reader}!" if reader else "") + f"{source.sha256}:{source.line}:{source.file}"


def read_origin(text: str) -> Origin | None:
    """What `format_origin` was given; None for a text of another shape."""
    if text.count(":") < 2:
        return None
    sha256, line, file = text.split(":", 2)
    reader, mark, rest = sha256.partition("!")
    return Origin(rest, line, file, reader) if mark else Origin(sha256, line, file)


def format_time(moment: datetime) -> str:
    """ISO 8601 in UTC with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def record_cells(record: Record, reader: str = "") -> list[str]:
    """The cells of one record in the order of COLUMNS. `reader`: which one took it from a file, if that is told."""

    def number(n: int | None) -> str:
        return "" if n is None else format_scaled(n)

    texts = (
        record.account,
        record.counterparty,
        record.group,
        record.id,
        record.note,
        record.document,
        record.lot,
        record.hash,
        format_origin(record.source, reader),
        record.proof,
        record.purpose,
        None if record.abroad is None else "yes" if record.abroad else "no",
    )
    cells = [
        format_time(record.time),
        record.kind,
        guard(record.asset),
        format_scaled(record.quantity),
        number(record.value),
        guard(record.currency or ""),
        number(record.fee),
        guard(record.fee_asset or ""),
        *(guard(text or "") for text in texts),
        number(record.capital_paid),
    ]
    return cells


def write_records(records: Iterable[Record], target: Path | TextIO, readers: Mapping[str, str] | None = None) -> int:
    """Write `records` as a records CSV (UTF-8, header, comma) to a path or an open text file; how many were written.

    `readers`: file -> the reader that took it, so that several exports of one account can still be told apart.
    An open file should have been opened with `newline=""`. OSError passes through.
    """
    if isinstance(target, Path):
        with target.open("w", encoding="utf-8", newline="") as file:
            return write_records(records, file, readers)
    writer = csv.writer(target)  # \r\n ends lines (RFC 4180): a lone \r or \n inside a cell is then quoted
    writer.writerow(COLUMNS)
    known = readers or {}
    count = 0
    for record in records:
        writer.writerow(record_cells(record, known.get(record.source.file, "")))
        count += 1
    return count
