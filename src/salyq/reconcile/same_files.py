"""A copy of a file beside it tells nothing new: equal rows of files with the same content are one row.

Rows stay where a copy is read otherwise (by another mapping, or in the zone that its name states).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from salyq.records.model import Source
from salyq.records.reading import FileReport
from salyq.records.table import Records


def without_copies(records: Records, files: Sequence[FileReport]) -> tuple[Records, list[Source]]:
    """The records without those of copies, and the sources of what fell. Of equal files the first by name stays."""
    named: dict[str, list[str]] = defaultdict(list)
    for report in files:
        if report.sha256:
            named[report.identity].append(report.file)
    copies = {file: (min(same), file) for same in named.values() if len(same) > 1 for file in same}
    if not copies:
        return records, []
    first_rows = {
        (r.source.file, r.source.line, r[:-1])
        for r in records
        if copies.get(r.source.file, ("", ""))[0] == r.source.file
    }
    stays: list[bool] = []
    fallen: list[Source] = []
    for r in records:
        first, file = copies.get(r.source.file, ("", ""))
        again = first != file and (first, r.source.line, r[:-1]) in first_rows
        stays.append(not again)
        if again:
            fallen.append(r.source)
    return records.where(stays), fallen
