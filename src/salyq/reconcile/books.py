"""The books of rows stay balanced: a row that reconciliation sets aside moves from used to ignored, by its rule."""

from __future__ import annotations

from collections.abc import Iterable

from salyq.records.model import Source
from salyq.records.reading import FileReport, Rule, rule

REPEAT = rule("repeat", kk="басқа жолдың қайталануы", ru="повтор другой строки", en="repeats another row")
TOLD_TWICE = rule(
    "told_twice",
    kk="бұл оқиғаны басқа жол айтып тұр",
    ru="об этом событии уже говорит другая строка",
    en="another row tells this event already",
)
CONFLICTING = rule(
    "conflicting_rows",
    kk="нөмірі бірдей, мазмұны басқа жол",
    ru="тот же номер, но другое содержание",
    en="same id as another row, other content",
)
NOTHING = rule(
    "answered_nothing",
    kk="жауап бойынша бұл жол ештеңе емес",
    ru="по ответу эта строка ничего не означает",
    en="by your answer this row is nothing",
)
RULES = (REPEAT, TOLD_TWICE, CONFLICTING, NOTHING)


def settle_rows(reports: Iterable[FileReport], kept: Iterable[Source], dropped: Iterable[tuple[Source, Rule]]) -> None:
    """Move each row none of whose records is kept from `used` to `ignored[rule]`, in place; repeatable.

    The rows that an export spread one record over go with it (`FileReport.joined`); where all records of a file are set
    aside, all its used rows are.
    """
    kept_rows = {(s.file, s.line) for s in kept}
    kept_files = {file for file, _ in kept_rows}
    fallen: dict[str, dict[int, Rule]] = {}
    for source, by in dropped:
        if (source.file, source.line) not in kept_rows:
            fallen.setdefault(source.file, {}).setdefault(source.line, by)
    for report in reports:
        for by in RULES:
            report.used += report.ignored.pop(by.name, 0)
        rows = fallen.get(report.file, {})
        for line, by in rows.items():
            _move(report, by, 1 + report.joined[line])
        if rows and report.file not in kept_files:
            _move(report, next(iter(rows.values())), report.used)


def _move(report: FileReport, by: Rule, rows: int) -> None:
    rows = min(rows, report.used)
    if rows:
        report.used -= rows
        report.ignore(by, rows)
