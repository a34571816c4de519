"""The books of rows stay balanced: a row that reconciliation sets aside moves from used to ignored, by its rule.

None is lost: every row that a file counts as used stands behind a record, an event or a named settlement (`unheld`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from salyq.records.model import Source
from salyq.records.reading import FileReport, Rule, Yields, rule

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

    The rows that an export spread one record over go with it (`FileReport.joined`).
    """
    gone = list(dropped)
    kept_rows = {(s.file, s.line) for s in kept} if gone else set()
    fallen: dict[str, dict[int, Rule]] = {}
    for source, by in gone:
        if (source.file, source.line) not in kept_rows:
            fallen.setdefault(source.file, {}).setdefault(source.line, by)
    for report in reports:
        for by in RULES:
            report.used += report.ignored.pop(by.name, 0)
        for line, by in fallen.get(report.file, {}).items():
            rows = 1 + len(report.joined.get(line, ()))
            report.used -= rows
            report.ignore(by, rows)


def unheld(reports: Iterable[FileReport], kept: Collection[Source]) -> dict[str, int]:
    """File -> how many more rows it counts as used than stand behind what was kept (fewer: below zero). Nothing is
    right; quotes stand outside the ledger."""
    lines: dict[str, set[int]] = {}
    for source in kept:
        lines.setdefault(source.file, set()).add(source.line)
    found = {}
    for report in reports:
        if report.yields <= {Yields.QUOTES, Yields.PROOFS}:
            continue
        held = lines.get(report.file, set())
        rows = len(held.union(*(report.joined.get(line, ()) for line in held & report.joined.keys())))
        if rows != report.used:
            found[report.file] = report.used - rows
    return found
