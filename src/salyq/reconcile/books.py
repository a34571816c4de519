"""The books of rows stay balanced: a row that reconciliation sets aside moves from used to ignored, by its rule.

None is lost: every row that a file counts as used stands behind a record, an event or a named settlement (`unheld`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from salyq.records.columns import Same
from salyq.records.model import Source
from salyq.records.reading import FileReport, Rule, Yields, rule
from salyq.records.table import Records

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


def held(records: Records, others: Iterable[Source]) -> dict[str, set[int]]:
    """File -> its lines behind which a record or another row stands."""
    lines: dict[str, set[int]] = defaultdict(set)
    files, numbers = records.column("file"), records.column("line")
    for file in set(files):
        whole = isinstance(files, Same)
        lines[file].update(numbers if whole else [n for own, n in zip(files, numbers, strict=True) if own == file])
    for source in others:
        lines[source.file].add(source.line)
    return lines


def settle_rows(
    reports: Iterable[FileReport], kept: Mapping[str, Collection[int]], dropped: Iterable[tuple[Source, Rule]]
) -> None:
    """Move each row none of whose records is kept from `used` to `ignored[rule]`, in place; repeatable.

    The rows that an export spread one record over go with it (`FileReport.joined`).
    """
    fallen: dict[str, dict[int, Rule]] = {}
    for source, by in dropped:
        if source.line not in kept.get(source.file, ()):
            fallen.setdefault(source.file, {}).setdefault(source.line, by)
    for report in reports:
        for by in RULES:
            report.used += report.ignored.pop(by.name, 0)
        for line, by in fallen.get(report.file, {}).items():
            rows = 1 + len(report.joined.get(line, ()))
            report.used -= rows
            report.ignore(by, rows)


def unheld(reports: Iterable[FileReport], kept: Mapping[str, set[int]]) -> dict[str, int]:
    """File -> how many more rows it counts as used than stand behind what was kept (fewer: below zero). Nothing is
    right; quotes stand outside the ledger."""
    found = {}
    for report in reports:
        if report.yields <= {Yields.QUOTES, Yields.PROOFS}:
            continue
        lines = kept.get(report.file, set())
        rows = len(lines.union(*(report.joined.get(line, ()) for line in lines & report.joined.keys())))
        if rows != report.used:
            found[report.file] = report.used - rows
    return found
