"""The books of rows stay balanced: a row that reconciliation sets aside moves from used to ignored, by its rule."""

from __future__ import annotations

from collections.abc import Iterable

from salyq.records.model import Source
from salyq.records.reading import FileReport

RULES = ("repeat", "told_twice", "conflicting_rows", "answered_nothing")


def settle_rows(reports: Iterable[FileReport], kept: Iterable[Source], dropped: Iterable[tuple[Source, str]]) -> None:
    """Move each row none of whose records is kept from `used` to `ignored[rule]`, in place; repeatable.

    The rows that an export spread one record over go with it (`FileReport.joined`); where all records of a file are set
    aside, all its used rows are.
    """
    kept_rows = {(s.file, s.line) for s in kept}
    kept_files = {file for file, _ in kept_rows}
    fallen: dict[str, dict[int, str]] = {}
    for source, rule in dropped:
        if (source.file, source.line) not in kept_rows:
            fallen.setdefault(source.file, {}).setdefault(source.line, rule)
    for report in reports:
        for rule in RULES:
            report.used += report.ignored.pop(rule, 0)
        rows = fallen.get(report.file, {})
        for line, rule in rows.items():
            _move(report, rule, 1 + report.joined[line])
        if rows and report.file not in kept_files:
            _move(report, next(iter(rows.values())), report.used)


def _move(report: FileReport, rule: str, rows: int) -> None:
    rows = min(rows, report.used)
    if rows:
        report.used -= rows
        report.ignored[rule] += rows
