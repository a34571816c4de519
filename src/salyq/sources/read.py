"""Reading a case: a folder, or a list of files. The result does not depend on the order in which files are met."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.reading import Reading
from salyq.sources.files import find, shown_name
from salyq.sources.registry import FORMATS
from salyq.sources.table import Progress, read_table


def read_folder(folder: Path, *, progress: Progress | None = None) -> tuple[Reading, list[Path]]:
    """Every table below `folder`, and the person.toml files found there (zero or more: the caller decides).

    `progress(file, rows)` is called as rows are read. InputError: a folder or file that cannot be used (exit 4).
    """
    found = find(folder)
    reading = _read(found.tables, folder, progress)
    for path in found.others:
        reading.notices.append((Source(shown_name(path, folder), 0), Message("notice_file_skipped")))
    return reading, found.persons


def read_files(paths: Iterable[Path], *, base: Path, progress: Progress | None = None) -> Reading:
    """The named files, called relative to `base` where they lie in it. The same file twice counts once.

    InputError: a file that cannot be used, or that no reader takes (exit 4).
    """
    by_place: dict[Path, Path] = {}
    for path in paths:
        if not path.is_file():
            code = "file_not_regular" if path.exists() else "file_missing"
            raise InputError(Message(code), file=shown_name(path, base))
        by_place.setdefault(path.resolve(), path)
    return _read(sorted(by_place.values(), key=lambda p: shown_name(p, base)), base, progress)


def _read(paths: Iterable[Path], base: Path, progress: Progress | None) -> Reading:
    reading = Reading()
    for path in paths:
        read_table(path, shown_name(path, base), FORMATS, reading, progress)
    return reading
