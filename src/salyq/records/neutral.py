"""Writing neutral records as the `records` CSV of interfaces §3, so that reading it back loses nothing.

Times are written in UTC; a text cell that a spreadsheet would take for a formula gets an apostrophe in front, which
`unguard` takes off again (a text that already looks guarded gets one more, so the pair is exact).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

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
)
_FORMULA = "=+-@\t\r\n"


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


def format_origin(source: Source) -> str:
    """`sha256:line:file`: the evidence of a record as the column `source` holds it; empty when there is none."""
    if source.origin:
        return source.origin
    return f"{source.sha256}:{source.line}:{source.file}" if source.file or source.line or source.sha256 else ""


def format_time(moment: datetime) -> str:
    """ISO 8601 in UTC with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def record_cells(record: Record) -> list[str]:
    """The cells of one record in the order of COLUMNS."""

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
        format_origin(record.source),
    )
    return [
        format_time(record.time),
        record.kind,
        guard(record.asset),
        format_scaled(record.quantity),
        number(record.value),
        guard(record.currency or ""),
        number(record.fee),
        guard(record.fee_asset or ""),
        *(guard(text or "") for text in texts),
    ]


def write_records(records: Iterable[Record], target: Path | TextIO) -> int:
    """Write `records` as a records CSV (UTF-8, header, comma) to a path or an open text file; how many were written.

    An open file should have been opened with `newline=""`. OSError passes through.
    """
    if isinstance(target, Path):
        with target.open("w", encoding="utf-8", newline="") as file:
            return write_records(records, file)
    writer = csv.writer(target)  # \r\n ends lines (RFC 4180): a lone \r or \n inside a cell is then quoted
    writer.writerow(COLUMNS)
    count = 0
    for record in records:
        writer.writerow(record_cells(record))
        count += 1
    return count
